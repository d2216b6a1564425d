import TapeGrad

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `tapegrad benchmark`: how fast the library is on this machine, alone; `Tests/Benchmarks/compare.py` sets it beside
/// others.
enum BenchmarkCommand: Command {
  static let name = "benchmark"
  static let summary = "measures training, matrix products, functions, the tape and programs on this machine"
  static let discussion = """
    Each figure is the fastest and the median of several runs. What is measured, in groups:

      process    a process that computes its first gradient or trains for 20 steps, from its start to its end, and the
                 most memory it had
      step       a training step (forward, backward, update) of the two-layer network n_x × n_1 × m: eager, compiled, and
                 in a compiled loop
      matmul     products of matrices
      function   functions of every element, in cache and out of it
      tape       recording nodes, and sweeping back over them
      program    tracing, calling and replaying programs

    Lists are separated by commas. Build in release mode; instruction set: \(instructionSet). The environment variable
    TAPEGRAD_THREADS says how many threads are used; now \(threadCount).
    """
  static let options = [
    Option("--only", "GROUPS", "what to measure (everything)"),
    Option("--sizes", "SIZES", "networks: small, large, or sizes like 30x16x569 (small)"),
    Option(
      "--products", "SHAPES",
      "sides of square matrices, or m, k and n like 16x30x569; with a t, the second is transposed"
        + " (64,128,256,512,1024,2048)"),
    Option("--scalar", "TYPES", "Float, Double (Float)"),
    Option("--activation", "NAMES", "hidden activations (tanh)"),
    Option("--modes", "MODES", "how steps are taken: eager, compiled, loop (all)"),
    Option("--runs", "N", "how many runs of each measurement (15; fewer where they take long)"),
    Option("--quick", nil, "one short run of little work: does everything work?"),
    Option("--json", nil, "prints the figures as JSON"),
    Option("--once", "WORK", "only does this: gradient, or 20 steps eager, compiled or loop; prints the peak memory"),
  ]

  static func run(_ options: Options) throws -> Int32 {
    let choice = try BenchmarkChoice(options)
    if let work = choice.once {
      try work.run(choice)
      print(peakMemory())
      return 0
    }
    var figures: [Figure] = []
    let json = options.flag("--json")
    if !json { print(Figure.header) }
    for group in choice.groups {
      try choice.measure(group) { figure in
        figures.append(figure)
        if !json { print(figure.line) }
      }
    }
    if json { print(try Report(instructionSet: instructionSet, threads: threadCount, figures: figures).json) }
    return 0
  }
}

/// The groups of measurements, in the order in which they are taken.
enum BenchmarkGroup: String, CaseIterable {
  case process, step, matmul, function, tape, program
}

extension BenchmarkChoice {
  /// Takes a group's measurements; each is handed over when it is there.
  fileprivate func measure(_ group: BenchmarkGroup, _ report: (Figure) -> Void) throws {
    switch group {
    case .process: try measureProcesses(report)
    case .step: try measureSteps(report)
    case .matmul: try measureProducts(report)
    case .function: try measureFunctions(report)
    case .tape: try measureTape(report)
    case .program: try measurePrograms(report)
    }
  }
}

/// All figures, for a program to read.
private struct Report: Encodable {
  let instructionSet: String
  let threads: Int
  let figures: [Figure]

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
