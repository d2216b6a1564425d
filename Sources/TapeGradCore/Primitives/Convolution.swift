// The convolution y = w ∗ x of images with filters. It is linear in each, so
//
//   φ(x, w, z) = Σ z ⊙ (w ∗ x)
//
// is linear in all three, and its derivatives by one, given the two others, are three operations that are each other's
// transposes, to any order:
//
//   given x, w    y = w ∗ x                Convolution
//   given w, z    the cotangent of x       ConvolutionImages      also known as a transposed convolution
//   given x, z    the cotangent of w       ConvolutionWeights

/// The shapes that a convolution joins, and how its window moves.
struct ConvolutionLayout: Hashable, Sendable {
  /// x (N, C, H, W), w (O, C/groups, h, w), y (N, O, H′, W′).
  let images, filters, results: Shape
  let geometry: ConvolutionGeometry

  /// - Throws: `TensorError` where images and filters do not fit.
  init(_ images: Shape, _ filters: Shape, _ geometry: ConvolutionGeometry) throws(TensorError) {
    (self.images, self.filters, self.geometry) = (images, filters, geometry)
    do {
      results = try geometry.output(images, filters)
    } catch {
      throw TensorError(error)
    }
    if let defect = results.defect { throw TensorError("\(defect)") }
  }

  func validate(_ operands: borrowing OperandShapes, _ first: Shape, _ second: Shape) throws(TensorError) {
    guard operands[0] == first, operands[1] == second else {
      throw TensorError("this convolution takes shapes \(first) and \(second)")
    }
  }
}

/// `y = w ∗ x`.
struct Convolution: Bilinear {
  static let name = "convolution"
  let layout: ConvolutionLayout

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try layout.validate(operands, layout.images, layout.filters)
    return layout.results
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].convolved(with: operands[1], layout.geometry, shape: layout.results)
  }

  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right w: Tensor<S>) -> Tensor<S> {
    cotangent.applying(ConvolutionImages(layout: layout), w)
  }

  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left x: Tensor<S>) -> Tensor<S> {
    x.applying(ConvolutionWeights(layout: layout), cotangent)
  }
}

/// The cotangent of the images, given that of the result and the filters: a convolution too, with zeros outside of the
/// cotangent, which an infinite filter makes NaN of as in the convolution itself.
struct ConvolutionImages: Bilinear {
  static let name = "convolutionImages"
  let layout: ConvolutionLayout

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try layout.validate(operands, layout.results, layout.filters)
    return layout.images
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].convolutionImages(operands[1], layout.geometry, shape: layout.images)
  }

  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right w: Tensor<S>) -> Tensor<S> {
    cotangent.applying(Convolution(layout: layout), w)
  }

  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left z: Tensor<S>) -> Tensor<S> {
    cotangent.applying(ConvolutionWeights(layout: layout), z)
  }
}

/// The cotangent of the filters, given the images and the cotangent of the result.
struct ConvolutionWeights: Bilinear {
  static let name = "convolutionWeights"
  let layout: ConvolutionLayout

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try layout.validate(operands, layout.images, layout.results)
    return layout.filters
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].convolutionWeights(operands[1], layout.geometry, shape: layout.filters)
  }

  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right z: Tensor<S>) -> Tensor<S> {
    z.applying(ConvolutionImages(layout: layout), cotangent)
  }

  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left x: Tensor<S>) -> Tensor<S> {
    x.applying(Convolution(layout: layout), cotangent)
  }
}

/// `y[n, o, i, j] = Σ w[o, c, a, b]·x[n, c, i·s + a·d − p, j·s + b·d − p]`, x being 0 outside: images x (N, C, H, W) with filters
/// w (O, C/groups, h, w) give (N, O, H′, W′), `H′ = ⌊(H + 2p − d(h − 1) − 1)/s⌋ + 1`, for a stride s, a padding p and a dilation d,
/// each a pair for the two axes. (As everywhere in the field, the filters are not flipped.)
///
/// With `groups`, the channels and the filters are that many parts, and each part of the filters sees its part of the channels.
/// Linear in x and in w; the rules are the two transposes. Shapes that do not fit give a failed tensor.
public func convolution2D<S>(
  _ x: Tensor<S>, _ filters: Tensor<S>, stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
  dilation: (Int, Int) = (1, 1), groups: Int = 1
) -> Tensor<S> {
  x.attempt("convolution2D", with: [filters]) { () throws(TensorError) in
    let geometry = ConvolutionGeometry(
      stride: .init(stride.0, stride.1), padding: .init(padding.0, padding.1), dilation: .init(dilation.0, dilation.1),
      groups: groups)
    return x.applying(Convolution(layout: try ConvolutionLayout(x.shape, filters.shape, geometry)), filters)
  }
}

/// The convolution in one dimension: signals x (N, C, L) with filters (O, C/groups, l) give (N, O, L′). See
/// ``convolution2D(_:_:stride:padding:dilation:groups:)``.
public func convolution1D<S>(
  _ x: Tensor<S>, _ filters: Tensor<S>, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
) -> Tensor<S> {
  x.attempt("convolution1D", with: [filters]) { () throws(TensorError) in
    guard x.shape.rank == 3, filters.shape.rank == 3 else {
      throw TensorError("a convolution takes (examples, channels, length) and (filters, channels, length)")
    }
    let y = convolution2D(
      x.expandedDimensions(axis: 2), filters.expandedDimensions(axis: 2), stride: (1, stride), padding: (0, padding),
      dilation: (1, dilation), groups: groups)
    return try y.validated().squeezed(axis: 2)
  }
}

/// The transpose of ``convolution2D(_:_:stride:padding:dilation:groups:)`` in its images: z (N, O, H′, W′) with filters (O,
/// C/groups, h, w) give images (N, C, H, W) of `size` (H, W). Where it is not said, the smallest images of which the convolution
/// would have z's shape: `H = (H′ − 1)s − 2p + d(h − 1) + 1`.
public func transposedConvolution2D<S>(
  _ z: Tensor<S>, _ filters: Tensor<S>, size: (Int, Int)? = nil, stride: (Int, Int) = (1, 1),
  padding: (Int, Int) = (0, 0), dilation: (Int, Int) = (1, 1), groups: Int = 1
) -> Tensor<S> {
  z.attempt("transposedConvolution2D", with: [filters]) { () throws(TensorError) in
    guard z.shape.rank == 4, filters.shape.rank == 4 else {
      throw TensorError("a convolution takes (examples, channels, …) and (filters, channels, …)")
    }
    let geometry = ConvolutionGeometry(
      stride: .init(stride.0, stride.1), padding: .init(padding.0, padding.1), dilation: .init(dilation.0, dilation.1),
      groups: groups)
    do throws(ShapeError) { try geometry.validate() } catch { throw TensorError(error) }
    let rows = (z.shape[2] - 1) * stride.0 - 2 * padding.0 + dilation.0 * (filters.shape[2] - 1) + 1
    let columns = (z.shape[3] - 1) * stride.1 - 2 * padding.1 + dilation.1 * (filters.shape[3] - 1) + 1
    let images = Shape([z.shape[0], filters.shape[1] &* groups, size?.0 ?? rows, size?.1 ?? columns])
    if let defect = images.defect { throw TensorError("\(defect)") }
    let layout = try ConvolutionLayout(images, filters.shape, geometry)
    guard layout.results == z.shape else {
      throw TensorError("the convolution of images \(images) has shape \(layout.results)")
    }
    return z.applying(ConvolutionImages(layout: layout), filters)
  }
}
