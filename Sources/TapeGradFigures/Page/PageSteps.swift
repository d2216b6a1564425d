import TapeGradArrays
import TapeGradCore
import TapeGradFormats

// The derivation as numbered steps. Of Z = W·X, A = tanh(Z), J = mean(A²):
//
//   given             W, X                                           no number: nothing is computed
//   1 of 5, forward   Z = W·X         computed from W, X             used by A
//   2 of 5, forward   A = tanh(Z)     computed from Z                used by J, ∂J/∂A, ∂J/∂Z
//   …
//   5 of 5, backward  ∂J/∂W = ∂J/∂Z·Xᵀ   the cotangent comes from ∂J/∂Z   it goes no further
//
// Where a name comes from and where it goes is read off the formulas themselves: a step uses the names that occur in
// it.

/// A step of a page: an equation of the derivation, forward or backward, or what is given.
struct PageStep {
  let equation: EquationReading
  /// The anchor of its article.
  let id: String
  /// `Step 12 of 20`; nil for what is given.
  let number: Int?
  /// The names that it is computed from, and those of the steps that use it.
  let sources, uses: [String]
  /// The layer that it belongs to.
  let layer: String
  /// File and line of its node in the source, where they are known.
  let place: String?
  /// m, where notes write `m·∂J/∂v` for this step.
  let scale: Int
}

/// The steps of a page.
struct PageSteps {
  private(set) var steps: [PageStep] = []
  /// How many equations the derivation has.
  let count: Int
  /// The whole derivation, in HTML and in LaTeX.
  let derivation, latex: String
  /// How many elements means are taken over, where all agree.
  let exampleCount: Int?
  /// The layers in the order of the tape.
  let layers: [String]

  /// How many steps a page shows.
  static let limit = 120

  /// - Parameter elements: which element of a node is written out in numbers.
  init(_ snapshot: Snapshot, elements: [String: [Int]] = [:]) {
    let reading = snapshot.derivationReading(elements: elements)
    exampleCount = reading.count
    count = reading.equations.count
    latex = reading.latex
    derivation =
      count <= Self.limit
      ? reading.html
      : "<p>It has \(count) equations, too many for a page: <code>tape.derivation(of: \(markup(snapshot.name(of: snapshot.result) ?? "J")))</code> prints them.</p>\n"
    // Of a long derivation, the equations of nodes that the user named.
    var equations = reading.equations
    if equations.count > Self.limit { equations = equations.filter { $0.nodeName != nil } }
    equations = Array(equations.prefix(Self.limit))
    let layering = Layering(snapshot)
    layers = layering.names
    var uses: [String: [String]] = [:], sources: [[String]] = []
    for equation in equations {
      var names: [String] = []
      for step in equation.steps {
        for name in step.formula.references where !names.contains(name) { names.append(name) }
      }
      sources.append(names)
      for name in names { uses[name, default: []].append(equation.name) }
    }
    var number = 0
    for (index, equation) in equations.enumerated() {
      if equation.part != .given { number += 1 }
      // The notes' dZ is m·∂J/∂Z for a value with an example in each column, (n, m), before a mean over the m.
      // Variables are no such values: dW is ∂J/∂W.
      var scale = 1
      if equation.part == .backward, let node = equation.node, snapshot.operation(of: node) != nil,
        let last = equation.shape.dimensions.last, last > 1,
        snapshot.means(after: node).contains(where: { $0.divides(by: last) })
      {
        scale = last
      }
      steps.append(
        PageStep(
          equation: equation, id: "s\(index)", number: equation.part == .given ? nil : number, sources: sources[index],
          uses: uses[equation.name] ?? [], layer: equation.node.map(layering.layer) ?? "",
          place: equation.node.flatMap(snapshot.place), scale: scale))
    }
  }

  /// The anchor of the step that defines a name.
  func id(of name: String) -> String? { steps.first { $0.equation.name == name }?.id }

  /// A link to the step that defines a name.
  func link(_ name: String) -> String {
    id(of: name).map { "<a href=\"#\($0)\">\(markup(name))</a>" } ?? markup(name)
  }

  /// The numbers that an equation's last form gives, from those of the names in it; nil where there are none.
  func evaluated(_ equation: EquationReading) -> [Double]? {
    guard let formula = equation.steps.last?.formula else { return nil }
    var symbols: [String: Tensor<Double>] = [:]
    for name in formula.references {
      // Every name of a formula is a step before, or given; of a long derivation, it may be one that is not shown.
      guard let source = steps.first(where: { $0.equation.name == name })?.equation else { return nil }
      symbols[name] = Tensor(source.numbers, shape: source.shape)
    }
    return try? formula.evaluated(symbols).scalars
  }

  // MARK: In HTML

