import TapeGradCore

/// The study notes' equations for a two-layer network, forward and backward, written by hand on arrays: no tape.
///
/// `J = (1/m)·Σ L` is the mean over the m examples of each one's loss, and L the mean over its n_2 outputs. As in the
/// notes, dZ and dA are derivatives of L, one column for each example, and the 1/m stands in dW and db:
///
///     dZ = m·∂J/∂Z,   dA = m·∂J/∂A,   dW = ∂J/∂W,   db = ∂J/∂b
///
/// The notes have n_2 = 1; for more outputs, dA2 and dZ2 carry the 1/n_2 of L. Where each example belongs to one of n_2
/// classes, labels are one-hot columns, L is their one cross-entropy with a2 = softmax(z2), and `dZ2 = A2 − Y` again. Two things are written so that they keep
/// their numbers where the sigmoid saturates: J is computed from the logits, since the notes' log(a2) would be −∞; and
/// `1 − a2` in dA2 as σ(−z2). `dZ2 = A2 − Y` and the
/// activations' derivatives are written as in the notes, and lose their last digits there.
public struct TwoLayerEquations<Scalar: TensorScalar>: Sendable {
  /// The hidden layer's values, (n_1, m).
  public let Z1, A1: NDArray<Scalar>
  /// The output layer's values, (n_2, m).
  public let Z2, A2: NDArray<Scalar>
  /// The loss.
  public let J: Scalar
  /// The output layer's derivatives, each in the shape of the thing itself.
  public let dA2, dZ2, dW2, db2: NDArray<Scalar>
  /// The hidden layer's derivatives, each in the shape of the thing itself.
  public let dA1, dZ1, dW1, db1: NDArray<Scalar>

  /// Computes the equations for a network, data x (n_x, m) and labels (n_2, m).
  ///
  /// - Throws: `TensorError` where shapes do not fit or a tensor has no numbers.
  public init(
    _ network: TwoLayerNetwork<Scalar>, _ x: Tensor<Scalar>, labels: Tensor<Scalar>
  ) throws(TensorError) {
    try network.loss(x, labels: labels).validated()  // arrays stop the process where shapes do not fit
    let (W1, b1, W2, b2) = (try network.W1.array, try network.b1.array, try network.W2.array, try network.b2.array)
    let g1 = network.hiddenActivation
    let X = try x.array
    let m = Scalar(x.shape[1])

    // Forward propagation
    Z1 = matmul(W1, X) + b1
    A1 = g1(Z1)
    Z2 = matmul(W2, A1) + b2
    A2 = network.task.outputs(of: Z2)

    // The loss, and its derivative at the output
    let Y = try network.task.targets(labels, of: A2.shape).array
    let n2 = Scalar(A2.shape[0])
    let losses: NDArray<Scalar>  // one for each element, or for each example
    switch network.task {
    case .binaryClassification:
      losses = logitsCrossEntropy(Z2, labels: Y)  // −(y·log(a2) + (1 − y)·log(1 − a2))
      dA2 = -(Y.weighting(1 / A2) - (1 - Y).weighting(1 / sigmoid(-Z2))) / n2
      dZ2 = (A2 - Y) / n2
    case .regression:
      losses = square(A2 - Y)
      dA2 = 2 * (A2 - Y) / n2
      dZ2 = dA2
    case .classification:
      losses = -Y.weighting(LearningTask.logSoftmax(Z2)).sum(to: [1, x.shape[1]])  // −Σ y·log(a2)
      dA2 = -Y.weighting(1 / A2)
      dZ2 = A2 - Y
    }
    J = losses.sum().scalars[0] / Scalar(losses.count)

    // Backward propagation
    dW2 = matmul(dZ2, A1.transposed) / m
    db2 = dZ2.sum(to: b2.shape) / m

    dA1 = matmul(W2.transposed, dZ2)
    dZ1 = dA1 * g1.derivative(at: Z1, value: A1)
    dW1 = matmul(dZ1, X.transposed) / m
    db1 = dZ1.sum(to: b1.shape) / m
  }
}

extension TwoLayerEquations {
  /// `∂J` by each named node of ``TwoLayerNetwork/forward(_:)``, in the tape's convention: dA and dZ divided by m.
  ///
  /// The tape takes the loss of classes from Z2: A2 then stands beside the way to J, and its cotangent there is 0.
  public var cotangents: [String: Tensor<Scalar>] {
    let m = Scalar(A2.shape[1])
    return [
      "A2": dA2 / m, "Z2": dZ2 / m, "W2": dW2, "b2": db2,
      "A1": dA1 / m, "Z1": dZ1 / m, "W1": dW1, "b1": db1,
    ].mapValues { Tensor($0) }
  }
}
