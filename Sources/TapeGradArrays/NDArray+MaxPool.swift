// The maximum of what a window sees of each image, and its derivative. Down first, a whole row of maxima at a time, then along:
//
//   x  1 5 2 0        window 2 × 2, stride 2        down   4 5 6 0        along   5 6
//      4 3 6 0
//
// The derivative of a maximum goes to the element that it is, in equal parts where there are several.
//
// Where two elements tie, each gets half. For one window that sees all of x, whose maximum y has the cotangent z = 6:
//
//   x  3 1    spread   3 0        u  2 9    collect   (2 + 4)/2 = 3
//      3 0             3 0           4 9
//
// Spreading and collecting are each other's transposes, so the second derivative needs no third function.

/// How a window of images (N, C, H, W) moves, outside of which nothing is seen.
package struct Pooling: Hashable, Sendable {
  /// The shapes of x and of the maxima: (N, C, H, W) and (N, C, H′, W′).
  package let images, results: Shape
  /// The window's rows and columns, by how much it moves, and how far it may begin outside of the image.
  package let window, stride, padding: ConvolutionGeometry.Pair

  package init(
    _ images: Shape, _ results: Shape, window: ConvolutionGeometry.Pair, stride: ConvolutionGeometry.Pair,
    padding: ConvolutionGeometry.Pair
  ) {
    (self.images, self.results, self.window, self.stride, self.padding) = (images, results, window, stride, padding)
  }

  /// How many images of one channel there are.
  fileprivate var planes: Int { images[0] * images[1] }

  /// The rows of an image that a row of places sees: those inside.
  @inline(__always) fileprivate func rows(_ row: Int) -> Range<Int> {
    let start = row * stride.rows - padding.rows
    return Swift.max(start, 0)..<Swift.min(start + window.rows, images[2])
  }

  /// The columns that a column of places sees.
  @inline(__always) fileprivate func columns(_ column: Int) -> Range<Int> {
    let start = column * stride.columns - padding.columns
    return Swift.max(start, 0)..<Swift.min(start + window.columns, images[3])
  }
}

extension NDArray {
  /// The largest element of each window; NaN wins.
  package func maxPooled(_ pooling: Pooling) -> NDArray {
    let y = NDArray(uninitialized: pooling.results), type = Scalar.scalarType, width = shape[3]
    // One row of an image: the maxima of its columns over the rows seen so far.
    let line = NDArray(uninitialized: [width])
    for plane in 0..<pooling.planes {
      for row in 0..<pooling.results[2] {
        let rows = pooling.rows(row)
        // A window of one row needs no maximum downward: `seen` is then the image itself, which is only read.
        var seen = bytes(at: (plane * shape[2] + rows.lowerBound) * width)
        for next in rows.dropFirst() {
          let other = bytes(at: (plane * shape[2] + next) * width)
          Kernels.binary(.maximum, type, seen, (0, 1), other, (0, 1), line.bytes, rows: 1, columns: width)
          seen = line.bytes
        }
        let result = y.bytes(at: (plane * pooling.results[2] + row) * pooling.results[3])
        switch type {
        case .float: along(seen.assumingMemoryBound(to: Float.self), result.assumingMemoryBound(to: Float.self))
        case .double: along(seen.assumingMemoryBound(to: Double.self), result.assumingMemoryBound(to: Double.self))
        }
      }
    }
    return y

    /// The maxima of windows along one row. A comparison with NaN is false, so NaN is asked for by name.
    @inline(__always) func along<T: BinaryFloatingPoint>(_ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>) {
      for column in 0..<pooling.results[3] {
        let columns = pooling.columns(column)
        var largest = x[columns.lowerBound]
        for i in columns.dropFirst() { largest = x[i] > largest || x[i].isNaN ? x[i] : largest }
        y[column] = largest
      }
    }
  }

  /// Zeros, to which each of these cotangents of the largest elements of the windows of x is added where that element is.
  package func maxSpread(_ x: NDArray, _ pooling: Pooling) -> NDArray {
    // A place of x may lie in several windows; what it gets from each is added up.
    let result = NDArray.zeros(pooling.images), largest = x.maxPooled(pooling)
    switch Scalar.scalarType {
    case .float:
      spread(
        pointer(Float.self), x.pointer(Float.self), largest.pointer(Float.self), result.pointer(Float.self), pooling)
    case .double:
      spread(
        pointer(Double.self), x.pointer(Double.self), largest.pointer(Double.self), result.pointer(Double.self), pooling
      )
    }
    return result
  }

  /// For each window of x the number here where its largest element is; their mean where there are several.
  package func maxCollected(_ x: NDArray, _ pooling: Pooling) -> NDArray {
    let result = NDArray.zeros(pooling.results), largest = x.maxPooled(pooling)
    switch Scalar.scalarType {
    case .float:
      collect(
        pointer(Float.self), x.pointer(Float.self), largest.pointer(Float.self), result.pointer(Float.self), pooling)
    case .double:
      collect(
        pointer(Double.self), x.pointer(Double.self), largest.pointer(Double.self), result.pointer(Double.self), pooling
      )
    }
    return result
  }

