import TapeGrad

/// `tapegrad benchmark`: how fast the library is on this machine, alone; `Tests/Benchmarks/compare.py` sets it beside
/// others.
enum BenchmarkCommand: Command {
  static let name = "benchmark"
  static let summary = "measures training steps, matrix products and long tapes on this machine"
  static let discussion = """
    Training steps (forward, backward, update; Float; tanh) of the two-layer network at three sizes (n_x, n_1, m), matrix
    products, and a chain of a million nodes. Each figure is the fastest and the median of several runs, on one thread.
    Build in release mode; instruction set: \(instructionSet).
    """
  static let options = [
    Option("--runs", "N", "how many runs of each measurement (15)"),
    Option("--json", nil, "prints the figures as JSON"),
  ]

  static func run(_ options: Options) throws -> Int32 {
    let runs = try options.count("--runs", default: 15)
    var figures: [Figure] = []
    for (inputs, hidden, examples) in [(2, 4, 400), (30, 16, 569), (784, 128, 256)] {
      figures.append(try trainingStep(inputs, hidden, examples, runs: runs))
    }
    for side in [64, 256, 512, 1024, 2048] { figures.append(try matrixProduct(side, runs: runs)) }
    figures += try chain(of: 1_000_000, runs: min(runs, 5))
    if options.flag("--json") {
      print("[\n" + figures.map { "  \($0.json)" }.joined(separator: ",\n") + "\n]")
    } else {
      print("measurement                 fastest       median        rate")
      figures.forEach { print($0.line) }
    }
    return 0
  }

  private static func trainingStep(_ inputs: Int, _ hidden: Int, _ examples: Int, runs: Int) throws -> Figure {
    var generator = SeededGenerator(seed: 1)
    let x = Tensor<Float>.randomNormal([inputs, examples], using: &generator)
    let y = Tensor<Float>.randomUniform([1, examples], using: &generator) .> 0.5
    var network = TwoLayerNetwork<Float>(
      inputs: inputs, hidden: hidden, hiddenActivation: .tanh, using: &generator)
    let steps = max(5, 20_000_000 / (inputs * hidden * examples + 100_000))
    let times = try measured(runs) {
      for _ in 0..<steps {
        let (_, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
        network.move(along: gradient, by: -0.5)
      }
    }
    return Figure("step (\(inputs), \(hidden), \(examples))", times.map { $0 / Double(steps) })
  }

  private static func matrixProduct(_ side: Int, runs: Int) throws -> Figure {
    var generator = SeededGenerator(seed: 1)
    let a = Tensor<Float>.randomUniform([side, side], using: &generator)
    let b = Tensor<Float>.randomUniform([side, side], using: &generator)
    let products = max(1, 1024 * 1024 * 1024 / (side * side * side) / 2)
    let times = try measured(runs) { for _ in 0..<products { try matmul(a, b).validated() } }
    let operations = 2 * Double(side) * Double(side) * Double(side)
    return Figure("matmul \(side)", times.map { $0 / Double(products) }, operations: operations)
  }

  /// Records a chain of additions, and sweeps back and frees it; per node.
  private static func chain(of length: Int, runs: Int) throws -> [Figure] {
    var recording: [Double] = []
    let whole = try measured(runs) {
      let start = ContinuousClock.now
      _ = try gradient(at: Tensor<Float>(1)) { x in
        var y = x
        for _ in 0..<length { y = y + x }
        recording.append(start.duration(to: .now).seconds)
        return y
      }
    }
    let reverse = zip(whole, recording.dropFirst()).map { $0 - $1 }
    return [
      Figure("record a node", recording.map { $0 / Double(length) }),
      Figure("reverse and free a node", reverse.map { $0 / Double(length) }),
    ]
  }

  /// The seconds that each of `runs` calls takes, after one that is not counted.
  private static func measured(_ runs: Int, _ body: () throws -> Void) rethrows -> [Double] {
    try body()
    return try (0..<runs).map { _ in
      let start = ContinuousClock.now
      try body()
      return start.duration(to: .now).seconds
    }
  }
}

/// One measurement: the fastest and the median of its runs.
private struct Figure {
  let name: String
  let fastest, median: Double
  let operations: Double?

  init(_ name: String, _ seconds: [Double], operations: Double? = nil) {
    self.name = name
    let sorted = seconds.sorted()
    fastest = sorted.first ?? .nan
    median = sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    self.operations = operations
  }

  var json: String {
    let rate = operations.map { ", \"gflops\": \(($0 / fastest / 1e9).rounded(to: 1))" } ?? ""
    return "{\"name\": \"\(name)\", \"fastest_seconds\": \(fastest), \"median_seconds\": \(median)\(rate)}"
  }

  var line: String {
    let rate = operations.map { "\(($0 / fastest / 1e9).rounded(to: 1)) GFLOP/s" } ?? ""
    return "\(name.padded(to: 26))  \(fastest.readable.padded(to: 12))  \(median.readable.padded(to: 12))  \(rate)"
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Double {
  /// Seconds in a unit that suits them.
  fileprivate var readable: String {
    if self < 1e-6 { return "\((self * 1e9).rounded(to: 0)) ns" }
    return self < 1e-3 ? "\((self * 1e6).rounded(to: 1)) µs" : "\((self * 1e3).rounded(to: 2)) ms"
  }
}
