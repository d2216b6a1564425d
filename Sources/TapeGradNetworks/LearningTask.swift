import TapeGradCore

/// What a network is trained for: what its output layer makes of the logits Z, and the loss that belongs to it.
public enum LearningTask: String, CaseIterable, Sendable {
  /// Yes or no: `A = σ(Z)`, with binary cross-entropy as the loss. Several outputs are as many questions, each answered by
  /// itself (multi-label classification).
  case binaryClassification
  /// Numbers: `A = Z`, with the mean squared error as the loss.
  case regression
  /// One of K classes: `A = softmax(Z)` over the K outputs of each example, with cross-entropy as the loss.
  case classification

  /// `A`, what the output layer makes of its logits: probabilities or numbers.
  public func outputs<S>(of logits: Tensor<S>) -> Tensor<S> {
    switch self {
    case .binaryClassification: sigmoid(logits)
    case .regression: logits
    case .classification: softmax(logits)
    }
  }

  /// `A` on arrays, for equations written by hand: logits (K, m).
  public func outputs<S>(of logits: NDArray<S>) -> NDArray<S> {
    switch self {
    case .binaryClassification: sigmoid(logits)
    case .regression: logits
    case .classification: exp(Self.logSoftmax(logits))
    }
  }

  /// `z − ln Σ eᶻ` of each column, with the largest logit taken out of the sum.
  static func logSoftmax<S>(_ logits: NDArray<S>) -> NDArray<S> {
    let row: Shape = [1, logits.shape[1]]
    let shifted = logits - logits.maximum(to: row)
    return shifted - log(exp(shifted).sum(to: row))
  }

  /// The loss of logits Z: a mean over all their elements, or over the examples where each belongs to one class.
  ///
  /// Labels have the logits' shape (K, m). Those of classes may be the numbers of the classes instead, (1, m); see
  /// ``oneHot(_:classes:)``. Labels of a shape that does not fit give a failed tensor.
  public func loss<S>(logits: Tensor<S>, labels: Tensor<S>) -> Tensor<S> {
    let targets = targets(labels, of: logits.shape)
    switch self {
    case .binaryClassification: return binaryCrossEntropy(logits: logits, labels: targets)
    case .regression: return meanSquaredError(logits, targets)
    case .classification: return softmaxCrossEntropy(logits: logits, targets: targets)
    }
  }

  /// The loss of each example, (1, m), whose mean over the examples `loss(logits:labels:)` is.
  func losses<S>(logits: Tensor<S>, labels: Tensor<S>) -> Tensor<S> {
    let targets = targets(labels, of: logits.shape)
    switch self {
    case .binaryClassification:
      return binaryCrossEntropies(logits: logits, labels: targets).mean(axis: 0, keepingDimensions: true)
    case .regression: return square(logits - targets).mean(axis: 0, keepingDimensions: true)
    case .classification: return softmaxCrossEntropies(logits: logits, targets: targets)
    }
  }

  /// The loss of outputs A, as `loss(logits:labels:)` has it. Labels that do not broadcast to the outputs' shape give a
  /// failed tensor.
  ///
  /// A sigmoid's loss is computed from its logits, which it remembers. A softmax does not: take the loss of the logits,
  /// since the logarithm of a probability that is rounded to 0 is −∞.
  public func loss<S>(_ outputs: Tensor<S>, labels: Tensor<S>) -> Tensor<S> {
    let targets = targets(labels, of: outputs.shape)
    switch self {
    case .binaryClassification: return binaryCrossEntropy(outputs, targets)
    case .regression: return meanSquaredError(outputs, targets)
    case .classification: return -select(targets .== 0, 0, targets * log(outputs)).sum(axis: 0).mean()
    }
  }

  /// Labels in the shape of the outputs. (Outputs (1, m) and labels (m, 1) would broadcast to (m, m) in the loss, and it
  /// would be a wrong number.)
  func targets<S>(_ labels: Tensor<S>, of shape: Shape) -> Tensor<S> {
    guard self == .classification, shape.rank == 2, labels.shape != shape else { return labels.broadcast(to: shape) }
    return oneHot(labels, classes: shape[0]).broadcast(to: shape)
  }
}

/// Targets (K, m) of labels (1, m) that are numbers of classes, from 0 to K − 1: 1 in the class's row, 0 elsewhere.
///
/// Made of comparisons, so that it can be part of a program. A label that is not such a number gives a column of NaN, and
/// with it the loss NaN.
public func oneHot<S>(_ labels: Tensor<S>, classes: Int) -> Tensor<S> {
  let numbers = Tensor((0..<max(classes, 0)).map { S($0) }, shape: [max(classes, 0), 1])
  let targets = labels .== numbers
  return select(targets.sum(axis: 0, keepingDimensions: true) .== 1, targets, .nan)
}
