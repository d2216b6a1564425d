//   tapegrad benchmark --quick
//
//     measurement                                  fastest    median      rate or memory
//     process: a first gradient                    5.19 ms    5.19 ms     14.7 MB
//     …
//     step 2x4x400 tanh Float compiled             6.28 µs    6.28 µs
//     matmul 64 Float                              4.83 µs    4.83 µs     108.5 GFLOP/s
//     …
//
// The fastest run is the one that other processes disturbed least; the median tells how much they usually do. With
// --quick there is one run, and the two are the same. Lines come as they are measured, so that Ctrl-C keeps those that
// are there; with --json they come together, since half a JSON text is none.

import TapeGrad
import TapeGradBenchmarks

/// `tapegrad benchmark`: how fast the library is on this machine, alone; `Tests/Benchmarks/compare.py` compares it with
/// others.
///
/// What is measured, and how, is in the module TapeGradBenchmarks. Here are the options and the printing.
///
///    tapegrad benchmark                                       everything: some minutes
///    tapegrad benchmark --only step --sizes 30x16x569         one network, eager, compiled and in a loop
///    tapegrad benchmark --only matmul --products 256,16x30x569
///    tapegrad benchmark --quick --json                        does everything work?
enum BenchmarkCommand: Command {
  static let name = "benchmark"
  static let summary = "measures training, matrix products, functions, the tape and programs on this machine"
  static let discussion = """
    Each figure is the fastest and the median of several runs. What is measured, in groups:

      process    a process from its start to its end, which computes its first
                 gradient or trains for 20 steps; and the most memory it had
      step       a training step (forward, backward, update) of the two-layer
                 network n_x × n_1 × m: eager, compiled, in a compiled loop
      matmul     products of matrices
      function   functions of every element, in cache and out of it
      tape       recording nodes, and sweeping back over them
      program    tracing, calling and replaying programs

    Lists are separated by commas. Build in release mode; instruction set: \(instructionSet). The environment variable
    \(ThreadCount.variable) says how many threads are used; now \(threadCount).

    examples:
      tapegrad benchmark --only step --sizes 30x16x569
      tapegrad benchmark --quick --json
    """

  // Values that BenchmarkChoice measures by default are the defaults of the options. Some of them are long: the help shows
  // a word in their place.
  private static let standard = BenchmarkChoice.standard
  private static let groups = Option.list(
    "--only", "GROUPS", default: standard.groups, shown: "everything", of: BenchmarkGroup.allCases.map(\.rawValue),
    "what to measure"
  ) { BenchmarkGroup(rawValue: $0) }
  private static let sizes = Option.list(
    "--sizes", "SIZES", default: [standard.sizes], shown: "small", of: ["small", "large", "sizes like 30x16x569"],
    "networks: small, large, or sizes like 30x16x569"
  ) { ["small": NetworkSize.small, "large": NetworkSize.large][$0] ?? NetworkSize($0).map { [$0] } }
  private static let products = Option.list(
    "--products", "SHAPES", default: standard.products,
    of: ["sides like 256", "shapes like 16x30x569", "16x569x30t"],
    "sides of square matrices, or m, k and n like 16x30x569; with a t, the second is transposed"
  ) { ProductShape($0) }
  private static let scalars = Option.list(
    "--scalar", "TYPES", default: standard.scalars, of: scalarTypes.map(\.description),
    scalarTypes.map(\.description).joined(separator: ", ")
  ) { name in scalarTypes.first { $0.description == name } }
  private static let activations = Option.list(
    CommonOptions.activation.name, "NAMES", default: standard.activations, of: CommonOptions.activationNames,
    "hidden activations"
  ) { Activation($0) }
  private static let modes = Option.list(
    "--modes", "MODES", default: standard.modes, shown: "all", of: TrainingMode.allCases.map(\.rawValue),
    "how steps are taken: \(TrainingMode.allCases.map(\.rawValue).joined(separator: ", "))"
  ) { TrainingMode(rawValue: $0) }
  // Where a run takes long, the stopwatch ends before so many.
  private static let runs = Option.count(
    "--runs", default: standard.runs, shown: "\(standard.runs); fewer where they take long", in: 1...1_000_000,
    "how many runs of each measurement")
  private static let quick = Option.flag("--quick", "one short run of little work: does everything work?")
  private static let busy = Option.flag(
    "--busy", "instead: a program on one thread and on all, also beside a busy loop on each processor")
  private static let json = CommonOptions.json("prints the figures as JSON")
  // For `processArguments`, and for scripts that measure whole processes.
  private static let once = Option<OnceWork?>.choice(
    "--once", "WORK", default: nil, of: OnceWork.names,
    "only does this: gradient, or 20 steps eager, compiled or loop; prints the peak memory"
  ) { OnceWork($0) }

  /// In the order in which they narrow down what is measured.
  static let options: [any CommandOption] = [
    groups, sizes, products, scalars, activations, modes, runs, quick, busy, json, once,
  ]
  /// All types of numbers.
  private static let scalarTypes = [ScalarType.float, .double]

  /// Measures and prints: a line for each figure as soon as it is there, or all of them as JSON at the end. With `--once`,
  /// only the peak memory, which the process that started this one reads.
  static func run(_ arguments: Arguments) throws -> Int32 {
    let choice = choice(arguments)
    if let work = arguments[once] {
      try work.run(choice)
      try Terminal.print("\(peakMemory())")
      return 0
    }
    var figures: [Figure] = []
    if !arguments[json] { try Terminal.print(Figure.header) }
    let report = { (figure: Figure) in
      figures.append(figure)
      if !arguments[json] { try Terminal.print(figure.line) }
    }
    if arguments[busy] {
      try choice.measureBusy(report)
    } else {
      try choice.measure(processArguments: processArguments, report)
    }
    if arguments[json] { try Terminal.print(FigureReport(figures).json) }
    return 0
  }

  /// What the options ask for, and the rest as usual, or little of it with `--quick`.
  private static func choice(_ arguments: Arguments) -> BenchmarkChoice {
    var choice = arguments[quick] ? BenchmarkChoice.quick : standard
    // `given` and not the default: --quick has defaults of its own, which --sizes and the like overrule.
    choice.groups = arguments.given(groups) ?? choice.groups
    choice.sizes = arguments.given(sizes)?.flatMap(\.self) ?? choice.sizes
    choice.products = arguments.given(products) ?? choice.products
    choice.scalars = arguments.given(scalars) ?? choice.scalars
    choice.activations = arguments.given(activations) ?? choice.activations
    choice.modes = arguments.given(modes) ?? choice.modes
    choice.runs = arguments.given(runs) ?? choice.runs
    return choice
  }

  /// The words with which this command does some work once, in a process that is measured.
  /// A process can be measured only from outside: this one starts itself again with them.
  private static func processArguments(_ work: OnceWork, _ choice: BenchmarkChoice) -> [String] {
    [
      name, once.name, work.name, sizes.name, "\(choice.sizes[0])", activations.name, "\(choice.activations[0])",
      scalars.name, "\(choice.scalars[0])",
    ]
  }
}
