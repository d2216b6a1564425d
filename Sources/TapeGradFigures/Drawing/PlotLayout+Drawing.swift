// The layers of a plot, from back to front: grid lines; the marks in their order; the axis and all texts. The grid
// must not cover data, and neither may cover a text.
//
// A line is one path, `M40 300L60 250L80 260`: move to the first point, then straight to each of the others. A number
// without a position parts the line into two runs, and the path has an `M` for each.

extension PlotLayout {
  /// Grid and axis: below the data.
  ///
  /// Horizontal lines only, at the numbers of the y axis: they lead the eye from a mark to its number. A heat map has
  /// its colors for that, and a plot without data nothing to read off.
  func drawBackground(on canvas: inout Canvas) {
    guard !isEmpty, !isHeatMap else { return }
    for tick in y.ticks.labeled {
      let place = y.scale.position(of: tick.value)
      canvas.line(area.left, place, area.right, place, Ink.grid)
    }
    // Short strokes for what lies between the powers of ten.
    for value in y.ticks.minor where y.scale.contains(value) {
      canvas.line(area.left, y.scale(value), area.left + 4, y.scale(value), Ink.minor)
    }
  }

  /// The data, cut off at the area's edges where a fixed range leaves some of them outside.
  func drawMarks(on canvas: inout Canvas) {
    guard !isEmpty else { return }
    func isBeyond(_ value: Double, _ scale: Scale) -> Bool { scale.kind.places(value) && !scale.contains(value) }
    // Cutting is left out where nothing lies outside: markers at the edge stay whole.
    let isCut = plot.marks.contains { mark in
      mark.xs.contains { isBeyond($0, x.scale) } || mark.ys.contains { isBeyond($0, y.scale) }
    }
    if isCut { canvas.clipped(to: area, drawAll) } else { drawAll(on: &canvas) }
  }

  private func drawAll(on canvas: inout Canvas) {
    for (mark, series) in zip(plot.marks, series.seriesOfMark) {
      draw(mark, style: series.map(SeriesStyle.number) ?? .guide, on: &canvas)
    }
  }

  /// The axis, and all texts: above the data.
  func drawTexts(on canvas: inout Canvas) {
    heading.draw(on: &canvas)
    sideLegend?.draw(on: &canvas)
    if !isEmpty, !isHeatMap {
      canvas.line(area.left, area.bottom, area.right, area.bottom, Ink.axis)
      for tick in plot.barNames == nil ? x.ticks.labeled : [] {
        canvas.line(
          x.scale.position(of: tick.value), area.bottom, x.scale.position(of: tick.value), area.bottom + 4, Ink.axis)
      }
      for value in x.ticks.minor where x.scale.contains(value) {
        canvas.line(x.scale(value), area.bottom, x.scale(value), area.bottom + 2.5, Ink.axis)
      }
    }
    for label in x.labels + y.labels + labels { canvas.draw(label) }
    // A rule's name stands among the data: paper behind it, slightly transparent, keeps both readable.
    for label in ruleLabels {
      let box = label.box
      canvas.fill(
        Box(left: box.left - 2, top: box.top, right: box.right + 2, bottom: box.bottom), Ink.background, opacity: 0.8)
      canvas.draw(label)
    }
    if isEmpty {
      let text = plot.leftOut.isEmpty ? "no data" : "no number that could be shown"
      canvas.draw(
        Label(
          text: text, x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2, anchor: .middle, size: textSize)
      )
    } else {
      colorBar?.draw(rightOf: area, on: &canvas)
    }
  }

  /// A mark, in the style of its series.
  private func draw(_ mark: Mark, style: SeriesStyle, on canvas: inout Canvas) {
    switch mark.shape {
    case .line(let xs, let ys, let hasMarkers):
      drawLine(xs, ys, style, width: 2, on: &canvas)
      if hasMarkers { drawMarkers(positions(xs, ys).flatMap { $0 }, style, on: &canvas) }
    case .guide(let xs, let ys): drawLine(xs, ys, style, width: 1, on: &canvas)
    case .points(let xs, let ys, let errors): drawPoints(xs, ys, errors, style, on: &canvas)
    case .band(let xs, let low, let high): drawBand(xs, low, high, style, on: &canvas)
    case .bars(let bars, let names): drawBars(bars, widest: names.isEmpty ? .infinity : 90, style, on: &canvas)
    case .heatMap(let map): map.draw(in: area, textSize: textSize, on: &canvas)
    case .regions(let regions): regions.draw(x: x.scale, y: y.scale, on: &canvas)
    case .rule(let value, let isVertical):
      let place = isVertical ? x.scale(value) : y.scale(value)
      guard (isVertical ? x.scale : y.scale).contains(value) else { return }
      if isVertical {
        canvas.line(place, area.top, place, area.bottom, Ink.quiet, dash: "4 3")
      } else {
        canvas.line(area.left, place, area.right, place, Ink.quiet, dash: "4 3")
      }
    }
  }

  /// The points on the canvas, in runs without a gap.
  private func positions(_ xs: [Double], _ ys: [Double]) -> [[(x: Double, y: Double)]] {
    zip(xs, ys).map { (x: x.scale($0), y: y.scale($1)) }
      .split { !$0.x.isFinite || !$0.y.isFinite }.map(Array.init)
  }

