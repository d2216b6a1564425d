// Changes of shape, checked by `fatalError`. Tensors check shapes before, and become failed tensors instead.
//
// An array is always contiguous in row-major order, so all but `reshaped` copy. Each is a reading with other strides:
//
//   x (2, 3) = 0 1 2     strides (3, 1)
//              3 4 5
//   transposed (3, 2)    strides (1, 3)             0 3 1 4 2 5
//   sliced 1..<3 (2, 2)  strides (3, 1), offset 1   1 2 4 5
//   broadcast (2, 2, 3)  strides (0, 3, 1)          0 1 2 3 4 5 0 1 2 3 4 5

extension NDArray {
  /// The axis that `axis` names, counting from the end where it is negative.
  func existing(_ axis: Int) -> Int {
    guard let axis = shape.axis(axis) else { fatalError("shape \(shape) has no axis \(axis)") }
    return axis
  }

  /// The same elements in another shape of as many elements; nothing is copied.
  public func reshaped(to shape: Shape) -> NDArray {
    guard shape.count == count, shape.defect == nil else {
      fatalError("shape \(self.shape) cannot be read as \(shape)")
    }
    return shape == self.shape ? self : NDArray(storage: ArrayStorage(reading: storage, as: shape))
  }

  /// A copy read with other strides from an offset.
  /// `y[i, j, …] = x[offset + i·s₀ + j·s₁ + …]`, where no index leaves the array.
  private func copied(shape: Shape, strides: AxisVector<Int>, offset: Int = 0) -> NDArray {
    let y = NDArray(uninitialized: shape)
    Kernels.copy(shape, Scalar.scalarType, bytes(at: offset), strides: strides, to: y.bytes, strides: shape.strides)
    return y
  }

