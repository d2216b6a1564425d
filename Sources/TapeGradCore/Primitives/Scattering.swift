// Slices put into a tensor, at indices along an axis: added, or in the place of what stood there.
//
//   x [1, 2, 3, 4], updates [10, 20, 30] at [1, 3, 1]
//
//   scatterAdded   [1, 42, 3, 24]     x̄ = ȳ                         updates: ȳ at the indices
//   scattered      [1, 30, 3, 20]     x̄ = ȳ, 0 where replaced       updates: ȳ at the indices; 0 for 10, which 30 replaced

/// x, with slice k of the second operand in the place of the slice at index k of the third; the last one stays.
struct Replace: TakesIndices, Worded, CustomStringConvertible {
  static let name = "scatter"
  let axis: Int
  var word: ArrayWord { .replace(axis: axis) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let x = operands[0], axis = try x.validated(axis: axis)
    guard operands[1] == x.replacing(axis: axis, with: operands[2].count) else {
      throw TensorError("updates of shape \(operands[1]) are not \(operands[2].count) slices along axis \(axis)")
    }
    return x
  }

  /// - Throws: `TensorError` where an index is out of bounds.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let x = operands[0], length = x.shape[axis]
    let indices = try operands.integers(2).validated(asIndicesBelow: length, axis: axis)
    // The slices of x and behind them the updates, of which one is chosen for each index.
    var sources = Array(0..<length)
    for (k, index) in indices.enumerated() { sources[index] = length + k }
    return NDArray.concatenated([x, operands[1]], axis: axis).gathered(sources, axis: axis)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let indices = operands[2], shape = operands.shape(0)
    if i == 0 {
      // Where the ones of x are still there.
      let stays = Tensor<S>.ones(shape).applying(self, [.zeros(operands.shape(1)), indices])
      return select(stays, cotangent, Tensor.unused(shape))
    }
    let slices = cotangent.applying(Lookup(axis: axis), indices)
    let isLast = Tensor<S>(1).applying(LastOccurrence(count: shape[axis]), indices)
    let wide = Shape(rank: shape.rank) { $0 == axis ? operands.shape(1)[axis] : 1 }
    let mask = isLast.reshaped(to: wide).broadcast(to: operands.shape(1))
    return select(mask, slices, Tensor.unused(operands.shape(1)))
  }

  var description: String { "scatter[axis \(axis)]" }
}

/// The number x for each index that does not come again behind, 0 for the others.
struct LastOccurrence: TakesIndices, Worded {
  static let name = "lastOccurrence"
  static var derivativeRule: DerivativeRule { .zero }
  /// How many different indices there are.
  let count: Int
  var word: ArrayWord { .lastOccurrence(count: count) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { Shape([operands[1].count]) }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let indices = try operands.integers(1).validated(asIndicesBelow: count, axis: 0)
    var comesAgain = [Bool](repeating: false, count: count)
    var marks = [S](repeating: 0, count: indices.count)
    for (k, index) in indices.enumerated().reversed() where !comesAgain[index] {
      comesAgain[index] = true
      marks[k] = operands[0].scalars[0]
    }
    return NDArray(marks)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    .zeros(operands.shape(i))
  }
}

extension Tensor {
  /// The tensor, to which slice k of `updates` is added at `indices[k]` along an axis; those at one index add up.
  ///
  /// An index out of bounds gives a failed tensor, or makes the program throw whose argument it was.
  public func scatterAdded(_ updates: Tensor, at indices: Indices, axis: Int = 0) -> Tensor {
    attempt("scatterAdd", with: [updates]) { () throws(TensorError) in
      let axis = try shape.existing(axis)
      guard updates.shape == shape.replacing(axis: axis, with: indices.shape.count) else {
        throw TensorError("the updates are not \(indices.shape.count) slices along axis \(axis)")
      }
      return self + updates.applying(LookupTranspose(axis: axis, length: shape[axis]), indices.operand())
    }
  }

  /// The tensor, with slice k of `updates` in the place of the slice at `indices[k]` along an axis. Of several at one index the
  /// last one stays, and the derivative by the others is 0, as it is by what was replaced.
  ///
  /// An index out of bounds gives a failed tensor, or makes the program throw whose argument it was.
  public func scattered(_ updates: Tensor, at indices: Indices, axis: Int = 0) -> Tensor {
    applying(Replace(axis: shape.resolved(axis)), [updates, indices.operand()])
  }
}
