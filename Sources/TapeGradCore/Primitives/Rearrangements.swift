// Elements repeated, moved along axes, or surrounded by others.
//
// All are made of reshapes and broadcasts, slices and joins, or views, each with its own transpose: the derivative of tiling is
// the sum over the tiles, that of rolling rolls back, that of padding slices.

extension Tensor {
  /// The whole tensor so many times along each of the last axes: [1, 2] tiled by [3] is [1, 2, 1, 2, 1, 2]. More counts than
  /// axes make new first axes. A negative count gives a failed tensor.
  public func tiled(_ counts: [Int]) -> Tensor {
    attempt("tile") { () throws(TensorError) in
      guard counts.allSatisfy({ $0 >= 0 }) else { throw TensorError("\(counts) has a negative count") }
      let missing = Swift.max(counts.count - shape.rank, 0)
      var y = missing == 0 ? self : reshaped(to: Shape([Int](repeating: 1, count: missing) + shape.dimensions))
      for (axis, count) in zip((y.shape.rank - counts.count)..., counts) where count != 1 {
        // [1, 2] is (1, 2): a new axis before the repeated one, broadcast to the count, and merged: (1, 3, 2) is 1 2 1 2 1 2.
        let (outer, length, inner) = y.shape.around(axis)
        y = y.reshaped(to: [outer, 1, length * inner]).broadcast(to: [outer, count, length * inner])
          .reshaped(to: y.shape.replacing(axis: axis, with: count * length))
      }
      return y
    }
  }

  /// Each element so many times along an axis: [1, 2] repeated 3 times is [1, 1, 1, 2, 2, 2]. A negative count gives a failed
  /// tensor.
  public func repeated(_ count: Int, axis: Int = 0) -> Tensor {
    attempt("repeat") { () throws(TensorError) in
      let axis = try shape.existing(axis)
      guard count >= 0 else { throw TensorError("\(count) is a negative count") }
      let (outer, length, inner) = shape.around(axis)
      // Here the new axis stands behind the repeated one: (2, 1), broadcast to (2, 3), is 1 1 1 2 2 2.
      return reshaped(to: [outer * length, 1, inner]).broadcast(to: [outer * length, count, inner])
        .reshaped(to: shape.replacing(axis: axis, with: count * length))
    }
  }

  /// Element i of an axis `counts[i]` times: [1, 2, 3] repeated [2, 0, 1] times is [1, 1, 3].
  public func repeated(_ counts: [Int], axis: Int = 0) -> Tensor {
    attempt("repeat") { () throws(TensorError) in
      let axis = try shape.existing(axis)
      guard counts.count == shape[axis], counts.allSatisfy({ $0 >= 0 }) else {
        throw TensorError("\(counts) does not say how often each of \(shape[axis]) slices is repeated")
      }
      return gathered(counts.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }, axis: axis)
    }
  }

  /// Every element `shift` places on along an axis, those that leave it at the end entering at the beginning: [1, 2, 3]
  /// rolled by 1 is [3, 1, 2].
  public func rolled(by shift: Int, axis: Int = 0) -> Tensor {
    attempt("roll") { () throws(TensorError) in
      let axis = try shape.existing(axis), length = shape[axis]
      if length == 0 { return self }
      // Where the result begins in x: by 1 of length 3 at element 2. Shifts of any size and sign are taken modulo the length.
      let start = ((-shift % length) + length) % length
      if start == 0 { return self }
      return concatenate([sliced(start..<length, axis: axis), sliced(0..<start, axis: axis)], axis: axis)
    }
  }

  /// The order of the elements reversed along an axis.
  public func flipped(axis: Int) -> Tensor { flipped(axes: [axis]) }

  /// The order of the elements reversed along several axes, or all.
  public func flipped(axes: [Int]? = nil) -> Tensor {
    attempt("flip") { () throws(TensorError) in
      let axes = try axes.map { (axes: [Int]) throws(TensorError) in try shape.existing(axes) } ?? Array(0..<shape.rank)
      if shape.count == 0 { return self }
      var strides = (0..<shape.rank).map { shape.strides[$0] }, start = 0
      for axis in axes {
        // From the last element of each axis backwards.
        start += (shape[axis] - 1) * strides[axis]
        strides[axis] = -strides[axis]
      }
      let word = "flip[axes \(axes.map(String.init).joined(separator: ", "))]"
      return rearranged(by: View(layout: StridedLayout(word, of: shape, shape, start: start, strides: strides)))
    }
  }

  /// With `before` and `after` elements of one value around those of an axis.
  public func padded(before: Int, after: Int, axis: Int, with value: Scalar = 0) -> Tensor {
    attempt("pad") { () throws(TensorError) in
      let axis = try shape.existing(axis)
      guard before >= 0, after >= 0 else { throw TensorError("\(before) before and \(after) behind: one is negative") }
      if before == 0, after == 0 { return self }
      // Zeros have a primitive of their own; other numbers are joined to both ends.
      if value == 0 { return applying(Pad(start: before, length: before + shape[axis] + after, axis: axis)) }
      let (first, last) = (shape.replacing(axis: axis, with: before), shape.replacing(axis: axis, with: after))
      return concatenate(
        [Tensor(repeating: value, shape: first), self, Tensor(repeating: value, shape: last)], axis: axis)
    }
  }

  /// With elements of one value around it: so many before and after those of each axis.
  public func padded(_ widths: [(before: Int, after: Int)], with value: Scalar = 0) -> Tensor {
    attempt("pad") { () throws(TensorError) in
      guard widths.count == shape.rank else {
        throw TensorError("\(widths.count) widths for a tensor of rank \(shape.rank)")
      }
      return widths.enumerated().reduce(self) { y, width in
        y.padded(before: width.element.before, after: width.element.after, axis: width.offset, with: value)
      }
    }
  }
}
