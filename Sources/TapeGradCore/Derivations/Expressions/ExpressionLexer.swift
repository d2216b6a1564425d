// An expression in words:
//
//   W2ᵀ·∂J/∂Z2 + 2.5e-07        W2  ᵀ  ·  ∂J/∂Z2  +  2.5e-07
//   Σ_columns(`layer 1`)        Σ  _columns  (  layer 1  )
//
// Which word begins is decided by its first character, in this order: a digit; ∂, which takes a whole derivative; `_` right
// behind Σ or Π, which takes axes; a backtick or a letter, which takes a name; a raised digit, which takes an exponent; a sign.
//
// Keyboards have no ⊙ and no −: `.*` and `-` are read as them, `*` as ·.

/// Takes an expression apart into tokens.
struct ExpressionLexer {
  /// A word of an expression.
  enum Token: Equatable {
    case number(Double)
    /// A name, without the backticks that it may have stood in; a derivative as a whole.
    case name(String, isQuoted: Bool)
    /// Axes behind a reduction's sign: `columns` of `Σ_columns`.
    case axes(String)
    /// `²` and the like.
    case exponent(Int)
    /// A sign, in its Unicode form.
    case sign(Character)
    case end
  }

  /// The text as characters, which an index finds in constant time.
  private let characters: [Character]
  private let expression: String
  private(set) var tokens: [(token: Token, offset: Int)] = []
  private var position = 0

  init(_ expression: String) throws(ExpressionError) {
    self.expression = expression
    characters = Array(expression)
    // Each token with the place where it begins, which errors point at.
    while position < characters.count {
      let start = position
      if let token = try next() { tokens.append((token, start)) }
    }
    tokens.append((.end, characters.count))
  }

  /// The next character; nil at the end.
  private var current: Character? { position < characters.count ? characters[position] : nil }

  private func error(_ message: String, at offset: Int) -> ExpressionError {
    ExpressionError(expression: expression, offset: offset, message: message)
  }

  /// The next word; nil for a space.
  private mutating func next() throws(ExpressionError) -> Token? {
    let first = characters[position]
    if first.isWhitespace {
      position += 1
      return nil
    }
    if first.isASCII, first.isNumber { return try number() }
    if first == "∂" { return .name(try derivative(), isQuoted: true) }
    if first == "_", let last = tokens.last, [.sign("Σ"), .sign("Π")].contains(last.token) {
      position += 1
      return .axes(take { $0.isLetter || $0.isNumber || $0 == "," })
    }
    if first == "`" || String(first).isIdentifier { return .name(try name(), isQuoted: first == "`") }
    if let digit = ExpressionLexer.superscripts[first] { return try exponent(digit) }
    if first == ".", position + 1 < characters.count, "*/".contains(characters[position + 1]) {
      position += 2
      return .sign(characters[position - 1] == "*" ? "⊙" : "/")
    }
    // Other spellings of a sign: the parser sees one of each.
    let signs: [Character: Character] = ["-": "−", "*": "·", "'": "ᵀ", "×": "·"]
    let sign = signs[first] ?? first
    guard "+−·⊙/^ᵀ()[]{}|<>=,√ΣΠ".contains(sign) else {
      throw error("expected a name, a number or a sign, found '\(String(first).visible)'", at: position)
    }
    position += 1
    return .sign(sign)
  }

  /// The characters from here on that a condition accepts.
  private mutating func take(while condition: (Character) -> Bool) -> String {
    let start = position
    while let current, condition(current) { position += 1 }
    return String(characters[start..<position])
  }

  /// `12`, `0.5`, `2.5e-07`.
  private mutating func number() throws(ExpressionError) -> Token {
    let start = position
    var text = take { $0.isASCII && $0.isNumber }
    if current == ".", position + 1 < characters.count, characters[position + 1].isNumber {
      position += 1
      text += "." + take { $0.isASCII && $0.isNumber }
    }
    // An e begins an exponent only where digits follow; else it belongs to what comes next, as in `2e`, which is an error.
    if current == "e" {
      let back = position
      position += 1
      var exponent = "e"
      if let sign = current, "+-−".contains(sign) {
        exponent += sign == "+" ? "" : "-"
        position += 1
      }
      let digits = take { $0.isASCII && $0.isNumber }
      if digits.isEmpty { position = back } else { text += exponent + digits }
    }
    guard let number = Double(text), current.map({ !String($0).isIdentifier }) ?? true else {
      let word = String(characters[start...].prefix { !$0.isWhitespace }.prefix(20))
      throw error("expected a number, found '\(word)'", at: start)
    }
    return .number(number)
  }

  /// A name, between backticks or not.
  private mutating func name() throws(ExpressionError) -> String {
    let start = position
    // Without backticks a name ends where identifiers end. Between them everything belongs to it, \` and \u{…} included.
    guard current == "`" else {
      while let character = current, character.unicodeScalars.allSatisfy(\.continuesIdentifier) { position += 1 }
      // `x.*y` is a product, and a name ends in no point.
      while position > start, characters[position - 1] == "." { position -= 1 }
      // The axes of `max_axes0,2` belong to it.
      if String(characters[start..<position]).contains("_axes") { _ = take { $0.isNumber || $0 == "," } }
      return String(characters[start..<position])
    }
    position += 1
    var name = ""
    while let character = current {
      position += 1
      if character == "`" { return name }
      if character == "\\", let escaped = current {
        position += 1
        if escaped == "u", let scalar = codePoint() { name.unicodeScalars.append(scalar) } else { name.append(escaped) }
      } else {
        name.append(character)
      }
    }
    throw error("expected a second ` behind the name", at: characters.count)
  }

  /// `{202E}` behind `\u`.
  private mutating func codePoint() -> Unicode.Scalar? {
    guard current == "{", let end = characters[position...].firstIndex(of: "}"),
      let value = UInt32(String(characters[position + 1..<end]), radix: 16), let scalar = Unicode.Scalar(value)
    else { return nil }
    position = end + 1
    return scalar
  }

  /// `∂J/∂Z`, as one name.
  private mutating func derivative() throws(ExpressionError) -> String {
    position += 1
    let numerator = try nameOfDerivative()
    guard current == "/", position + 1 < characters.count, characters[position + 1] == "∂" else {
      throw error("expected '/∂' and a name", at: position)
    }
    position += 2
    return "∂\(numerator)/∂\(try nameOfDerivative())"
  }

  /// J or Z of ∂J/∂Z: a name by the rules of names.
  private mutating func nameOfDerivative() throws(ExpressionError) -> String {
    guard let first = current, first == "`" || String(first).isIdentifier else {
      throw error("expected a name behind ∂", at: position)
    }
    return try name()
  }

  /// `²`, `⁻¹²`: raised digits, read as a number.
  private mutating func exponent(_ first: Int) throws(ExpressionError) -> Token {
    let start = position, isNegative = first < 0
    if isNegative { position += 1 }
    var value = 0
    while let digit = current.flatMap({ ExpressionLexer.superscripts[$0] }), digit >= 0, value < 1_000_000 {
      value = value * 10 + digit
      position += 1
    }
    if isNegative, position == start + 1 { throw error("expected digits behind ⁻", at: position) }
    return .exponent(isNegative ? -value : value)
  }

  /// The digits above the line; −1 is the sign.
  private static let superscripts: [Character: Int] = [
    "⁻": -1, "⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9,
  ]
}
