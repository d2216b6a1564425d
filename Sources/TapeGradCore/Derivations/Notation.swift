// How a formula is set, before any format: which parts need parentheses, what stands above a fraction's bar.
//
//   product(matrixProduct(transposed(W2), D), difference(1, power(A1, 2)))        (W2ᵀ·D) ⊙ (1 − A1²)
//   difference(a, difference(b, c))                                               a − (b − c)
//   difference(difference(a, b), c)                                               a − b − c
//   negated(quotient(difference(A, Y), count 10))                                 −(A − Y)/m in a line
//                                                                                 −fraction(A − Y, m) where there is room
//
// Each part that is set says of what kind it is, a sum, a product, a name; what encloses it lists the kinds that need
// parentheses there. Some that would be right without get them all the same, as the first factor above: ⊙ and · side by
// side are hard to read. The writers (Notation+Text, +LaTeX, +MathML) know nothing of this: they spell a dozen cases.

/// A formula as it stands on paper.
indirect enum Notation {
  /// A name.
  case symbol(String)
  /// `∂J/∂Z`; or `dZ`, where the numerator is left out.
  case derivative(of: String?, by: String)
  /// A number, not negative.
  case number(Double)
  /// A sign between or before operands.
  case sign(Sign)
  /// A part of a pattern such as `[$0 < $1]`, as it is.
  case literal(String)
  /// Parts side by side.
  case row([Notation])
  /// `(a)`.
  case parenthesized(Notation)
  /// a above b.
  case fraction(Notation, Notation)
  /// b above the line behind a.
  case power(Notation, Notation)
  /// `aᵀ`.
  case transposed(Notation)
  /// `f(a, b)`, with what stands below f: `Σ_columns(a)`.
  case function(String, below: String, [Notation])
  /// `a where x > 0, b elsewhere`.
  case cases(Notation, where: Notation, otherwise: Notation)

  /// The signs that stand between operands, or before one.
  enum Sign {
    case plus, minus, negation, elementwise, dot, scaling, slash
  }

  /// What is set, as far as parentheses around it go.
  fileprivate enum Kind {
    /// `a + b`, `−a`, `a ⊙ b`, `A·B`, `a/b`, `∂J/∂Z`, a above b, `aᵀ` or `a²`, anything that is closed.
    case sum, sign, product, matrixProduct, quotient, derivative, fraction, postfix, closed
  }

  /// - Parameters:
  ///   - count: what counts are called; nil writes the numbers.
  ///   - stacked: whether fractions have a bar, so that what is above and below needs no parentheses.
  init(_ formula: Formula, count: String?, stacked: Bool) {
    self = Setter(count: count, isStacked: stacked).set(formula).notation
  }

  /// Whether it is just a name, or a derivative by one.
  var isSymbol: Bool {
    switch self {
    case .symbol, .derivative: true
    default: false
    }
  }

  /// Whether it is higher than a line.
  var isTall: Bool {
    switch self {
    case .symbol, .number, .sign, .literal: false
    case .derivative(let numerator, _): numerator != nil
    case .fraction, .cases: true
    case .row(let parts), .function(_, _, let parts): parts.contains(where: \.isTall)
    case .parenthesized(let a), .transposed(let a), .power(let a, _): a.isTall
    }
  }
}

/// Sets formulas.
private struct Setter {
  typealias Kind = Notation.Kind

  let count: String?
  let isStacked: Bool

