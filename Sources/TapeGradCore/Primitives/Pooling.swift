// Pooling: the maximum or the mean of what a window sees of each channel, at each of its places. The windows are read with
// strides, side by side, with the places of the window first, so that folding them runs along memory:
//
//   x (N, C, H, W)  →  (h, w, N, C, H′, W′)  →  folded over h and w  →  (N, C, H′, W′)

/// The largest element of each window of (N, C, H, W); −∞ stands outside. The window moves by `stride`, which is its size unless
/// said otherwise. The derivative is split evenly over ties. Windows that do not fit give a failed tensor.
public func maxPool2D<S>(
  _ x: Tensor<S>, window: (Int, Int), stride: (Int, Int)? = nil, padding: (Int, Int) = (0, 0)
) -> Tensor<S> {
  pooled("maxPool2D", x, window, stride ?? window, padding, outside: -.infinity) { $0.max(axes: [0, 1]) }
}

/// The mean of each window of (N, C, H, W); zeros stand outside, and count. The window moves by `stride`, which is its size
/// unless said otherwise. Windows that do not fit give a failed tensor.
public func averagePool2D<S>(
  _ x: Tensor<S>, window: (Int, Int), stride: (Int, Int)? = nil, padding: (Int, Int) = (0, 0)
) -> Tensor<S> {
  pooled("averagePool2D", x, window, stride ?? window, padding, outside: 0) { $0.mean(axes: [0, 1]) }
}

/// The largest element of each window of (N, C, L); see ``maxPool2D(_:window:stride:padding:)``.
public func maxPool1D<S>(_ x: Tensor<S>, window: Int, stride: Int? = nil, padding: Int = 0) -> Tensor<S> {
  alongRows("maxPool1D", x) {
    maxPool2D($0, window: (1, window), stride: (1, stride ?? window), padding: (0, padding))
  }
}

/// The mean of each window of (N, C, L); see ``averagePool2D(_:window:stride:padding:)``.
public func averagePool1D<S>(_ x: Tensor<S>, window: Int, stride: Int? = nil, padding: Int = 0) -> Tensor<S> {
  alongRows("averagePool1D", x) {
    averagePool2D($0, window: (1, window), stride: (1, stride ?? window), padding: (0, padding))
  }
}

private func alongRows<S>(_ word: String, _ x: Tensor<S>, _ pool: (Tensor<S>) -> Tensor<S>) -> Tensor<S> {
  x.attempt(word) { () throws(TensorError) in
    guard x.shape.rank == 3 else { throw TensorError("pooling takes (examples, channels, length)") }
    return try pool(x.expandedDimensions(axis: 2)).validated().squeezed(axis: 2)
  }
}

private func pooled<S>(
  _ word: String, _ x: Tensor<S>, _ window: (Int, Int), _ stride: (Int, Int), _ padding: (Int, Int), outside: S,
  _ fold: (Tensor<S>) -> Tensor<S>
) -> Tensor<S> {
  x.attempt(word) { () throws(TensorError) in
    guard x.shape.rank == 4 else { throw TensorError("pooling takes (examples, channels, rows, columns)") }
    let most = Int(Int32.max)
    guard [stride.0, stride.1, window.0, window.1].allSatisfy({ 1...most ~= $0 }),
      0...window.0 / 2 ~= padding.0, 0...window.1 / 2 ~= padding.1
    else { throw TensorError("windows and strides are positive, and paddings from 0 to half a window") }
    let rows = ConvolutionGeometry.places(
      x.shape[2], window: window.0, stride: stride.0, padding: padding.0, dilation: 1)
    let columns = ConvolutionGeometry.places(
      x.shape[3], window: window.1, stride: stride.1, padding: padding.1, dilation: 1)
    guard let rows, let columns else {
      throw TensorError("a window of \(window.0) × \(window.1) does not fit \(x.shape[2]) × \(x.shape[3])")
    }
    let padded = x.padded(before: padding.0, after: padding.0, axis: 2, with: outside)
      .padded(before: padding.1, after: padding.1, axis: 3, with: outside)
    let shape = padded.shape, strides = shape.strides
    let layout = StridedLayout(
      "windows[\(window.0) × \(window.1)]", of: shape, [window.0, window.1, shape[0], shape[1], rows, columns],
      strides: [strides[2], strides[3], strides[0], strides[1], stride.0 * strides[2], stride.1 * strides[3]])
    return fold(padded.applying(View(layout: layout)))
  }
}
