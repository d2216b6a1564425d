// An array's elements read with strides, and put back in the same way. Of x (3, 4), whose elements are 0 … 11,
//
//   what                  start   shape     strides
//   x backwards           11      12        −1
//   the diagonal          0       3         5
//   every second column   0       3, 2      4, 2
//   windows of two rows   0       2, 2, 4   4, 4, 1        row 1 is in both
//
// Reading is a copy. Its transpose adds what was read to where it was read from, in the order of reading.

extension NDArray {
  /// `y[i, j, …] = x[start + i·s₀ + j·s₁ + …]`, the elements of x counted in row-major order.
  /// Shape (3) from 0 with stride 4 is the diagonal of a matrix (3, 3).
  package func strided(shape: Shape, start: Int, strides: AxisVector<Int>) -> NDArray {
    NDArray.check(shape, start, strides, count: count)
    let y = NDArray(uninitialized: shape)
    if shape.count == 0 { return y }
    Kernels.copy(shape, Scalar.scalarType, bytes(at: start), strides: strides, to: y.bytes, strides: shape.strides)
    return y
  }

  /// Zeros of `target`, to which each element of this array is added where `strided` would read it from.
  /// Where places overlap they add up: windows (2, 2) of length 3, all ones, give [1, 2, 1].
  package func stridedSum(into target: Shape, start: Int, strides: AxisVector<Int>) -> NDArray {
    NDArray.check(shape, start, strides, count: target.count)
    let y = NDArray.zeros(target)
    if count == 0 { return y }
    let lengths = AxisVector<Int>(rank: shape.rank) { shape[$0] }
    switch Scalar.scalarType {
    case .float: add(bytes.as(Float.self), y.bytes(at: start).as(Float.self), lengths, shape.rank, strides)
    case .double: add(bytes.as(Double.self), y.bytes(at: start).as(Double.self), lengths, shape.rank, strides)
    }
    return y
  }

  private static func check(_ shape: Shape, _ start: Int, _ strides: AxisVector<Int>, count: Int) {
    guard shape.count == 0 || shape.reach(start: start, strides).isWithin(0..<count) else {
      fatalError("shape \(shape) reads beyond the \(count) elements of its array")
    }
  }
}

extension Shape {
  /// The places of the first and the last element that a reading with strides touches. (Of at least one element.)
  package func reach(start: Int, _ strides: AxisVector<Int>) -> ClosedRange<Int> {
    // Each axis moves the place by 0 … (length − 1)·stride, independently of the others.
    var (low, high) = (start, start)
    for axis in 0..<rank {
      let way = (self[axis] - 1) * strides[axis]
      if way < 0 { low += way } else { high += way }
    }
    return low...high
  }
}

extension ClosedRange<Int> {
  package func isWithin(_ range: Range<Int>) -> Bool { lowerBound >= range.lowerBound && upperBound < range.upperBound }
}

extension UnsafeMutableRawPointer {
  fileprivate func `as`<T>(_: T.Type) -> UnsafeMutablePointer<T> { assumingMemoryBound(to: T.self) }
}

/// Adds the elements of x, in order, to those of y.
@inline(__always)
private func add<T: BinaryFloatingPoint>(
  _ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>, _ lengths: AxisVector<Int>, _ rank: Int,
  _ strides: AxisVector<Int>
) {
  guard rank > 0 else {
    y[0] += x[0]
    return
  }
  // The last axis in an inner loop, which the compiler can vectorize; the others count like an odometer.
  let length = lengths[rank - 1], step = strides[rank - 1]
  // Invariant: `from` is how many elements of x are done, `to` is where the row with this index begins in y.
  var index = AxisVector<Int>(repeating: 0), from = 0, to = 0
  while true {
    if step == 1 {
      for i in 0..<length { y[to + i] += x[from + i] }
    } else {
      for i in 0..<length { y[to + i * step] += x[from + i] }
    }
    from += length
    var axis = rank - 2
    while axis >= 0 {
      // A wheel that is full goes back to 0, and moves the next one.
      index[axis] += 1
      to += strides[axis]
      if index[axis] < lengths[axis] { break }
      to -= index[axis] * strides[axis]
      index[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}