  /// A line with gaps where a number has no place.
  private func drawLine(_ xs: [Double], _ ys: [Double], _ style: SeriesStyle, width: Double, on canvas: inout Canvas) {
    let runs = positions(xs, ys).map(thinned)
    let path = runs.filter { $0.count > 1 }.map { run in
      "M" + run.map { "\(decimal($0.x)) \(decimal($0.y))" }.joined(separator: "L")
    }
    if !path.isEmpty { canvas.stroke(path: path.joined(), style.color, width: width, dash: style.dash) }
    // A number between two gaps is a line of no length.
    for run in runs where run.count == 1 {
      canvas.fill(.circle, x: run[0].x, y: run[0].y, radius: 1.5 * width, style.color)
    }
  }

  /// A long line looks the same through the first, lowest, highest and last point of each column of half a unit.
  private func thinned(_ run: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard run.count > 2000 else { return run }
    var kept: [(x: Double, y: Double)] = []
    var start = 0
    while start < run.count {
      // The points from `start` to `end` fall into one column: of its vertical stroke, only the two ends can be seen.
      // 100 000 points over 570 units become at most four for each of some 1140 columns.
      let column = (run[start].x * 2).rounded(.down)
      let end = run[start...].firstIndex { ($0.x * 2).rounded(.down) != column } ?? run.count
      let low = (start..<end).min { run[$0].y < run[$1].y } ?? start
      let high = (start..<end).max { run[$0].y < run[$1].y } ?? start
      for place in Set([start, low, high, end - 1]).sorted() { kept.append(run[place]) }
      start = end
    }
    return kept
  }

  /// Markers on a line, hidden where they would touch the one before.
  private func drawMarkers(_ places: [(x: Double, y: Double)], _ style: SeriesStyle, on canvas: inout Canvas) {
    let radius = 3.5
    var last = (x: -Double.infinity, y: 0.0)
    for place in places {
      let (dx, dy) = (place.x - last.x, place.y - last.y)
      if dx * dx + dy * dy < 4 * radius * radius { continue }
      canvas.fill(style.marker, x: place.x, y: place.y, radius: radius, style.color)
      last = place
    }
  }

  /// Points above their error bars.
  private func drawPoints(
    _ xs: [Double], _ ys: [Double], _ errors: [Double], _ style: SeriesStyle, on canvas: inout Canvas
  ) {
    var bars = ""
    for ((value, middle), error) in zip(zip(xs, ys), errors) where error.isFinite && error > 0 {
      let place = x.scale(value), top = y.scale(middle + error), bottom = y.scale(middle - error)
      guard place.isFinite, top.isFinite else { continue }
      // On a logarithmic axis an error may reach to 0.
      let end = bottom.isFinite ? bottom : area.bottom
      // The upper cap from the left, back to its middle, down the bar, and the lower cap from the left.
      bars += "M\(decimal(place - 3)) \(decimal(top))h6m-3 0V\(decimal(end))m-3 0h6"
    }
    if !bars.isEmpty { canvas.stroke(path: bars, style.color, width: 1) }
    let places = positions(xs, ys).flatMap { $0 }, isCrowded = places.count > 150
    // A point that covers another to less than a unit tells no more.
    var taken = Set<[Int]>()
    for place in places where taken.insert([Int(place.x.rounded()), Int(place.y.rounded())]).inserted {
      canvas.fill(style.marker, x: place.x, y: place.y, radius: isCrowded ? 3 : 3.5, style.color)
    }
  }

  /// The outline of a band: along the upper line, and back along the lower one.
  private func drawBand(
    _ xs: [Double], _ low: [Double], _ high: [Double], _ style: SeriesStyle, on canvas: inout Canvas
  ) {
    let corners = zip(xs, zip(low, high)).map { (x: x.scale($0), low: y.scale($1.0), high: y.scale($1.1)) }
    for run in corners.split(whereSeparator: { !$0.x.isFinite || !$0.low.isFinite || !$0.high.isFinite }) {
      let outline = run.map { (x: $0.x, y: $0.high) } + run.reversed().map { (x: $0.x, y: $0.low) }
      let path = "M" + outline.map { "\(decimal($0.x)) \(decimal($0.y))" }.joined(separator: "L") + "Z"
      canvas.fill(path: path, style.color, opacity: 0.2)
    }
  }

  /// Bars from 0; on a logarithmic axis from its lower end, since 0 has no place there.
  private func drawBars(_ bars: [Mark.Bar], widest: Double, _ style: SeriesStyle, on canvas: inout Canvas) {
    let base = y.scale.kind == .linear ? y.scale(min(max(0, y.scale.low), y.scale.high)) : area.bottom
    // Bars of several series lie over each other.
    let opacity = series.count > 1 ? 0.6 : 1
    for bar in bars {
      let left = x.scale(bar.left), right = x.scale(bar.right), top = y.scale(bar.height)
      guard left.isFinite, right.isFinite, top.isFinite, top != base else { continue }
      // Half a unit of white parts bars, where they are wide enough; bars with names are at most 90 wide.
      let gap = max(right - left > 3 ? 0.5 : 0, (right - left - widest) / 2)
      let box = Box(left: left + gap, top: min(top, base), right: right - gap, bottom: max(top, base))
      canvas.fill(box, style.color, opacity: opacity)
    }
  }
}