  func pointer<T>(_: T.Type) -> UnsafeMutablePointer<T> { bytes.assumingMemoryBound(to: T.self) }
}

// Where the largest elements are is found down and along as well: of each column that a row of places sees its maximum v and how
// often it is there; then in which columns v is the maximum y of the window. `!(x < v)` is true of a NaN too.

/// Of some rows of an image the largest element of each column, and how many there are.
@inline(__always)
private func maxima<T: BinaryFloatingPoint>(
  _ x: UnsafeMutablePointer<T>, rows: Int, width: Int, _ largest: UnsafeMutablePointer<T>,
  _ counts: UnsafeMutablePointer<T>
) {
  largest.update(from: x, count: width)
  for i in 1..<max(rows, 1) {
    let row = x + i * width
    for c in 0..<width { largest[c] = row[c] > largest[c] || row[c].isNaN ? row[c] : largest[c] }
  }
  // A second pass over the rows, which are in the cache still: only now is it known what to count.
  counts.update(repeating: 0, count: width)
  for i in 0..<rows {
    let row = x + i * width
    for c in 0..<width { counts[c] += row[c] < largest[c] ? 0 : 1 }
  }
}

/// Calls `body` for each row of places: the rows that it sees, with the maxima of their columns and the counts of these.
@inline(__always)
private func forEachRow<T: BinaryFloatingPoint>(
  _ x: UnsafeMutablePointer<T>, _ pooling: Pooling, lines: Int,
  _ body: (_ image: Int, _ rows: Int, _ place: Int, _ line: UnsafeMutablePointer<T>) -> Void
) {
  // `line` holds `lines` rows of the image's width: maxima, their counts, and what the caller keeps for each column.
  let (height, width) = (pooling.images[2], pooling.images[3])
  withUnsafeTemporaryAllocation(of: T.self, capacity: Swift.max(lines * width, 1)) { memory in
    guard let line = memory.baseAddress else { return }
    line.initialize(repeating: 0, count: lines * width)
    for plane in 0..<pooling.planes {
      for row in 0..<pooling.results[2] {
        let rows = pooling.rows(row), image = (plane * height + rows.lowerBound) * width
        maxima(x + image, rows: rows.count, width: width, line, line + width)
        body(image, rows.count, (plane * pooling.results[2] + row) * pooling.results[3], line)
      }
    }
  }
}

/// Adds each cotangent z of a window's maximum y to the elements of x that are it. Each gets an equal share; a share is known
/// for whole columns first, and goes to the elements of a column that are its maximum.
@inline(__always)
private func spread<T: BinaryFloatingPoint>(
  _ z: UnsafeMutablePointer<T>, _ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>,
  _ result: UnsafeMutablePointer<T>, _ pooling: Pooling
) {
  let width = pooling.images[3]
  forEachRow(x, pooling, lines: 3) { image, rows, place, largest in
    // A column's share is summed over all windows of this row of places before its elements are visited once.
    let counts = largest + width, shares = counts + width
    shares.update(repeating: 0, count: width)
    for column in 0..<pooling.results[3] {
      let columns = pooling.columns(column), top = y[place + column]
      var count: T = 0
      for c in columns { count += largest[c] < top ? 0 : counts[c] }
      // Which element NaN came from is not known: all that the window sees get NaN.
      let share = top.isNaN ? .nan : z[place + column] / count
      for c in columns { shares[c] += largest[c] < top ? 0 : share }
    }
    for i in 0..<rows {
      let row = x + image + i * width, target = result + image + i * width
      for c in 0..<width { target[c] += row[c] < largest[c] && !shares[c].isNaN ? 0 : shares[c] }
    }
  }
}

/// For each window the mean of u where x has the window's maximum y: the transpose of `spread`, column by column too.
@inline(__always)
private func collect<T: BinaryFloatingPoint>(
  _ u: UnsafeMutablePointer<T>, _ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>,
  _ result: UnsafeMutablePointer<T>, _ pooling: Pooling
) {
  let width = pooling.images[3]
  forEachRow(x, pooling, lines: 3) { image, rows, place, largest in
    // Down each column first: the sum of u where x has the column's maximum. A window adds up the sums of its columns.
    let counts = largest + width, sums = counts + width
    sums.update(repeating: 0, count: width)
    for i in 0..<rows {
      let row = x + image + i * width, source = u + image + i * width
      for c in 0..<width { sums[c] += row[c] < largest[c] ? 0 : source[c] }
    }
    for column in 0..<pooling.results[3] {
      let columns = pooling.columns(column), top = y[place + column]
      var count: T = 0, sum: T = 0
      for c in columns {
        count += largest[c] < top ? 0 : counts[c]
        sum += largest[c] < top ? 0 : sums[c]
      }
      result[place + column] = top.isNaN ? .nan : sum / count
    }
  }
}
