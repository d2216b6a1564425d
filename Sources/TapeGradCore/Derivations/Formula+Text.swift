// Formulas in a line of plain text.
//
//   (W2ᵀ·D) ⊙ (1 − A1²)
//
// A name that is not an identifier stands between backticks, so that one can tell where it ends: `layer 1`.

extension Formula: CustomStringConvertible {
  /// The formula in a line of Unicode mathematics: `(W2ᵀ·D) ⊙ (1 − A1²)`.
  public var description: String { text() }

  /// The formula in a line, with no more parentheses than it needs.
  ///
  /// - Parameter count: what counts are called; nil prints the numbers.
  public func text(count: String? = nil) -> String { Notation(self, count: count, stacked: false).text }

  /// The fewest digits that tell the number from its neighbors; those of a `Float`, where it is one.
  static func text(of number: Double) -> String {
    let magnitude = number.magnitude, single = Float(magnitude)
    let text = Double(single) == magnitude ? short(single, digits: 17) : short(magnitude, digits: 17)
    return (number < 0 ? "−" : "") + text
  }
}

extension Notation {
  /// In a line of plain text.
  var text: String {
    switch self {
    case .symbol(let name): return name.quotedUnlessIdentifier
    case .derivative(let numerator?, let name):
      return "∂\(numerator.quotedUnlessIdentifier)/∂\(name.quotedUnlessIdentifier)"
    case .derivative(nil, let name): return "d" + name.quotedUnlessIdentifier
    case .number(let number): return Formula.text(of: number)
    case .sign(let sign): return sign.text
    case .literal(let text): return text.visible
    case .row(let parts): return parts.map(\.text).joined()
    case .parenthesized(let a): return "(\(a.text))"
    case .fraction(let a, let b): return a.text + "/" + b.text
    case .power(let a, let b): return a.text + Notation.exponent(b)
    case .transposed(let a): return a.text + "ᵀ"
    case .function(let name, let below, let operands):
      let index = below.isEmpty || below.first == "[" ? below : "_" + below
      let isSign = ["Σ", "Π", "√"].contains(name)
      return "\(isSign ? name : name.quotedUnlessIdentifier)\(index)(\(operands.map(\.text).joined(separator: ", ")))"
    case .cases(let a, let x, let b): return "{\(a.text) where \(x.text) > 0, \(b.text) elsewhere}"
    }
  }

  /// `²`, `⁻¹`, or `^p`.
  private static func exponent(_ exponent: Notation) -> String {
    let text = exponent.text
    var digits = text
    if digits.hasPrefix("(−"), digits.hasSuffix(")") { digits = String(digits.dropFirst().dropLast()) }
    let raised = digits.compactMap { superscripts[$0] }
    return raised.count == digits.count && !digits.isEmpty ? String(raised) : "^" + text
  }

  private static let superscripts: [Character: Character] = [
    "−": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
  ]
}

extension Notation.Sign {
  fileprivate var text: String {
    switch self {
    case .plus: " + "
    case .minus: " − "
    case .negation: "−"
    case .elementwise: " ⊙ "
    case .dot, .scaling: "·"
    case .slash: "/"
    }
  }
}

extension String {
  /// The name itself, or between backticks, with a backslash before those that are part of it.
  var quotedUnlessIdentifier: String {
    if isIdentifier { return self }
    let spelled = unicodeScalars.map { $0 == "`" || $0 == "\\" ? "\\\($0)" : "\($0)".visible }
    return "`\(spelled.joined())`"
  }
}
