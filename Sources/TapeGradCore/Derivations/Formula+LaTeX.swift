// Formulas in LaTeX's mathematics, which a plain `article` sets without a package, and GitHub and MathJax as well.
//
//   (W2ᵀ·D) ⊙ (1 − A1²)      \left(W_{2}^{\top} \cdot D\right) \odot \left(1 - A_{1}^{2}\right)
//   a node named `x_$1`      \mathrm{x\_\$1}
//
// `Notation` has decided already what needs parentheses and which sign stands for a product; here it is only spelled.
//
// Whatever a name holds, it comes out as letters, digits and commands: no name can end a group, open a comment or leave
// mathematics. Letters that a plain `article` has no font for are spelled by their numbers.

extension Formula {
  /// The formula in LaTeX, for use between dollar signs: `\frac{A_{2} - Y}{m}`.
  ///
  /// - Parameter count: what counts are called; nil prints the numbers.
  public func latex(count: String? = nil) -> String { Notation(self, count: count, stacked: true).latex }
}

extension Notation {
  /// In LaTeX's mathematics.
  var latex: String {
    switch self {
    case .symbol(let name): return LaTeX.symbol(name)
    case .derivative(let numerator?, let name):
      return "\\frac{\\partial \(LaTeX.symbol(numerator))}{\\partial \(LaTeX.symbol(name))}"
    case .derivative(nil, let name): return "d" + LaTeX.symbol(name)
    case .number(let number): return LaTeX.number(number)
    case .sign(let sign): return sign.latex
    case .literal(let text): return LaTeX.escaped(text)
    case .row(let parts): return parts.map(\.latex).joined()
    case .parenthesized(let a): return LaTeX.parenthesized([a])
    case .fraction(let a, let b): return "\\frac{\(a.latex)}{\(b.latex)}"
    // Braces: TeX refuses a base that has an exponent already, as a transpose to a power would be.
    case .power(let a, let b): return a.latexBase + "^{\(b.latex)}"
    case .transposed(let a): return a.latexBase + "^{\\top}"
    case .function("√", _, let operands): return "\\sqrt{\(operands.map(\.latex).joined())}"
    // A sum of a symbol needs no parentheses; any other argument has them.
    case .function(let name, let below, let operands):
      let index = below.isEmpty ? "" : "_{\(LaTeX.upright(below))}"
      if operands.count == 1, operands[0].isSymbol, name == "Σ" { return "\\sum\(index) \(operands[0].latex)" }
      return LaTeX.function(name) + index + LaTeX.parenthesized(operands)
    case .cases(let a, let x, let b):
      return "\\left\\{\\begin{array}{ll} \(a.latex) & \\mbox{where } \(x.latex) > 0 \\\\ "
        + "\(b.latex) & \\mbox{elsewhere} \\end{array}\\right."
    }
  }
}

extension Notation {
  /// What something is raised at: braces keep together what is more than a name.
  fileprivate var latexBase: String {
    if case .symbol = self { return latex }
    return "{\(latex)}"
  }
}

extension Notation.Sign {
  fileprivate var latex: String {
    switch self {
    case .plus: " + "
    case .minus: " - "
    case .negation: "-"
    case .elementwise: " \\odot "
    case .dot: " \\cdot "
    case .scaling: "\\,"
    case .slash: "/"
    }
  }
}

/// How LaTeX spells names, numbers and words.
enum LaTeX {
  /// `W_{2}`, `\mathrm{loss}`, `\alpha`.
  static func symbol(_ name: String) -> String {
    let spelling = SymbolSpelling(name)
    // One letter is italic, as variables are; a word stands upright, or it would look like a product of its letters.
    let base = spelling.base.unicodeScalars.count == 1 ? escaped(spelling.base) : upright(spelling.base)
    guard let index = spelling.index else { return base }
    return "\(base)_{\(index.allSatisfy(\.isNumber) ? index : upright(index))}"
  }