  func set(_ formula: Formula) -> (notation: Notation, kind: Kind) {
    switch formula {
    case .symbol(let name): return (.symbol(name), .closed)
    case .derivative(let numerator, let name):
      return (.derivative(of: numerator, by: name), numerator == nil ? .closed : .derivative)
    case .number(let number): return self.number(number)
    case .count(let n): return (count.map { .symbol($0) } ?? .number(Double(n)), .closed)
    case .negated(let a): return (.row([.sign(.negation), part(a, .sum, .sign)]), .sign)
    case .sum(let a, let b): return (.row([part(a), .sign(.plus), part(b, .sign)]), .sum)
    case .difference(let a, let b): return (.row([part(a), .sign(.minus), part(b, .sum, .sign)]), .sum)
    case .product(let a, let b) where a.isConstant:
      let factor = part(b, .sum, .sign)
      let sign: Notation = .sign(factor.beginsWithDigit ? .dot : .scaling)
      return (.row([part(a, .sum, .sign, .quotient), sign, factor]), .product)
    case .product(let a, let b): return (.row([factor(a), .sign(.elementwise), factor(b)]), .product)
    case .quotient(let a, let b) where isStacked:
      // Fractions above a constant are hard to read: (1/m)(Y/A − …).
      let numerator = part(a, .sum, .sign)
      if b.isConstant, numerator.isTall, !a.isSymbol {
        return (.row([.fraction(.number(1), part(b)), .sign(.scaling), numerator]), .product)
      }
      return (.fraction(part(a), part(b)), .fraction)
    case .quotient(let a, let b):
      let numerator = part(a, .sum, .sign, .matrixProduct, .quotient, .derivative)
      let denominator = part(b, .sum, .sign, .product, .matrixProduct, .quotient, .derivative)
      return (.row([numerator, .sign(.slash), denominator]), .quotient)
    case .power(let a, let b): return (.power(base(a), isStacked ? part(b) : base(b)), .postfix)
    case .matrixProduct(let a, let b): return (.row([matrix(a), .sign(.dot), matrix(b)]), .matrixProduct)
    case .transposed(let a): return (.transposed(base(a.asMatrix)), .postfix)
    case .reduction(let primitive, let a, let axes):
      return (.function(type(of: primitive).symbol, below: axes.filter { $0 != " " }, [part(a)]), .closed)
    case .call(let primitive, let operands): return (call(primitive, operands.map { part($0) }), .closed)
    case .cases(let x, let a, let b): return (.cases(part(a), where: part(x), otherwise: part(b)), .closed)
    case .implicit(_, let a): return set(a)
    }
  }

  private func part(_ formula: Formula, _ parenthesized: Kind...) -> Notation {
    part(formula, parenthesized)
  }

  private func part(_ formula: Formula, _ parenthesized: [Kind]) -> Notation {
    let (notation, kind) = set(formula)
    return parenthesized.contains(kind) ? .parenthesized(notation) : notation
  }

  private func factor(_ a: Formula) -> Notation { part(a, .sum, .sign, .matrixProduct) }

  private func base(_ a: Formula) -> Notation {
    part(a, .sum, .sign, .product, .matrixProduct, .quotient, .derivative, .fraction, .postfix)
  }

  private func matrix(_ a: Formula) -> Notation { part(a.asMatrix, .sum, .sign, .product, .quotient) }

  private func number(_ number: Double) -> (Notation, Kind) {
    let isNegative = number < 0
    return isNegative ? (.row([.sign(.negation), .number(-number)]), .sign) : (.number(number), .closed)
  }

  /// An operation by its symbol: a pattern with `$0`, `$1` where the operands stand, or a function's name. An operation
  /// with parameters describes itself, as `name[parameters]`.
  private func call(_ primitive: any Primitive, _ operands: [Notation]) -> Notation {
    let symbol = type(of: primitive).symbol
    guard symbol.contains("$") else {
      let described = (primitive as? any CustomStringConvertible)?.description ?? symbol
      guard described.last == "]", let bracket = described.firstIndex(of: "[") else {
        return .function(described, below: "", operands)
      }
      let parameters = described[described.index(after: bracket)...].dropLast()
      return .function(String(described[..<bracket]), below: "[\(parameters)]", operands)
    }
    var rest = symbol[...], parts: [Notation] = []
    while let dollar = rest.firstIndex(of: "$"), let digit = rest[dollar...].dropFirst().first?.wholeNumberValue {
      if dollar != rest.startIndex { parts.append(.literal(String(rest[..<dollar]))) }
      if operands.indices.contains(digit) { parts.append(operands[digit]) }
      rest = rest[dollar...].dropFirst(2)
    }
    return .row(parts + (rest.isEmpty ? [] : [.literal(String(rest))]))
  }
}

extension Notation {
  /// Whether a factor in front needs a dot, since 2 and 3² side by side are 23².
  fileprivate var beginsWithDigit: Bool {
    switch self {
    case .number: true
    case .row(let parts): parts.first.map(\.beginsWithDigit) ?? false
    case .power(let a, _), .transposed(let a): a.beginsWithDigit
    default: false
    }
  }
}

extension Formula {
  /// A number that is broadcast to a matrix, as a matrix of ones times the number.
  fileprivate var asMatrix: Formula { isConstant ? (self * .symbol("ones")).simplified() : self }
}
