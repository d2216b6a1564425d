extension NDArray {
  /// The same elements in another shape of as many elements; nothing is copied.
  public func reshaped(to shape: Shape) -> NDArray {
    guard shape.count == count, shape.defect == nil else { fatalError("shape \(self.shape) cannot be read as \(shape)") }
    return NDArray(buffer: buffer, shape: shape)
  }

  /// A copy read with other strides from an offset.
  private func copied(shape: Shape, strides: [Int], offset: Int = 0) -> NDArray {
    NDArray(shape: shape) { y in
      Kernels.copy(pointer + offset, strides: strides, to: y, strides: shape.strides, shape: shape)
    }
  }

  /// The axes in another order: axis `i` of the result is axis `order[i]` of this array.
  public func permuted(_ order: [Int]) -> NDArray {
    guard order.sorted() == Array(0..<shape.rank) else { fatalError("\(order) is no order of the axes of \(shape)") }
    let strides = shape.strides
    return copied(shape: Shape(order.map { shape[$0] }), strides: order.map { strides[$0] })
  }

  /// The last two axes exchanged.
  public var transposed: NDArray {
    var order = Array(0..<shape.rank)
    if shape.rank >= 2 { order.swapAt(shape.rank - 1, shape.rank - 2) }
    return permuted(order)
  }

  /// Stretched to a larger shape: axes of length 1 (and missing first axes) repeat.
  public func broadcast(to target: Shape) -> NDArray {
    if target == shape { return self }
    guard shape.broadcasts(to: target) else { fatalError("shape \(shape) does not broadcast to \(target)") }
    return copied(shape: target, strides: shape.strides(broadcastTo: target))
  }

  /// The elements with indices in `range` along one axis.
  public func sliced(_ range: Range<Int>, axis: Int = 0) -> NDArray {
    guard axis < shape.rank, range.lowerBound >= 0, range.upperBound <= shape[axis] else {
      fatalError("\(range) is out of bounds along axis \(axis) of shape \(shape)")
    }
    let strides = shape.strides
    return copied(
      shape: shape.replacing(axis: axis, with: range.count), strides: strides,
      offset: range.lowerBound * strides[axis])
  }

  /// The block with indices in `ranges`, one range for each of the first axes.
  public subscript(ranges: Range<Int>...) -> NDArray {
    ranges.enumerated().reduce(self) { $0.sliced($1.element, axis: $1.offset) }
  }

  /// Zeros of length `length` along one axis, with this array from index `start` on.
  public func padded(axis: Int, start: Int, length: Int) -> NDArray {
    guard start >= 0, start + shape[axis] <= length else { fatalError("shape \(shape) does not fit at \(start)") }
    let target = shape.replacing(axis: axis, with: length)
    return NDArray(shape: target) { y in
      Kernels.fill(0, y, target.count, Scalar.self)
      let strides = target.strides
      Kernels.copy(pointer, strides: shape.strides, to: y + start * strides[axis], strides: strides, shape: shape)
    }
  }

  /// Arrays one after the other along an axis.
  public static func concatenated(_ parts: [NDArray], axis: Int) -> NDArray {
    guard let first = parts.first else { fatalError("nothing to concatenate") }
    let target = first.shape.replacing(axis: axis, with: parts.reduce(0) { $0 + $1.shape[axis] })
    return NDArray(shape: target) { y in
      var start = 0
      let strides = target.strides
      for part in parts {
        Kernels.copy(
          part.pointer, strides: part.shape.strides, to: y + start * strides[axis], strides: strides, shape: part.shape)
        start += part.shape[axis]
      }
    }
  }

  /// The slices at `indices` along an axis, in that order.
  public func gathered(_ indices: [Int], axis: Int) -> NDArray {
    let target = shape.replacing(axis: axis, with: indices.count)
    let outer = shape.count(of: 0..<axis), inner = shape.count(of: axis + 1..<shape.rank), length = shape[axis]
    return NDArray(shape: target) { y in
      for o in 0..<outer {
        for (k, index) in indices.enumerated() {
          (y + (o * indices.count + k) * inner).update(from: pointer + (o * length + index) * inner, count: inner)
        }
      }
    }
  }

  /// Zeros of length `length` along an axis, to which slice `k` of this array is added at `indices[k]`: the transpose
  /// of gathering.
  public func scatterAdded(_ indices: [Int], axis: Int, length: Int) -> NDArray {
    let target = shape.replacing(axis: axis, with: length)
    let outer = shape.count(of: 0..<axis), inner = shape.count(of: axis + 1..<shape.rank)
    return NDArray(shape: target) { y in
      Kernels.fill(0, y, target.count, Scalar.self)
      for o in 0..<outer {
        for (k, index) in indices.enumerated() {
          let sum = y + (o * length + index) * inner
          Kernels.binary(
            .add, UnsafePointer(sum), (0, 1), pointer + (o * indices.count + k) * inner, (0, 1), sum,
            rows: 1, columns: inner)
        }
      }
    }
  }
}
