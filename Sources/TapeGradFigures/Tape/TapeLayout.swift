import TapeGradCore

//      ╭ 0  W, variable   (1, 2)  ▒▓  −0.2       ▓▒  6    ∂J/∂W = ∂J/∂Z·Xᵀ ◀╮
//    ╭─│ 1  X, constant   (2, 3)  ▓▒▒  3                                      │
//    ╰─╰▶2  Z = W·X       (1, 3)  ▒▒▓  −0.5      ▒▒▒  1   ∂J/∂Z        ◀╮   ─╯
//      ╰▶3  J = Σ(Z)      ()      ▓  −0.6        ▓  1                     ─╯
//
// The tape has an order, operands before results, so nothing needs a layout engine: a node's place is its number. An arc
// leaves a row below its middle and arrives above the middle of another, so that both can be told apart.

/// Places of everything in a tape diagram.
struct TapeLayout {
  /// Sizes in units of the canvas. 26 hold a line of text at size 12 and a map of 18, with some white between rows.
  private static let rowHeight = 26.0
  private static let scopeHeight = 20.0
  private static let width = 940.0
  private static let failureColor = "#b3261e"

  /// The columns: left edges, and the width of what is fitted.
  private enum Column {
    static let start = 92.0
    static let formula = (left: 100.0, width: 214.0)
    static let shape = (left: 322.0, width: 62.0)
    static let value = (left: 388.0, width: 56.0)
    static let number = (left: 450.0, width: 62.0)
    static let cotangent = (left: 524.0, width: 56.0)
    static let slope = (left: 586.0, width: 62.0)
    static let rule = (left: 654.0, width: 188.0)
    static let end = 850.0
  }

  private let readings: [NodeReading]
  private let rows: TapeRows
  private let snapshot: Snapshot
  private let failure: TensorError?
  /// The right sides of the derivatives of named nodes, as a derivation writes them.
  private let derivatives: [String: String]
  /// The middle of each row.
  private var middles: [Double] = []
  /// For the first row of an open scope, the scope's name, how deep it lies, and where its title begins.
  private var scopeTops: [Int: [(name: String, depth: Int, top: Double)]] = [:]
  /// Where the first row begins, below title, legend and column heads, and where the drawing ends.
  private let top: Double
  private var bottom: Double

  init(_ readings: [NodeReading], rows: TapeRows, of snapshot: Snapshot, until failure: TensorError?) {
    (self.readings, self.rows, self.snapshot, self.failure) = (readings, rows, snapshot, failure)
    derivatives = failure == nil ? snapshot.derivativeTexts : [:]
    top = 78
    bottom = top
    // From the top down: each open scope takes room for its title before its first row.
    for index in rows.rows.indices {
      for scope in rows.open where scope.rows.lowerBound == index {
        scopeTops[index, default: []].append((scope.name, scope.depth, bottom))
        bottom += Self.scopeHeight
      }
      middles.append(bottom + Self.rowHeight / 2)
      bottom += Self.rowHeight
    }
    if failure != nil { bottom += 2 * Self.rowHeight }
    bottom += 12
  }

  /// The drawing: scopes behind, then arcs, then what is written.
  func svg(title: String) -> SVG {
    var canvas = Canvas()
    let size = Box(left: 0, top: 0, right: Self.width, bottom: bottom)
    drawScopes(on: &canvas)
    drawHeading(title, on: &canvas)
    drawArcs(on: &canvas)
    for index in rows.rows.indices { draw(index, on: &canvas) }
    if let failure { draw(failure, on: &canvas) }
    return SVG(text: canvas.document(title: title, description: words, size: size))
  }

  /// Title, what the two sides mean, how much is folded, and the heads of the columns.
  private func drawHeading(_ title: String, on canvas: inout Canvas) {
    canvas.draw(
      Label(text: fitted(title, size: 15, width: Self.width - 32), x: 16, y: 24, size: 15, color: Ink.text))
    // A reader who counts rows must know that some of them are several nodes.
    let folded = rows.rows.count < readings.count ? " · \(readings.count) nodes in \(rows.rows.count) rows" : ""
    canvas.draw(
      Label(
        text: "left: from operands to results · right: backwards, cotangents from results to operands" + folded, x: 16,
        y: 43))
    for (text, left) in [
      ("node", Column.formula.left), ("shape", Column.shape.left), ("value", Column.value.left),
      ("largest", Column.number.left), ("cotangent", Column.cotangent.left), ("largest", Column.slope.left),
      ("derivative", Column.rule.left),
    ] { canvas.draw(Label(text: text, x: left, y: 68, size: 11)) }
    canvas.line(Column.formula.left, 74, Column.end - 8, 74, Ink.minor)
  }

