import TapeGradCore

/// A network of any depth: L layers, one after the other. Examples are columns.
/// ```
/// Z[l] = W[l]·A[l−1] + b[l]     A[0] = X (n_x, m), W[l] (n_l, n_(l−1)), b[l] (n_l, 1)
/// A[l] = g[l](Z[l])             where wanted, Z[l] is normalized first, and a share of A[l] dropped while learning
/// A[L] = σ(Z[L]), softmax(Z[L]) or Z[L], by the task
/// ```
/// ```swift
/// var network = MultilayerNetwork<Float>(inputs: 30, hidden: [64, 32], dropoutRate: 0.2, using: &generator)
/// let history = try network.fit(x, labels: y, epochs: 100, batchSize: 32)
/// ```
public struct MultilayerNetwork<Scalar: TensorScalar>: TensorGroup {
  /// The hidden layers, and the output layer last.
  public var layers: [Dense<Scalar>]
  /// A normalization for each hidden layer, or none at all.
  public var normalizations: [Normalization<Scalar>]
  /// The share of each hidden layer's units that are dropped while the network learns.
  public var dropoutRate: Double
  /// What the outputs are, and with it the loss.
  public var task: LearningTask

  /// A network of these layers, the output layer last. Its activation is not applied: the task says what follows.
  public init(
    layers: [Dense<Scalar>], normalizations: [Normalization<Scalar>] = [], dropoutRate: Double = 0,
    task: LearningTask = .binaryClassification
  ) {
    (self.layers, self.normalizations) = (layers, normalizations)
    (self.dropoutRate, self.task) = (dropoutRate, task)
  }

  /// A network with random weights and biases of 0.
  ///
  /// - Parameters:
  ///   - inputs: the number of features.
  ///   - hidden: the number of units of each hidden layer; none gives logistic or linear regression.
  ///   - outputs: the number of outputs; of classes, where each example belongs to one.
  ///   - hiddenActivation: g of every hidden layer.
  ///   - normalization: over what hidden layers are normalized; by default they are not.
  ///   - dropoutRate: the share of each hidden layer's units that are dropped while the network learns.
  ///   - task: what the outputs are.
  ///   - initializer: how the weights begin; by default as it suits each layer's activation.
  ///   - generator: where the random numbers come from.
  public init(
    inputs: Int, hidden: [Int], outputs: Int = 1, hiddenActivation: Activation = .relu,
    normalization: NormalizationKind? = nil, dropoutRate: Double = 0, task: LearningTask = .binaryClassification,
    initializer: Initializer? = nil, using generator: inout some RandomNumberGenerator
  ) {
    var layers: [Dense<Scalar>] = [], width = inputs
    for units in hidden + [outputs] {
      let activation = layers.count < hidden.count ? hiddenActivation : .identity
      layers.append(
        Dense(inputs: width, outputs: units, activation: activation, initializer: initializer, using: &generator))
      width = units
    }
    self.init(
      layers: layers,
      normalizations: normalization.map { kind in hidden.map { Normalization(kind, features: $0) } } ?? [],
      dropoutRate: dropoutRate, task: task)
  }

  /// A network of the same layers with random weights and biases of 0.
  func withNewWeights(using generator: inout some RandomNumberGenerator) -> Self {
    var network = self
    network.layers = layers.map { layer in
      Dense(
        inputs: layer.weight.shape[1], outputs: layer.weight.shape[0], activation: layer.activation, using: &generator)
    }
    network.normalizations = normalizations.enumerated().map { l, normalization in
      Normalization(normalization.kind, features: layers[l].weight.shape[0])
    }
    return network
  }

