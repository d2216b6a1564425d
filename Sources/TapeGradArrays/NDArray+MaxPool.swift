internal import CTapeGradKernels

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
}

// The derivative of a maximum goes to the element that it is, in equal parts where there are several. An image of a channel is
// one thread's.

extension NDArray {
  /// The largest element of each window; NaN wins.
  package func maxPooled(_ pooling: Pooling) -> NDArray {
    let y = NDArray(uninitialized: pooling.results)
    pooling.share(Scalar.scalarType) { kernel, images, results, workspace in
      switch Scalar.scalarType {
      case .float: tg_max_pool_f32(&kernel, pointer(images), y.pointer(results), workspace.bound())
      case .double: tg_max_pool_f64(&kernel, pointer(images), y.pointer(results), workspace.bound())
      }
    }
    return y
  }

  /// Zeros, to which each of these cotangents of the largest elements of the windows of x is added where that element is.
  package func maxSpread(_ x: NDArray, _ pooling: Pooling) -> NDArray {
    let y = NDArray(uninitialized: pooling.images)
    pooling.share(Scalar.scalarType) { kernel, images, results, workspace in
      switch Scalar.scalarType {
      case .float:
        tg_max_spread_f32(&kernel, x.pointer(images), pointer(results), y.pointer(images), workspace.bound())
      case .double:
        tg_max_spread_f64(&kernel, x.pointer(images), pointer(results), y.pointer(images), workspace.bound())
      }
    }
    return y
  }

  /// For each window of x the number here where its largest element is; their mean where there are several.
  package func maxCollected(_ x: NDArray, _ pooling: Pooling) -> NDArray {
    let y = NDArray(uninitialized: pooling.results)
    pooling.share(Scalar.scalarType) { kernel, images, results, workspace in
      switch Scalar.scalarType {
      case .float:
        tg_max_collect_f32(&kernel, x.pointer(images), pointer(images), y.pointer(results), workspace.bound())
      case .double:
        tg_max_collect_f64(&kernel, x.pointer(images), pointer(images), y.pointer(results), workspace.bound())
      }
    }
    return y
  }

  private func pointer<T>(_ start: Int) -> UnsafeMutablePointer<T> { bytes(at: start).assumingMemoryBound(to: T.self) }
}

extension UnsafeMutableRawPointer {
  fileprivate func bound<T>() -> UnsafeMutablePointer<T> { assumingMemoryBound(to: T.self) }
}

extension Pooling {
  /// Shares the images among threads: calls `body` with the kernel's description of some, and where they and their results
  /// begin.
  fileprivate func share(
    _ type: ScalarType,
    _ body: (inout TGPooling, _ images: Int, _ results: Int, _ workspace: UnsafeMutableRawPointer) -> Void
  ) {
    let count = images[0] * images[1], size = images[2] * images[3]
    let threads = WorkShare.threads(elements: count * size, cost: 0.5)
    ThreadPool.run(upTo: Swift.min(threads, Swift.max(count, 1))) { share in
      let part = share.part(of: count)
      var kernel = TGPooling(
        images: part.count, height: images[2], width: images[3], rows: results[2], columns: results[3],
        window_rows: window.rows, window_columns: window.columns, row_step: stride.rows, column_step: stride.columns,
        row_padding: padding.rows, column_padding: padding.columns)
      let bytes = BufferPool.SizeClass(holding: tg_pooling_workspace(&kernel) * type.byteCount)
      let workspace = BufferPool.allocate(bytes)
      defer { BufferPool.release(workspace, bytes) }
      body(&kernel, part.lowerBound * size, part.lowerBound * results[2] * results[3], workspace)
    }
  }
}
