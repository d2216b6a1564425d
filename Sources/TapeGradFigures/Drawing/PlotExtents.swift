// What the axes must reach, before ticks make them longer:
//
//     line 0.2, 0.7, NaN             y from 0.2 to 0.7: what has no position does not count
//     bars of height 3 and 5         y from 0 to 5: a bar's length is its number only if it starts at 0
//     heat map of 2 rows, 3 columns  x from −0.5 to 2.5, y from −0.5 to 1.5: cell i is around i
//     only a rule at 0.5             nothing: a rule alone is no data

/// The ranges of numbers that a plot shows.
struct PlotExtents {
  let x: Extent?
  let y: Extent?

  /// Whether no mark has a number that both axes have a position for.
  var isEmpty: Bool { x == nil || y == nil }

  init(_ plot: Plot) {
    let isHeatMap = plot.marks.contains { $0.heatMap != nil }
    // Marks without a number, such as a heat map of nothing, need no axis.
    let marks = plot.marks.filter { !$0.isHollow(on: plot) }
    guard marks.contains(where: { $0.isSeries || $0.heatMap != nil || $0.isRegions }) else {
      x = nil
      y = nil
      return
    }
    // Rows, columns and names have their places whatever the axis says.
    let isNamed = isHeatMap || plot.barNames != nil
    x = Self.extent(isNamed ? Axis() : plot.x, marks.flatMap(\.xs))
    // Bars and areas stand on 0.
    let base = plot.y.scale == .linear && marks.contains(where: \.standsOnZero) ? [0.0] : []
    y = Self.extent(isHeatMap ? Axis() : plot.y, marks.flatMap(\.ys) + base)
  }

  /// A range that the user fixed, where both ends have a place on the scale (no 0 on a logarithmic one), or that of the
  /// data.
  private static func extent(_ axis: Axis, _ values: [Double]) -> Extent? {
    let kind = axis.scale
    guard let data = Extent(of: values, on: kind) else { return nil }
    guard let range = axis.range, kind.places(range.lowerBound), kind.places(range.upperBound) else { return data }
    return Extent(range.lowerBound, range.upperBound, on: kind)
  }
}

extension Mark {
  /// Whether it has nothing to show.
  fileprivate func isHollow(on plot: Plot) -> Bool {
    switch shape {
    case .heatMap(let map): map.columnCount == 0
    case .rule, .guide, .regions: false
    default: !data.contains { plot.x.scale.places($0.x) && plot.y.scale.places($0.y) }
    }
  }

  /// Whether it tints the background by class.
  fileprivate var isRegions: Bool {
    if case .regions = shape { true } else { false }
  }

  /// Whether its length, or its area, is its number, so that an axis without 0 would lie: bars, and a band above 0.
  fileprivate var standsOnZero: Bool {
    switch shape {
    case .bars: true
    case .band(_, let low, _): low.allSatisfy { $0 == 0 }
    default: false
    }
  }
}

extension Plot {
  /// The names below bars, where they have some.
  var barNames: [String]? {
    for mark in marks {
      if case .bars(_, let names) = mark.shape, !names.isEmpty { return names }
    }
    return nil
  }

  /// What is not shown, in words; empty where everything is.
  var leftOut: String {
    let all = marks.flatMap(\.data)
    // Each number is counted once: as not finite, or else as without a place, such as −1 on a logarithmic axis.
    let lost = all.count { !$0.x.isFinite || !$0.y.isFinite }
    let unplaced = all.count { !x.scale.places($0.x) || !y.scale.places($0.y) } - lost
    let cells = marks.compactMap(\.heatMap).flatMap(\.rows).joined(),
      gray = cells.count { !ScaleKind.linear.places($0) }
    var parts: [String] = []
    if lost > 0 { parts.append("\(lost) of \(all.count) not finite, left out") }
    if unplaced > 0 { parts.append("\(unplaced) of \(all.count) not on this scale, left out") }
    if gray > 0 { parts.append("\(gray) of \(cells.count) not finite, gray") }
    return parts.joined(separator: "; ")
  }
}