  /// Visits the layers' weights and biases, then the normalizations' tensors: `layers.0.weight`, `normalizations.0.scale`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try layers.visitTensors { try visit("layers.\($0)", &$1) }
    try normalizations.visitTensors { try visit("normalizations.\($0)", &$1) }
  }

  /// The layers' activations, the normalizations, the share that is dropped, and the task.
  public func hashConfiguration(into hasher: inout Hasher) {
    layers.hashConfiguration(into: &hasher)
    normalizations.hashConfiguration(into: &hasher)
    hasher.combine(dropoutRate)
    hasher.combine(task)
  }

  /// A[L], (n_L, m): probabilities or numbers, by the task.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { task.outputs(of: logits(x)) }

  /// Z[L], (n_L, m).
  public func logits(_ x: Tensor<Scalar>) -> Tensor<Scalar> { logits(x, noise: []) { $0($1) } }

  /// J of the network as it is used: nothing is dropped, and batches are normalized by their running means.
  ///
  /// Labels are (n_L, m), or (1, m) numbers of classes; see ``LearningTask/loss(logits:labels:)``.
  public func loss(_ x: Tensor<Scalar>, labels: Tensor<Scalar>) -> Tensor<Scalar> {
    task.loss(logits: logits(x), labels: labels).named("J")
  }

  /// Z[L] from X, with normalizations used as `normalize` says. Hidden layers without random numbers drop nothing.
  private func logits(
    _ x: Tensor<Scalar>, noise: [Tensor<Scalar>],
    normalizing normalize: (Normalization<Scalar>, Tensor<Scalar>) -> Tensor<Scalar>
  ) -> Tensor<Scalar> {
    guard let output = layers.last else { return .failed(TensorError("a network without layers has no outputs")) }
    var a = x
    for (l, layer) in layers.dropLast().enumerated() {
      let z = layer.logits(a)
      a = layer.activation(l < normalizations.count ? normalize(normalizations[l], z) : z)
      if l < noise.count { a = dropout(a, rate: dropoutRate, numbers: noise[l]) }
    }
    return output.logits(a)
  }
}

extension MultilayerNetwork: Trainable {
  /// (n_l, m) for each hidden layer, where a share of its units is dropped.
  public func noiseShapes(examples: Int) -> [Shape] {
    dropoutRate == 0 ? [] : layers.dropLast().map { [$0.bias.shape[0], examples] }
  }

  /// J of the network as it learns: units are dropped, and batches are normalized by their own mean and variance.
  public func learningLoss(
    _ x: Tensor<Scalar>, labels: Tensor<Scalar>, noise: [Tensor<Scalar>]
  ) -> Tensor<Scalar> {
    task.loss(logits: learningLogits(x, noise: noise), labels: labels).named("J")
  }

  /// Z[L] of the network as it learns.
  func learningLogits(_ x: Tensor<Scalar>, noise: [Tensor<Scalar>]) -> Tensor<Scalar> {
    logits(x, noise: noise) { $0.learning($1) }
  }

  /// This network with the running means and variances of `previous`, after they have seen a batch.
  public func observing(_ x: Tensor<Scalar>, noise: [Tensor<Scalar>], by previous: Self) -> Self {
    var seen: [Normalization<Scalar>] = []
    _ = previous.logits(x, noise: noise) { normalization, z in
      seen.append(normalization.observing(z))
      return normalization.learning(z)
    }
    var next = self
    for (l, pair) in zip(normalizations, seen).enumerated() {
      guard case (.batch(var own), .batch(let seen)) = pair else { continue }
      (own.mean, own.variance) = (seen.mean, seen.variance)
      next.normalizations[l] = .batch(own)
    }
    return next
  }
}

extension MultilayerNetwork: CustomStringConvertible {
  /// `30 → 16 relu → 8 relu → 1 sigmoid, dropout of 0.2, 641 weights and biases`.
  public var description: String {
    let inputs = layers.first.map { $0.weight.shape.rank == 2 ? "\($0.weight.shape[1])" : "?" } ?? "?"
    let output =
      switch task {
      case .binaryClassification: "sigmoid"
      case .classification: "softmax"
      case .regression: "linear"
      }
    let names = layers.dropLast().map(\.activation.description) + [output]
    let units = zip(layers, names).map { "\($0.bias.shape.count) \($1)" }
    let extras =
      (normalizations.first.map { ", \($0.kind) normalization" } ?? "")
      + (dropoutRate > 0 ? ", dropout of \(short(dropoutRate))" : "")
    let parameters = layers.tensors.reduce(0) { $0 + $1.tensor.shape.count }
    return ([inputs] + units).joined(separator: " → ") + extras + ", \(parameters) weights and biases"
  }
}
