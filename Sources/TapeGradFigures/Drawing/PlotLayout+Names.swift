// Where the names of series and rules stand.

// A name stands at the end of its line, in the line's color, so that no legend has to be searched:
//
//     ──╲                                     The last point that has a position must lie within 16 of the right edge,
//        ╲______________ validation           and the name must take less than 0.3 of the width.
//         ╲_____________ training
//
// A text of size 12 covers 12.24 units of height. Lines that end at y = 200 and y = 215 can have names; at 200 and 204
// the second would cover the first, and all names go to a legend: a figure has one way to name its series, not two.
// For a single plot in a square, that legend stands at the right of the square, where the canvas is free.

extension PlotLayout {
  /// The layout with the names of the series at the ends of their lines, or in a legend where they would collide there.
  ///
  /// Where a panel is too small for all texts, the least important are left out.
  static func arranged(_ plot: Plot, in frame: Box, isPanel: Bool, showsNames: Bool) -> PlotLayout {
    var plot = plot, showsNames = showsNames
    let omissions: [() -> Void] = [
      { plot.subtitle = "" }, { showsNames = false }, { plot.y.title = "" }, { plot.x.title = "" },
    ]
    var layout = named(plot, in: frame, isPanel: isPanel, showsNames: showsNames)
    // Less than 48 units of height show no shape. Each omission comes on top of the ones before.
    for omit in omissions where layout.area.height < 48 {
      omit()
      layout = named(plot, in: frame, isPanel: isPanel, showsNames: showsNames)
    }
    return layout
  }

  /// Twice laid out: without names, to see where the lines end, and then with room for what stands there.
  private static func named(_ plot: Plot, in frame: Box, isPanel: Bool, showsNames: Bool) -> PlotLayout {
    let series = SeriesList(plot.marks), nameless = PlotLayout(plot, series, in: frame, isPanel: isPanel, legend: nil)
    guard showsNames, !series.named.isEmpty else { return nameless }
    if let names = nameless.endNames(), let placed = nameless.placing(names) { return placed }
    if plot.isSquare, !isPanel {
      // Beside a square there is room.
      var placed = nameless
      let beside = Box(
        left: placed.area.right + 14, top: placed.area.top, right: frame.right, bottom: placed.area.bottom)
      placed.sideLegend = Legend(series, in: beside, isColumn: true)
      return placed
    }
    return PlotLayout(plot, series, in: frame, isPanel: isPanel, legend: Legend(series, in: frame, isPanel: isPanel))
  }

  /// The names at the ends of their lines; nil where a series has no line, or a line does not end at the right.
  private func endNames() -> [Label]? {
    var found: [Label] = []
    for entry in series.named {
      let lines = plot.marks.filter { $0.name == entry.name }.compactMap(\.polyline)
      // Where several lines have one name, the last of them carries it. An end outside a fixed range has no place for a
      // name.
      guard let (xs, ys) = lines.last,
        let end = zip(xs, ys).reversed().first(where: { x.scale.kind.places($0) && y.scale.kind.places($1) }),
        x.scale(end.0) >= area.right - 16, y.scale.contains(end.1),
        textWidth(entry.name, size: textSize) < 0.3 * frame.width
      else { return nil }
      found.append(Label(text: entry.name, x: area.right, y: y.scale(end.1), size: textSize, color: entry.style.ink))
    }
    return found
  }

  /// The layout with these names in its right margin; nil where they would collide.
  private func placing(_ names: [Label]) -> PlotLayout? {
    let width = names.map { textWidth($0.text, size: $0.size) }.max() ?? 0
    var placed = PlotLayout(
      plot, series, in: frame, isPanel: isPanel, legend: nil, nameWidth: plot.isSquare ? 0 : width + 10)
    for name in names {
      var label = name
      // The room at the right changes x only: y is that of the first layout, lowered to the middle of the letters.
      label.x = placed.area.right + 8
      label.y += 0.35 * textSize
      guard label.box.right <= frame.right - 4, !placed.labels.contains(where: { $0.box.intersects(label.box) }) else {
        return nil
      }
      placed.labels.append(label)
    }
    return placed
  }

  /// Each rule's name beside its line, in the first row where it is free.
  mutating func placeRuleNames() {
    for mark in plot.marks {
      guard case .rule(let value, let isVertical) = mark.shape, let name = mark.name, !isEmpty,
        (isVertical ? x.scale : y.scale).contains(value)
      else { continue }
      let text = fitted(name, size: textSize, width: area.width - 12)
      // The order in which places are tried, for a vertical rule and for a horizontal one:
      //
      //     2 ┆ 1                   3
      //     4 ┆ 3                   1
      //     6 ┆ 5          ┄┄┄┄┄┄┄┄┄┄┄
      //       ┆                     2
      //                             4
      //
      // Rows are 1.4 lines apart. Names avoid the edges and each other, not the data: a light background lies below
      // them.
      let places: [Label] = (0..<4).flatMap { row in
        let up = Double(row) * 1.4 * textSize
        if isVertical {
          let place = x.scale(value), y = area.top + textSize + up
          return [
            Label(text: text, x: place + 5, y: y, size: textSize),
            Label(text: text, x: place - 5, y: y, anchor: .end, size: textSize),
          ]
        }
        return [
          Label(text: text, x: area.right - 4, y: y.scale(value) - 5 - up, anchor: .end, size: textSize),
          Label(text: text, x: area.right - 4, y: y.scale(value) + 1.1 * textSize + up, anchor: .end, size: textSize),
        ]
      }
      let free = places.first { label in
        let box = label.box
        return box.left >= area.left && box.right <= area.right && box.top >= area.top - 1 && box.bottom <= area.bottom
          && !ruleLabels.contains { $0.box.intersects(box) }
      }
      // A name without a place is left out; a description that is made from the marks still has it.
      if let free { ruleLabels.append(free) }
    }
  }
}

extension Mark {
  /// Whether it has points, which need room at the edges.
  var hasPoints: Bool {
    switch shape {
    case .points: true
    case .line(_, _, let hasMarkers): hasMarkers
    default: false
    }
  }

  /// The corners of a line or guide.
  var polyline: ([Double], [Double])? {
    switch shape {
    case .line(let x, let y, _), .guide(let x, let y): (x, y)
    default: nil
    }
  }
}
