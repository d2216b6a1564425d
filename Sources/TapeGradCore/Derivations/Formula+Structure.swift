// A formula as a tree: its parts, equality, and how much room it takes.
//
// Of (A − Y)/m:
//
//   parts         A − Y,  m
//   depth         2: a difference in a quotient
//   length        about 7 characters
//   counts        m
//   isConstant    false: A and Y are values
//
// Lengths and depths decide what is given a name of its own, so they need to be right to some characters only. Equality decides
// what is met twice, so it is exact: the same operations, in the same order; a + b is not b + a.
//
// Most of this goes through `forEachPart`, which knows what parts each case has; `mapParts` is its twin that builds a
// formula anew.

extension Formula {
  /// The formula with each of its direct parts replaced.
  func mapParts(_ transform: (Formula) -> Formula) -> Formula {
    switch self {
    case .symbol, .derivative, .number, .count: self
    case .negated(let a): .negated(transform(a))
    case .sum(let a, let b): .sum(transform(a), transform(b))
    case .difference(let a, let b): .difference(transform(a), transform(b))
    case .product(let a, let b): .product(transform(a), transform(b))
    case .quotient(let a, let b): .quotient(transform(a), transform(b))
    case .power(let a, let b): .power(transform(a), transform(b))
    case .matrixProduct(let a, let b): .matrixProduct(transform(a), transform(b))
    case .transposed(let a): .transposed(transform(a))
    case .reduction(let primitive, let a, let axes): .reduction(primitive, transform(a), over: axes)
    case .call(let primitive, let operands): .call(primitive, operands.map(transform))
    case .implicit(let primitive, let a): .implicit(primitive, transform(a))
    case .cases(let x, let a, let b): .cases(positive: transform(x), transform(a), otherwise: transform(b))
    }
  }

  /// Visits each of the formula's direct parts.
  func forEachPart(_ body: (Formula) -> Void) {
    switch self {
    case .symbol, .derivative, .number, .count: break
    case .negated(let a), .transposed(let a), .reduction(_, let a, _), .implicit(_, let a): body(a)
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b),
      .power(let a, let b), .matrixProduct(let a, let b):
      body(a)
      body(b)
    case .call(_, let operands): operands.forEach(body)
    case .cases(let x, let a, let b):
      body(x)
      body(a)
      body(b)
    }
  }

  /// The formulas that this one is directly made of.
  var parts: [Formula] {
    var parts: [Formula] = []
    forEachPart { parts.append($0) }
    return parts
  }

  /// Whether no value that has a name or was computed from one occurs: numbers and counts alone.
  var isConstant: Bool {
    switch self {
    // A call of numbers alone counts as a value: it is not looked into.
    case .symbol, .derivative, .call, .reduction: return false
    default:
      var isConstant = true
      forEachPart { isConstant = isConstant && $0.isConstant }
      return isConstant
    }
  }

  /// Whether this is just a name, or a derivative by one.
  var isSymbol: Bool {
    switch self {
    case .symbol, .derivative: true
    default: false
    }
  }

  /// Every count that occurs.
  var counts: Set<Int> {
    if case .count(let count) = self { return [count] }
    var counts: Set<Int> = []
    forEachPart { counts.formUnion($0.counts) }
    return counts
  }

  /// Every name that occurs, in derivatives too.
  var symbols: Set<String> {
    if case .symbol(let name) = self { return [name] }
    if case .derivative(let numerator, let name) = self { return Set([numerator, name].compactMap { $0 }) }
    var symbols: Set<String> = []
    forEachPart { symbols.formUnion($0.symbols) }
    return symbols
  }

  /// How many operations lie within one another; 0 for a name or a number.
  var depth: Int {
    var depth = 0
    forEachPart { depth = max(depth, $0.depth + 1) }
    return depth
  }

  /// About how many characters the formula takes when printed.
  var length: Int {
    switch self {
    case .symbol(let name): name.unicodeScalars.count
    // ∂J/∂Z has three characters beside the names; the notes' dZ, which has no numerator, has one.
    case .derivative(let numerator, let name): name.unicodeScalars.count + (numerator?.unicodeScalars.count ?? -2) + 3
    case .number: 2
    case .count: 1
    case .negated(let a), .transposed(let a): a.length + 1
    // With spaces around the sign.
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b): a.length + b.length + 3
    case .quotient(let a, let b), .power(let a, let b), .matrixProduct(let a, let b): a.length + b.length + 1
    case .reduction(_, let a, let axes): a.length + axes.utf8.count + 4
    case .call(let primitive, let operands):
      operands.reduce(type(of: primitive).name.utf8.count) { $0 + $1.length + 2 }
    case .implicit(_, let a): a.length + 1
    // {… where … > 0, … elsewhere}
    case .cases(let x, let a, let b): x.length + a.length + b.length + 23
    }
  }
}

extension Formula: Hashable {
  /// The same tree: the same operations with the same parameters on the same symbols and numbers.
  public static func == (a: Formula, b: Formula) -> Bool {
    switch (a, b) {
    case (.symbol(let a), .symbol(let b)): a == b
    case (.derivative(let a, let c), .derivative(let b, let d)): a == b && c == d
    case (.cases(let x, let a, let c), .cases(let y, let b, let d)): x == y && a == b && c == d
    case (.number(let a), .number(let b)): a == b
    case (.count(let a), .count(let b)): a == b
    case (.negated(let a), .negated(let b)), (.transposed(let a), .transposed(let b)): a == b
    case (.sum(let a, let c), .sum(let b, let d)), (.difference(let a, let c), .difference(let b, let d)),
      (.product(let a, let c), .product(let b, let d)), (.quotient(let a, let c), .quotient(let b, let d)),
      (.power(let a, let c), .power(let b, let d)), (.matrixProduct(let a, let c), .matrixProduct(let b, let d)):
      a == b && c == d
    case (.reduction(let p, let a, _), .reduction(let q, let b, _)), (.implicit(let p, let a), .implicit(let q, let b)):
      AnyHashable(p) == AnyHashable(q) && a == b
    case (.call(let p, let a), .call(let q, let b)): AnyHashable(p) == AnyHashable(q) && a == b
    default: false
    }
  }

  /// Agrees with `==`.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .symbol(let name), .derivative(_, let name): hasher.combine(name)
    case .number(let number): hasher.combine(number)
    case .count(let count): hasher.combine(count)
    default: forEachPart { $0.hash(into: &hasher) }
    }
  }
}
