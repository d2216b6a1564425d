// How many ticks an axis of 600 units gets, when they are wished 90 apart:
//
//     round(600/90) = 7 are asked for  ─▶  ticks  ─▶  do all labels fit?  ── yes ──▶ done
//                    ▲                                      │ no
//                    └────────── one fewer ◀────────────────┘
//
// Labels fit where two neighbors have 0.8 of the text's size between them; on a vertical axis, where their baselines
// are 1.25 of it apart. Ticks come first and then the ends: data from 0.07 to 0.93 get labels from 0 to 1, and the axis
// becomes as long as these. A range that was given stays as it is, and so does that of a logarithmic axis.

/// An axis whose ticks and labels have their places.
struct PlacedAxis {
  let scale: Scale
  let ticks: AxisTicks
  /// The width of the widest label.
  let labelWidth: Double
  private let size: Double
  private(set) var labels: [Label] = []

  /// - Parameters:
  ///   - extent: The data; nil where there are none, which gives an axis without ticks.
  ///   - names: Names at 0, 1, 2, …, instead of numbers.
  ///   - spacing: The wished distance of ticks.
  ///   - limit: The greatest width of a name. Numbers are never cut.
  init(
    _ axis: Axis, _ extent: Extent?, names: [String]?, from start: Double, to end: Double, spacing: Double,
    isVertical: Bool, size: Double, limit: Double
  ) {
    let length = (end - start).magnitude
    guard let extent else {
      scale = Scale(kind: .linear, low: 0, high: 1, start: start, end: end)
      ticks = AxisTicks()
      self.size = size
      labelWidth = 0
      return
    }
    // From the wished number down to one that fits.
    // Of names as many are tried as lines of text fit along the axis, since leaving one out loses more than a number.
    var count = max(2, names == nil ? Int((length / spacing).rounded()) : Int(length / (1.3 * size)))
    while true {
      var ticks: AxisTicks
      var domain = extent
      if let names {
        ticks = .categories(names.map { fitted($0, size: size, width: limit) }, count: count)
      } else if axis.scale == .logarithmic {
        ticks = .logarithmic(extent, count: count)
      } else {
        ticks = .linear(extent, count: count, isFixed: axis.range != nil)
        if axis.range == nil { domain = extent.union(ticks.labeled.map(\.value)) }
      }
      let scale = Scale(
        kind: names == nil ? axis.scale : .linear, low: domain.low, high: domain.high, start: start, end: end)
      let places = ticks.labeled.map { scale.position(of: $0.value) }
      let distances = zip(places.dropFirst(), places).map { ($0 - $1).magnitude }
      let widths = ticks.labeled.map { textWidth($0.label, size: size) }
      let isRoomy = distances.indices.allSatisfy { place in
        distances[place] >= (isVertical ? 1.25 * size : (widths[place] + widths[place + 1]) / 2 + 0.8 * size)
      }
      // The least number stays even where it does not fit: labels that touch are then left out one by one.
      if isRoomy || count <= (names == nil ? 2 : 1) {
        self.scale = scale
        self.ticks = ticks
        self.size = size
        labelWidth = widths.max() ?? 0
        return
      }
      // By an eighth where there are many, so that a long axis takes few rounds.
      count -= count > 12 ? count / 8 : 1
    }
  }

  /// Whether one of these numbers is so near to an end that a point there would be cut.
  func hasAtEnds(_ values: [Double]) -> Bool {
    values.contains { value in
      let place = scale(value)
      return scale.contains(value) && min((place - scale.start).magnitude, (place - scale.end).magnitude) < 5
    }
  }

  /// Labels along a horizontal axis, between two sides.
  mutating func place(below baseline: Double, from left: Double, to right: Double) {
    for tick in ticks.labeled {
      let label = Label(text: tick.label, x: scale.position(of: tick.value), y: baseline, anchor: .middle, size: size)
      add(label.within(left, right))
    }
  }

  /// Labels along a vertical axis.
  mutating func place(leftOf right: Double) {
    for tick in ticks.labeled {
      add(Label(text: tick.label, x: right, y: scale.position(of: tick.value) + 0.35 * size, anchor: .end, size: size))
    }
  }

  /// Where even the fewest labels would touch, some are left out.
  private mutating func add(_ label: Label) {
    if let last = labels.last, last.box.intersects(label.box) { return }
    labels.append(label)
  }
}
