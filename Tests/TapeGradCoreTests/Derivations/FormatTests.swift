import TapeGradArrays
import Testing

#if canImport(FoundationXML)
  import Foundation
  import FoundationXML
#else
  import Foundation
#endif

@testable import TapeGradCore

/// Formulas and derivations in LaTeX, MathML and Markdown.
struct FormatTests {
  private static let a = Formula.symbol("a"), b = Formula.symbol("b"), w = Formula.symbol("W1")
  private static let slope = Formula.derivative(of: "J", by: "Z2")

  private static let latexForms: [(Formula, String)] = [
    (w, "W_{1}"),
    (.symbol("loss"), "\\mathrm{loss}"),
    (.symbol("h₁"), "h_{1}"),
    (.symbol("alpha2"), "\\alpha _{2}"),
    (.symbol("W_hidden"), "W_{\\mathrm{hidden}}"),
    (slope, "\\frac{\\partial J}{\\partial Z_{2}}"),
    (.derivative(of: nil, by: "Z2"), "dZ_{2}"),
    ((a - b) / .count(7), "\\frac{a - b}{m}"),
    (-(a / b - b) / .count(7), "\\frac{1}{m}\\,\\left(-\\left(\\frac{a}{b} - b\\right)\\right)"),
    (1 / .count(7) * .reduction(Sum(target: []), a * b, over: ""), "\\frac{1}{m}\\,\\sum(a \\odot b)"),
    (.matrixProduct(slope, .transposed(w)), "\\frac{\\partial J}{\\partial Z_{2}} \\cdot W_{1}^{\\top}"),
    (.transposed(a + b), "{(a + b)}^{\\top}"),
    (
      .reduction(Sum(target: [2, 1]), slope, over: "columns"),
      "\\sum_{\\mathrm{columns}} \\frac{\\partial J}{\\partial Z_{2}}"
    ),
    (1 - .call(Tanh(), [a]).squared, "1 - {\\tanh(a)}^{2}"),
    (.call(Sigmoid(), [a / b]), "\\sigma \\left(\\frac{a}{b}\\right)"),
    (.call(SquareRoot(), [a + 1]), "\\sqrt{a + 1}"),
    (.call(Softmax(axis: 1), [a]), "\\mathrm{softmax}_{\\mathrm{[axis\\ 1]}}(a)"),
    (.call(Absolute(), [a]), "\\vert a\\vert "),
    (.power(a, b + 1), "a^{b + 1}"),
    (2.5e-7 * a, "2.5 \\cdot 10^{-7}\\,a"),
    (2 * .power(3, a), "2 \\cdot {3}^{a}"),
    (
      .cases(positive: a, 1, otherwise: 0.01),
      "\\left\\{\\begin{array}{ll} 1 & \\mbox{where } a > 0 \\\\ 0.01 & \\mbox{elsewhere} \\end{array}\\right."
    ),
  ]

  @Test(
    "formulas are set as a textbook sets them, in LaTeX",
    arguments: latexForms)
  func latex(of formula: Formula, is latex: String) {
    #expect(formula.latex(count: "m") == latex)
  }

  private static let mathMLForms: [(Formula, String)] = [
    (w, "<msub data-symbol=\"W1\"><mi>W</mi><mn>1</mn></msub>"),
    ((a - b) / .count(7), "<mfrac><mrow>{a}<mo>−</mo>{b}</mrow><mi data-symbol=\"m\">m</mi></mfrac>"),
    (.transposed(a), "<msup>{a}<mo>⊤</mo></msup>"),
    (a * b, "<mrow>{a}<mo>⊙</mo>{b}</mrow>"),
    (.matrixProduct(a, b), "<mrow>{a}<mo>·</mo>{b}</mrow>"),
    (.call(SquareRoot(), [a]), "<msqrt>{a}</msqrt>"),
    (.symbol("a<b"), "<mtext data-symbol=\"a&lt;b\">a&lt;b</mtext>"),
    (2.5e-7, "<mrow><mn>2.5</mn><mo>·</mo><msup><mn>10</mn><mrow><mo>−</mo><mn>7</mn></mrow></msup></mrow>"),
  ]

