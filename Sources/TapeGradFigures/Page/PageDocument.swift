import TapeGradArrays
import TapeGradAudit
import TapeGradCore
import TapeGradFormats

// From what there is to show to one HTML file. Of an audit, the parts below are put together from the structs of this
// folder; of a computation that failed, there are two.
//
//   header       title, verdict with its sign (✓, ✗, ?), facts, contents
//   net          the layers with the names that they compute; maps are added by the script
//   steps        PageSteps: an article for each equation
//   routes       PageRoutes: where a sigmoid meets its cross-entropy
//   mean         PageConvention: where a mean divides by m
//   dimensions   where the page was given a table of them
//   comparison   PageTable: the gradients three ways
//   plants       PagePlants: where the gradients are right, so that a planted slip is the only one
//   derivation   the whole, as `tapegrad derive --notes beside` has it
//   training     the curve of the loss, where there was a training
//   source       PageSource: where lines are known
//   tape         TapeDiagram
//   data         the numbers in JSON, then the script
//
// Every part is whole without the script, which only adds to it; so the page can be printed, and read where scripts are
// off.

/// A page as a document: sections that read from top to bottom, a style sheet, the numbers, and a script that adds to what
/// is there already.
struct PageDocument {
  private let page: AuditPage
  /// In the order of the page; `id` is the anchor that the contents and addresses use.
  private var sections: [(id: String, title: String, html: String)] = []
  /// The toolbar of the steps; none where there are no steps.
  private var player = ""
  /// What the script reads; `null` tells it that there is nothing to step through.
  private var data: JSONValue = .null
  /// The verdict, and a sign for it, so that its color is not all that says it.
  private var verdict = (word: "failed", sign: "✗")

  init(_ page: AuditPage) {
    self.page = page
    switch page.content {
    case .audit(let audit): add(audit)
    case .failure(let error, let snapshot): add(error, snapshot)
    }
  }

  /// The parts of an audit. Arrays are gathered first, since which of their places are kept depends on all parts: the
  /// worst element of a row, say column 17, has to be found in every array with that many columns.
  private mutating func add(_ audit: Audit) {
    verdict = (audit.verdict.rawValue, audit.verdict == .right ? "✓" : audit.verdict == .wrong ? "✗" : "?")
    let elements = Dictionary(audit.rows.map { ($0.name, $0.element?.index ?? []) }) { first, _ in first }
    let steps = PageSteps(audit.snapshot, elements: elements), table = PageTable(audit: audit, steps: steps)
    let routes = PageRoutes(steps), plants = PagePlants(audit, limit: page.plantLimit)
    let convention = PageConvention(audit: audit, steps: steps)

    var arrays = PageArrays()
    for row in audit.rows { if let element = row.element { arrays.keep(element.index, of: row.shape) } }
    routes?.add(to: &arrays)
    for step in steps.steps { arrays.add(step.equation.name, shape: step.equation.shape, step.equation.numbers) }
    for row in audit.rows {
      arrays.add(table.gradientName(row), shape: row.shape, table.automatic(row))
      if let byHand = table.byHand(row) { arrays.add("by hand: \(row.name)", shape: row.shape, byHand) }
    }
    data = .object([
      .init("result", .string(audit.result)), .init("layers", .array(steps.layers.map { .string($0) })),
      .init("steps", steps.json), .init("rows", table.json), .init("routes", routes?.json ?? .null),
      .init("plants", plants.isEmpty ? .null : plants.json), .init("arrays", arrays.json),
      .init("latex", .string(steps.latex)),
    ])

    sections.append(("net", "The computation", Self.layers(steps)))
    sections.append(("steps", "Step by step", steps.html))
    player = Self.player
    if let routes { sections.append(("routes", "Two routes to one derivative", routes.html)) }
    if !convention.isEmpty { sections.append(("mean", "Where 1/m goes", convention.html)) }
    if !page.dimensions.isEmpty { sections.append(("dimensions", "Dimensions", dimensionTable(steps))) }
    sections.append(("comparison", "Gradients three ways", table.html))
    if !plants.isEmpty { sections.append(("plants", "What a slip does", plants.html)) }
    sections.append(
      (
        "derivation", "The derivation",
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"All equations\">\(steps.derivation)</div>\n"
      ))
    if !page.losses.isEmpty {
      sections.append(
        (
          "training", "Training",
          Self.paper(Plot.lossCurves(training: page.losses, from: 0, symbol: audit.result).svg, "Curve of the loss")
        ))
    }
    let source = PageSource(steps: steps)
    if !source.isEmpty { sections.append(("source", "The source", source.html)) }
    sections.append(("tape", "The tape", Self.paper(TapeDiagram(audit.snapshot).svg, "Drawing of the tape")))
  }

