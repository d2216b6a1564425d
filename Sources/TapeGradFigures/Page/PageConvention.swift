import TapeGradAudit

// Where 1/m goes. J = (1/m)·Σ L has it; of the two ways to write the derivatives down, the tape's keeps it in J, so that
// every number is a derivative of J; notes take the derivative of one example's L, and put 1/m where examples are summed:
//
//   the tape     ∂J/∂Z2 = (A2 − Y)/m      ∂J/∂W2 = ∂J/∂Z2·A1ᵀ
//   the notes    dZ2 = A2 − Y             dW2 = (1/m)·dZ2·A1ᵀ

/// The part of a page that says where 1/m goes.
struct PageConvention {
  let audit: Audit
  let steps: PageSteps

  /// Whether there is anything to say: a mean over examples, and a gradient that notes write m times as large.
  var isEmpty: Bool { steps.exampleCount == nil || !steps.steps.contains { $0.scale > 1 } }

  /// A sentence, the switch of the script, and a table of both conventions with their numbers.
  var html: String {
    // A row for each named gradient, at the element that the comparison shows, so that the numbers can be found there.
    let rows = audit.rows.compactMap { row -> [String]? in
      guard let element = row.element,
        let step = steps.steps.first(where: { $0.equation.name == "∂\(audit.result)/∂\(row.name)" })
      else { return nil }
      let number = element.automatic, last = step.equation.steps.last?.mathML ?? ""
      return [
        steps.link(step.equation.name), "<math><mrow>\(step.equation.left)<mo>=</mo>\(last)</mrow></math>",
        PageTable.text(number), "<math><mrow>\(step.equation.inTheNotes ?? "")</mrow></math>",
        PageTable.text(number * Double(step.scale)), "\(element.index)",
        step.scale > 1 ? "m = \(step.scale) times as large" : "the same number",
      ]
    }
    let result = markup(audit.result)
    return """
      <p>\(result) is a mean over m = \(steps.exampleCount ?? 0) numbers, so each derivative of \(result) has a factor 1/m. The tape \
      keeps it from the start. Course notes take the derivative of one example’s loss, dZ = A − Y, and write 1/m where examples \
      are summed, in dW and db. Both give the same dW and db.</p>
      <fieldset id="convention" hidden><legend>Numbers on this page are</legend>
      <label><input type="radio" name="convention" value="tape" checked> ∂\(result)/∂v: 1/m in every number</label>
      <label><input type="radio" name="convention" value="notes"> dv of the notes: 1/m in dW and db only</label></fieldset>

      """
        + htmlTable(
          "The same element in both conventions", label: "Both conventions",
          header: ["gradient", "the tape", "its number", "the notes", "their number", "element", "beside the tape’s"],
          rows: rows)
  }
}
