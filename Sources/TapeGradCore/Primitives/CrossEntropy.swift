// Binary cross-entropy: −(1/m)·Σ (t·ln a + (1 − t)·ln(1 − a)).
//
// The notes derive ∂J/∂A2 = −(Y/A2 − (1 − Y)/(1 − A2))/m, and by the chain rule through the sigmoid
// ∂J/∂Z2 = (A2 − Y)/m. The naive chain of the two divides zero by zero where the sigmoid saturates. So the three forms
// here: on probabilities, on logits, and on probabilities that remember the logits they came from. Each gives one loss
// for every element; the mean stands outside.

/// `l = −(t·ln a + (1 − t)·ln(1 − a))` on probabilities that no sigmoid produced; logarithms are clamped to at least −100.
struct CrossEntropyOfProbabilities: SameShape, Checked {
  static let name = "binaryCrossEntropy"

  /// - Throws: `TensorError` where a probability or a label is outside [0, 1] or NaN.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let a = operands[0], t = operands[1]
    if let wrong = a.withUnsafeBufferPointer({ $0.first { !($0 >= 0 && $0 <= 1) } }) {
      throw TensorError(
        "\(wrong) is not a probability", suggestion: "pass logits to binaryCrossEntropy(logits:labels:)")
    }
    if let wrong = t.withUnsafeBufferPointer({ $0.first { !($0 >= 0 && $0 <= 1) } }) {
      throw TensorError("\(wrong) is not a label from 0 to 1: its cross-entropy would fall for ever")
    }
    var arrays = ArrayBackend<S>()
    return compute(checked: [a, t], on: &arrays)
  }

  /// NaN for what `evaluate` refuses.
  func compute<B: KernelBackend>(checked x: [B.Operand], on backend: inout B) -> B.Operand {
    let a = backend.map(.label, x[0]), t = backend.map(.label, x[1]), floor = backend.fill(-100, [], like: a)
    let isOne = backend.zip(.maximum, backend.map(.log, a), floor)
    let isZero = backend.zip(.maximum, backend.map(.log1p, backend.map(.negate, a)), floor)
    let sum = backend.zip(
      .add, backend.zip(.weight, t, isOne), backend.zip(.weight, backend.map(.complement, t, 1), isZero))
    return backend.map(.complement, sum, 0)
  }

  /// `ā = l̄·(−t/a + (1 − t)/(1 − a))`, the textbook rule, nowhere clamped: a label of 0 or 1 drops the other term, also
  /// where that is infinite; `t̄ = l̄·(ln(1 − a) − ln a)`, with the logarithms of the value.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let a = operands[0], t = operands[1]
    return cotangent.chained(
      with: i == 0
        ? (1 - t).weighting(1 / (1 - a)) - t.weighting(1 / a)
        : maximum(log1p(-a), Tensor(-100)) - maximum(log(a), Tensor(-100)))
  }

  func formula(_ x: [Formula]) -> Formula { .crossEntropy(probabilities: x[0], labels: x[1]) }
}

/// `l = t·softplus(−z) + (1 − t)·softplus(z)`: cross-entropy of the probability σ(z).
struct CrossEntropyOfLogits: BinaryKernel {
  static let name = "binaryCrossEntropyOfLogits", kernel = BinaryFunction.logitsCrossEntropy

  /// `z̄ = l̄·(σ(z) − t)`; `t̄ = −l̄·z`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let z = operands[0], t = operands[1]
    return cotangent.chained(with: i == 0 ? z.applying(SigmoidResidual(), t) : -z)
  }

  func formula(_ x: [Formula]) -> Formula {
    .crossEntropy(probabilities: .call(Sigmoid(), [x[0]]), labels: x[1])
  }
}

/// `l` as on logits, of operands (z, t, a) with `a = σ(z)`: the recognized pair of a sigmoid and its cross-entropy.
///
/// Value and cotangent go by the logits, exact at any logit. What the textbook rule gives for a is reported when
/// somebody asks for it, and not propagated: it would pass through the sigmoid a second time.
struct CrossEntropyOfSigmoid: BinaryKernel {
  static let name = "binaryCrossEntropy", kernel = BinaryFunction.logitsCrossEntropy
  static var derivativeRule: DerivativeRule { .reporting(2) }

