import TapeGradArrays

// What a plot is made of. Numbers that are not finite are gaps; so are numbers that are not positive on a logarithmic axis.
// The plot says how many were left out.

/// A line through `y` at 0, 1, 2, …
///
/// - Parameters:
///   - y: The heights.
///   - name: Stands at the line's end in its color, or in a legend where names would collide.
public func line(_ y: some Sequence<some TensorScalar>, named name: String? = nil) -> Mark {
  let y = doubles(y)
  return Mark(shape: .line(x: y.indices.map(Double.init), y: y, hasMarkers: false), name: name)
}

/// A line through the points (x, y), in their order.
///
/// - Parameters:
///   - x: The places.
///   - y: The heights, as many; what one has more is left out.
///   - hasMarkers: Whether the points are marked, as far as there is room for them.
///   - name: Stands at the line's end in its color, or in a legend where names would collide.
public func line<S: TensorScalar>(
  _ x: some Sequence<S>, _ y: some Sequence<S>, markers hasMarkers: Bool = false, named name: String? = nil
) -> Mark {
  Mark(shape: .line(x: doubles(x), y: doubles(y), hasMarkers: hasMarkers), name: name)
}

/// The points (x, y).
///
/// - Parameters:
///   - x: The places.
///   - y: The heights, as many; what one has more is left out.
///   - errors: For each point how far its y may be wrong, drawn as a bar from y − error to y + error; or none.
///   - name: What the series is called.
public func points<S: TensorScalar>(
  _ x: some Sequence<S>, _ y: some Sequence<S>, errors: [S] = [], named name: String? = nil
) -> Mark {
  Mark(shape: .points(x: doubles(x), y: doubles(y), errors: doubles(errors)), name: name)
}

/// The area between two lines.
public func band<S: TensorScalar>(
  _ x: some Sequence<S>, from low: some Sequence<S>, to high: some Sequence<S>, named name: String? = nil
) -> Mark {
  Mark(shape: .band(x: doubles(x), low: doubles(low), high: doubles(high)), name: name)
}

/// The area between 0 and a line.
public func area<S: TensorScalar>(_ x: some Sequence<S>, _ y: some Sequence<S>, named name: String? = nil) -> Mark {
  let y = doubles(y)
  return Mark(shape: .band(x: doubles(x), low: y.map { _ in 0 }, high: y), name: name)
}

/// A bar for each of the intervals between neighboring edges, as in a histogram.
///
/// - Parameters:
///   - edges: In ascending order.
///   - heights: One fewer than edges.
///   - name: What the series is called.
public func bars<S: TensorScalar>(edges: [S], heights: [S], named name: String? = nil) -> Mark {
  let edges = doubles(edges)
  let bars = zip(zip(edges, edges.dropFirst()), heights)
    .map { Mark.Bar(left: $0.0, right: $0.1, height: $1.doubleValue) }
  return Mark(shape: .bars(bars, names: []), name: name)
}

/// A bar for each of the names, in their order.
public func bars(_ heights: some Sequence<some TensorScalar>, of names: [String], named name: String? = nil) -> Mark {
  let bars = zip(doubles(heights), names.indices)
    .map { Mark.Bar(left: Double($1) - 0.4, right: Double($1) + 0.4, height: $0) }
  return Mark(shape: .bars(bars, names: names), name: name)
}

/// Numbers as colors: the first row at the top, the first column at the left. The legend shows the range of the numbers.
///
/// - Parameters:
///   - rows: Rows of equal length. More than 64 rows or 96 columns are joined in blocks, each shown by its number of
///     largest magnitude.
///   - map: ``ColorMap/diverging`` for weights and gradients, ``ColorMap/sequential`` for counts and magnitudes.
///   - rowNames: Names of the rows; their numbers from 0 on where none are given.
///   - columnNames: Names of the columns; their numbers from 0 on where none are given.
///   - showsNumbers: Whether the numbers stand in the cells, where there is room for them.
public func heatMap(
  _ rows: [[some TensorScalar]], map: ColorMap = .diverging, rows rowNames: [String] = [],
  columns columnNames: [String] = [], showsNumbers: Bool = false
) -> Mark {
  let map = Mark.HeatMap(
    rows: rows.map(doubles), map: map, rowNames: rowNames, columnNames: columnNames, showsNumbers: showsNumbers)
  return Mark(shape: .heatMap(map), isSeries: false)
}

/// A vertical line at `x`, for a value to compare with.
public func rule(x: Double, named name: String? = nil) -> Mark {
  Mark(shape: .rule(x, isVertical: true), name: name, isSeries: false)
}

/// A horizontal line at `y`, for a value to compare with.
public func rule(y: Double, named name: String? = nil) -> Mark {
  Mark(shape: .rule(y, isVertical: false), name: name, isSeries: false)
}

/// A dashed gray line through the points (x, y), for what the data are compared with.
public func guide(_ x: [Double], _ y: [Double], named name: String? = nil) -> Mark {
  Mark(shape: .guide(x: x, y: y), name: name, isSeries: false)
}

func doubles(_ values: some Sequence<some TensorScalar>) -> [Double] { values.map(\.doubleValue) }
