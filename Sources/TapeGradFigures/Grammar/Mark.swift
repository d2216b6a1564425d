/// Something that a plot draws from numbers: made by ``line(_:named:)``, ``points(_:_:errors:named:)``,
/// ``band(_:from:to:named:)``, ``bars(edges:heights:named:)``, ``heatMap(_:map:rows:columns:showsNumbers:)``,
/// ``rule(x:named:)`` and their kin.
///
/// Marks of one name are one series, with one color. Series get their colors in the order of their first marks; more than
/// six can't be told apart, and those beyond are gray.
public struct Mark: Sendable {
  var shape: Shape
  var name: String?
  /// Marks without a series are drawn in gray.
  var isSeries = true

  enum Shape: Sendable {
    /// A line, broken where a number has no place.
    case line(x: [Double], y: [Double], hasMarkers: Bool)
    /// Points, with an error for each or none.
    case points(x: [Double], y: [Double], errors: [Double])
    /// The area between two lines.
    case band(x: [Double], low: [Double], high: [Double])
    /// Bars of a histogram, or bars with names at 0, 1, 2, ….
    case bars([Bar], names: [String])
    /// A matrix as colors.
    case heatMap(HeatMap)
    /// A line across the plot.
    case rule(Double, isVertical: Bool)
    /// A dashed line for comparison.
    case guide(x: [Double], y: [Double])
    /// The background of a decision boundary.
    case regions(Regions)
  }

  /// A bar from the base to its height.
  struct Bar: Sendable {
    let left: Double
    let right: Double
    let height: Double
  }

  /// Numbers as colors, row by row from the top.
  struct HeatMap: Sendable {
    var rows: [[Double]]
    var map: ColorMap
    var rowNames: [String]
    var columnNames: [String]
    var showsNumbers: Bool

    var columnCount: Int { rows.map(\.count).max() ?? 0 }
  }

  /// A plane cut into cells, each in the tint of a series, and the lines between the regions.
  struct Regions: Sendable {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    /// The series of each cell, row by row from the least y; −1 for none.
    let cells: [[Int]]
    /// Lines as pairs of ends.
    let borders: [(x1: Double, y1: Double, x2: Double, y2: Double)]
  }
}

// `xs` and `ys` decide how far the axes reach, `data` what is counted. Points with errors reach to the ends of their
// bars, a rule reaches to its value and counts as no number.

extension Mark {
  /// All positions along x that the mark needs to be seen.
  var xs: [Double] {
    switch shape {
    case .line(let x, _, _), .points(let x, _, _), .band(let x, _, _), .guide(let x, _): x
    case .bars(let bars, _): bars.flatMap { [$0.left, $0.right] }
    case .heatMap(let map): [-0.5, Double(map.columnCount) - 0.5]
    case .rule(let x, let isVertical): isVertical ? [x] : []
    case .regions(let regions): [regions.x.lowerBound, regions.x.upperBound]
    }
  }

  /// All positions along y that the mark needs to be seen.
  var ys: [Double] {
    switch shape {
    case .line(_, let y, _), .guide(_, let y): y
    case .points(_, let y, let errors):
      errors.isEmpty ? y : y + zip(y, errors).flatMap { $1.isFinite ? [$0 - $1, $0 + $1] : [] }
    case .band(_, let low, let high): low + high
    case .bars(let bars, _): bars.map(\.height)
    case .heatMap(let map): [-0.5, Double(map.rows.count) - 0.5]
    case .rule(let y, let isVertical): isVertical ? [] : [y]
    case .regions(let regions): [regions.y.lowerBound, regions.y.upperBound]
    }
  }

  /// The numbers that are data, as points of the plane; those without a position are counted and reported.
  var data: [(x: Double, y: Double)] {
    switch shape {
    case .line(let x, let y, _), .points(let x, let y, _): Array(zip(x, y)).map { (x: $0, y: $1) }
    case .band(let x, let low, let high): zip(x, zip(low, high)).map { (x: $0, y: $1.0 + $1.1) }
    case .bars(let bars, _): bars.map { (x: ($0.left + $0.right) / 2, y: $0.height) }
    case .heatMap, .rule, .guide, .regions: []
    }
  }

  var heatMap: HeatMap? {
    if case .heatMap(let map) = shape { map } else { nil }
  }
}
