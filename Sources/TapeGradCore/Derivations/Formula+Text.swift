extension Formula: CustomStringConvertible {
  /// The formula in a line of Unicode mathematics: `(W2ᵀ·D) ⊙ (1 − A1²)`.
  public var description: String { text() }

  /// The formula in a line, with no more parentheses than it needs.
  ///
  /// - Parameter count: what counts are called; nil prints the numbers.
  public func text(count: String? = nil) -> String { printed(count).text }

  /// What a printed formula is, as far as parentheses around it go.
  private enum Kind {
    /// `a + b`, `−a`, `a ⊙ b`, `A·B`, `a/b`, a name such as `∂J/∂Z`, `aᵀ` or `a²`, anything that is closed.
    case sum, sign, product, matrixProduct, quotient, fraction, postfix, closed
  }

  private func printed(_ count: String?) -> (text: String, kind: Kind) {
    func part(_ formula: Formula, parenthesised kinds: Kind...) -> String {
      let (text, kind) = formula.printed(count)
      return kinds.contains(kind) ? "(\(text))" : text
    }
    func factor(_ a: Formula) -> String { part(a, parenthesised: .sum, .sign, .matrixProduct) }
    func base(_ a: Formula) -> String {
      part(a, parenthesised: .sum, .sign, .product, .matrixProduct, .quotient, .fraction, .postfix)
    }
    func matrix(_ a: Formula) -> String { part(a.asMatrix, parenthesised: .sum, .sign, .product, .quotient) }

    switch self {
    case .symbol(let name): return (name, name.contains("/") ? .fraction : .closed)
    case .number(let number): return (Formula.text(of: number), number < 0 ? .sign : .closed)
    case .count(let n): return (count ?? "\(n)", .closed)
    case .negated(let a): return ("−" + part(a, parenthesised: .sum, .sign), .sign)
    case .sum(let a, let b): return (part(a) + " + " + part(b, parenthesised: .sign), .sum)
    case .difference(let a, let b): return (part(a) + " − " + part(b, parenthesised: .sum, .sign), .sum)
    case .product(let a, let b) where a.isConstant:
      return (part(a, parenthesised: .sum, .sign, .quotient) + "·" + part(b, parenthesised: .sum, .sign), .product)
    case .product(let a, let b): return (factor(a) + " ⊙ " + factor(b), .product)
    case .quotient(let a, let b):
      let numerator = part(a, parenthesised: .sum, .sign, .matrixProduct, .quotient, .fraction)
      let denominator = part(b, parenthesised: .sum, .sign, .product, .matrixProduct, .quotient, .fraction)
      return (numerator + "/" + denominator, .quotient)
    case .power(let a, let b): return (base(a) + Formula.exponent(b, base(b)), .postfix)
    case .matrixProduct(let a, let b): return (matrix(a) + "·" + matrix(b), .matrixProduct)
    case .transposed(let a): return (base(a.asMatrix) + "ᵀ", .postfix)
    case .reduction(let primitive, let a, let axes):
      let name = type(of: primitive).name
      let subscripted = axes.isEmpty ? "" : "_" + axes.filter { $0 != " " }
      return ((name == "sum" ? "Σ" : name) + subscripted + "(\(part(a)))", .closed)
    case .call(let primitive, let operands): return (Formula.call(primitive, operands.map { part($0) }), .closed)
    case .implicit(_, let a): return a.printed(count)
    }
  }

  /// A number that is stretched to a matrix, as a matrix of ones times the number.
  private var asMatrix: Formula { isConstant ? (self * .symbol("ones")).simplified() : self }

  /// An operation by its mathematical sign, where it has one; otherwise as it describes itself, or by its name.
  private static func call(_ primitive: any Primitive, _ operands: [String]) -> String {
    let name = type(of: primitive).name
    switch (name, operands.count) {
    case ("sigmoid", 1): return "σ(\(operands[0]))"
    case ("sqrt", 1): return "√(\(operands[0]))"
    case ("abs", 1): return "|\(operands[0])|"
    case ("step", 1): return "[\(operands[0]) > 0]"
    case ("less", 2) where operands[0] == "0": return "[\(operands[1]) > 0]"
    case ("less", 2): return "[\(operands[0]) < \(operands[1])]"
    case ("equal", 2): return "[\(operands[0]) = \(operands[1])]"
    default:
      let described = (primitive as? any CustomStringConvertible)?.description ?? name
      return "\(described)(\(operands.joined(separator: ", ")))"
    }
  }

  /// `²`, `⁻¹`, or `^p`.
  private static func exponent(_ exponent: Formula, _ text: String) -> String {
    guard case .number(let number) = exponent, number == number.rounded(), number.magnitude < 1e6 else {
      return "^" + text
    }
    let digits: [Character: Character] = [
      "−": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    return String(Formula.text(of: number).compactMap { digits[$0] })
  }

  /// The fewest digits that tell the number from its neighbours; those of a `Float`, where it is one.
  private static func text(of number: Double) -> String {
    let magnitude = number.magnitude, single = Float(magnitude)
    var digits = Double(single) == magnitude ? "\(single)" : "\(magnitude)"
    if digits.hasSuffix(".0") { digits.removeLast(2) }
    return (number < 0 ? "−" : "") + digits
  }
}
