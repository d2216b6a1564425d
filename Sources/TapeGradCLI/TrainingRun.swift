// The first half of `tapegrad compare`: some epochs of plain gradient descent.
//
// All in Double: finite differences lose many of the digits, and of Float's seven too few would be left. No
// mini-batches and no validation, since the gradient is what matters here, not the model: `tapegrad train` trains to
// predict.

import TapeGrad

/// A two-layer network, trained a little by gradient descent, and what it was trained with.
///
/// A comparison of gradients right after the initialization would be a weak one: weights are close to 0 there, and errors
/// that need curvature do not show.
struct TrainingRun {
  /// What the data are called.
  let dataName: String
  /// The standardized data.
  let data: DataSet<Double>
  /// The seed of the initial weights, the number of steps, and the learning rate of each.
  let seed, epochs: Int, rate: Double
  /// The loss before the first step.
  let initialLoss: Double
  /// The loss before the first step and after each; empty unless asked for.
  private(set) var losses: [Double] = []
  /// What the compiled step does, instruction by instruction.
  let plan: ProgramPlan
  /// Where training ended, if there was no finite loss at first, or a step left a parameter that was not finite.
  let divergence: Divergence?
  /// The network after the last step that left all parameters finite.
  let network: TwoLayerNetwork<Double>

  /// Trains a network on all examples at once.
  ///
  /// - Parameters:
  ///   - data: not yet standardized. The task is classification where the labels are classes, else regression.
  ///   - recordsLosses: whether the loss is computed after every step, for a curve.
  /// - Throws: the `TensorError` of an operation that failed.
  init(
    on data: DataSet<Double>, named name: String, hidden: Int, activation: Activation,
    initializer: Initializer = .normal(), seed: Int, epochs: Int, rate: Double, recordsLosses: Bool = false
  ) throws {
    (dataName, self.seed, self.epochs, self.rate) = (name, seed, epochs, rate)
    // Labels too where they are numbers: of 10⁵, they would make the first step one of 10⁵.
    let data = try Preparation(fittedTo: data).prepared(data)
    // One seed, one network: a figure in a report can be computed again.
    var generator = SeededGenerator(seed: UInt64(seed))
    var network = TwoLayerNetwork<Double>(
      inputs: data.features.shape[0], hidden: hidden, hiddenActivation: activation,
      task: data.classNames.isEmpty ? .regression : .binaryClassification, initializer: initializer,
      using: &generator)
    func loss(_ network: TwoLayerNetwork<Double>) -> Tensor<Double> {
      network.loss(data.features, labels: data.labels)
    }
    initialLoss = try loss(network).item
    if recordsLosses { losses.append(initialLoss) }

    // The step is compiled once, and its program replayed in each epoch.
    // The rate is an argument, because captured numbers are constants of a program.
    let step = compiled {
      (network: TwoLayerNetwork<Double>, x: Tensor<Double>, y: Tensor<Double>, rate: Tensor<Double>) in
      let gradient = try gradient(at: network) { $0.loss(x, labels: y) }
      return network.moved(along: gradient, by: -rate)
    }
    var divergence = try Divergence(
      epoch: 1, loss: initialLoss, rate: rate, from: network, to: network, of: loss)
    for epoch in 0..<epochs where divergence == nil {
      let next = try step(network, data.features, data.labels, Tensor(rate))
      divergence = try Divergence(epoch: epoch + 1, rate: rate, from: network, to: next, of: loss)
      // A step that broke the network is not taken: the comparison then has the last finite one.
      if divergence == nil { network = next }
      if recordsLosses { losses.append(try loss(next).item) }
      Terminal.showProgress("training", divergence == nil ? epoch + 1 : epochs, of: epochs)
    }
    self.divergence = divergence
    plan = try step.plan(for: network, data.features, data.labels, Tensor(rate))
    (self.data, self.network) = (data, network)
  }

  /// Data, network and training, in a sentence each.
  ///
  /// - Parameter loss: the loss after training.
  func facts(loss: Double) -> [(name: String, text: String)] {
    let shape = data.features.shape, hidden = network.b1.shape[0]
    let output = network.task == .regression ? "linear" : "sigmoid"
    let parameters = network.tensors.reduce(0) { $0 + $1.tensor.shape.count }
    return [
      (
        "data",
        "\(dataName): \(counted(shape[1], "example")), \(counted(shape[0], "feature")), standardized; \(target)"
      ),
      ("network", "\(shape[0]) → \(hidden) \(network.hiddenActivation) → 1 \(output), \(parameters) parameters"),
      (
        "training",
        "\(counted(epochs, "epoch")) of gradient descent at rate \(rate): "
          + "J from \(short(initialLoss, places: 4)) to \(short(loss, places: 4))"
      ),
    ]
  }

  /// What is predicted, and which class is 1 where its name does not say so.
  private var target: String {
    guard let positive = data.classNames.last else { return "\(data.labelName), standardized too" }
    guard positive != "1" else { return data.labelName }
    return "\(data.labelName): 1 is \(positive)"
  }
}
