// Softmax and its logarithm along one axis.
//
// All three subtract the maximum first, which changes no result in exact numbers: e^(x−max) is at most 1, so nothing
// overflows, and one term is 1, so no sum is 0.
//
//   x = (1000, 1001)    e^x = (∞, ∞), ∞/∞;    after the maximum: (e⁻¹, 1)/(e⁻¹ + 1) = (0.269, 0.731)

/// An operation along one axis: printed with the axis, unless it is the first.
protocol AlongAxis: Computed, CustomStringConvertible {
  var axis: Int { get }
}

extension AlongAxis {
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    _ = try operands[0].validated(axis: axis)
    return operands[0]
  }

  var description: String { "\(Self.name)\(axis == 0 ? "" : "[axis \(axis)]")" }
}

/// `y = eˣ / Σ eˣ` along an axis.
struct Softmax: AlongAxis {
  static let name = "softmax"
  let axis: Int

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let shape = backend.shape(x[0]), kept = shape.replacing(axis: axis, with: 1)
    if shape.count == 0 { return x[0] }
    let e = backend.map(.exp, backend.zip(.subtract, x[0], backend.fold(.maximum, x[0], to: kept)))
    return backend.zip(.divide, e, backend.fold(.sum, e, to: kept))
  }

  /// `x̄ = y ⊙ (ȳ − Σ ȳ ⊙ y)`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result y: Tensor<S>
  ) -> Tensor<S> {
    // The mean of ȳ with the weights y. For y = (0.25, 0.75) and ȳ = (1, 0) it is 0.25, and x̄ = (0.1875, −0.1875).
    let mean = cotangent.chained(with: y).sum(axis: axis, keepingDimensions: true).broadcast(to: y.shape)
    return (cotangent - mean).chained(with: y)
  }
}

/// `y = ln Σ eˣ` along an axis, which is kept with length 1.
struct LogSumExp: AlongAxis {
  static let name = "logSumExp"
  let axis: Int

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    operands[0].replacing(axis: try operands[0].validated(axis: axis), with: 1)
  }

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let shape = backend.shape(x[0])
    if shape[axis] == 0 { return backend.fill(-.infinity, shape.replacing(axis: axis, with: 1), like: x[0]) }
    let (maximum, remainder) = backend.logSumExpParts(x[0], axis: axis)
    return backend.zip(.add, maximum, remainder)
  }

  /// `x̄ = ȳ ⊙ softmax x`; where y is ±∞, ȳ split evenly over the elements that are.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result y: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0], shape = operands.shape(0)
    // Where y is infinite, x − y would be ∞ − ∞. The inner `select` keeps such x out of the softmax, the outer one its result.
    let isFinite = (abs(y) .< .infinity).broadcast(to: shape)
    let isLargest = x .== y.broadcast(to: shape)
    let share = isLargest / isLargest.sum(axis: axis, keepingDimensions: true)
    return cotangent.broadcast(to: shape).chained(
      with: select(isFinite, softmax(select(isFinite, x, 0), axis: axis), share))
  }
}

/// `y = x − ln Σ eˣ` along an axis, without cancellation where one element outweighs the others.
struct LogSoftmax: AlongAxis {
  static let name = "logSoftmax"
  let axis: Int

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    if backend.shape(x[0]).count == 0 { return x[0] }
    let (maximum, remainder) = backend.logSumExpParts(x[0], axis: axis)
    return backend.zip(.subtract, backend.zip(.subtract, x[0], maximum), remainder)
  }

  /// `x̄ = ȳ − softmax x ⊙ Σ ȳ`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let y = softmax(operands[0], axis: axis)
    return cotangent - cotangent.sum(axis: axis, keepingDimensions: true).broadcast(to: y.shape).chained(with: y)
  }
}

/// `eˣ / Σ eˣ` along an axis (by default the first: examples are columns). Derivative `y ⊙ (ȳ − Σ ȳ ⊙ y)`.
public func softmax<S>(_ x: Tensor<S>, axis: Int = 0) -> Tensor<S> {
  x.applying(Softmax(axis: x.shape.resolved(axis)))
}

/// `x − ln Σ eˣ` along an axis (by default the first), accurate however one element outweighs the others.
public func logSoftmax<S>(_ x: Tensor<S>, axis: Int = 0) -> Tensor<S> {
  x.applying(LogSoftmax(axis: x.shape.resolved(axis)))
}

/// `ln Σ eˣ` along an axis (by default the first), which is removed, or kept with length 1. Derivative `softmax x`.
/// All −∞, or no element, gives −∞.
public func logSumExp<S>(_ x: Tensor<S>, axis: Int = 0, keepingDimensions: Bool = false) -> Tensor<S> {
  let axis = x.shape.resolved(axis)
  let y = x.applying(LogSumExp(axis: axis))
  if keepingDimensions || y.value.content.error != nil { return y }
  return y.reshaped(to: Shape((0..<x.shape.rank).filter { $0 != axis }.map { x.shape[$0] }))
}

/// `ln Σ eˣ` over several axes, or all (nil), which are removed, or kept with length 1. Derivative `eˣ / Σ eˣ`.
public func logSumExp<S>(_ x: Tensor<S>, axes: [Int]?, keepingDimensions: Bool = false) -> Tensor<S> {
  do throws(TensorError) {
    let shape = x.shape, (dropped, kept) = try shape.reduced(over: axes)
    let isFolded = { (axis: Int) in axes.map { $0.contains { shape.resolved($0) == axis } } ?? true }
    // ln Σ eˣ over axes 0 and 2 of (2, 3, 4) is that over the last axis of (3, 8).
    // The folded axes become one, behind the others.
    let order = (0..<shape.rank).filter { !isFolded($0) } + (0..<shape.rank).filter(isFolded)
    let count = order.filter(isFolded).reduce(1) { $0 * shape[$1] }
    let merged = x.permuted(order).reshaped(to: Shape(dropped.dimensions + [count]))
    return logSumExp(merged, axis: -1).reshaped(to: keepingDimensions ? kept : dropped)
  } catch {
    return Tensor(failing: error, LogSumExp(axis: 0), [x])
  }
}
