import TapeGradCore

/// What a network is trained for: the output activation and the loss that belong together.
public enum LearningTask: String, CaseIterable, Sendable {
  /// Probabilities: `A = σ(Z)`, with binary cross-entropy as the loss.
  case binaryClassification
  /// Numbers: `A = Z`, with the mean squared error as the loss.
  case regression

  /// What the output layer applies to its logits.
  public var outputActivation: Activation {
    switch self {
    case .binaryClassification: .sigmoid
    case .regression: .identity
    }
  }

  /// The loss of outputs, a mean over all their elements. Labels that do not stretch to the outputs' shape give a failed
  /// tensor.
  public func loss<S>(_ outputs: Tensor<S>, labels: Tensor<S>) -> Tensor<S> {
    // Outputs (1, m) and labels (m, 1) would broadcast to (m, m), and the loss would be a wrong number.
    let labels = labels.broadcast(to: outputs.shape)
    switch self {
    case .binaryClassification: return binaryCrossEntropy(outputs, labels)
    case .regression: return meanSquaredError(outputs, labels)
    }
  }
}
