// Grammar, loosest first:
//
//   sum         product  { (+ | −) product }
//   product     sign     { (· | ⊙ | /) sign }           from the left, all of one rank, as they are printed
//   sign        − sign | power
//   power       primary  { ᵀ | ² | ^ exponent }
//   exponent    − exponent | primary
//   primary     number | name | ( sum ) | |sum| | [sum < sum] | [sum = sum] | {sum where sum > 0, sum elsewhere}
//               | function [parameters] _axes ( sum, … )
//
// A line of the grammar is a function that reads what the line says and leaves `position` at the first token behind it. Of
// `a·b² + c`, sum() calls product(), which takes a, · and b²; sum() then finds +, and takes c as a second product:
//
//   binary +   ┬ binary ·  ┬ a
//              │           └ power b, 2
//              └ c
//
// Which tokens may come next is what an error says: "expected ')', found the end".

/// Reads an expression by recursive descent.
struct ExpressionParser {
  private let expression: String
  private let tokens: [(token: ExpressionLexer.Token, offset: Int)]
  private var position = 0
  /// How many sums are being read within one another: one for each open parenthesis, call or bracket.
  private var depth = 0

  /// How deep parentheses may lie within one another: the parser calls itself, and a stack is finite.
  private static let deepest = 200

  init(_ expression: String) throws(ExpressionError) {
    self.expression = expression
    tokens = try ExpressionLexer(expression).tokens
  }

  /// The next token, and where it stands. There is always one: the last is `.end`, which nothing takes.
  private var token: ExpressionLexer.Token { tokens[position].token }
  private var offset: Int { tokens[position].offset }

  /// The whole text, with nothing left behind it.
  mutating func parse() throws(ExpressionError) -> Expression {
    let result = try sum()
    guard token == .end else { throw expected("an operator or the end") }
    return result
  }

  // MARK: Operators

  /// Differences are taken from the left: a − b − c is (a − b) − c, the loop's `left` being all that was read so far.
  private mutating func sum() throws(ExpressionError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth < ExpressionParser.deepest else {
      throw ExpressionError(
        expression: expression, offset: offset,
        message: "too deep: no more than \(ExpressionParser.deepest - 1) parentheses may lie within one another")
    }
    var left = try product()
    while let op = take(["+": .plus, "−": .minus]) {
      left = try node(.binary(op.value, left, product()), offset: op.offset)
    }
    return left
  }

  /// `1/m·X` is (1/m)·X, since ·, ⊙ and / have one rank: as derivations print it.
  private mutating func product() throws(ExpressionError) -> Expression {
    var left = try sign()
    while let op = take(["·": .product, "⊙": .elementwise, "/": .quotient]) {
      left = try node(.binary(op.value, left, sign()), offset: op.offset)
    }
    return left
  }

  /// A loop, and no recursion, over the signs: `−−−…x` must not use up the stack either.
  private mutating func sign() throws(ExpressionError) -> Expression {
    var signs: [Int] = []
    while token == .sign("−") {
      signs.append(offset)
      position += 1
    }
    var result = try power()
    for offset in signs.reversed() { result = try node(.negated(result), offset: offset) }
    return result
  }

  /// `W2ᵀ²` is the square of the transpose; −x² is −(x²), because a sign is looser.
  private mutating func power() throws(ExpressionError) -> Expression {
    var base = try primary()
    while true {
      let start = offset
      switch token {
      case .sign("ᵀ"):
        position += 1
        base = try node(.transposed(base), offset: start)
      case .exponent(let exponent):
        position += 1
        base = try node(.power(base, node(.number(Double(exponent)), offset: start)), offset: start)
      case .sign("^"):
        position += 1
        base = try node(.power(base, exponent()), offset: start)
      default: return base
      }
    }
  }

  /// What stands behind ^, with a sign of its own: `x^−2`.
  private mutating func exponent() throws(ExpressionError) -> Expression {
    guard token == .sign("−") else { return try primary() }
    let start = offset
    position += 1
    return try node(.negated(primary()), offset: start)
  }

  /// The operator that comes next, if it is one of these.
  private mutating func take(
    _ operators: [Character: Expression.Operator]
  ) -> (value: Expression.Operator, offset: Int)? {
    guard case .sign(let sign) = token, let value = operators[sign] else { return nil }
    defer { position += 1 }
    return (value, offset)
  }

  // MARK: Operands

