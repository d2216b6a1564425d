// One index for each element, along an axis. Of x (2, 3), at indices (2, 1) along axis 1,
//
//   y (2, 1):   y[i, k] = x[i, indices[i, k]]
//   x̄ (2, 3):   zeros, to which ȳ[i, k] is added at [i, indices[i, k]]

/// For each element of the indices the element of x at that index along an axis, and at the same place otherwise.
struct TakeAlong: TakesIndices, Worded, CustomStringConvertible {
  static let name = "takeAlong"
  let axis: Int
  var word: ArrayWord { .takeAlong(axis: axis) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try operands[1].validated(alongside: operands[0], axis: axis)
  }

  /// - Throws: `TensorError` where an index is out of bounds.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let x = operands[0], shape = operands.values[1].pointee.shape
    let places = try operands.integers(1).places(shape, in: x.shape, axis: axis)
    return x.reshaped(to: [x.count]).gathered(places, axis: 0).reshaped(to: shape)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let indices = operands[1], transpose = AddAlong(axis: axis, length: operands.shape(0)[axis])
    return cotangent.placed { $0.applying(transpose, indices) }
  }

  var description: String { "takeAlong[axis \(axis)]" }
}

/// Zeros of length `length` along an axis, to which each element of x is added at its index.
struct AddAlong: TakesIndices, Worded, CustomStringConvertible {
  static let name = "addAlong"
  let axis: Int
  let length: Int
  var word: ArrayWord { .addAlong(axis: axis) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard operands[0] == operands[1] else {
      throw TensorError("indices of shape \(operands[1]) do not position elements of shape \(operands[0])")
    }
    return operands[0].replacing(axis: try operands[0].validated(axis: axis), with: length)
  }

  /// - Throws: `TensorError` where an index is out of bounds.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let x = operands[0], target = x.shape.replacing(axis: axis, with: length)
    let places = try operands.integers(1).places(x.shape, in: target, axis: axis)
    return x.reshaped(to: [x.count]).scatterAdded(places, axis: 0, length: target.count).reshaped(to: target)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    cotangent.applying(TakeAlong(axis: axis), operands[1])
  }

  var description: String { "addAlong[of \(length), axis \(axis)]" }
}

extension TakeAlong: MaskCarrying {
  func mask(_ x: [Value]) -> Value? { x[0].mask.map { apply(self, $0, x[1]) } }
}

extension AddAlong: MaskCarrying {
  func mask(_ x: [Value]) -> Value? { x[0].mask.map { apply(self, $0, x[1]) } }
}

extension Shape {
  /// This shape of indices, which agrees with that of the tensor off an axis.
  fileprivate func validated(alongside x: Shape, axis: Int) throws(TensorError) -> Shape {
    let axis = try x.validated(axis: axis)
    guard rank == x.rank, replacing(axis: axis, with: x[axis]) == x else {
      throw TensorError("indices of shape \(self) differ from shape \(x) off axis \(axis)")
    }
    return self
  }
}

extension [Int] {
  /// Where the elements lie that these indices of `shape` choose along an axis of a tensor.
  fileprivate func places(_ shape: Shape, in x: Shape, axis: Int) throws(TensorError) -> [Int] {
    let inner = shape.count(of: axis + 1..<shape.rank), plane = shape[axis] * inner, length = x[axis]
    return try validated(asIndicesBelow: length, axis: axis).enumerated().map { position, index in
      (position / plane * length + index) * inner + position % inner
    }
  }
}

extension Tensor {
  /// `y[i, k] = x[i, indices[i, k]]` along axis 1, and so along any axis: one index for each element of the result, in a shape
  /// that agrees with the tensor's off the axis. What `argMax` or a sort found, for example.
  ///
  /// The derivatives of what is chosen several times add up; what is not chosen gets exactly 0. An index out of bounds gives a
  /// failed tensor, or makes the program throw whose argument it was.
  public func taken(at indices: Indices, along axis: Int) -> Tensor {
    let primitive = TakeAlong(axis: shape.resolved(axis))
    return rearranged { apply(primitive, $0, indices.operand(as: Scalar.self).value) }
  }
}
