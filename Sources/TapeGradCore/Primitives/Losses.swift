// Losses that need no rule of their own, and what all losses share: weights, and how the losses of the examples become one.

/// How the losses of single examples, or of single elements, become one.
public enum LossReduction: Sendable {
  /// Their mean; with weights, the weighted mean `Σ w·l / Σ w`.
  case mean
  /// Their sum, each times its weight.
  case sum
  /// Not at all: each loss times its weight.
  case none
}

extension Tensor {
  /// These losses, each times its weight, reduced. A loss of weight 0 is dropped, whatever it is.
  func reduced(_ reduction: LossReduction, weights: Tensor?) -> Tensor {
    let weights = weights?.broadcast(to: shape), losses = weights?.weighting(self) ?? self
    return switch reduction {
    case .mean: weights.map { losses.sum() / $0.sum() } ?? losses.mean()
    case .sum: losses.sum()
    case .none: losses
    }
  }

  /// These losses of examples, with the axis of the classes kept with length 1, reduced; the weights are without that axis.
  func reducedOverExamples(_ reduction: LossReduction, axis: Int, weights: Tensor?) -> Tensor {
    if weights == nil, reduction != .none { return reduced(reduction, weights: nil) }
    let examples = Shape((0..<shape.rank).filter { $0 != axis }.map { shape[$0] })
    return reshaped(to: examples).reduced(reduction, weights: weights)
  }

  /// Target distributions with a part of each spread evenly over the classes: `(1 − ε)·t + (ε/C)·Σ t`.
  func smoothed(_ part: Scalar, axis: Int) -> Tensor {
    guard part != 0, (0..<shape.rank).contains(axis) else { return self }
    let sum = sum(axis: axis, keepingDimensions: true)
    return (1 - part) * self + part / Scalar(Swift.max(shape[axis], 1)) * sum
  }
}

/// `(1/n)·Σ (y − t)²`, the mean over all n elements. Derivative `2(y − t)/n`. Shapes that differ give a failed tensor:
/// broadcast, (3, 1) and (3) would be nine differences.
///
/// Each loss counts times its weight; `weights` broadcast to the shape of the elements. A weight of 0 drops a loss.
public func meanSquaredError<S>(
  _ predictions: Tensor<S>, _ targets: Tensor<S>, weights: Tensor<S>? = nil, reduction: LossReduction = .mean
) -> Tensor<S> {
  square(predictions.applying(Subtract(), targets)).reduced(reduction, weights: weights)
}

/// `(1/n)·Σ |y − t|`. Derivative `sign(y − t)/n`, 0 where the two are equal. Shapes that differ give a failed tensor.
///
/// Each loss counts times its weight; `weights` broadcast to the shape of the elements. A weight of 0 drops a loss.
public func meanAbsoluteError<S>(
  _ predictions: Tensor<S>, _ targets: Tensor<S>, weights: Tensor<S>? = nil, reduction: LossReduction = .mean
) -> Tensor<S> {
  abs(predictions.applying(Subtract(), targets)).reduced(reduction, weights: weights)
}

/// Huber's loss of `d = y − t`: `½d²` where |d| ≤ δ, `δ(|d| − ½δ)` beyond; the mean over all elements. Derivative d, kept
/// within ±δ. Shapes that differ give a failed tensor.
///
/// Each loss counts times its weight; `weights` broadcast to the shape of the elements. A weight of 0 drops a loss.
public func huberLoss<S>(
  _ predictions: Tensor<S>, _ targets: Tensor<S>, delta: S = 1, weights: Tensor<S>? = nil,
  reduction: LossReduction = .mean
) -> Tensor<S> {
  let distance = abs(predictions.applying(Subtract(), targets)), near = distance.clamped(to: ...delta)
  return (0.5 * square(near) + delta * (distance - near)).reduced(reduction, weights: weights)
}

/// `max(0, 1 − t·s)` of scores s and labels t, which are 1 or −1; the mean over all elements. Derivative −t where
/// `t·s < 1`, 0 elsewhere, at the kink too. Shapes that differ give a failed tensor.
///
/// Each loss counts times its weight; `weights` broadcast to the shape of the elements. A weight of 0 drops a loss.
public func hingeLoss<S>(
  _ scores: Tensor<S>, _ labels: Tensor<S>, weights: Tensor<S>? = nil, reduction: LossReduction = .mean
) -> Tensor<S> {
  relu(1 - scores.applying(Multiply(), labels)).reduced(reduction, weights: weights)
}

/// The Kullback–Leibler divergence `Σ t·(ln t − ln p)` of probabilities p from target distributions t, along an axis (by
/// default the first: examples are columns); the mean over the examples. A target of 0 drops its term.
///
/// Derivatives `−t/p` and `ln t − ln p + 1`. Where a target is not 0 and its probability is, the divergence is ∞. Shapes that
/// differ give a failed tensor.
///
/// Each loss counts times its weight, one for each example. A weight of 0 drops a loss.
public func kullbackLeibler<S>(
  _ targets: Tensor<S>, _ probabilities: Tensor<S>, axis: Int = 0, weights: Tensor<S>? = nil,
  reduction: LossReduction = .mean
) -> Tensor<S> {
  let axis = targets.shape.resolved(axis)
  let terms = targets.weighting(log(targets).applying(Subtract(), log(probabilities)))
  return terms.sum(axis: axis, keepingDimensions: true).reducedOverExamples(reduction, axis: axis, weights: weights)
}

/// The negative logarithm of the probability of each example's class, from log-probabilities (C, m), as ``logSoftmax(_:axis:)``
/// gives them, and a label below C for each of the m columns; or (C) and one label. The mean over the examples.
///
/// Derivative −1/m at the label, 0 elsewhere. A label that is not a class gives a failed tensor.
///
/// Each loss counts times its weight, one for each example; `weights: classWeights.gathered(labels)` weighs by class.
/// Examples whose label is `ignored`, which need not be a class, are left out, of the mean's count too.
public func negativeLogLikelihood<S>(
  logProbabilities: Tensor<S>, labels: Labels, ignoring ignored: Int? = nil, weights: Tensor<S>? = nil,
  reduction: LossReduction = .mean
) -> Tensor<S> {
  let targets = logProbabilities.targets(labels, ignoring: ignored)
  let losses = -targets.weighting(logProbabilities).sum(axis: 0, keepingDimensions: true)
  return losses.reducedOverExamples(
    reduction, axis: 0, weights: targets.exampleWeights(weights, ignoring: ignored))
}

extension Tensor {
  /// The targets that labels stand for, in the shape of these logits: (C, m) or (C).
  func targets(_ labels: Labels, ignoring ignored: Int?) -> Tensor {
    let classes = shape.rank == 0 ? 0 : shape[0], labels: Tensor = labels.operand()
    guard shape.rank == 1 || shape.rank == 2, labels.shape.count * classes == shape.count else {
      let error = TensorError("\(labels.shape.count) labels for logits of shape \(shape)")
      return Tensor(failing: error, SoftmaxCrossEntropy(axis: 0), [self, labels])
    }
    return Tensor(1).applying(LabelTargets(classes: classes, ignored: ignored), labels).reshaped(to: shape)
  }

  /// Weights of the examples with these targets: 0 for those whose label is ignored.
  func exampleWeights(_ weights: Tensor?, ignoring ignored: Int?) -> Tensor? {
    if ignored == nil { return weights }
    let isCounted = sum(axis: 0)
    return weights.map { $0 * isCounted } ?? isCounted
  }
}