  /// `2.5 \cdot 10^{-7}`.
  static func number(_ number: Double) -> String {
    // "2.5e-07" has two parts; a number without an exponent, infinity and NaN have one.
    let parts = Formula.text(of: number).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1].drop { $0 == "+" }) else {
      return number.isFinite ? String(parts[0]) : number.isNaN ? "\\mathrm{nan}" : "\\infty"
    }
    return "\(parts[0]) \\cdot 10^{\(exponent)}"
  }

  /// `\log`, `\sigma`, `\mathrm{relu}`.
  fileprivate static func function(_ name: String) -> String {
    switch name {
    case "Σ": "\\sum"
    case "Π": "\\prod"
    case "log", "exp", "tanh", "sin", "cos", "max", "min": "\\\(name)"
    default: symbol(name)
    }
  }

  fileprivate static func parenthesized(_ parts: [Notation]) -> String {
    let inner = parts.map(\.latex).joined(separator: ", ")
    return parts.contains(where: \.isTall) ? "\\left(\(inner)\\right)" : "(\(inner))"
  }

  /// Letters that stand upright, as words do.
  static func upright(_ text: String) -> String { "\\mathrm{\(escaped(text))}" }

  /// A text in mathematics: letters and digits as they are, all else as a command.
  static func escaped(_ text: String) -> String {
    text.visible.unicodeScalars.map { scalar in
      // A command where there is one; ASCII as it is, since whatever of it means something to TeX has a command.
      if let command = commands[scalar] { return command }
      if scalar.isASCII { return "\(scalar)" }
      // The accented letters of Latin 1, without those that LaTeX's oldest fonts lack.
      if 0xC0...0xFF ~= scalar.value, ![0xD0, 0xD7, 0xDE, 0xF0, 0xF7, 0xFE].contains(scalar.value) {
        return "\\mbox{\(scalar)}"
      }
      return "\\mathrm{U{+}\(String(scalar.value, radix: 16, uppercase: true))}"
    }.joined()
  }

  /// Words outside mathematics: letters, digits and the usual punctuation as they are, all else between dollar signs.
  static func words(_ text: String) -> String {
    text.visible.unicodeScalars.map { scalar in
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.isDigit || " .,:;()'-/=+!?".contains(Character(scalar)))
      return isPlain ? "\(scalar)" : "$\(escaped("\(scalar)"))$"
    }.joined()
  }

  /// What TeX would take for syntax, and the signs and Greek letters that derivations use.
  private static let commands: [Unicode.Scalar: String] = [
    " ": "\\ ", "_": "\\_", "\\": "\\backslash ", "{": "\\{", "}": "\\}", "$": "\\$", "%": "\\%", "&": "\\&",
    "#": "\\#", "^": "\\hat{\\ }", "~": "\\sim ", "`": "\\grave{\\ }", "'": "{'}", "\"": "{''}", "|": "\\vert ",
    "-": "{-}", "*": "{*}", "⊙": "\\odot ", "·": "\\cdot ", "∂": "\\partial ", "−": "-", "∞": "\\infty ", "′": "{'}",
    "…": "\\ldots ", "√": "\\surd ", "≠": "\\neq ", "≤": "\\le ", "≥": "\\ge ", "×": "\\times ",
    "α": "\\alpha ", "β": "\\beta ", "γ": "\\gamma ", "δ": "\\delta ", "ε": "\\varepsilon ", "ζ": "\\zeta ",
    "η": "\\eta ", "θ": "\\theta ", "ι": "\\iota ", "κ": "\\kappa ", "λ": "\\lambda ", "μ": "\\mu ", "ν": "\\nu ",
    "ξ": "\\xi ", "π": "\\pi ", "ρ": "\\rho ", "σ": "\\sigma ", "τ": "\\tau ", "υ": "\\upsilon ", "φ": "\\varphi ",
    "χ": "\\chi ", "ψ": "\\psi ", "ω": "\\omega ", "Γ": "\\Gamma ", "Δ": "\\Delta ", "Θ": "\\Theta ",
    "Λ": "\\Lambda ", "Ξ": "\\Xi ", "Π": "\\Pi ", "Σ": "\\Sigma ", "Υ": "\\Upsilon ", "Φ": "\\Phi ", "Ψ": "\\Psi ",
    "Ω": "\\Omega ",
  ]
}
