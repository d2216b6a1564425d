// From a line of the source to what it computes. Of
//
//   17   let Z1 = (matmul(W1, x) + b1).named("Z1")
//   18   return tanh(Z1).named("A1")
//
// the page has a row each: Model.swift:17, the equation Z1 = W1·X + b1, and links to the steps of Z1 and ∂J/∂Z1. Each step
// has a link back, so line, node, formula and numbers lead to one another.

/// The part of a page that lists lines of the source.
struct PageSource {
  let steps: PageSteps

  /// The lines, in the order in which they were first reached.
  private static func places(_ steps: [PageStep]) -> [String] {
    var places: [String] = []
    for step in steps { if let place = step.place, !places.contains(place) { places.append(place) } }
    return places
  }

  /// The anchor of a line's row.
  static func id(of place: String, in steps: [PageStep]) -> String {
    "line-\(places(steps).firstIndex(of: place) ?? 0)"
  }

  /// Whether no line is known.
  var isEmpty: Bool { steps.steps.allSatisfy { $0.place == nil } }

  var html: String {
    let rows = Self.places(steps.steps).map { place -> [String] in
      let here = steps.steps.filter { $0.place == place }
      let values = here.filter { $0.equation.part != .backward },
        gradients = here.filter { $0.equation.part == .backward }
      let equations = values.map { step in
        let last = step.equation.steps.first.map { "<mo>=</mo>\($0.mathML)" } ?? ""
        return "<math><mrow>\(step.equation.left)\(last)</mrow></math>"
      }
      // A line may name several: `tape.variables(of: network)` names every parameter.
      func links(_ steps: [PageStep]) -> String {
        steps.map { self.steps.link($0.equation.name) }.joined(separator: ", ")
      }
      return [
        "<code id=\"\(Self.id(of: place, in: steps.steps))\">\(markup(place))</code>", links(values),
        equations.joined(separator: "<br>"), links(gradients),
      ]
    }
    return """
      <p>Where in the source each quantity is computed: the line that gave it its name, or, of a tape that records call sites, \
      the line of its operation.</p>

      """
        + htmlTable(
          "Lines of the source, and what they compute", label: "Lines of the source",
          header: ["line", "quantity", "equation", "gradient"], rows: rows)
  }
}