  /// The smallest parts. A name is a function's where a parenthesis, a bracket or axes come next.
  private mutating func primary() throws(ExpressionError) -> Expression {
    let start = offset
    switch token {
    case .number(let number):
      position += 1
      return try node(.number(number), offset: start)
    case .name(let name, let isQuoted):
      position += 1
      switch token {
      case .sign("("), .sign("["), .axes: return try call(name, at: start)
      default: break
      }
      if !isQuoted, name == "inf" { return try node(.number(.infinity), offset: start) }
      return try node(.name(name), offset: start)
    case .sign("Σ"), .sign("Π"), .sign("√"):
      guard case .sign(let sign) = token else { break }
      position += 1
      return try call("\(sign)", at: start)
    case .sign("("):
      position += 1
      let inner = try sum()
      try take(")")
      return inner
    case .sign("|"):
      position += 1
      let inner = try sum()
      try take("|")
      return try node(.call("abs", parameters: "", axes: "", [inner]), offset: start)
    case .sign("["): return try comparison()
    case .sign("{"): return try cases()
    default: break
    }
    throw expected("a name, a number or '('")
  }

  /// `softmax[axis 1](x)`, `Σ_columns(x)`; for a name with `_`, `max_columns(x)`.
  private mutating func call(_ word: String, at start: Int) throws(ExpressionError) -> Expression {
    var name = word, axes = "", parameters = ""
    if case .axes(let found) = token {
      axes = found
      position += 1
    } else if let underscore = word.lastIndex(of: "_"),
      ["mean", "max", "sum", "Σ", "Π"].contains(String(word[..<underscore]))
    {
      name = String(word[..<underscore])
      axes = String(word[word.index(after: underscore)...])
    }
    if token == .sign("[") {
      // Parameters are no expression, so they are taken from the text, and all tokens up to the bracket are passed over.
      let characters = Array(expression)
      guard let end = characters[offset...].firstIndex(of: "]") else { throw expected("']' behind the parameters") }
      parameters = String(characters[offset + 1..<end])
      while offset <= end, token != .end { position += 1 }
    }
    try take("(")
    var arguments = [try sum()]
    while token == .sign(",") {
      position += 1
      arguments.append(try sum())
    }
    try take(")")
    return try node(.call(name, parameters: parameters, axes: axes, arguments), offset: start)
  }

  /// `[a < b]`, `[a = b]`, `[a > b]`: 1 where it holds.
  private mutating func comparison() throws(ExpressionError) -> Expression {
    let start = offset
    position += 1
    let left = try sum()
    let op = token
    guard op == .sign("<") || op == .sign("=") || op == .sign(">") else { throw expected("'<', '>' or '='") }
    position += 1
    let right = try sum()
    try take("]")
    // a > b is b < a; no third comparison is needed.
    let (a, b) = op == .sign(">") ? (right, left) : (left, right)
    return try node(.binary(op == .sign("=") ? .equal : .less, a, b), offset: start)
  }

  /// `{a where x > 0, b elsewhere}`.
  private mutating func cases() throws(ExpressionError) -> Expression {
    let start = offset
    position += 1
    let value = try sum()
    try take(word: "where")
    let x = try sum()
    try take(">")
    guard token == .number(0) else { throw expected("0") }
    position += 1
    try take(",")
    let otherwise = try sum()
    try take(word: "elsewhere")
    try take("}")
    return try node(.cases(positive: x, value, otherwise: otherwise), offset: start)
  }

  // MARK: Nodes and expectations

  /// A node, which may not stand too high above its farthest leaf.
  private func node(_ kind: Expression.Kind, offset: Int) throws(ExpressionError) -> Expression {
    let node = Expression(kind: kind, offset: offset)
    guard node.height <= Expression.highest else {
      throw ExpressionError(
        expression: expression, offset: offset,
        message: "too long: no more than \(Expression.highest) operations may build on one another")
    }
    return node
  }

  /// Passes over a sign that has to come next.
  private mutating func take(_ sign: Character) throws(ExpressionError) {
    guard token == .sign(sign) else { throw expected("'\(sign)'") }
    position += 1
  }

  /// Passes over a word that has to come next.
  private mutating func take(word: String) throws(ExpressionError) {
    guard token == .name(word, isQuoted: false) else { throw expected("'\(word)'") }
    position += 1
  }

  /// An error at the next token: what the grammar wanted there, and what stands there.
  private func expected(_ what: String) -> ExpressionError {
    let found =
      switch token {
      case .end: "the end"
      case .number(let number): short(number)
      case .name(let name, _): "'\(name.visible)'"
      case .axes(let axes): "'_\(axes)'"
      case .exponent(let exponent): "the exponent \(exponent)"
      case .sign(let sign): "'\(sign)'"
      }
    return ExpressionError(expression: expression, offset: offset, message: "expected \(what), found \(found)")
  }
}

extension Expression {
  /// Reads an expression such as `mean((W*x + b - y)^2)`, or one that a derivation printed.
  ///
  /// - Throws: `ExpressionError` with the place, what was expected and what was found.
  package init(parsing text: String) throws(ExpressionError) {
    var parser = try ExpressionParser(text)
    self = try parser.parse()
  }
}