  /// Writes this array into a larger one that nobody else holds yet, from index `start` of an axis on.
  private func write(into y: NDArray, axis: Int, start: Int) {
    let strides = y.shape.strides
    Kernels.copy(
      shape, Scalar.scalarType, bytes, strides: shape.strides, to: y.bytes(at: start * strides[axis]), strides: strides)
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]` of this array.
  ///
  /// Shape (2, 3, 4) in the order [2, 0, 1] is (4, 2, 3), and `y[k, i, j] = x[i, j, k]`.
  public func permuted(_ order: [Int]) -> NDArray {
    guard order.sorted() == Array(0..<shape.rank) else {
      fatalError("\(order) is not an order of the axes of \(shape)")
    }
    let strides = shape.strides
    return copied(
      shape: Shape(rank: shape.rank) { shape[order[$0]] }, strides: AxisVector(rank: shape.rank) { strides[order[$0]] })
  }

  /// The last two axes exchanged; the array itself where it has fewer.
  public var transposed: NDArray {
    let rank = shape.rank
    if rank < 2 { return self }
    var strides = shape.strides
    (strides[rank - 2], strides[rank - 1]) = (strides[rank - 1], strides[rank - 2])
    return copied(
      shape: Shape(rank: rank) { shape[$0 < rank - 2 ? $0 : 2 * rank - 3 - $0] }, strides: strides)
  }

  /// Broadcast to a larger shape: axes of length 1 (and missing first axes) repeat.
  public func broadcast(to target: Shape) -> NDArray {
    if target == shape { return self }
    guard shape.broadcasts(to: target) else { fatalError("shape \(shape) does not broadcast to \(target)") }
    return copied(shape: target, strides: shape.strides(broadcastTo: target))
  }

  /// The elements with indices in `range` along one axis, which counts from the end where it is negative.
  public func sliced(_ range: Range<Int>, axis: Int = 0) -> NDArray {
    let axis = existing(axis)
    guard range.lowerBound >= 0, range.upperBound <= shape[axis] else {
      fatalError("\(range) is out of bounds along axis \(axis) of shape \(shape)")
    }
    let strides = shape.strides
    return copied(
      shape: shape.replacing(axis: axis, with: range.count), strides: strides, offset: range.lowerBound * strides[axis])
  }

  /// The block with indices in `ranges`, one range for each of the first axes.
  public subscript(ranges: Range<Int>...) -> NDArray {
    ranges.enumerated().reduce(self) { $0.sliced($1.element, axis: $1.offset) }
  }

  /// Zeros of length `length` along one axis, with this array from index `start` on: the transpose of slicing.
  ///
  /// `[7, 8]` from index 1 of length 4 is `[0, 7, 8, 0]`.
  public func padded(axis: Int, start: Int, length: Int) -> NDArray {
    let axis = existing(axis)
    guard start >= 0, start <= length - shape[axis] else {
      fatalError("shape \(shape) does not fit at index \(start) of length \(length) along axis \(axis)")
    }
    let y = NDArray.zeros(shape.replacing(axis: axis, with: length))
    write(into: y, axis: axis, start: start)
    return y
  }

  /// Arrays one after the other along an axis; their other axes agree.
  /// Each is written into its part of the result, whose strides are those of the whole.
  public static func concatenated(_ parts: [NDArray], axis: Int) -> NDArray {
    guard let first = parts.first else { fatalError("nothing to concatenate") }
    let axis = first.existing(axis)
    for part in parts {
      guard part.shape.rank == first.shape.rank,
        part.shape.replacing(axis: axis, with: first.shape[axis]) == first.shape
      else { fatalError("shapes \(first.shape) and \(part.shape) do not concatenate along axis \(axis)") }
    }
    let y = NDArray(
      uninitialized: first.shape.replacing(axis: axis, with: parts.reduce(0) { $0 + $1.shape[axis] }))
    var start = 0
    for part in parts {
      part.write(into: y, axis: axis, start: start)
      start += part.shape[axis]
    }
    return y
  }

  /// The slices at `indices` along an axis, in that order.
  /// An index may come twice: rows [1, 1, 0] of a matrix. A slice is `inner` contiguous elements for each index before the axis.
  public func gathered(_ indices: [Int], axis: Int) -> NDArray {
    let axis = existing(axis), length = shape[axis]
    NDArray.check(indices, length: length)
    let outer = shape.count(of: 0..<axis), inner = shape.count(of: axis + 1..<shape.rank)
    let y = NDArray(uninitialized: shape.replacing(axis: axis, with: indices.count))
    for o in 0..<outer {
      for (k, index) in indices.enumerated() {
        y.bytes(at: (o * indices.count + k) * inner).copyMemory(
          from: bytes(at: (o * length + index) * inner), byteCount: inner * MemoryLayout<Scalar>.stride)
      }
    }
    return y
  }

  /// Zeros of length `length` along an axis, to which slice `k` of this array is added at `indices[k]`, k ascending:
  /// the transpose of gathering.
  ///
  /// Rows a, b, c with the indices [1, 1, 0] give c, a + b.
  public func scatterAdded(_ indices: [Int], axis: Int, length: Int) -> NDArray {
    let axis = existing(axis)
    guard indices.count == shape[axis] else {
      fatalError("\(indices.count) indices for axis \(axis) of shape \(shape)")
    }
    NDArray.check(indices, length: length)
    let outer = shape.count(of: 0..<axis), inner = shape.count(of: axis + 1..<shape.rank)
    let y = NDArray.zeros(shape.replacing(axis: axis, with: length))
    for o in 0..<outer {
      for (k, index) in indices.enumerated() {
        let sum = y.bytes(at: (o * length + index) * inner), slice = bytes(at: (o * indices.count + k) * inner)
        Kernels.binary(.add, Scalar.scalarType, sum, (0, 1), slice, (0, 1), sum, rows: 1, columns: inner)
      }
    }
    return y
  }

  private static func check(_ indices: [Int], length: Int) {
    for index in indices where index < 0 || index >= length {
      fatalError("index \(index) is out of bounds along an axis of length \(length)")
    }
  }
}
