import TapeGrad

/// What is to be measured, and how long.
///
/// ```swift
/// var choice = BenchmarkChoice.quick
/// choice.groups = [.matmul]
/// try choice.measure(processArguments: { _, _ in [] }) { print($0.line) }
/// ```
package struct BenchmarkChoice: Sendable {
  /// The groups of measurements.
  package var groups = BenchmarkGroup.allCases
  /// The networks whose training steps are measured.
  package var sizes = NetworkSize.small
  /// The products of matrices.
  package var products = [64, 128, 256, 512, 1024, 2048].map(ProductShape.init(side:))
  /// The types of numbers.
  package var scalars = [ScalarType.float]
  /// The hidden activations of the networks.
  package var activations = [Activation.tanh]
  /// How training steps are taken.
  package var modes = TrainingMode.allCases
  /// How many times each measurement is taken, at most.
  package var runs = 15
  /// Whether the measurements only show that everything works: short, and of little work.
  package private(set) var isQuick = false

  /// What is measured where nothing else is asked for: some minutes of work.
  package static let standard = BenchmarkChoice()

  /// One short run of little work for each kind of measurement.
  package static let quick = {
    var choice = BenchmarkChoice()
    choice.sizes = [NetworkSize.smallest]
    choice.products = [ProductShape(side: 64)]
    choice.runs = 1
    choice.isQuick = true
    return choice
  }()

  /// Batches of 10 ms are long beside the 20 to 50 ns that reading the clock takes. After 2 seconds a measurement ends.
  var stopwatch: Stopwatch {
    isQuick ? Stopwatch(runs: runs, batch: 1e-4, limit: 0) : Stopwatch(runs: runs, batch: 0.01, limit: 2)
  }

  /// Takes the measurements; each figure is handed over as soon as it is there.
  ///
  /// - Parameter processArguments: the command line with which this program does some work once, and then prints the
  ///   most memory it had (`peakMemory()`).
  package func measure(
    processArguments: (OnceWork, BenchmarkChoice) -> [String], _ report: (Figure) throws -> Void
  ) throws {
    for group in groups {
      switch group {
      case .process: try measureProcesses(processArguments, report)
      case .step: try measureSteps(report)
      case .matmul: try measureProducts(report)
      case .function: try measureFunctions(report)
      case .tape: try measureTape(report)
      case .program: try measurePrograms(report)
      }
    }
  }
}

/// The groups of measurements, in the order in which they are taken.
package enum BenchmarkGroup: String, CaseIterable, Sendable {
  case process, step, matmul, function, tape, program
}

extension ScalarType {
  /// The type itself, for generic code.
  var type: any TensorScalar.Type {
    switch self {
    case .float: Float.self
    case .double: Double.self
    }
  }
}