  @Test(
    "formulas are set in MathML",
    arguments: mathMLForms)
  func mathML(of formula: Formula, is pattern: String) {
    let expected = ["a", "b"].reduce(pattern) {
      $0.replacing("{\($1)}", with: "<mi data-symbol=\"\($1)\">\($1)</mi>")
    }
    #expect(formula.mathML(count: "m") == expected)
  }

  @Test("MathML is well-formed and carries each name, whatever it is", arguments: RoundTripTests.graphs)
  func wellFormed(_ graph: Graph) throws {
    let tape = Tape()
    let result = graph.record(tape)
    for derivation in [
      try tape.derivation(of: result), try tape.derivation(of: result, explaining: .fully).besideNotesConvention,
    ] {
      let document = ParsedMathML(derivation.mathML)
      #expect(document.error == nil)
      #expect(document.elements.isSubset(of: ParsedMathML.known), "\(document.elements)")
      for input in derivation.inputs { #expect(document.symbols.contains(input.name.visible), "\(input.name)") }
    }
  }

  @Test("LaTeX is balanced and has no name outside a command, whatever it is", arguments: RoundTripTests.graphs)
  func balanced(_ graph: Graph) throws {
    let tape = Tape()
    let latex = try tape.derivation(of: graph.record(tape), explaining: .fully).latex
    var depth = 0, isEscaped = false, dollars = 0
    for scalar in latex.unicodeScalars {
      if !isEscaped {
        if scalar == "{" { depth += 1 }
        if scalar == "}" { depth -= 1 }
        if scalar == "$" { dollars += 1 }
        #expect(scalar != "%" && scalar != "#" && scalar != "~")
        #expect(depth >= 0)
      }
      #expect(scalar.isASCII || 0xC0...0xFF ~= scalar.value)
      isEscaped = scalar == "\\" && !isEscaped
    }
    #expect(depth == 0)
    #expect(dollars.isMultiple(of: 2))
    let begins = latex.split(separator: "\\begin{array}").count, ends = latex.split(separator: "\\end{array}").count
    #expect(begins == ends)
  }

  @Test("Markdown keeps its blocks, whatever names there are", arguments: RoundTripTests.graphs)
  func markdown(_ graph: Graph) throws {
    let tape = Tape()
    let derivation = try tape.derivation(of: graph.record(tape))
    let lines = derivation.markdown.split(separator: "\n")
    let fences = lines.filter { $0.hasPrefix("```") }
    #expect(fences.enumerated().allSatisfy { $0.element == ($0.offset % 2 == 0 ? "```math" : "```") })
    #expect(fences.count == 2 * derivation.sections.reduce(0) { $0 + $1.blocks(atMost: 12).count })
    #expect(!lines.contains { $0.contains("<") && !$0.contains("&") && $0.hasPrefix("- ") })
  }

  @Test("words are escaped in each format")
  func words() {
    let sentence: Sentence = "see <b>, a_b, 100% & $x\u{202E} of \(Formula.symbol("a*b"))"
    #expect(sentence.html(count: nil).hasPrefix("see &lt;b&gt;, a_b, 100% &amp; $x\\u{202E} of <math"))
    #expect(sentence.markdown(count: nil) == "see \\<b\\>, a\\_b, 100% \\& \\$x\\\\u\\{202E\\} of $`\\mathrm{a{*}b}`$")
    #expect(
      sentence.latex(count: nil)
        == "see $<$b$>$, a$\\_$b, 100$\\%$ $\\&$ $\\$$x$\\backslash $u$\\{$202E$\\}$ of $\\mathrm{a{*}b}$")
    #expect(sentence.text() == "see <b>, a_b, 100% & $x\u{202E} of `a*b`")
  }
}

/// What a parser of XML finds in MathML.
private final class ParsedMathML: NSObject, XMLParserDelegate {
  static let known: Set<String> = [
    "section", "h3", "p", "math", "mtable", "mtr", "mtd", "mrow", "mi", "mn", "mo", "mtext", "mfrac", "msub", "msup",
    "msqrt", "munder",
  ]
  private(set) var elements: Set<String> = []
  private(set) var symbols: Set<String> = []
  private(set) var error: (any Error)?

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    if !parser.parse() { error = parser.parserError }
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.insert(element)
    if let symbol = attributes["data-symbol"] { symbols.insert(symbol) }
  }
}