  /// The parts of a computation that failed: the nodes before, and what failed, beside the operands that it names.
  private mutating func add(_ error: TensorError, _ snapshot: Snapshot) {
    let readings = snapshot.readings, names = error.operands.compactMap(\.name)
    var text = "<p>What was computed before, in order. Nothing is known of gradients: they are not computed.</p>\n"
    for reading in readings.suffix(PageSteps.limit) {
      // A node without a name is not an operand of the error: "\u{0}" is a name that nobody has.
      let isOperand = names.contains(reading.name ?? "\u{0}")
      text +=
        "<article class=\"step given\"><h3>\(markup(reading.definition)) <span class=\"shape\">\(reading.shape)</span></h3>\n"
      if let place = snapshot.place(of: reading.index) {
        text += "<p class=\"flow\">In the source at <code>\(markup(place))</code>.</p>\n"
      }
      if isOperand { text += "<p class=\"flow\">An operand of the operation that failed.</p>\n" }
      if let thumbnail = Thumbnail(snapshot.doubles(of: reading.index), shape: reading.shape, rows: 8, columns: 32) {
        text +=
          "<figure class=\"array\">\(htmlMap(thumbnail, label: "\(reading.label) as a color map"))<figcaption>"
          + "largest \(numberLabel(thumbnail.largest))</figcaption></figure>\n"
      }
      text += "</article>\n"
    }
    let place = error.callSite.map { " It stands in <code>\(markup($0))</code>." } ?? ""
    text +=
      "<article class=\"step failed\" id=\"failed\"><h3><span aria-hidden=\"true\">✗</span> "
      + "\(markup(error.operation.isEmpty ? "The operation" : error.operation)) failed</h3>\n<p>\(markup(error.message)).\(place)</p>\n"
    if let suggestion = error.suggestion { text += "<p>\(markup(suggestion)).</p>\n" }
    sections.append(("steps", "As far as it got", text + "</article>\n"))
    sections.append(("tape", "The tape", Self.paper(TapeDiagram(snapshot, until: error).svg, "Drawing of the tape")))
  }

  // MARK: Sections

  /// The layers, each with the names that it computes.
  /// The script puts maps of the value and the gradient beside each name, and fills the two empty elements: where the
  /// reader is, and the numbers of the element that is pointed at.
  private static func layers(_ steps: PageSteps) -> String {
    var text = "<p id=\"here\" hidden></p>\n<ol class=\"layers\">\n"
    for (index, layer) in steps.layers.enumerated() {
      let inside = steps.steps.filter { $0.layer == layer && $0.equation.part != .backward }
      let items = inside.map { step in
        "<li data-name=\"\(markup(step.equation.name))\">\(steps.link(step.equation.name)) <span class=\"shape\">\(step.equation.shape)</span></li>"
      }
      text +=
        "<li class=\"layer\" id=\"layer-\(index)\"><h3>\(markup(layer))</h3><ul>\(items.joined())</ul></li>\n"
    }
    return text + "</ol>\n<div id=\"element\" aria-live=\"polite\" hidden></div>\n"
  }

  /// Buttons that only work with the script, and what it says aloud.
  private static let player = """
    <p id="said" class="hidden" role="status"></p>
    <div id="player" role="toolbar" aria-label="Steps" hidden>
    <button type="button" id="previous">◀ <span>previous</span></button>
    <button type="button" id="play" aria-pressed="false">▶ <span>play</span></button>
    <button type="button" id="next"><span>next</span> ▶</button>
    <label>slow <input type="checkbox" id="slow"></label>
    <label class="wide"><span class="hidden">Step</span><input type="range" id="position" min="0" value="0"></label>
    <output id="now"></output>
    <button type="button" id="all" aria-pressed="true">all steps</button>
    </div>

    """

  /// The shapes beside the notation of the notes, `(n_1, m)`: a gradient has the shape of its quantity, so one table
  /// does.
  private func dimensionTable(_ steps: PageSteps) -> String {
    htmlTable(
      "Every quantity and its gradient have one shape", label: "Table of dimensions",
      header: ["quantity", "shape", "in the notes"],
      rows: page.dimensions.map { [markup($0.name), "\($0.shape)", markup($0.notation)] })
  }

  /// A drawing on white, in light and in dark.
  private static func paper(_ svg: SVG, _ label: String) -> String {
    "<figure class=\"paper scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(label)\">\(svg.text)</figure>\n"
  }

  // MARK: The document

  /// The file. Names of the user enter through `markup`, numbers and formulas through JSON, in which no `<` is left.
  var html: String {
    let facts = page.facts.map {
      "<div><dt>\(markup($0.name))</dt><dd>\(markup($0.text))</dd></div>"
    }
    let contents = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" }
    let body = sections.map { section in
      "<section id=\"\(section.id)\" aria-labelledby=\"\(section.id)-title\">\n<h2 id=\"\(section.id)-title\">\(section.title)</h2>\n\(section.html)</section>\n"
    }
    // Inside a script element only `<` can end it.
    let json = directed(data.description).replacing("<", with: "\\u003c")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(markup(page.title))</title>
      <style>
      \(String(decoding: PackageResources.page_css, as: UTF8.self))</style>
      </head>
      <body>
      <a class="skip" href="#main">To the contents</a>
      <header>
      <h1>\(markup(page.title))</h1>
      <p class="conclusion"><span class="verdict \(verdict.word)"><span aria-hidden="true">\(verdict.sign)</span> \(verdict.word)</span> \
      \(markup(page.conclusion))</p>
      <dl>\(facts.joined())</dl>
      <nav aria-label="Contents"><ul>\(contents.joined())</ul></nav>
      </header>
      <main id="main">
      \(player)\(body.joined())</main>
      <script type="application/json" id="data">\(json)</script>
      <script>
      \(PageScript.text)</script>
      </body>
      </html>

      """
  }
}