  /// A tinted box behind the rows of each scope that is not folded. Inner ones are drawn later, and a little narrower.
  private func drawScopes(on canvas: inout Canvas) {
    for (index, scopes) in scopeTops.sorted(by: { $0.key < $1.key }) {
      for scope in scopes {
        guard
          let rows = rows.open.first(where: {
            $0.rows.lowerBound == index && $0.depth == scope.depth && $0.name == scope.name
          })?.rows
        else { continue }
        let inset = 2 * Double(scope.depth)
        let box = Box(
          left: Column.start + 2 + inset, top: scope.top + 2, right: Column.end - inset - 2,
          bottom: middles[rows.upperBound - 1] + Self.rowHeight / 2 - inset)
        canvas.fill(box, scope.depth.isMultiple(of: 2) ? "#f3f5f8" : "#e9edf2")
        canvas.draw(
          Label(
            text: fitted(scope.name, size: 11, width: 640), x: Column.formula.left + 4 * Double(scope.depth),
            y: scope.top + 14, size: 11))
      }
    }
  }

  // MARK: Rows

  /// A row: of a node its definition, shape, value and cotangent; of a run of nodes what operations it has, and the
  /// value and cotangent of the last one, which is what others use.
  private func draw(_ index: Int, on canvas: inout Canvas) {
    let row = rows.rows[index], middle = middles[index], last = row.nodes.upperBound - 1, reading = readings[last]
    func text(_ text: String, _ column: (left: Double, width: Double), color: String = Ink.text, size: Double = 12) {
      canvas.draw(
        Label(
          text: fitted(text, size: size, width: column.width), x: column.left, y: middle + 0.35 * size, size: size,
          color: color))
    }
    // From left to right: what it is, its shape, its numbers, and those of its cotangent.
    text(row.nodes.count == 1 ? reading.definition : summary(of: row), Column.formula)
    text("\(reading.shape)", Column.shape, color: Ink.quiet, size: 11)
    func map(_ numbers: [Double]?, _ column: (left: Double, width: Double), _ number: (left: Double, width: Double)) {
      guard let numbers, let thumbnail = Thumbnail(numbers, shape: reading.shape) else { return }
      // As wide as it has columns, up to the room there is, so that a single number is no stripe.
      let cells = Double(max(thumbnail.cells[0].count, 2)), height = thumbnail.cells.count == 1 ? 9.0 : 18
      thumbnail.draw(
        in: Box(
          left: column.left, top: middle - height / 2, right: column.left + min(column.width, 9 * cells),
          bottom: middle + height / 2), on: &canvas)
      let label = numberLabel(thumbnail.largest), isLong = textWidth(label, size: 11) > number.width
      text(isLong ? numberLabel(thumbnail.largest, digits: 1) : label, number, color: Ink.quiet, size: 11)
    }
    map(snapshot.doubles(of: last), Column.value, Column.number)
    let cotangent = snapshot.cotangentDoubles(of: last)
    map(cotangent, Column.cotangent, Column.slope)
    if cotangent != nil, let name = reading.name, reading.isVaried {
      text(derivatives[name].map { "∂\(name): \($0)" } ?? "∂\(name)", Column.rule, size: 11)
    }
  }

  /// `hidden, 4 nodes: matmul, add, tanh`.
  private func summary(of row: TapeRows.Row) -> String {
    var counts: [(name: String, count: Int)] = []
    for node in row.nodes {
      guard let operation = readings[node].operation else { continue }
      if let place = counts.firstIndex(where: { $0.name == operation }) {
        counts[place].count += 1
      } else {
        counts.append((operation, 1))
      }
    }
    // The most frequent operation first: it is what such a run of nodes mainly does.
    let operations = counts.sorted { $0.count > $1.count }.map { $0.count == 1 ? $0.name : "\($0.name) ×\($0.count)" }
    let last = readings[row.nodes.upperBound - 1]
    let name = row.scope ?? last.name.map { "… \($0)" } ?? "nodes \(row.nodes.lowerBound)–\(row.nodes.upperBound - 1)"
    return "\(name), \(row.nodes.count) nodes: \(operations.joined(separator: ", "))"
  }

  // MARK: Arcs