  /// All steps as articles.
  var html: String {
    let numbered = steps.count { $0.number != nil }
    var text = ""
    for part in [EquationReading.Part.given, .forward, .backward] {
      let shown = steps.filter { $0.equation.part == part }
      if shown.isEmpty { continue }
      let heading = part == .given ? "Given" : part == .forward ? "Forward" : "Backward"
      text += "<h3 class=\"part\">\(heading)</h3>\n"
      text += "<div class=\"articles \(heading.lowercased())\">\n"
      for step in shown { text += article(step, of: numbered) }
      text += "</div>\n"
    }
    if count > steps.count {
      text += "<p>The derivation has \(count) equations; of them, \(steps.count) are shown as steps.</p>\n"
    }
    return text
  }

  /// One step: title, equation in all its forms, where from and where to, an element in numbers, why, and the map.
  private func article(_ step: PageStep, of total: Int) -> String {
    let equation = step.equation, name = markup(equation.name)
    let part = equation.part == .given ? "given" : equation.part == .forward ? "forward" : "backward"
    let title = step.number.map { "Step \($0) of \(total), \(part): " } ?? "Given: "
    var text = """
      <article class="step \(part)" id="\(step.id)" data-name="\(name)" tabindex="-1">
      <h4>\(title)<math>\(equation.left)</math> <span class="shape">\(equation.shape)</span></h4>

      """
    if !equation.steps.isEmpty {
      text +=
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Equation of \(name)\"><table class=\"equation\"><tbody>\n"
      for (index, form) in equation.steps.enumerated() {
        text +=
          "<tr><td>\(index == 0 ? "<math>\(equation.left)</math>" : "")</td>"
          + "<td><math><mo>=</mo></math></td><td><math displaystyle=\"true\">\(form.mathML)</math></td>"
          + "<td class=\"reason\">\(form.reason)</td></tr>\n"
      }
      text += "</tbody></table></div>\n"
    }
    text += flow(step)
    if let numbers = equation.numbersOfElement {
      text +=
        "<div class=\"plugged scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Numbers of one element of \(name)\">\(numbers)</div>\n"
    }
    if !equation.explanation.isEmpty {
      text +=
        "<details open><summary>Why</summary>\n"
        + equation.explanation.map { "<p class=\"why\">\($0)</p>\n" }.joined() + "</details>\n"
    }
    if let thumbnail = Thumbnail(equation.numbers, shape: equation.shape, rows: 8, columns: 32) {
      let label = "\(equation.name) as a color map, largest \(numberLabel(thumbnail.largest))"
      text +=
        "<figure class=\"array\" data-array=\"\(name)\">\(htmlMap(thumbnail, label: label))"
        + "<figcaption>\(name), largest \(numberLabel(thumbnail.largest))</figcaption></figure>\n"
    }
    return text + "</article>\n"
  }

  /// Where the numbers of a step come from and where they go.
  private func flow(_ step: PageStep) -> String {
    func links(_ names: [String]) -> String { names.map(link).joined(separator: ", ") }
    var parts: [String] = []
    let isBackward = step.equation.part == .backward
    // Names of derivatives begin with ∂, whoever chose the rest.
    let cotangents = step.sources.filter { $0.hasPrefix("∂") }, values = step.sources.filter { !$0.hasPrefix("∂") }
    if isBackward {
      if !cotangents.isEmpty { parts.append("The cotangent comes from \(links(cotangents)).") }
      if !values.isEmpty { parts.append("Values used: \(links(values)).") }
      parts.append(step.uses.isEmpty ? "It goes no further." : "It goes to \(links(step.uses)).")
    } else {
      if !step.sources.isEmpty { parts.append("Computed from \(links(step.sources)).") }
      if !step.uses.isEmpty { parts.append("Used by \(links(step.uses)).") }
    }
    if let place = step.place {
      let line = "<a href=\"#\(PageSource.id(of: place, in: steps))\"><code>\(markup(place))</code></a>"
      parts.append(isBackward ? "Its node is at \(line) in the source." : "In the source at \(line).")
    }
    return parts.isEmpty ? "" : "<p class=\"flow\">\(parts.joined(separator: " "))</p>\n"
  }

  // MARK: For the script

  /// The steps in JSON.
  var json: JSONValue {
    .array(
      steps.map { step in
        let part = step.equation.part
        let name = step.equation.name
        // Formulas show what cannot be seen by its number, so that a reader sees it.
        let symbol = name.visible == name ? [] : [JSONValue.Member("symbol", .string(name.visible))]
        return .object(
          [
            .init("id", .string(step.id)), .init("name", .string(name)),
            .init("part", .string(part == .given ? "given" : part == .forward ? "forward" : "backward")),
            .init("layer", .string(step.layer)), .init("scale", .number(Double(step.scale))),
            .init("forms", .array(step.equation.steps.map(\.formula.tree))),
            .init("latex", .string(step.equation.latex)),
            .init("node", step.equation.nodeName.map { .string($0) } ?? .null),
          ] + symbol)
      })
  }
}
