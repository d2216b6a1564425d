#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// How a logarithmic axis is labeled, for some ranges and five labels wished:
//
//     0.001…10      0.001, 0.01, 0.1, 1, 10     every decade, and marks at 2, 3, … 9 times each
//     10⁻⁸…10²      10⁻⁶, 10⁻³, 10⁰             every third decade: eleven would be too many
//     2…60          3, 10, 30                   a single decade lies in the range: 1 and 3 times each
//     40…80         40, 50, 60, 70, 80          no decade: 1 and 3, or 1, 2 and 5, give fewer than two labels
//
// Powers count from 10⁰, so that two axes with the same stride name the same decades.

/// A value that an axis names.
struct Tick {
  let value: Double
  let label: String
}

/// The values that an axis names, and those that it marks without a name.
struct AxisTicks {
  var labeled: [Tick] = []
  var minor: [Double] = []

  /// The ticks of a linear axis. Where the range is fixed, only those that lie in it.
  static func linear(_ extent: Extent, count: Int, isFixed: Bool) -> AxisTicks {
    let values = ExtendedTicks(from: extent.low, to: extent.high, count: count, isInside: isFixed).values
    return AxisTicks(labeled: zip(values, numberLabels(values)).map { Tick(value: $0, label: $1) })
  }

  /// Decades are named, and 2, 3, … 9 times each are marked. Where fewer than two decades are in the range, as a
  /// short axis is, round numbers are named.
  static func logarithmic(_ extent: Extent, count: Int) -> AxisTicks {
    // The first and the last power of ten in the range. The slack keeps 1000 in it where rounding puts its logarithm
    // beside 3.
    let first = Int(log10(extent.low * (1 - 1e-9)).rounded(.up)),
      last = Int(log10(extent.high * (1 + 1e-9)).rounded(.down))
    guard first < last else {
      // From few round numbers to many: the first table that has two numbers in the range is taken.
      let tables: [[Double]] = [[1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]
      for table in tables {
        let low = extent.low * (1 - 1e-9), high = extent.high * (1 + 1e-9)
        let values = (first - 1...first).flatMap { power in multiples(table, power) }.filter { $0 >= low && $0 <= high }
        if values.count > 1 {
          return AxisTicks(labeled: zip(values, numberLabels(values)).map { Tick(value: $0, label: $1) })
        }
      }
      return linear(extent, count: count, isFixed: true)
    }
    // Numbers have positions from 10⁻³⁰⁰ to 10³⁰⁰: only that whole range can need a stride of 600.
    let stride = [1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 300].first { (last - first) / $0 < max(count, 2) } ?? 600
    var powers = (first...last).filter { $0.isMultiple(of: stride) }
    if powers.count < 2 { powers = [first, last] }
    // From 0.001 to 10000 digits are read more easily than powers; one label outside turns all into powers.
    let isPlain = first >= -3 && last <= 4
    var ticks = AxisTicks()
    ticks.labeled = powers.map { power in
      let value = pow(10, Double(power))
      return Tick(value: value, label: isPlain ? numberLabel(value) : decadeLabel(power))
    }
    // Over many decades the marks would merge into a gray edge.
    if stride == 1 && last - first < 8 {
      ticks.minor = (first - 1...last).flatMap { power in multiples([2, 3, 4, 5, 6, 7, 8, 9], power) }
    }
    return ticks
  }

  private static func multiples(_ factors: [Double], _ power: Int) -> [Double] {
    let unit = pow(10, Double(power))
    return factors.map { $0 * unit }
  }

  /// Names at 0, 1, 2, …; every second, fifth, … where there are too many.
  static func categories(_ names: [String], count: Int) -> AxisTicks {
    let stride =
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].first { (names.count - 1) / $0 < max(count, 1) } ?? names.count
    return AxisTicks(
      labeled: names.enumerated().filter { $0.offset.isMultiple(of: stride) }
        .map { Tick(value: Double($0.offset), label: $0.element) })
  }
}
