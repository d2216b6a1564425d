import TapeGrad

/// `tapegrad compare`: trains the two-layer network a little, then holds all its gradients against each other.
enum CompareCommand: Command {
  static let name = "compare"
  static let summary = "compares automatic, hand-derived and numerical gradients on real data (default)"
  static let discussion = """
    Trains the two-layer network of the study notes for some epochs, then computes the gradient of its loss by every
    parameter and every intermediate three times: automatically, by the hand-derived equations, and by differences in
    Double. The exit code is 1 if any of them disagrees.
    """
  static let options =
    Options.data + [
      Option("--hidden", "N", "hidden units (16)"),
      Option("--activation", "NAME", "hidden activation: sigmoid, tanh, relu, leakyRelu, identity (tanh)"),
      Option("--epochs", "N", "epochs of training before the comparison (100)"),
      Option("--rate", "NUMBER", "learning rate (0.5)"),
      Option("--seed", "N", "seed of the initial weights (1)"),
      Option("--limit", "N", "how many elements of each quantity differences check; beyond it a sample (200)"),
      Option("--threads", "N", "how many threads to use (all processors, or TAPEGRAD_THREADS)"),
      Option("--explain-plan", nil, "prints what the compiled training step does, instruction by instruction"),
      Option("--json", nil, "prints the comparison as JSON"),
    ]

  static func run(_ options: Options) throws -> Int32 {
    threadCount = try options.count("--threads", default: threadCount)
    let (name, table) = try options.dataSet()
    let data = try table.standardized().dataSet
    let epochs = try options.count("--epochs", default: 100, atLeast: 0)
    let rate = try options.positiveNumber("--rate", default: 0.5)
    let limit = try options.count("--limit", default: 200)
    var generator = SeededGenerator(seed: UInt64(try options.count("--seed", default: 1, atLeast: 0)))
    var network = TwoLayerNetwork<Double>(
      inputs: data.features.shape[0], hidden: try options.count("--hidden", default: 16),
      hiddenActivation: try options.activation(default: .tanh),
      task: data.classNames.isEmpty ? .regression : .binaryClassification, using: &generator)

    let initialLoss = try network.loss(data.features, labels: data.labels).item
    let plan = try train(&network, on: data, epochs: epochs, rate: rate)
    let comparison = try Comparison(of: network, on: data, limit: limit)
    if options.flag("--json") {
      print(try comparison.json(data: name, epochs: epochs, rate: rate))
    } else {
      let losses = (before: initialLoss, after: comparison.audit.value)
      print(introduction(name, data, network, epochs: epochs, rate: rate, losses))
      if options.flag("--explain-plan") { print("a training step: \(plan)\n") }
      print(comparison)
    }
    return comparison.exitCode
  }

  /// Gradient descent, compiled; returns the plan of a step.
  private static func train(
    _ network: inout TwoLayerNetwork<Double>, on data: DataSet<Double>, epochs: Int, rate: Double
  ) throws -> ProgramPlan {
    let step = compiled {
      (network: TwoLayerNetwork<Double>, x: Tensor<Double>, y: Tensor<Double>, rate: Tensor<Double>) in
      let gradient = try gradient(at: network) { $0.loss(x, labels: y) }
      return network.moved(along: gradient, by: -rate)
    }
    for epoch in 0..<epochs {
      network = try step(network, data.features, data.labels, Tensor(rate))
      Terminal.showProgress("training", epoch + 1, of: epochs)
    }
    return try step.plan(for: network, data.features, data.labels, Tensor(rate))
  }

  private static func introduction(
    _ name: String, _ data: DataSet<Double>, _ network: TwoLayerNetwork<Double>, epochs: Int, rate: Double,
    _ losses: (before: Double, after: Double)
  ) -> String {
    let shape = data.features.shape
    let output = network.task == .regression ? "linear" : "sigmoid"
    let (before, after) = (losses.before.rounded(to: 4), losses.after.rounded(to: 4))
    let target = data.classNames.last.map { "\(data.labelName): 1 is \($0)" } ?? data.labelName
    return """
      data      \(name): \(shape[1]) examples, \(shape[0]) features, standardized; \(target)
      network   \(shape[0]) → \(network.b1.shape[0]) \(network.hiddenActivation) → 1 \(output), \(network.parameterCount) parameters
      training  \(epochs) epochs of gradient descent at rate \(rate): J from \(before) to \(after)

      """
  }
}

extension TwoLayerNetwork {
  /// How many numbers are learned.
  fileprivate var parameterCount: Int { tensors.reduce(0) { $0 + $1.tensor.shape.count } }
}

extension Double {
  /// The nearest decimal with so many places, as text.
  func rounded(to places: Int) -> String {
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    return isFinite ? "\((self * scale).rounded() / scale)" : "\(self)"
  }
}
