// A derivation as the file that was asked for:
//
//   tapegrad derive --format latex > derivation.tex      a document of the class article
//   tapegrad derive --format mathml > derivation.html    a page that opens from disk
//   tapegrad derive --format json                        every equation as text, LaTeX and MathML

import TapeGrad

/// The formats of a derivation.
enum DerivationFormat: String, CaseIterable {
  case text, latex, mathml, markdown, dot, mermaid, json

  /// The derivation in this format, without the last line break.
  func contents(of derivation: Derivation, check: GradientReport?) -> String {
    switch self {
    case .text: return trimmed(derivation.description)
    case .latex: return "\\documentclass{article}\n\\begin{document}\n\(derivation.latex)\\end{document}"
    case .mathml:
      return """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Derivation</title></head>
        <body>
        \(derivation.mathML)</body>
        </html>
        """
    case .markdown: return trimmed(derivation.markdown)
    case .dot: return trimmed(derivation.dot)
    case .mermaid: return trimmed(derivation.mermaid)
    case .json: return json(derivation, check).description
    }
  }

  private func trimmed(_ text: String) -> String { text.last == "\n" ? String(text.dropLast()) : text }

  private func json(_ derivation: Derivation, _ check: GradientReport?) -> JSONValue {
    let count = derivation.countName
    func shape(_ shape: Shape) -> JSONValue { .array(shape.dimensions.map { .number(Double($0)) }) }
    func formula(_ formula: Formula) -> [JSONValue.Member] {
      [
        .init("text", .string(formula.text(count: count))), .init("latex", .string(formula.latex(count: count))),
        .init("mathml", .string(formula.mathML(count: count))),
      ]
    }
    func equation(_ equation: Derivation.Equation) -> JSONValue {
      .object([
        .init("name", .string(equation.name)), .init("shape", shape(equation.shape)),
        .init("left", .object(formula(equation.left))),
        .init(
          "steps",
          .array(
            equation.steps.map { step in
              .object(formula(step.formula) + [.init("reason", .string(step.reason.text(count: count)))])
            })),
        .init("explanation", .array(equation.explanation.map { .string($0.text(count: count)) })),
      ])
    }
    let given = derivation.inputs.map { input in
      JSONValue.object([
        .init("name", .string(input.name)), .init("shape", shape(input.shape)),
        .init("isVariable", .bool(input.isVariable)),
      ])
    }
    return .object([
      .init("result", .string(derivation.result)),
      .init("m", derivation.count.map { .number(Double($0)) } ?? .null),
      .init("given", .array(given)), .init("forward", .array(derivation.forward.map(equation))),
      .init("backward", .array(derivation.backward.map(equation))),
      .init("notes", derivation.inNotesConvention.map { .array($0.backward.map(equation)) } ?? .null),
      .init("remarks", .array(derivation.remarks.map { .string($0.text(count: count)) })),
      .init("check", check.map { .string($0.description) } ?? .null),
    ])
  }
}