  /// `z̄ = l̄·(σ(z) − t)`; `t̄ = −l̄·z`; reported: `ā = −l̄·(t/a − (1 − t)/(1 − a))`, with `1 − a` as σ(−z).
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let z = operands[0], t = operands[1], a = operands[2]
    switch i {
    case 0: return cotangent.chained(with: z.applying(SigmoidResidual(), t))
    case 1: return cotangent.chained(with: -z)
    default:
      let complement = (-z).applying(Sigmoid())
      return -cotangent.chained(with: t.weighting(1 / a) - (1 - t).weighting(1 / complement))
    }
  }

  func formula(_ x: [Formula]) -> Formula { .crossEntropy(probabilities: x[2], labels: x[1]) }
}

/// `r = σ(z) − t`, without cancellation where the two are close.
struct SigmoidResidual: BinaryKernel {
  static let name = "sigmoidResidual", kernel = BinaryFunction.sigmoidResidual

  /// `z̄ = r̄·σ′(z)`; `t̄ = −r̄`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    i == 0 ? cotangent.chained(with: operands[0].applying(SigmoidDerivative())) : -cotangent
  }

  func formula(_ x: [Formula]) -> Formula { .call(Sigmoid(), [x[0]]) - x[1] }
}

extension Formula {
  /// `−(t ⊙ ln a + (1 − t) ⊙ ln(1 − a))`.
  static func crossEntropy(probabilities a: Formula, labels t: Formula) -> Formula {
    -(t * .call(Log(), [a]) + (1 - t) * .call(Log(), [1 - a]))
  }
}

/// Binary cross-entropy `J = −(1/m)·Σ (t·ln a + (1 − t)·ln(1 − a))` of probabilities and labels, the mean over all
/// elements. Shapes that differ give a failed tensor. Labels may be soft (between 0 and 1); one outside [0, 1], whose
/// cross-entropy would fall for ever, makes the loss NaN, or gives a failed tensor where there are no logits.
///
/// Where `probabilities` come from `sigmoid`, straight or through changes of shape, recorded or not, value and derivative are computed from its
/// logits: `∂J/∂Z = (A − T)/m`, exact at any logit. (The study notes write `dZ2 = A2 − Y` per example, and put the 1/m
/// into dW and db.) Other probabilities go by the textbook's formulas: logarithms are clamped to at least −100, so
/// that the loss stays finite; `∂J/∂A = −(T/A − (1 − T)/(1 − A))/m` is not clamped: it is ∓∞ at 0 and 1 where the label says
/// otherwise. A probability outside [0, 1], or NaN, gives a failed tensor.
///
/// Each loss counts times its weight; `weights` broadcast to the shape of the elements. A weight of 0 drops a loss.
public func binaryCrossEntropy<S>(
  _ probabilities: Tensor<S>, _ labels: Tensor<S>, weights: Tensor<S>? = nil, reduction: LossReduction = .mean
) -> Tensor<S> {
  guard case .sigmoid(let output) = probabilities.value.content else {
    return probabilities.applying(CrossEntropyOfProbabilities(), labels).reduced(reduction, weights: weights)
  }
  let logits = Tensor<S>(output.logits)
  return logits.applying(CrossEntropyOfSigmoid(), [labels, probabilities]).reduced(reduction, weights: weights)
}

/// Binary cross-entropy of the probabilities `σ(logits)`, the mean over all elements. Shapes that differ give a
/// failed tensor, and a label outside [0, 1] NaN. `∂J/∂Z = (σ(Z) − T)/m`, without cancellation. A label of exactly 0 or 1 drops the other term even where it is
/// infinite.
///
/// Each loss counts times its weight; `weights` broadcast to the shape of the elements. A weight of 0 drops a loss.
/// `smoothing` is the part ε of each label that is spread over both classes: `(1 − ε)·t + ε/2`.
public func binaryCrossEntropy<S>(
  logits: Tensor<S>, labels: Tensor<S>, smoothing: S = 0, weights: Tensor<S>? = nil, reduction: LossReduction = .mean
) -> Tensor<S> {
  let labels = smoothing == 0 ? labels : (1 - smoothing) * labels + smoothing / 2
  return binaryCrossEntropies(logits: logits, labels: labels).reduced(reduction, weights: weights)
}

/// The cross-entropy of each element, whose mean `binaryCrossEntropy(logits:labels:)` is.
package func binaryCrossEntropies<S>(logits: Tensor<S>, labels: Tensor<S>) -> Tensor<S> {
  logits.applying(CrossEntropyOfLogits(), labels)
}
