#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Two axes from position 100 to 300:
//
//     position       100      150      200      250      300
//     linear 0…10    0        2.5      5        7.5      10
//     logarithmic    1        3.16     10       31.6     100      (1…100)
//
// A vertical axis starts at its lower end: there `start` is larger than `end`, since y grows downwards on the canvas.
// The formulas are the same.

/// How numbers become positions along an axis.
public enum ScaleKind: Sendable {
  /// Equal differences are equally far apart.
  case linear
  /// Equal ratios are equally far apart. Numbers that are not positive have no position and are left out.
  case logarithmic

  /// Whether a number has a position. What is larger than 10³⁰⁰ counts as infinite, so that differences stay finite.
  func places(_ value: Double) -> Bool {
    value.isFinite && value.magnitude <= 1e300 && (self == .linear || value >= 1e-300)
  }
}

/// A map from the numbers `low…high` to the positions `start…end`, in units of the canvas.
struct Scale {
  let kind: ScaleKind
  let low: Double
  let high: Double
  let start: Double
  let end: Double

  /// The position of a number of the data, not finite where it has none.
  func callAsFunction(_ value: Double) -> Double { kind.places(value) ? position(of: value) : .nan }

  /// The position of a label, which may be a little larger than any number of the data.
  func position(of value: Double) -> Double {
    let share =
      kind == .linear ? (value - low) / (high - low) : (log10(value) - log10(low)) / (log10(high) - log10(low))
    // What lies far beyond a fixed range stays a number that a file can hold.
    return min(max(start + share * (end - start), -1e5), 1e5)
  }

  /// The number at a position.
  func value(at position: Double) -> Double {
    let share = (position - start) / (end - start)
    if kind == .linear { return low + share * (high - low) }
    return pow(10, log10(low) + share * (log10(high) - log10(low)))
  }

  /// Whether a number lies on the axis, up to rounding.
  func contains(_ value: Double) -> Bool {
    // A hundredth of a unit cannot be seen, and rounding stays far below it. NaN compares as false: not on the axis.
    let position = self(value)
    return position >= min(start, end) - 0.01 && position <= max(start, end) + 0.01
  }
}

/// The least and the greatest of the numbers that have a position, made wide enough to be an axis.
struct Extent {
  let low: Double
  let high: Double

  /// Nil where no number has a position.
  init?(of values: some Sequence<Double>, on kind: ScaleKind) {
    var low = Double.infinity, high = -Double.infinity
    for value in values where kind.places(value) {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return nil }
    self.init(low, high, on: kind)
  }

  /// Equal numbers get room on both sides: half of their size, or half of a decade.
  init(_ low: Double, _ high: Double, on kind: ScaleKind) {
    let size = max(low.magnitude, high.magnitude)
    // Nearer numbers than these could not be told apart by their positions.
    let isWide = kind == .linear ? high - low > max(1e-12 * size, 1e-290) : high > low * (1 + 1e-9)
    // 5 alone gets the axis 2.5…7.5, or 1.67…15 where it is logarithmic, and stands in its middle; 0 alone gets −1…1.
    switch kind {
    case _ where isWide: (self.low, self.high) = (low, high)
    case .linear where size < 1e-290: (self.low, self.high) = (-1, 1)
    case .linear: (self.low, self.high) = (low - size / 2, low + size / 2)
    case .logarithmic: (self.low, self.high) = (low / 3, low * 3)
    }
  }

  func union(_ values: [Double]) -> Extent {
    Extent(unchecked: values.reduce(low, min), values.reduce(high, max))
  }

  private init(unchecked low: Double, _ high: Double) {
    (self.low, self.high) = (low, high)
  }
}
