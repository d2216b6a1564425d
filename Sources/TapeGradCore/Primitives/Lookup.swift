// Gathering at indices that a program's caller brings. Where the indices are known they are a parameter of `Gather`, which
// derivations print; here they are an operand, and checked whenever there are new ones.

/// The slices of x along an axis, at the indices in the second operand.
struct Lookup: TakesIndices, ChoosesByIndex, CustomStringConvertible {
  static let name = "gather"
  let axis: Int
  var choice: IndexedChoice { .gather(axis: axis) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    operands[0].replacing(axis: try operands[0].validated(axis: axis), with: operands[1].count)
  }

  /// - Throws: `TensorError` where an index is out of bounds.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let x = operands[0]
    return x.gathered(try operands.integers(1).validated(asIndicesBelow: x.shape[axis], axis: axis), axis: axis)
  }

  /// `x̄ = ` zeros, to which slice k of ȳ is added at index k.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let indices = operands[1], transpose = LookupTranspose(axis: axis, length: operands.shape(0)[axis])
    return cotangent.placed { $0.applying(transpose, indices) }
  }

  var description: String { "gather[axis \(axis)]" }
}

/// Zeros of length `length` along an axis, to which slice k of x is added at index k of the second operand.
struct LookupTranspose: TakesIndices, ChoosesByIndex, CustomStringConvertible {
  static let name = "scatterAdd"
  let axis: Int
  let length: Int
  var choice: IndexedChoice { .scatterAdd(axis: axis) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[0], axis = try x.validated(axis: axis)
    guard x[axis] == operands[1].count else {
      throw TensorError("\(operands[1].count) indices do not position \(x[axis]) slices")
    }
    return x.replacing(axis: axis, with: length)
  }

  /// - Throws: `TensorError` where an index is out of bounds.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let indices = try operands.integers(1).validated(asIndicesBelow: length, axis: axis)
    return operands[0].scatterAdded(indices, axis: axis, length: length)
  }

  /// `x̄ = ` the slices of ȳ at the indices.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    cotangent.applying(Lookup(axis: axis), operands[1])
  }

  var description: String { "scatterAdd[of \(length), axis \(axis)]" }
}

extension Tensor {
  /// The slices at `indices` along one axis (counted from the end if negative), in that order; the axis is replaced by those
  /// of the indices. Rows of an embedding, for example: `table.gathered(words)` of (V, d) at (n) is (n, d).
  ///
  /// The derivatives of repeated ones add up; what no index chooses gets exactly 0. An index that is out of bounds gives a
  /// failed tensor, or makes the program throw whose argument it was, and is named with its position.
  public func gathered(_ indices: Indices, axis: Int = 0) -> Tensor {
    let axis = shape.resolved(axis)
    let slices: Tensor
    if let integers = indices.known {
      slices = gathered(integers, axis: axis)
    } else {
      slices = rearranged { apply(Lookup(axis: axis), $0, indices.operand(as: Scalar.self).value) }
    }
    if indices.shape.rank == 1 || slices.value.content.error != nil { return slices }
    let dimensions = shape.dimensions
    return slices.reshaped(to: Shape(dimensions[..<axis] + indices.shape.dimensions + dimensions[(axis + 1)...]))
  }
}
