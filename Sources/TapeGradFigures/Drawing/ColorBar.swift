//     │ map ├ 18 ┤█│ 2          The greatest number at the top, the least at the bottom, 0 where it lies between.
//     │     │    │▓│
//     │     │    │░│ 0          48 steps from the same color map as the cells, so that a color can be read off.
//     │     │    │▓│ −1.25
//
// Labels have three digits, or as many more as tell them apart: a map from 0.1234 to 0.1235 needs four.

/// The legend of a heat map: its colors from the least number to the greatest.
struct ColorBar {
  private let map: ColorMap
  private let range: (low: Double, high: Double)
  private let values: [(value: Double, text: String)]
  private let size: Double
  /// With its distance from the map.
  let width: Double

  private static let gap = 18.0
  private static let thickness = 12.0
  private static let steps = 48

  /// Nil for a map without a number.
  init?(_ heatMap: Mark.HeatMap, size: Double) {
    guard let range = heatMap.range else { return nil }
    map = heatMap.map
    self.range = range
    self.size = size
    // One label where all numbers are equal, three where 0 lies between the ends, else two.
    let hasZero = range.low < 0 && range.high > 0
    let ends = range.low == range.high ? [range.low] : hasZero ? [range.low, 0, range.high] : [range.low, range.high]
    // As many digits as tell the ends apart.
    let digits =
      (3...17).first { digits in Set(ends.map { numberLabel($0, digits: digits) }).count == ends.count } ?? 17
    values = ends.map { ($0, numberLabel($0, digits: digits)) }
    width = Self.gap + Self.thickness + 6 + (values.map { textWidth($0.text, size: size) }.max() ?? 0)
  }

  /// Draws the bar beside a map, and the labels of its ends, and of 0, right of it.
  func draw(rightOf area: Box, on canvas: inout Canvas) {
    let left = area.right + Self.gap, right = left + Self.thickness
    // At least as high as its texts need.
    let height = max(area.height, 60)
    func place(_ share: Double) -> Double { area.top + height * (1 - share) }
    for step in 0..<Self.steps {
      let from = Double(step) / Double(Self.steps), to = Double(step + 1) / Double(Self.steps)
      let value = range.low + (range.high - range.low) * (from + to) / 2
      let color = map.color(at: map.share(of: value, low: range.low, high: range.high))
      let box = Box(left: left, top: place(to), right: right, bottom: place(from))
      // Half a unit more, so that no seam is seen; the next step covers it.
      canvas.fill(
        Box(left: box.left, top: box.top, right: box.right, bottom: box.bottom + (step == 0 ? 0 : 0.5)),
        hexadecimal(color))
    }
    var taken: [Box] = []
    // The ends before 0: where there is no room, the ends stay.
    for (value, text) in values.sorted(by: { abs($0.value) > abs($1.value) }) {
      let share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5
      // Beside its color, but not above the bar or below it: 0.35 of the size brings the digits to the middle.
      let baseline = min(max(place(share) + 0.35 * size, area.top + 0.8 * size), area.top + height)
      let label = Label(text: text, x: right + 6, y: baseline, size: size)
      guard !taken.contains(where: { $0.intersects(label.box) }) else { continue }
      taken.append(label.box)
      canvas.draw(label)
    }
  }
}
