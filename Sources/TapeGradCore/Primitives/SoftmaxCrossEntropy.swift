/// `l = −Σ t·logSoftmax(z)` along an axis, which is kept with length 1; a weight t of 0 drops its term even where the
/// logarithm is −∞.
///
/// Three classes, the second one right: z = (1, 3, 0), t = (0, 1, 0), p = (0.114, 0.844, 0.042); l = −ln 0.844 = 0.170,
/// and z̄ = p − t = (0.114, −0.156, 0.042): push the right class up, the others down, by how wrong each was.
struct SoftmaxCrossEntropy: AlongAxis {
  static let name = "softmaxCrossEntropy"
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let axis = try operands[0].validated(axis: axis)
    guard operands[0] == operands[1] else { throw TensorError("shapes \(operands[0]) and \(operands[1]) differ") }
    guard operands[0][axis] > 0 else { throw TensorError("there are no classes along axis \(axis)") }
    return operands[0].replacing(axis: axis, with: 1)
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let logarithms = LogSoftmax(axis: axis).compute([x[0]], on: &backend)
    let kept = backend.shape(x[0]).replacing(axis: axis, with: 1)
    let terms = backend.zip(.weight, backend.map(.label, x[1]), logarithms)
    return backend.map(.complement, backend.fold(.sum, terms, to: kept), 0)
  }

  /// `z̄ = l̄·(p·Σt − t)` with `p = softmax(z)`; `t̄ = −l̄·ln p`.
  ///
  /// Where p is close to 1, `p − t` would cancel; `p·(Σt − t) − t·(1 − p)`, which is the same, does not, with `1 − p` as
  /// `−expm1(ln p)`. A row of targets that are all 0 is dropped, whatever its logits.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let z = operands[0], t = operands[1].applying(Label())
    let logarithms = logSoftmax(z, axis: axis), cotangent = cotangent.broadcast(to: z.shape)
    if i == 1 { return cotangent.chained(with: -logarithms) }
    let others = t.sum(axis: axis, keepingDimensions: true) - t
    return cotangent.chained(with: others.weighting(softmax(z, axis: axis)) + t.weighting(expm1(logarithms)))
  }
}

/// `y = t` where it lies in [0, 1], as a label does; NaN elsewhere, where a cross-entropy would fall for ever.
struct Label: Elementwise, UnaryKernel {
  static let name = "label", kernel = UnaryFunction.label
  func derivative<S: TensorScalar>(at t: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { y - t + 1 }
  func formula(_ x: [Formula]) -> Formula { x[0] }
}

/// Cross-entropy of `softmax(logits)` with target distributions, `−Σ t·ln softmax(z)` along an axis (by default the
/// first: examples are columns), the mean over the other axes.
///
/// Derivative `(softmax(z)·Σt − t)/m`. A target of 0 drops its term even where the logarithm is −∞; one outside [0, 1] makes
/// value and derivative NaN.
///
/// Each loss counts times its weight, one for each example. A weight of 0 drops a loss.
/// `smoothing` is the part ε of each distribution that is spread evenly over the C classes: `(1 − ε)·t + ε/C`.
public func softmaxCrossEntropy<S>(
  logits: Tensor<S>, targets: Tensor<S>, axis: Int = 0, smoothing: S = 0, weights: Tensor<S>? = nil,
  reduction: LossReduction = .mean
) -> Tensor<S> {
  let axis = logits.shape.resolved(axis)
  let targets = targets.shape == logits.shape ? targets.smoothed(smoothing, axis: axis) : targets
  return softmaxCrossEntropies(logits: logits, targets: targets, axis: axis)
    .reducedOverExamples(reduction, axis: axis, weights: weights)
}

/// The cross-entropy of each example, with the axis of the classes kept with length 1, whose mean
/// `softmaxCrossEntropy(logits:targets:axis:)` is.
package func softmaxCrossEntropies<S>(logits: Tensor<S>, targets: Tensor<S>, axis: Int = 0) -> Tensor<S> {
  logits.applying(SoftmaxCrossEntropy(axis: logits.shape.resolved(axis)), targets)
}

/// The targets that labels stand for: x where the class, along the new first axis, is the label; 0 elsewhere. In the scalar
/// type of x, which is the number 1.
struct LabelTargets: TakesIndices, ChoosesByIndex {
  static let name = "labelTargets"
  static var derivativeRule: DerivativeRule { .zero }
  let classes: Int
  /// Whose error it is where a label is not a class.
  var operation = SoftmaxCrossEntropy.name
  /// A label that stands for no class: all its targets are 0.
  var ignored: Int?
  var choice: IndexedChoice { .oneHot((0..<classes).map { $0 == ignored ? -1 : $0 }) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    Shape([classes] + operands[1].dimensions)
  }

  /// - Throws: `TensorError` where a label is not a class.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let labels = try operands.integers(1)
    if let position = labels.firstIndex(where: { $0 != ignored && ($0 < 0 || $0 >= classes) }) {
      throw TensorError("label \(labels[position]) at position \(position) is not one of the \(classes) classes")
        .within(operation: operation, operands: [])
    }
    let one = operands[0].scalars[0]
    return NDArray(shape: Shape([classes] + operands.values[1].pointee.shape.dimensions)) { targets in
      targets.initialize(repeating: 0, count: classes * labels.count)
      for (example, label) in labels.enumerated() where label != ignored {
        targets[label * labels.count + example] = one
      }
    }
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    .zeros(operands.shape(i))
  }
}

/// Cross-entropy of `softmax(logits)` with classes: logits (C, m), one label below C for each of the m columns; or
/// logits (C) and one label. The mean over the columns. A label that is not a class gives a failed tensor, or makes the
/// program throw whose argument it was, and is named with its position.
///
/// Each loss counts times its weight, one for each example; `weights: classWeights.gathered(labels)` weighs by class.
/// `smoothing` is the part ε of each target that is spread evenly over the C classes.
/// Examples whose label is `ignored`, which need not be a class, are left out, of the mean's count too.
public func softmaxCrossEntropy<S>(
  logits: Tensor<S>, labels: Labels, ignoring ignored: Int? = nil, smoothing: S = 0, weights: Tensor<S>? = nil,
  reduction: LossReduction = .mean
) -> Tensor<S> {
  let targets = logits.targets(labels, ignoring: ignored)
  return softmaxCrossEntropy(
    logits: logits, targets: targets, smoothing: smoothing,
    weights: targets.exampleWeights(weights, ignoring: ignored), reduction: reduction)
}

/// Cross-entropy of `softmax(logits)` with classes that are the same at every call of a program; see
/// `softmaxCrossEntropy(logits:labels:ignoring:smoothing:weights:reduction:)` of ``Labels``.
public func softmaxCrossEntropy<S>(
  logits: Tensor<S>, labels: [Int], ignoring ignored: Int? = nil, smoothing: S = 0, weights: Tensor<S>? = nil,
  reduction: LossReduction = .mean
) -> Tensor<S> {
  softmaxCrossEntropy(
    logits: logits, labels: Labels(labels), ignoring: ignored, smoothing: smoothing, weights: weights,
    reduction: reduction)
}
