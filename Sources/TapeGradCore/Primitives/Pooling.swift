// Pooling: the maximum or the mean of what a window sees of each channel, at each of its places.
//
// The mean is read with strides, with the places of the window first, so that folding them runs along memory:
//
//   x (N, C, H, W)  →  (h, w, N, C, H′, W′)  →  folded over h and w  →  (N, C, H′, W′)
//
// Of one channel, a window of 2 × 2 that moves by 2, and a cotangent ȳ:
//
//   x  1 5 2 0     maxima 5 6     ȳ  a b     x̄ of the maximum  0 a 0 0     of the mean  a/4 a/4 b/4 b/4
//      4 3 6 0                                                  0 0 b 0                  a/4 a/4 b/4 b/4
//
// The maximum of each window has a kernel. Its derivative is a linear map that depends on where the maxima are, and not on how
// large: MaxSpread, whose transpose is MaxCollect.

/// `y = max x` of each window.
struct MaxPool: Worded {
  static let name = "maxPool"
  let pooling: Pooling
  var word: ArrayWord { .maxPool(pooling) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    guard operands[0] == pooling.images else { throw TensorError("this pooling takes shape \(pooling.images)") }
    return pooling.results
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].maxPooled(pooling)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    // The place of a maximum is that of x itself, whatever the cotangent: x is an operand, to find it.
    cotangent.applying(MaxSpread(pooling: pooling), operands[0])
  }
}

/// Each element of z (N, C, H′, W′) put where the largest element of its window of x is.
struct MaxSpread: Worded {
  static let name = "maxSpread"
  let pooling: Pooling
  var word: ArrayWord { .maxSpread(pooling) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try pooling.validate(operands, pooling.results)
    return pooling.images
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].maxSpread(operands[1], pooling)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    // Linear in z. By x the derivative is 0: maxima stay where they are while x changes a little.
    i > 0 ? .zeros(operands.shape(i)) : cotangent.applying(MaxCollect(pooling: pooling), operands[1])
  }
}

/// For each window the element of z (N, C, H, W) that is where the largest element of the window of x is.
struct MaxCollect: Worded {
  static let name = "maxCollect"
  let pooling: Pooling
  var word: ArrayWord { .maxCollect(pooling) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try pooling.validate(operands, pooling.images)
    return pooling.results
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].maxCollected(operands[1], pooling)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    // As above, with the roles exchanged.
    i > 0 ? .zeros(operands.shape(i)) : cotangent.applying(MaxSpread(pooling: pooling), operands[1])
  }
}

extension Pooling {
  fileprivate func validate(_ operands: borrowing OperandShapes, _ first: Shape) throws(TensorError) {
    guard operands[0] == first, operands[1] == images else {
      throw TensorError("this pooling takes shapes \(first) and \(images)")
    }
  }
}

/// The largest element of each window of (N, C, H, W); nothing stands outside. The window moves by `stride`, which is its size unless
/// said otherwise. The derivative is split evenly over ties. Windows that do not fit give a failed tensor.
public func maxPool2D<S>(
  _ x: Tensor<S>, window: (Int, Int), stride: (Int, Int)? = nil, padding: (Int, Int) = (0, 0)
) -> Tensor<S> {
  x.attempt("maxPool2D") { () throws(TensorError) in
    x.applying(MaxPool(pooling: try Pooling(x.shape, window, stride ?? window, padding)))
  }
}

/// The mean of each window of (N, C, H, W); zeros stand outside, and count. The window moves by `stride`, which is its size
/// unless said otherwise. Windows that do not fit give a failed tensor.
public func averagePool2D<S>(
  _ x: Tensor<S>, window: (Int, Int), stride: (Int, Int)? = nil, padding: (Int, Int) = (0, 0)
) -> Tensor<S> {
  x.attempt("averagePool2D") { () throws(TensorError) in
    let pooling = try Pooling(x.shape, window, stride ?? window, padding), y = pooling.results
    // Zeros around each channel, which count in the mean: the divisor is always the window's size.
    let padded = x.padded(before: padding.0, after: padding.0, axis: 2)
      .padded(before: padding.1, after: padding.1, axis: 3)
    let shape = padded.shape, steps = (0..<4).map { shape.strides[$0] }, windows = pooling.stride
    // Six axes: where in the window, example, channel, where the window is. A step in the window moves by one row or column,
    // a step of the window by its stride of them.
    let layout = StridedLayout(
      "windows[\(window.0) × \(window.1)]", of: shape, [window.0, window.1, y[0], y[1], y[2], y[3]],
      strides: [steps[2], steps[3], steps[0], steps[1], windows.rows * steps[2], windows.columns * steps[3]])
    return padded.applying(View(layout: layout)).mean(axes: [0, 1])
  }
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
    // (N, C, L) is (N, C, 1, L) with a window of one row.
    guard x.shape.rank == 3 else { throw TensorError("pooling takes (examples, channels, length)") }
    return try pool(x.expandedDimensions(axis: 2)).validated().squeezed(axis: 2)
  }
}

extension Pooling {
  /// - Throws: `TensorError` where the windows do not fit the images.
  init(
    _ images: Shape, _ window: (Int, Int), _ stride: (Int, Int), _ padding: (Int, Int)
  ) throws(TensorError) {
    guard images.rank == 4 else { throw TensorError("pooling takes (examples, channels, rows, columns)") }
    // Lengths are bounded so that no product of them overflows.
    let most = Int(Int32.max)
    guard [stride.0, stride.1, window.0, window.1].allSatisfy({ 1...most ~= $0 }),
      0...window.0 / 2 ~= padding.0, 0...window.1 / 2 ~= padding.1
    else { throw TensorError("windows and strides are positive, and paddings from 0 to half a window") }
    let rows = ConvolutionGeometry.places(
      images[2], window: window.0, stride: stride.0, padding: padding.0, dilation: 1)
    let columns = ConvolutionGeometry.places(
      images[3], window: window.1, stride: stride.1, padding: padding.1, dilation: 1)
    guard let rows, let columns, images[2] > 0, images[3] > 0 else {
      throw TensorError("a window of \(window.0) × \(window.1) does not fit \(images[2]) × \(images[3])")
    }
    self.init(
      images, [images[0], images[1], rows, columns], window: .init(window.0, window.1),
      stride: .init(stride.0, stride.1), padding: .init(padding.0, padding.1))
  }
}
