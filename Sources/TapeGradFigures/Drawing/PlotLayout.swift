// A plot on the whole canvas, with the title of the y axis, numbers such as 0.5, and a series named "validation":
//
//        0 ┌──────────────────────────────────────────────┐
//          │ J by epoch                                   │  heading: one line of size 15, to 29.5
//     29.5 │ J                                            │  title of y
//     60.5 │ 1.0 ──────────────────────────               │  area, from 60.5 to 353
//          │ 0.5 ──────────────────────────  validation   │
//      353 │ 0.0 ──────────────────────────               │
//          │     0           50         100               │  labels of x, baseline at 370.4
//      400 │ 2 of 100 not finite         epoch            │  what was left out; title of x
//          └──────────────────────────────────────────────┘
//          0    40.7                   563.3            640
//
// The left margin follows from the longest label: 16 of margin, 16.68 for "0.5" at size 12, 8 of distance. With labels
// such as 0.25 it is 47.4. The right margin follows from the longest name: 640 − 16 − (50.69 + 10). The y axis
// therefore comes first, then the area, and the x axis last, since its labels depend on the width that is left.

/// Where everything in a plot stands: decided before anything is drawn, from the widths of the texts.
struct PlotLayout {
  let plot: Plot
  let frame: Box
  let isPanel: Bool
  let series: SeriesList
  /// Title, explanation and legend.
  var heading: Heading
  /// Where the data are.
  var area: Box
  var x: PlacedAxis
  var y: PlacedAxis
  /// The names of axes, lines and rules, and what was left out.
  var labels: [Label] = []
  var ruleLabels: [Label] = []
  var colorBar: ColorBar?
  var sideLegend: Legend?
  /// Whether there is a number to show.
  let isEmpty: Bool
  /// Whether the axes name rows and columns, and need no lines.
  let isHeatMap: Bool

  var textSize: Double { isPanel ? 11 : 12 }

  /// Everything but the names of series and rules, for which the right margin has `nameWidth`.
  init(
    _ plot: Plot, _ series: SeriesList, in frame: Box, isPanel: Bool, legend: Legend?, nameWidth: Double = 0
  ) {
    self.plot = plot
    self.frame = frame
    self.isPanel = isPanel
    self.series = series
    let margin = 16.0, size = isPanel ? 11.0 : 12.0
    heading = Heading(title: plot.title, subtitle: plot.subtitle, in: frame, isPanel: isPanel)
    if let legend { heading.add(legend) }

    let extents = PlotExtents(plot)
    isEmpty = extents.isEmpty
    let note = plot.leftOut
    let top = heading.bottom + (plot.y.title.isEmpty ? 12 : 31)
    let bottom = frame.bottom - margin / 2 - 22 - (plot.x.title.isEmpty && note.isEmpty ? 0 : 17)
    let heatMap = plot.marks.lazy.compactMap(\.heatMap).first { $0.columnCount > 0 }
    isHeatMap = heatMap != nil
    colorBar = heatMap.flatMap { ColorBar($0, size: size) }

    // The y axis decides the left margin, its labels stand at their places from the start.
    let rows = heatMap.map { names($0.rowNames, count: $0.rows.count) }
    let pointed = plot.marks.filter(\.hasPoints)
    func yAxis(to lower: Double) -> PlacedAxis {
      func axis(_ inset: Double) -> PlacedAxis {
        // The first row of a heat map is at the top.
        PlacedAxis(
          plot.y, extents.y, names: rows, from: rows == nil ? lower - inset : top,
          to: rows == nil ? top + inset : lower,
          spacing: isPanel ? 30 : 35, isVertical: true, size: size, limit: 0.3 * frame.width)
      }
      // A marker that lies on the end of an axis would be cut in half: then the axis is shorter by 6 at both ends.
      let plain = axis(0)
      return plain.hasAtEnds(pointed.flatMap(\.ys)) ? axis(6) : plain
    }
    y = yAxis(to: bottom)
    let left = frame.left + margin + y.labelWidth + (y.labelWidth > 0 ? 8 : 0)
    // In a narrow panel the colors matter more than their legend.
    if frame.right - margin - left - (colorBar?.width ?? 0) < 50 { colorBar = nil }
    var right = frame.right - margin - (colorBar?.width ?? max(nameWidth, isPanel ? 0 : 8))
    // Long numbers may leave little room in a small panel.
    right = max(right, left + 12)
    var lower = bottom
    // The square keeps the top left corner; what is left is free at the right, or below.
    if plot.isSquare {
      right = min(right, left + bottom - top)
      lower = top + right - left
    }
    if let heatMap {
      // Cells are neither slivers nor slabs.
      let columns = Double(heatMap.columnCount) / Double(heatMap.block.columns)
      let rows = Double(heatMap.rows.count) / Double(heatMap.block.rows)
      let width = min((right - left) / columns, 180), height = min((bottom - top) / rows, 110)
      right = left + columns * min(width, 4 * height)
      lower = top + rows * min(height, 2.5 * width)
    }
    area = Box(left: left, top: top, right: right, bottom: lower)
    // A lower edge that has moved needs new ticks. The left margin stays, and with it the area.
    if lower != bottom { y = yAxis(to: lower) }
    y.place(leftOf: left - 8)
    let columns = heatMap.map { names($0.columnNames, count: $0.columnCount) } ?? plot.barNames
    // A name below a bar may be as wide as its column.
    let room = columns.map { max((right - left) / Double(max($0.count, 1)) - 6, 48) } ?? 0
    func xAxis(_ inset: Double) -> PlacedAxis {
      PlacedAxis(
        plot.x, extents.x, names: columns, from: left + inset, to: right - inset, spacing: isPanel ? 60 : 90,
        isVertical: false, size: size, limit: room)
    }
    x = xAxis(0)
    if x.hasAtEnds(pointed.flatMap(\.xs)) { x = xAxis(6) }
    x.place(below: lower + 1.45 * size, from: frame.left + 4, to: frame.right - 4)

    placeTitles(note: note)
    placeRuleNames()
  }

  /// The titles of the axes at their ends: y above, x on the right below. What was left out is said on the left below.
  private mutating func placeTitles(note: String) {
    let margin = 16.0, left = frame.left + margin, width = frame.width - 2 * margin
    if !plot.y.title.isEmpty {
      let text = fitted(plot.y.title, size: textSize, width: width)
      labels.append(Label(text: text, x: left, y: heading.bottom + 17, size: textSize))
    }
    let title = fitted(plot.x.title, size: textSize, width: width)
    let label = Label(
      text: title, x: area.right, y: area.bottom + 1.45 * textSize + 17, anchor: .end, size: textSize
    ).within(left, left + width)
    labels.append(label)
    // The note gets what the title of x leaves of the line.
    let rest = label.box.left - left - 12
    if !note.isEmpty, rest > 60 {
      labels.append(Label(text: fitted(note, size: 11, width: rest), x: left, y: label.y, size: 11))
    }
  }
}

/// The names that were given, and numbers for the rest.
private func names(_ names: [String], count: Int) -> [String] {
  (0..<count).map { $0 < names.count ? names[$0] : "\($0)" }
}
