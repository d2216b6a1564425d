import TapeGrad

/// `tapegrad derive`: the backward pass of the two-layer network, as a textbook would print it.
enum DeriveCommand: Command {
  static let name = "derive"
  static let summary = "prints the backward pass of the two-layer network as a textbook derivation"
  static let discussion = """
    Records the network of the study notes on a tape and reads the derivation off the nodes that the rules recorded:
    the forward equations, then the gradient of every quantity, with shapes and reasons.
    """
  static let options = [
    Option("--activation", "NAME", "hidden activation: \(activationNames) (tanh)"),
    Option("--task", "NAME", "binaryClassification (sigmoid, cross-entropy) or regression (linear, mean square)"),
    Option("--inputs", "N", "features, n_x (2)"),
    Option("--hidden", "N", "hidden units, n_1 (4)"),
    Option("--examples", "N", "examples, m (400)"),
  ]

  static func run(_ options: Options) throws -> Int32 {
    let inputs = try options.count("--inputs", default: 2)
    let examples = try options.count("--examples", default: 400)
    let tasks = LearningTask.allCases.map(\.rawValue)
    var generator = SeededGenerator(seed: 1)
    let network = TwoLayerNetwork<Double>(
      inputs: inputs, hidden: try options.count("--hidden", default: 4),
      hiddenActivation: try options.activation(default: .tanh),
      task: try options.choice("--task", default: .binaryClassification, of: tasks, LearningTask.init(rawValue:)),
      using: &generator)

    let tape = Tape()
    let X = tape.constant(Tensor<Double>.randomNormal([inputs, examples], using: &generator), named: "X")
    let Y = tape.constant(Tensor<Double>.zeros([1, examples]), named: "Y")
    let J = tape.variables(of: network).loss(X, labels: Y)
    print(try tape.derivation(of: J))
    return 0
  }
}

/// The names of the activations, for help and errors.
private let activationNames = Activation.allCases.map(\.description).joined(separator: ", ")

extension Options {
  /// The activation that `--activation` names.
  func activation(default standard: Activation) throws(UsageError) -> Activation {
    try choice("--activation", default: standard, of: Activation.allCases.map(\.description)) { Activation($0) }
  }
}
