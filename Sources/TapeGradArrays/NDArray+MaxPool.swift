// The maximum of what a window sees of each image, and its derivative. Down first, a whole row of maxima at a time, then along:
//
//   x  1 5 2 0        window 2 × 2, stride 2        down   4 5 6 0        along   5 6
//      4 3 6 0
//
// The derivative of a maximum goes to the element that it is, in equal parts where there are several. Which these are is a mask
// of the window's places.

/// How a window of images (N, C, H, W) moves, outside of which nothing is seen.
package struct Pooling: Hashable, Sendable {
  package let images, results: Shape
  package let window, stride, padding: ConvolutionGeometry.Pair

  package init(
    _ images: Shape, _ results: Shape, window: ConvolutionGeometry.Pair, stride: ConvolutionGeometry.Pair,
    padding: ConvolutionGeometry.Pair
  ) {
    (self.images, self.results, self.window, self.stride, self.padding) = (images, results, window, stride, padding)
  }

  fileprivate var planes: Int { images[0] * images[1] }

  /// The rows of an image that a row of places sees, and the columns that a column sees.
  @inline(__always) fileprivate func rows(_ row: Int) -> Range<Int> {
    let start = row * stride.rows - padding.rows
    return Swift.max(start, 0)..<Swift.min(start + window.rows, images[2])
  }

  @inline(__always) fileprivate func columns(_ column: Int) -> Range<Int> {
    let start = column * stride.columns - padding.columns
    return Swift.max(start, 0)..<Swift.min(start + window.columns, images[3])
  }
}

extension NDArray {
  /// The largest element of each window; NaN wins.
  package func maxPooled(_ pooling: Pooling) -> NDArray {
    let y = NDArray(uninitialized: pooling.results), type = Scalar.scalarType, width = shape[3]
    let line = NDArray(uninitialized: [width])
    for plane in 0..<pooling.planes {
      for row in 0..<pooling.results[2] {
        let rows = pooling.rows(row)
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
    let result = NDArray.zeros(pooling.images), largest = x.maxPooled(pooling)
    switch Scalar.scalarType {
    case .float:
      spread(pointer(Float.self), x.pointer(Float.self), largest.pointer(Float.self), result.pointer(Float.self))
    case .double:
      spread(pointer(Double.self), x.pointer(Double.self), largest.pointer(Double.self), result.pointer(Double.self))
    }
    return result

    @inline(__always) func spread<T: BinaryFloatingPoint>(
      _ z: UnsafeMutablePointer<T>, _ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>,
      _ result: UnsafeMutablePointer<T>
    ) {
      forEachLargest(x, y, pooling) { place, element, share in result[element] += z[place] * share }
    }
  }

  /// For each window of x the number here where its largest element is; their mean where there are several.
  package func maxCollected(_ x: NDArray, _ pooling: Pooling) -> NDArray {
    let result = NDArray.zeros(pooling.results), largest = x.maxPooled(pooling)
    switch Scalar.scalarType {
    case .float:
      collect(pointer(Float.self), x.pointer(Float.self), largest.pointer(Float.self), result.pointer(Float.self))
    case .double:
      collect(pointer(Double.self), x.pointer(Double.self), largest.pointer(Double.self), result.pointer(Double.self))
    }
    return result

    @inline(__always) func collect<T: BinaryFloatingPoint>(
      _ u: UnsafeMutablePointer<T>, _ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>,
      _ result: UnsafeMutablePointer<T>
    ) {
      forEachLargest(x, y, pooling) { place, element, share in result[place] += u[element] * share }
    }
  }

  func pointer<T>(_: T.Type) -> UnsafeMutablePointer<T> { bytes.assumingMemoryBound(to: T.self) }
}

/// Calls `body` for each largest element of each window, with its share: 1, or the part of one of several. Where the largest is
/// NaN, for every element, with NaN.
@inline(__always)
private func forEachLargest<T: BinaryFloatingPoint>(
  _ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>, _ pooling: Pooling,
  _ body: (_ place: Int, _ element: Int, _ share: T) -> Void
) {
  let (height, width) = (pooling.images[2], pooling.images[3]),
    (down, across) = (pooling.results[2], pooling.results[3])
  for plane in 0..<pooling.planes {
    for row in 0..<down {
      let rows = pooling.rows(row)
      for column in 0..<across {
        let columns = pooling.columns(column), place = (plane * down + row) * across + column, largest = y[place]
        var count = 0, found = 0
        for i in rows {
          let start = (plane * height + i) * width
          for element in start + columns.lowerBound..<start + columns.upperBound where x[element] == largest {
            count += 1
            found = element
          }
        }
        if count == 1 {
          body(place, found, 1)
          continue
        }
        for i in rows {
          let start = (plane * height + i) * width
          for element in start + columns.lowerBound..<start + columns.upperBound {
            if count == 0 {
              body(place, element, .nan)
            } else if x[element] == largest {
              body(place, element, 1 / T(count))
            }
          }
        }
      }
    }
  }
}
