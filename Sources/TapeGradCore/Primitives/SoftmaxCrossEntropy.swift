/// `l = −Σ t·logSoftmax(z)` along an axis, which stays with length 1; a weight t of 0 drops its term even where the
/// logarithm is −∞.
struct SoftmaxCrossEntropy: Primitive, CustomStringConvertible {
  static let name = "softmaxCrossEntropy"
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let axis = try operands[0].validated(axis: axis)
    guard operands[0] == operands[1] else { throw TensorError("shapes \(operands[0]) and \(operands[1]) differ") }
    guard operands[0][axis] > 0 else { throw TensorError("there are no classes along axis \(axis)") }
    return operands[0].replacing(axis: axis, with: 1)
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    let z = operands.array(0), t = operands.array(1)
    let (maximum, remainder) = z.logSumExpParts(axis: axis)
    return 0 - t.chained(with: (z - maximum) - remainder).sum(to: maximum.shape)
  }

  /// `z̄ = l̄·(softmax(z)·Σt − t)`; `t̄ = −l̄·logSoftmax(z)`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let z = operands[0], t = operands[1]
    let total = t.sum(axis: axis, keepingDimensions: true)
    return cotangent.broadcast(to: z.shape).chained(
      with: i == 0 ? softmax(z, axis: axis) * total - t : -logSoftmax(z, axis: axis))
  }

  var description: String { "\(Self.name)\(axis == 0 ? "" : "[axis \(axis)]")" }
}

/// Cross-entropy of `softmax(logits)` with target distributions, `−Σ t·ln softmax(z)` along an axis (by default the
/// first: examples are columns), the mean over the other axes.
///
/// Derivative `(softmax(z)·Σt − t)/m`. A target of 0 drops its term even where the logarithm is −∞.
public func softmaxCrossEntropy<S>(logits: Tensor<S>, targets: Tensor<S>, axis: Int = 0) -> Tensor<S> {
  logits.applying(SoftmaxCrossEntropy(axis: logits.shape.resolved(axis)), targets).mean()
}

/// Cross-entropy of `softmax(logits)` with classes: logits (C, m), one label below C for each of the m columns; or
/// logits (C) and one label. The mean over the columns. A label that is no class gives a failed tensor.
public func softmaxCrossEntropy<S>(logits: Tensor<S>, labels: [Int]) -> Tensor<S> {
  let shape = logits.shape
  let classes = shape.rank == 0 ? 0 : shape[0]
  let primitive = SoftmaxCrossEntropy(axis: 0)
  guard shape.rank == 1 || shape.rank == 2, labels.count * classes == shape.count else {
    return Tensor(failing: TensorError("\(labels.count) labels for logits of shape \(shape)"), primitive, [logits])
  }
  if let wrong = labels.first(where: { $0 < 0 || $0 >= classes }) {
    return Tensor(failing: TensorError("label \(wrong) is none of the \(classes) classes"), primitive, [logits])
  }
  var oneHot = [S](repeating: 0, count: shape.count)
  for (example, label) in labels.enumerated() { oneHot[label * labels.count + example] = 1 }
  return softmaxCrossEntropy(logits: logits, targets: Tensor(oneHot, shape: shape))
}
