// How a name is set in mathematics.
//
//   name          base      index
//   W2            W         2              W with a 2 below
//   h₁            h         1
//   alpha3        α         3
//   W_hidden      W         hidden
//   loss          loss                     upright, since l·o·s·s it is not
//   layer 1       layer 1                  no identifier: as it is, quoted in text
//
// Characters that nobody sees (controls, marks of direction) are spelled by their numbers, in every format: a name could
// otherwise turn around the text that it stands in.

/// A name, taken apart into what stands on the line and what stands below it.
struct SymbolSpelling {
  /// What stands on the line, with nothing invisible in it.
  let base: String
  /// What stands below, where there is something.
  let index: String?
  /// Whether the name is one word, which needs no quotes in text.
  let isIdentifier: Bool

  init(_ name: String) {
    let visible = name.visible
    isIdentifier = visible.isIdentifier
    guard isIdentifier else {
      (base, index) = (visible, nil)
      return
    }
    var letters = visible.unicodeScalars
    let counter = SymbolSpelling.removeDigits(from: &letters) { $0.subscriptDigit }
    var below = SymbolSpelling.removeDigits(from: &letters) { $0.isDigit ? $0 : nil }
    if let underscore = letters.firstIndex(of: "_"), underscore != letters.startIndex {
      let word = String(letters[letters.index(after: underscore)...])
      if !word.contains("_"), !(word + below).isEmpty {
        below = word + below
        letters = String.UnicodeScalarView(letters[..<underscore])
      }
    }
    let indices = [below, counter].filter { !$0.isEmpty }
    let base = String(letters)
    if base.isEmpty || base.last == "_" || base.last == "." {  // _1, a__1, layers.0: no letter to put an index below
      (self.base, index) = (visible, nil)
    } else {
      self.base = SymbolSpelling.greek[base] ?? base
      index = indices.isEmpty ? nil : indices.joined(separator: ",")
    }
  }

  /// Takes the digits off the end of a name.
  private static func removeDigits(
    from letters: inout String.UnicodeScalarView, _ digit: (Unicode.Scalar) -> Unicode.Scalar?
  ) -> String {
    var digits: [Unicode.Scalar] = []
    while let last = letters.last, let next = digit(last) {
      digits.append(next)
      letters.removeLast()
    }
    return String(String.UnicodeScalarView(digits.reversed()))
  }

  /// Greek letters by their names.
  static let greek: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
  ]
}

extension String {
  /// The text with every character that cannot be seen spelled by its number: `\u{202E}`.
  package var visible: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  /// Whether the text is one word: a letter or `_` first, then letters, digits, `_`, `.` and `′`.
  var isIdentifier: Bool {
    if self == "…" { return true }  // what a sum leaves out
    guard let first = unicodeScalars.first, first.isLetter || first == "_" else { return false }
    return unicodeScalars.allSatisfy(\.continuesIdentifier) && unicodeScalars.last != "."
  }
}

extension Unicode.Scalar {
  /// A letter, but no sign of an operation.
  var isLetter: Bool {
    properties.isAlphabetic && self != "ᵀ" && self != "Σ" && self != "Π" || self == "∇"
  }

  /// 0 to 9.
  var isDigit: Bool { "0"..."9" ~= self }

  /// The digit that a digit below the line stands for.
  var subscriptDigit: Unicode.Scalar? {
    0x2080...0x2089 ~= value ? Unicode.Scalar(value - 0x2080 + 48) : nil
  }

  /// Whether it may stand in a name.
  var continuesIdentifier: Bool {
    isLetter || isDigit || subscriptDigit != nil || properties.generalCategory == .nonspacingMark
      || self == "_" || self == "." || self == "′"
  }
}