  /// On the left an arc from each operand to what uses it; on the right, dashed, one from each user back to the node
  /// that its rule gave a cotangent. Arcs between the same two rows are drawn once, and those within a row not at all.
  private func drawArcs(on canvas: inout Canvas) {
    var rowOf = [Int](repeating: 0, count: readings.count)
    for (index, row) in rows.rows.enumerated() { for node in row.nodes { rowOf[node] = index } }
    // Sets, since thousands of nodes in two rows would draw as many arcs over each other.
    var forward: Set<Arc> = [], backward: Set<Arc> = []
    for reading in readings {
      for operand in reading.operands where rowOf[operand] != rowOf[reading.index] {
        forward.insert(Arc(upper: rowOf[operand], lower: rowOf[reading.index]))
      }
      for user in snapshot.users(of: reading.index) where rowOf[user] != rowOf[reading.index] {
        backward.insert(Arc(upper: rowOf[reading.index], lower: rowOf[user]))
      }
    }
    for arc in forward.sorted() {
      let (y1, y2) = (middles[arc.upper] + 4, middles[arc.lower] - 4), x = Column.start
      canvas.stroke(path: curve(x, y1, y2, -reach(arc)), SeriesStyle.number(0).color, width: 1.25)
      canvas.fill(path: arrowhead(x, y2, pointing: 1), SeriesStyle.number(0).color)
    }
    for arc in backward.sorted() {
      let (y1, y2) = (middles[arc.upper] + 4, middles[arc.lower] - 4), x = Column.end
      canvas.stroke(path: curve(x, y1, y2, reach(arc)), SeriesStyle.number(1).color, width: 1.25, dash: "4 3")
      canvas.fill(path: arrowhead(x, y1, pointing: -1), SeriesStyle.number(1).color)
    }
  }

  /// How far an arc reaches out: farther the longer it is, up to the edge.
  private func reach(_ arc: Arc) -> Double { 76 * (1 - 1 / (1 + 0.16 * Double(arc.lower - arc.upper))) + 8 }

  /// A curve between two heights; its middle is three quarters of the control points' distance away.
  private func curve(_ x: Double, _ y1: Double, _ y2: Double, _ reach: Double) -> String {
    let control = decimal(x + reach / 0.75)
    return
      "M\(decimal(x)) \(decimal(y1))C\(control) \(decimal(y1)) \(control) \(decimal(y2)) \(decimal(x)) \(decimal(y2))"
  }

  /// A triangle whose tip lies 6 units from x: `way` is 1 for a tip to the right, −1 for one to the left.
  private func arrowhead(_ x: Double, _ y: Double, pointing way: Double) -> String {
    "M\(decimal(x + 6 * way)) \(decimal(y))l\(decimal(-7 * way)) -3.2v6.4Z"
  }

  // MARK: What failed

  /// A cross below the last row, arcs from the operands that have a name, and the error in two lines at most.
  private func draw(_ failure: TensorError, on canvas: inout Canvas) {
    let middle = bottom - 12 - 1.5 * Self.rowHeight
    let names = failure.operands.compactMap(\.name)
    canvas.stroke(
      path: "M\(decimal(Column.start - 7)) \(decimal(middle - 5))l10 10m0 -10l-10 10", Self.failureColor, width: 2)
    for (index, row) in rows.rows.enumerated()
    where row.nodes.count == 1 && names.contains(readings[row.nodes.lowerBound].name ?? "") {
      let y1 = middles[index] + 4
      canvas.stroke(
        path: curve(Column.start, y1, middle - 6, -reach(Arc(upper: index, lower: rows.rows.count))), Self.failureColor,
        width: 1.25)
    }
    // Two lines are enough for an operation, its operands and what does not fit.
    let lines = wrapped("failed: \(failure)", size: 12, width: Column.end - Column.formula.left - 8, lines: 2)
    for (line, text) in lines.enumerated() {
      canvas.draw(
        Label(
          text: text, x: Column.formula.left, y: middle + 4 + 16 * Double(line), size: 12, color: Self.failureColor))
    }
  }

  /// The drawing in words.
  private var words: String {
    guard let last = readings.last else { return "An empty tape." }
    let leaves = readings.filter { $0.formula == nil && $0.name != nil }.compactMap(\.name)
    var text = "\(counted(readings.count, "node")) in \(counted(rows.rows.count, "row"))"
    if !leaves.isEmpty {
      text += ", from \(leaves.prefix(12).joined(separator: ", "))\(leaves.count > 12 ? ", …" : "")"
    }
    if let failure { return text + ". Then failed: \(failure)." }
    return text + " to \(last.label). "
      + readings.suffix(60).filter { $0.name != nil && $0.formula != nil }.map(\.definition).joined(separator: "; ")
      + "."
  }
}

/// An arc between two rows.
private struct Arc: Hashable, Comparable {
  let upper: Int
  let lower: Int

  /// Long ones first, so that short ones lie on top.
  static func < (a: Arc, b: Arc) -> Bool {
    (b.lower - b.upper, a.upper, a.lower) < (a.lower - a.upper, b.upper, b.lower)
  }
}
