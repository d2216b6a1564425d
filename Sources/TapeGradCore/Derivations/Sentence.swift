// Words with mathematics in them. "through Z2, by the rule of matmul" is
//
//   words      "through "
//   formula    Z2                   Z2 in text, Z_{2} in LaTeX, <msub>…</msub> in MathML, and a link on a page
//   words      ", by the rule of matmul"
//
// Names of the user stand in formulas only, so that each format can set and escape them.

/// A sentence of a derivation, or a part of one: words and formulas in turn.
///
/// It is written as a string literal, into which formulas are interpolated: `"through \(Formula.symbol("Z2"))"`.
public struct Sentence: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// Words, or a formula between words.
  public enum Part: Sendable, Hashable {
    /// Plain words.
    case words(String)
    /// A formula, or just a name.
    case formula(Formula)
  }

  /// The parts, in order; no words follow words.
  public private(set) var parts: [Part]

  /// A sentence of words alone.
  public init(stringLiteral words: String) { parts = words.isEmpty ? [] : [.words(words)] }

  /// A sentence with formulas in it.
  public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// Whether there is nothing to say.
  public var isEmpty: Bool { parts.isEmpty }

  /// Puts a sentence together from literals, formulas and words.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    /// Room for the parts.
    public init(literalCapacity: Int, interpolationCount: Int) { parts.reserveCapacity(2 * interpolationCount + 1) }

    /// Adds words.
    public mutating func appendLiteral(_ words: String) {
      if words.isEmpty { return }
      if case .words(let before) = parts.last {
        parts[parts.count - 1] = .words(before + words)
      } else {
        parts.append(.words(words))
      }
    }

    /// Adds a formula.
    public mutating func appendInterpolation(_ formula: Formula) { parts.append(.formula(formula)) }

    /// Adds words.
    public mutating func appendInterpolation(_ words: String) { appendLiteral(words) }

    /// Adds a number of things.
    public mutating func appendInterpolation(_ number: Int) { appendLiteral("\(number)") }

    /// Adds what another sentence says.
    public mutating func appendInterpolation(_ sentence: Sentence) {
      for part in sentence.parts {
        if case .words(let words) = part { appendLiteral(words) } else { parts.append(part) }
      }
    }
  }

  /// The sentence in one format.
  func joined(words: (String) -> String, formula: (Formula) -> String) -> String {
    parts.map { part in
      switch part {
      case .words(let text): words(text)
      case .formula(let tree): formula(tree)
      }
    }.joined()
  }

  /// The sentence as plain text.
  ///
  /// - Parameter count: what counts are called; nil prints the numbers.
  public func text(count: String? = nil) -> String { joined(words: { $0 }, formula: { $0.text(count: count) }) }
}

extension Sentence: CustomStringConvertible {
  /// The sentence as plain text.
  public var description: String { text() }
}

extension [Sentence] {
  /// The sentences with commas between them.
  func joined(separator: String) -> Sentence {
    dropFirst().reduce(first ?? "") { "\($0)\(separator)\($1)" }
  }
}
