/// One measurement: the fastest and the median of its runs.
struct Figure: Encodable {
  /// What `--only` calls it.
  let group: String
  let name: String
  let fastestSeconds, medianSeconds: Double
  /// What the fastest run comes to: floating-point operations, elements …
  let rate: Rate?
  /// The most memory that the process had, where the measurement was a process.
  let peakBytes: Int?
  /// What was trained, where it was a training step.
  let training: Training?

  init(
    _ group: String, _ name: String, _ seconds: [Double], rate: Rate? = nil, peakBytes: Int? = nil,
    training: Training? = nil
  ) {
    let sorted = seconds.sorted()
    (self.group, self.name) = (group, name)
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

  /// The figure as a line of the table, under `header`.
  var line: String {
    let memory = peakBytes.map { "\((Double($0) / 1e6).rounded(to: 1)) MB" }
    let note = rate.map { "\($0.value.rounded(to: $0.value < 10 ? 2 : 1)) \($0.unit)" } ?? memory ?? ""
    let times = [fastestSeconds, medianSeconds].map { $0.inSuitableUnit.padded(to: 11) }
    return "\(name.padded(to: 44)) \(times.joined()) \(note)"
  }

  static let header =
    "measurement".padded(to: 45) + "fastest".padded(to: 11) + "median".padded(to: 11) + " rate or memory"
}

extension Double {
  /// Seconds in a unit that suits them.
  fileprivate var inSuitableUnit: String {
    switch self {
    case ..<1e-8: "\((self * 1e9).rounded(to: 3)) ns"
    case ..<1e-6: "\((self * 1e9).rounded(to: 1)) ns"
    case ..<1e-3: "\((self * 1e6).rounded(to: 2)) µs"
    case ..<1: "\((self * 1e3).rounded(to: 2)) ms"
    default: "\(rounded(to: 2)) s"
    }
  }
}
