// Softmax and its logarithm along one axis.

/// `y = eˣ / Σ eˣ` along an axis.
struct Softmax: Primitive, CustomStringConvertible {
  static let name = "softmax"
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    _ = try operands[0].validated(axis: axis)
    return operands[0]
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    let x = operands.array(0)
    if x.count == 0 { return x }
    let kept = x.shape.replacing(axis: axis, with: 1)
    let e = exp(x - x.maximum(to: kept))
    return e / e.sum(to: kept)
  }

  /// `x̄ = y ⊙ (ȳ − Σ ȳ ⊙ y)`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result y: Tensor<S>
  ) -> Tensor<S> {
    y * (cotangent - (cotangent * y).sum(axis: axis, keepingDimensions: true))
  }

  var description: String { "\(Self.name)\(axis == 0 ? "" : "[axis \(axis)]")" }
}

/// `y = ln Σ eˣ` along an axis, which stays with length 1.
struct LogSumExp: Primitive, CustomStringConvertible {
  static let name = "logSumExp"
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let axis = try operands[0].validated(axis: axis)
    guard operands[0][axis] > 0 else { throw TensorError("axis \(axis) is empty") }
    return operands[0].replacing(axis: axis, with: 1)
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    let (maximum, remainder) = operands.array(0).logSumExpParts(axis: axis)
    return maximum + remainder
  }

  /// `x̄ = ȳ ⊙ softmax x`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    cotangent.broadcast(to: operands.shape(0)).chained(with: softmax(operands[0], axis: axis))
  }

  var description: String { "\(Self.name)\(axis == 0 ? "" : "[axis \(axis)]")" }
}

/// `y = x − ln Σ eˣ` along an axis, without cancellation where one element outweighs the others.
struct LogSoftmax: Primitive, CustomStringConvertible {
  static let name = "logSoftmax"
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    _ = try operands[0].validated(axis: axis)
    return operands[0]
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    let x = operands.array(0)
    if x.count == 0 { return x }
    let (maximum, remainder) = x.logSumExpParts(axis: axis)
    return (x - maximum) - remainder
  }

  /// `x̄ = ȳ − softmax x ⊙ Σ ȳ`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    cotangent - softmax(operands[0], axis: axis) * cotangent.sum(axis: axis, keepingDimensions: true)
  }

  var description: String { "\(Self.name)\(axis == 0 ? "" : "[axis \(axis)]")" }
}

/// `eˣ / Σ eˣ` along an axis (by default the first: examples are columns). Derivative `y ⊙ (ȳ − Σ ȳ ⊙ y)`.
public func softmax<S>(_ x: Tensor<S>, axis: Int = 0) -> Tensor<S> {
  x.applying(Softmax(axis: x.shape.resolved(axis)))
}

/// `x − ln Σ eˣ` along an axis (by default the first), accurate however one element outweighs the others.
public func logSoftmax<S>(_ x: Tensor<S>, axis: Int = 0) -> Tensor<S> {
  x.applying(LogSoftmax(axis: x.shape.resolved(axis)))
}

/// `ln Σ eˣ` along an axis (by default the first), which vanishes, or stays with length 1. Derivative `softmax x`.
/// All −∞ gives −∞.
public func logSumExp<S>(_ x: Tensor<S>, axis: Int = 0, keepingDimensions: Bool = false) -> Tensor<S> {
  let axis = x.shape.resolved(axis)
  let y = x.applying(LogSumExp(axis: axis))
  if keepingDimensions || y.value.content.error != nil { return y }
  return y.reshaped(to: Shape((0..<x.shape.rank).filter { $0 != axis }.map { x.shape[$0] }))
}
