// Means and maxima; sums stand beside broadcasting, whose transpose they are.

/// `y = (1/n)·Σ x` over the axes along which the target is shorter; an empty mean is NaN.
struct Mean: Linear {
  static let name = "mean"
  let target: Shape

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try target.validated(asReductionOf: operands[0])
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0).sum(to: target) / S(count(operands.shape(0)))
  }

  /// `x̄ = ȳ/n`, in every element.
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> {
    cotangent.applying(PerElement(count: count(operandShape))).broadcast(to: operandShape)
  }

  /// `(1/n)·Σ x`.
  func formula(_ x: [Formula], shapes: [Shape]) -> Formula {
    1 / .count(count(shapes[0])) * .reduction(Sum(target: target), x[0], over: shapes[0].axes(foldedTo: target))
  }

  private func count(_ shape: Shape) -> Int { target.count == 0 ? 0 : shape.count / target.count }
}

/// `y = x/n`, for a number of elements n.
struct PerElement: Linear {
  static let name = "perElement"
  let count: Int

  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { operands.array(0) / S(count) }
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S> { cotangent.applying(self) }
  func formula(_ x: [Formula]) -> Formula { x[0] / .count(count) }
}

/// `y = max x` over the axes along which the target is shorter; the cotangent is split evenly over ties.
struct Max: Primitive {
  static let name = "max"
  let target: Shape

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let shape = try target.validated(asReductionOf: operands[0])
    guard operands[0].count > 0 || target.count == 0 else { throw TensorError("an empty maximum has no value") }
    return shape
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0).maximum(to: target)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result y: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0]
    let isLargest = x .== y.broadcast(to: x.shape)
    let share = isLargest / isLargest.sum(to: target).broadcast(to: x.shape)
    return cotangent.broadcast(to: x.shape).chained(with: share)
  }

  func formula(_ x: [Formula], shapes: [Shape]) -> Formula {
    .reduction(self, x[0], over: shapes[0].axes(foldedTo: target))
  }
}

extension Tensor {
  /// The mean, over all elements or over `axes`, which vanish, or stay with length 1. An empty mean is NaN.
  /// Derivative `1/n`.
  public func mean(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(over: axes, keepingDimensions) { Mean(target: $0) }
  }

  /// The mean over one axis.
  public func mean(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    mean(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The largest element, over all or over `axes`, which vanish, or stay with length 1; NaN wins. The derivative is
  /// split evenly over ties. An empty maximum gives a failed tensor.
  public func max(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    reduced(over: axes, keepingDimensions) { Max(target: $0) }
  }

  /// The largest element along one axis.
  public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    max(axes: [axis], keepingDimensions: keepingDimensions)
  }
}
