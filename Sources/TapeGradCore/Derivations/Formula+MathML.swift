// Formulas in MathML, which browsers set without help.
//
//   A1ᵀ      <msup><msub data-symbol="A1"><mi>A</mi><mn>1</mn></msub><mo>⊤</mo></msup>
//
// Elements are mostly `mi` for names, `mn` for numbers, `mo` for signs, `mrow` for groups, `msub` and `msup` for what stands
// lower or higher, `mfrac`, `msqrt` and `mtable`: all of them in the MathML Core that browsers share.
//
// Each name carries itself as `data-symbol`, so that a page can light up a value wherever it stands. What a name holds
// goes through `XML.escaped`: no name can open an element or end an attribute.

extension Formula {
  /// The formula in MathML, for use inside a `math` element: `<mfrac>…</mfrac>`.
  ///
  /// - Parameter count: what counts are called; nil prints the numbers.
  public func mathML(count: String? = nil) -> String { Notation(self, count: count, stacked: true).mathML }
}

extension Notation {
  /// In MathML, one element.
  var mathML: String {
    switch self {
    case .symbol(let name): return MathML.symbol(name, data: name)
    // A fraction of two rows, ∂J over ∂Z, which as a whole stands for one value.
    case .derivative(let numerator?, let name):
      let above = MathML.row(MathML.partial + MathML.symbol(numerator))
      let below = MathML.row(MathML.partial + MathML.symbol(name))
      return "<mfrac data-symbol=\"\(XML.escaped("∂\(numerator)/∂\(name)"))\">\(above)\(below)</mfrac>"
    case .derivative(nil, let name):
      return MathML.row("<mi>d</mi>" + MathML.symbol(name), data: "d\(name)")
    case .number(let number): return MathML.number(number)
    case .sign(let sign): return sign.mathML
    case .literal(let text): return "<mo>\(XML.escaped(text))</mo>"
    case .row(let parts): return MathML.row(parts.map(\.mathML).joined())
    case .parenthesized(let a): return MathML.parenthesized([a])
    case .fraction(let a, let b): return "<mfrac>\(a.mathML)\(b.mathML)</mfrac>"
    case .power(let a, let b): return "<msup>\(a.mathML)\(b.mathML)</msup>"
    case .transposed(let a): return "<msup>\(a.mathML)<mo>⊤</mo></msup>"
    case .function("√", _, let operands): return "<msqrt>\(operands.map(\.mathML).joined())</msqrt>"
    case .function(let name, let below, let operands):
      // A sum's axes stand below its sign; a function's beside its name. &#x2061; is the invisible application of a function.
      let isSum = name == "Σ" || name == "Π"
      let head = isSum ? "<mo>\(name == "Σ" ? "∑" : "∏")</mo>" : MathML.symbol(name)
      let index = "<mtext>\(XML.escaped(below))</mtext>"
      let whole = below.isEmpty ? head : isSum ? "<munder>\(head)\(index)</munder>" : "<msub>\(head)\(index)</msub>"
      if operands.count == 1, operands[0].isSymbol, isSum { return MathML.row(whole + operands[0].mathML) }
      return MathML.row(whole + (isSum ? "" : "<mo>&#x2061;</mo>") + MathML.parenthesized(operands))
    case .cases(let a, let x, let b):
      func line(_ value: Notation, _ condition: String) -> String {
        "<mtr><mtd>\(value.mathML)</mtd><mtd style=\"text-align: left; text-align: -webkit-left\">\(condition)</mtd></mtr>"
      }
      let condition = MathML.row("<mtext>where&#xA0;</mtext>\(x.mathML)<mo>&gt;</mo><mn>0</mn>")
      let lines = line(a, condition) + line(b, "<mtext>elsewhere</mtext>")
      return MathML.row("<mo>{</mo><mtable>\(lines)</mtable>")
    }
  }
}

extension Notation.Sign {
  fileprivate var mathML: String {
    switch self {
    case .plus: "<mo>+</mo>"
    case .minus: "<mo>−</mo>"
    case .negation: "<mo form=\"prefix\">−</mo>"
    case .elementwise: "<mo>⊙</mo>"
    case .dot: "<mo>·</mo>"
    case .scaling: "<mo>&#x2062;</mo>"  // invisible times
    case .slash: "<mo>/</mo>"
    }
  }
}

/// How MathML spells names, numbers and parentheses.
enum MathML {
  static let partial = "<mo rspace=\"0\">∂</mo>"

  /// `<msub><mi>W</mi><mn>2</mn></msub>`.
  static func symbol(_ name: String, data: String? = nil) -> String {
    let spelling = SymbolSpelling(name), attribute = attribute(data)
    // One letter is italic by itself, a word upright; text that is not an identifier keeps its spaces.
    let tag = spelling.isIdentifier ? "mi" : "mtext"
    let base = "\(tag)\(spelling.index == nil ? attribute : "")>\(XML.escaped(spelling.base))</\(tag)>"
    guard let index = spelling.index else { return "<" + base }
    // The attribute goes to the outermost element, so that a name with an index lights up as one.
    let indexTag = index.allSatisfy(\.isNumber) ? "mn" : "mi"
    return "<msub\(attribute)><\(base)<\(indexTag)>\(XML.escaped(index))</\(indexTag)></msub>"
  }

  /// `<mn>0.5</mn>`, with a power of ten where there is one.
  static func number(_ number: Double) -> String {
    let parts = Formula.text(of: number).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1].drop { $0 == "+" }) else {
      return number.isFinite ? "<mn>\(parts[0])</mn>" : number.isNaN ? "<mi>nan</mi>" : "<mi>∞</mi>"
    }
    let power = exponent < 0 ? "<mrow><mo>−</mo><mn>\(-exponent)</mn></mrow>" : "<mn>\(exponent)</mn>"
    return row("<mn>\(parts[0])</mn><mo>·</mo><msup><mn>10</mn>\(power)</msup>")
  }

  static func row(_ content: String, data: String? = nil) -> String { "<mrow\(attribute(data))>\(content)</mrow>" }

  fileprivate static func parenthesized(_ parts: [Notation]) -> String {
    // Parentheses grow with a fraction between them, and stay small around letters.
    let attribute = parts.contains(where: \.isTall) ? "" : " stretchy=\"false\""
    let inner = parts.map(\.mathML).joined(separator: "<mo>,</mo>")
    return row("<mo\(attribute)>(</mo>\(inner)<mo\(attribute)>)</mo>")
  }

  private static func attribute(_ data: String?) -> String {
    data.map { " data-symbol=\"\(XML.escaped($0))\"" } ?? ""
  }
}

/// Text in XML and HTML.
enum XML {
  /// The text with markup characters as entities, and what cannot be seen spelled by its number.
  static func escaped(_ text: String) -> String {
    // Scalar by scalar: a mark that combines with < would make another character of it.
    text.visible.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
