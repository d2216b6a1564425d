import TapeGrad

/// One measurement: the fastest and the median of its runs.
///
/// The fastest is what the work takes where nothing interferes; the median says how much did.
package struct Figure: Encodable, Sendable {
  /// The group that it belongs to, by the name of a `BenchmarkGroup`.
  let group: String
  /// What was measured.
  let name: String
  /// Seconds for doing the work once.
  let fastestSeconds, medianSeconds: Double
  /// What the fastest run comes to: floating-point operations, elements …
  let rate: Rate?
  /// The most memory that the process had, where the measurement was a process.
  let peakBytes: Int?
  /// What was trained, where it was a training step.
  let training: Training?

  /// The figure of some runs.
  ///
  /// - Parameters:
  ///   - seconds: what each run took.
  ///   - rate: how many of something the work does; here not yet by second.
  init(
    _ group: BenchmarkGroup, _ name: String, _ seconds: [Double], rate: Rate? = nil, peakBytes: Int? = nil,
    training: Training? = nil
  ) {
    let sorted = seconds.sorted()
    (self.group, self.name) = (group.rawValue, name)
    fastestSeconds = sorted.first ?? .nan
    medianSeconds = sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    self.rate = rate.map { Rate(value: $0.value / (sorted.first ?? .nan), unit: $0.unit) }
    self.peakBytes = peakBytes
    self.training = training
  }

  /// So many of something, by measurement or by second.
  struct Rate: Encodable {
    let value: Double
    let unit: String
  }

  /// A network, and where its training led.
  struct Training: Encodable {
    let size: [Int]
    let scalar, activation, mode: String
    /// The loss that the 20th step computes.
    let loss: Double
  }
}

extension Figure {
  // Lines are printed while the measurements are taken, so the columns have fixed widths.
  private static let table = TextTable(widths: [44, 10, 11], gap: 1)

  /// The titles over the lines.
  package static let header = table.line(["measurement", "fastest", "median", "rate or memory"])

  /// The figure as a line of the table.
  package var line: String {
    let memory = peakBytes.map { "\(short(Double($0) / 1e6, places: 1)) MB" }
    let rate = rate.map { "\(short($0.value, places: $0.value < 10 ? 2 : 1)) \($0.unit)" }
    return Figure.table.line([name, Figure.time(fastestSeconds), Figure.time(medianSeconds), rate ?? memory ?? ""])
  }

  /// Seconds in a unit that suits them.
  private static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-8: "\(short(seconds * 1e9, places: 3)) ns"
    case ..<1e-6: "\(short(seconds * 1e9, places: 1)) ns"
    case ..<1e-3: "\(short(seconds * 1e6, places: 2)) µs"
    case ..<1: "\(short(seconds * 1e3, places: 2)) ms"
    default: "\(short(seconds, places: 2)) s"
    }
  }
}
