//   tapegrad compare
//
//     data      Wisconsin diagnostic breast cancer: 569 examples, 30 features, standardized; diagnosis: 1 is malignant
//     network   30 → 16 tanh → 1 sigmoid, 513 parameters
//     training  100 epochs of gradient descent at rate 0.5: J from 0.6929 to 0.0534
//     …
//     Automatic, hand-derived and numerical gradients agree in all 8 quantities.
//
// The code is 0 then, and 1 for any other conclusion (Comparison), so that a script can rely on it: a gradient that
// nobody could check is not a success. With --rate 1e6 training diverges:
//
//     Training diverged: J rose from 0.6929 to 542100. The first number that is not finite: ∂J/∂A2[0, 10] is -inf.
//     A smaller --rate may help.
//
// With --page audit.html the comparison is written as a page for a browser too, and with --plant sign@Z2 the sign of that
// gradient is flipped on purpose: the audit must find it, and the code is 1. Nothing else is written. Ctrl-C ends the command at once.

import TapeGrad

/// `tapegrad compare`: trains the two-layer network a little, then compares its gradients: automatic, hand-derived,
/// numerical.
///
///     tapegrad compare --data my.csv --labels diagnosis --hidden 16 --activation relu
///
/// The command is the project in small: it reads data, compiles a training step, records the loss on a tape, and audits
/// the tape. `TrainingRun` does the first half, `Comparison` the second.
enum CompareCommand: Command {
  static let name = "compare"
  static let summary = "compares automatic, hand-derived and numerical gradients on real data (default)"
  static let discussion = """
    Trains the two-layer network of the study notes for some epochs, then computes the gradient of its loss by every
    parameter and every intermediate three times: automatically, by the hand-derived equations, and by finite differences
    in Double. The exit code is 0 if all of them agree, and 1 if one disagrees or stays undecided, or if training diverges.

    examples:
      tapegrad compare
      tapegrad compare --data patients.csv --labels diagnosis --activation relu
    """

  // Each option with its default; the same declarations give parsing, help and error messages (`Option`).
  private static let hidden = CommonOptions.hidden(default: 16, "hidden units")
  private static let epochs = Option.count(
    "--epochs", default: 100, in: 0...1_000_000_000, "epochs of training before the comparison")
  // No rate fits all data. These suit standardized features and a sigmoid or a linear output; the loss of the latter is
  // steeper.
  private static let rate = Option.positiveNumber("--rate", shown: "0.5; 0.05 in regression", "learning rate")
  // The notes' own: small random numbers. For tanh, Xavier's are larger, and for relu He's.
  private static let initializers: [(name: String, initializer: Initializer)] = [
    ("small", .normal()), ("zeros", .zeros), ("xavier", .xavierNormal), ("he", .he),
  ]
  private static let initializer = Option.choice(
    "--initializer", "NAME", default: Initializer.normal(), shown: "small", of: initializers.map(\.name),
    "how the weights begin: small (0.01·randn), zeros, xavier or he"
  ) { name in initializers.first { $0.name == name }?.initializer }
  private static let seed = Option.count("--seed", default: 1, in: 0...Int.max, "seed of the initial weights")
  // A difference takes a few evaluations of the whole network, and 30 features × 16 units are already 480 weights.
  private static let limit = Option.count(
    "--limit", default: 200, in: 1...1_000_000_000,
    "how many elements of each quantity finite differences check; beyond it a sample")
  // Each difference takes some passes through all examples, of which 50,000 would take minutes.
  private static let examples = Option.count(
    "--examples", default: 2000, in: 1...1_000_000_000,
    "how many examples gradients are compared on; beyond it a sample, drawn by the seed")
  private static let explainsPlan = Option.flag(
    "--explain-plan", "prints what the compiled training step does, instruction by instruction")
  private static let page = Option.text("--page", "FILE", "writes the comparison as a page for a browser")
  private static let slips = PlantedSlip.allCases.map(\.rawValue).joined(separator: ", ")
  private static let plant = Option.text(
    "--plant", "SLIP@NODE", "plants a slip into the backward pass, to see it found: \(slips), as in sign@Z2")
  private static let json = CommonOptions.json("prints the comparison as JSON")
  /// The options of the data first, as a user thinks of them.
  static let options: [any CommandOption] =
    DataOptions.all(missing: .error) + [
      hidden, CommonOptions.activation, initializer, epochs, rate, seed, limit, examples, CommonOptions.threads,
      explainsPlan, page, plant, json,
    ]

  /// Trains, compares and prints: 0 where all gradients agree, 1 elsewhere.
  static func run(_ arguments: Arguments) throws -> Int32 {
    if let count = arguments.given(CommonOptions.threads) { threadCount = count }
    let (name, data, notes) = try DataOptions.dataSet(arguments, of: Double.self, missing: .error)
    DataOptions.tell(notes + data.notes)
    // The network has one sigmoid output, or one linear one.
    guard data.classNames.count <= 2, data.labels.shape[0] == 1 else {
      let count = max(data.classNames.count, data.labels.shape[0])
      throw CommandError(
        "\(name): column '\(data.labelName)' has \(count) classes; the two-layer network tells two apart, train any number"
      )
    }
    let run = try TrainingRun(
      on: data, named: name, hidden: arguments[hidden], activation: arguments[CommonOptions.activation],
      initializer: arguments[initializer], seed: arguments[seed], epochs: arguments[epochs],
      rate: arguments[rate] ?? (data.classNames.isEmpty ? 0.05 : 0.5), recordsLosses: arguments[page] != nil)
    let loss = try run.network.loss(run.data.features, labels: run.data.labels).item
    if run.epochs >= 100, abs(loss - run.initialLoss) < 1e-3 * run.initialLoss {
      // Exclusive or with tanh, for one: near 0, weights of 0.01 are a saddle that gradients hardly leave.
      DataOptions.tell([
        "J hardly moved in \(run.epochs) epochs: where the gradient is nearly 0 at small weights, larger ones help, of "
          + "--initializer xavier or he; or a larger --rate, or more --epochs"
      ])
    }
    var generator = SeededGenerator(seed: UInt64(arguments[seed]))
    let isSample = run.data.count > arguments[examples]
    let sample =
      isSample ? try run.data.shuffled(using: &generator).examples(0..<arguments[examples]) : run.data
    Terminal.showLine("comparing gradients on \(counted(sample.count, "example"))")
    var comparison = try Comparison(
      of: run.network, on: sample, limit: arguments[limit], divergence: run.divergence, initialLoss: run.initialLoss)
    Terminal.clearLine()
    if let plant = arguments[plant] { comparison = try comparison.planting(plant, limit: arguments[limit]) }
    if let path = arguments[page] { try comparison.page(run).write(to: path) }
    let plan = arguments[explainsPlan] ? "\(run.plan)" : nil
    if arguments[json] {
      try Terminal.print(comparison.json(run, plan: plan))
    } else {
      var facts = run.facts(loss: loss)
      if isSample {
        facts.append(("compared", "on \(sample.count) of the \(run.data.count) examples, drawn by the seed"))
      }
      try Terminal.print(explained(facts.map { ($0.name, $0.text) }, indentation: 0) + "\n")
      if let plan { try Terminal.print("a training step: \(plan)\n") }
      try Terminal.print("\(comparison)")
    }
    return comparison.exitCode
  }
}
