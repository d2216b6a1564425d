import TapeGradCore

/// The study notes' network with one hidden layer. Examples are columns:
/// ```
/// Z1 = W1·X + b1     (n_1, m)     X (n_x, m), W1 (n_1, n_x), b1 (n_1, 1)
/// A1 = g1(Z1)
/// Z2 = W2·A1 + b2    (n_2, m)     W2 (n_2, n_1), b2 (n_2, 1)
/// A2 = g2(Z2)
/// ```
/// g1 is the hidden activation; the task gives g2 and the loss J.
public struct TwoLayerNetwork<Scalar: TensorScalar>: TensorGroup {
  /// The hidden layer's weights, (n_1, n_x), and biases, (n_1, 1).
  public var W1, b1: Tensor<Scalar>
  /// The output layer's weights, (n_2, n_1), and biases, (n_2, 1).
  public var W2, b2: Tensor<Scalar>
  /// g1.
  public var hiddenActivation: Activation
  /// What the outputs are, and with it g2 and the loss.
  public var task: LearningTask

  /// A network with these parameters.
  public init(
    W1: Tensor<Scalar>, b1: Tensor<Scalar>, W2: Tensor<Scalar>, b2: Tensor<Scalar>,
    hiddenActivation: Activation = .relu, task: LearningTask = .binaryClassification
  ) {
    (self.W1, self.b1, self.W2, self.b2) = (W1, b1, W2, b2)
    self.hiddenActivation = hiddenActivation
    self.task = task
  }

  /// A network of `inputs` features, `hidden` hidden units and `outputs` output units, with random weights and biases
  /// of 0.
  public init(
    inputs: Int, hidden: Int, outputs: Int = 1, hiddenActivation: Activation = .relu,
    task: LearningTask = .binaryClassification, initializer: Initializer = .normal(),
    using generator: inout some RandomNumberGenerator
  ) {
    self.init(
      W1: initializer.weights(outputs: hidden, inputs: inputs, using: &generator), b1: .zeros([hidden, 1]),
      W2: initializer.weights(outputs: outputs, inputs: hidden, using: &generator), b2: .zeros([outputs, 1]),
      hiddenActivation: hiddenActivation, task: task)
  }

  /// Visits W1, b1, W2 and b2.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try visit("W1", &W1)
    try visit("b1", &b1)
    try visit("W2", &W2)
    try visit("b2", &b2)
  }

  /// The hidden activation, its slope bit by bit, and the task.
  public func hashConfiguration(into hasher: inout Hasher) {
    // A slope of 0 and one of −0 are equal, and give zeros of other signs: each needs a plan of its own.
    if case .leakyRelu(let slope) = hiddenActivation { hasher.combine(slope.bitPattern) }
    hasher.combine(hiddenActivation)
    hasher.combine(task)
  }

  /// The forward pass with everything in between, named as in the notes where a tape records it.
  ///
  /// Where an activation is the identity, its layer's `A` is the node `Z`, and has that name.
  public func forward(_ x: Tensor<Scalar>) -> TwoLayerActivations<Scalar> {
    let (Z1, A1) = scope("hidden layer", on: W1) {
      let Z1 = (matmul(W1, x) + b1).named("Z1")
      return (Z1, hiddenActivation == .identity ? Z1 : hiddenActivation(Z1).named("A1"))
    }
    let (Z2, A2) = scope("output layer", on: W2) {
      let Z2 = (matmul(W2, A1) + b2).named("Z2")
      return (Z2, task == .regression ? Z2 : task.outputs(of: Z2).named("A2"))
    }
    return TwoLayerActivations(Z1: Z1, A1: A1, Z2: Z2, A2: A2)
  }

  /// A2, (n_2, m): probabilities or numbers, by the task.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { forward(x).A2 }

  /// Z2, (n_2, m).
  public func logits(_ x: Tensor<Scalar>) -> Tensor<Scalar> { forward(x).Z2 }

  /// J: binary cross-entropy or mean squared error, a mean over all n_2·m elements of the labels (n_2, m); or the
  /// cross-entropy of classes, a mean over the m examples, which is computed from the logits.
  public func loss(_ x: Tensor<Scalar>, labels: Tensor<Scalar>) -> Tensor<Scalar> {
    let forward = forward(x)
    if task == .classification { return task.loss(logits: forward.Z2, labels: labels).named("J") }
    return task.loss(forward.A2, labels: labels).named("J")
  }
}

extension TwoLayerNetwork: Trainable {}

/// What a forward pass through a two-layer network computes on its way.
public struct TwoLayerActivations<Scalar: TensorScalar>: Sendable {
  /// `W1·X + b1` and `g1(Z1)`, (n_1, m).
  public let Z1, A1: Tensor<Scalar>
  /// `W2·A1 + b2` and `g2(Z2)`, (n_2, m).
  public let Z2, A2: Tensor<Scalar>
}
