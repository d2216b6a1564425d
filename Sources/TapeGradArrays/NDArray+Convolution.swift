// A convolution and its two transposes, as products with the matrix of patches P (see Patches.swift). W are the weights as
// a matrix (filters, channels · window), y a matrix (filters, places):
//
//   y = W·P(x)          convolved
//   W̄ = ȳ·P(x)ᵀ         for the weights
//   x̄ = W′·P(ȳ)         for the images
//
// For the images, an element x[h] is seen through element i of the windows that begin at h − i: so x̄ is a convolution of ȳ,
// W′ being W with its rows and columns the other way round, and filters and channels exchanged. Where windows move by a
// stride s, an element sees every s-th element of them only, which ones depends on h mod s: there are as many convolutions
// as remainders, each with some of the window's elements.

extension NDArray {
  /// The convolution of these images (N, C, H, W) with weights (O, C/groups, h, w): (N, O, H′, W′).
  package func convolved(with weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let y = NDArray(uninitialized: shape)
    multiply(weights, seenPatches(weights.shape, shape, geometry), into: y, (0, 0), stride: (1, 1))
    return y
  }

  /// The transpose of `convolved` in the images: of cotangents (N, O, H′, W′) of the result, those of images of `shape`.
  package func convolutionImages(_ weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let x = NDArray.zeros(shape), stride = geometry.stride
    let filters = weights.shape[0] / geometry.groups
    for i in 0..<Swift.min(stride.rows, shape[2]) {
      let (rows, rowElements) = Patches.Axis.reversed(
        i, shape[2], self.shape[2], weights.shape[2], stride.rows, geometry.padding.rows, geometry.dilation.rows)
      for j in 0..<Swift.min(stride.columns, shape[3]) {
        let (columns, columnElements) = Patches.Axis.reversed(
          j, shape[3], self.shape[3], weights.shape[3], stride.columns, geometry.padding.columns,
          geometry.dilation.columns)
        if rowElements.isEmpty || columnElements.isEmpty { continue }
        let patches = Patches(
          examples: shape[0], channels: filters, groups: geometry.groups, rows: rows, columns: columns)
        let turned = weights.exchanged(groups: geometry.groups, rowElements, columnElements)
        multiply(turned, patches, into: x, (i, j), stride: (stride.rows, stride.columns))
      }
    }
    return x
  }

  /// The transpose of `convolved` in the weights: of these images and cotangents of the result, those of weights of `shape`.
  package func convolutionWeights(_ cotangent: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let sum = NDArray.zeros(shape), type = Scalar.scalarType
    let patches = seenPatches(shape, cotangent.shape, geometry), pieces = patches.pieces(of: patches.target(type))
    let work = Work(patches, pieces, type, filters: shape[0] / geometry.groups)
    let (m, k) = (work.filters, patches.depth)
    // Each thread has columns of the weights, and sums in the order of the pieces.
    work.share(Swift.max(k / 32, 1)) { share, scratch in
      let columns = share.part(of: k, unit: 32)
      if columns.isEmpty { return }
      for (index, piece) in pieces.enumerated() {
        for group in 0..<geometry.groups {
          let (factor, step) = work.places(piece, cotangent, group, scratch.result)
          work.copy.fill(piece, self, group, to: scratch.copy)
          Kernels.matrixProduct(
            type, factor, rowStep: step, scratch.copy, work.copy, lines: columns,
            sum.bytes(at: group * m * k + columns.lowerBound), rowStep: k, adding: index > 0, m: m,
            places: patches.places(of: piece), workspace: scratch.product)
        }
      }
    }
    return sum
  }

  /// What windows of these images see.
  private func seenPatches(_ weights: Shape, _ y: Shape, _ geometry: ConvolutionGeometry) -> Patches {
    Patches(
      examples: shape[0], channels: weights[1], groups: geometry.groups,
      rows: .init(
        length: shape[2], places: y[2], start: -geometry.padding.rows, stride: geometry.stride.rows,
        elements: (0..<weights[2]).map { $0 * geometry.dilation.rows }),
      columns: .init(
        length: shape[3], places: y[3], start: -geometry.padding.columns, stride: geometry.stride.columns,
        elements: (0..<weights[3]).map { $0 * geometry.dilation.columns }))
  }

  /// The products of weights with patches of these images, put into y: place (0, 0) at row and column `first`, and the others
  /// by strides from there.
  private func multiply(
    _ weights: NDArray, _ patches: Patches, into y: NDArray, _ first: (row: Int, column: Int),
    stride: (rows: Int, columns: Int)
  ) {
    let type = Scalar.scalarType, groups = patches.groups, m = weights.shape[0] / groups, k = patches.depth
    let (height, width) = (y.shape[2], y.shape[3]), isDense = stride == (1, 1)
    let threads = WorkShare.threads(WorkShare.cost(product: m * groups, k, patches.examples * patches.places, type))
    let shared = (patches.examples * patches.places + threads - 1) / threads
    let pieces = patches.pieces(of: Swift.min(Swift.max(shared, 128), patches.target(type)))
    let work = Work(patches, pieces, type, filters: m)
    work.share(pieces.count) { share, scratch in
      for piece in pieces[share.part(of: pieces.count)] {
        let n = patches.places(of: piece), start = piece.rows.lowerBound * patches.columns.places
        for group in 0..<groups {
          let w = weights.bytes(at: group * m * k)
          func target(_ example: Int) -> UnsafeMutableRawPointer {
            y.bytes(at: (example * groups + group) * m * height * width + first.row * width + first.column)
          }
          let isDirect = isDense && piece.examples.count == 1
          let c = isDirect ? target(piece.examples.lowerBound) + start * type.byteCount : scratch.result
          if patches.isPlain, isDirect {
            // The image is the matrix, and nothing is copied.
            Kernels.matrixProduct(
              type, w, transposed: false,
              bytes(at: (piece.examples.lowerBound * groups + group) * k * patches.places), transposed: false, c,
              rowStep: height * width, m: m, k: k, n: patches.places, rows: 0..<m, columns: start..<start + n,
              workspace: scratch.product)
            continue
          }
          work.copy.fill(piece, self, group, to: scratch.copy)
          Kernels.matrixProduct(
            type, w, scratch.copy, work.copy, c, rowStep: isDirect ? height * width : n, m: m, places: n,
            workspace: scratch.product)
          if isDirect { continue }
          // The places of several images stand side by side in the product, and apart in the result.
          let size = piece.rows.count * patches.columns.places
          for (position, example) in piece.examples.enumerated() {
            let to = target(example) + piece.rows.lowerBound * stride.rows * width * type.byteCount
            work.copyPlaces(
              from: c + position * size * type.byteCount, n, rows: piece.rows.count, to: to,
              (height * width, stride.rows * width, stride.columns))
          }
        }
      }
    }
  }

  /// Of weights (O, C/groups, h, w) some elements of the window, for filters and channels exchanged: (C, O/groups, …).
  private func exchanged(groups: Int, _ rows: [Int], _ columns: [Int]) -> NDArray {
    let filters = shape[0] / groups, channels = shape[1]
    let result = NDArray(uninitialized: [groups * channels, filters, rows.count, columns.count])
    let elements = rows.flatMap { row in columns.map { row * shape[3] + $0 } }, size = shape[2] * shape[3]
    @inline(__always) func exchange<T>(_ x: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>) {
      // Some channels at a time: of each the line that is read, and the one that is written, stay in a cache.
      for group in 0..<groups {
        for block in Swift.stride(from: 0, to: channels, by: 16) {
          for filter in 0..<filters {
            for channel in block..<Swift.min(block + 16, channels) {
              let from = x + ((group * filters + filter) * channels + channel) * size
              let to = y + ((group * channels + channel) * filters + filter) * elements.count
              for (i, element) in elements.enumerated() { to[i] = from[element] }
            }
          }
        }
      }
    }
    switch Scalar.scalarType {
    case .float: exchange(pointer(Float.self), result.pointer(Float.self))
    case .double: exchange(pointer(Double.self), result.pointer(Double.self))
    }
    return result
  }
}

extension Patches.Axis {
  /// For the cotangents of an image: how places h, h + s, … of it see the result of a convolution, through which elements of
  /// the window. With padding p and dilation d, `x[h + s·u]` was seen through element i at place `(h + p − i·d)/s + u`.
  fileprivate static func reversed(
    _ h: Int, _ length: Int, _ places: Int, _ window: Int, _ stride: Int, _ padding: Int, _ dilation: Int
  ) -> (axis: Self, elements: [Int]) {
    let elements = (0..<window).filter { (h + padding - $0 * dilation) % stride == 0 }
    let seen = elements.map { (h + padding - $0 * dilation) / stride }, start = seen.min() ?? 0
    return (
      Self(
        length: places, places: (length - h + stride - 1) / stride, start: start, stride: 1,
        elements: seen.map { $0 - start }), elements
    )
  }
}

/// The memory of a convolution, and how it is shared.
private struct Work {
  let copy: PatchCopy
  let type: ScalarType
  let filters: Int
  /// What its threads are worth, in nanoseconds.
  private let cost: Double
  /// How many bytes a thread's memory has for copies of images, for a result, and for the product itself.
  private let sizes: (copy: Int, result: Int, product: Int)

  /// What one thread writes: three arrays in one block of the pool.
  struct Scratch {
    let copy, result, product: UnsafeMutableRawPointer
  }

  init(_ patches: Patches, _ pieces: [Patches.Piece], _ type: ScalarType, filters: Int) {
    copy = PatchCopy(patches, pieces, type)
    (self.type, self.filters) = (type, filters)
    let most = pieces.map(patches.places).max() ?? 0, k = patches.depth
    let (lines, places) = (Swift.max(filters, k), Swift.max(most, patches.isPlain ? patches.places : 0))
    cost = WorkShare.cost(product: filters * patches.groups, k, patches.examples * patches.places, type)
    func padded(_ elements: Int) -> Int { (elements * type.byteCount + 63) & ~63 }
    sizes = (
      padded(copy.count), padded(filters * most),
      padded(
        Kernels.matrixProductWorkspace(
          type, m: filters, k: Swift.max(k, most), n: Swift.max(lines, places), false, false))
    )
  }

  /// Does so many pieces of work on several threads, each with memory of its own.
  func share(_ count: Int, _ body: (Share, Scratch) -> Void) {
    ThreadPool.run(upTo: Swift.min(WorkShare.threads(cost), Swift.max(count, 1))) { share in
      let size = BufferPool.SizeClass(holding: sizes.copy + sizes.result + sizes.product)
      let start = BufferPool.allocate(size)
      defer { BufferPool.release(start, size) }
      body(
        share, Scratch(copy: start, result: start + sizes.copy, product: start + sizes.copy + sizes.result))
    }
  }

  /// Rows of places of one image, for all filters: from a matrix of n columns to where `steps` lead.
  func copyPlaces(
    from x: UnsafeRawPointer, _ n: Int, rows: Int, to y: UnsafeMutableRawPointer, _ steps: (Int, Int, Int)
  ) {
    let columns = copy.patches.columns.places
    var (from, to) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
    (from[0], from[1], from[2], to[0], to[1], to[2]) = (n, columns, 1, steps.0, steps.1, steps.2)
    Kernels.copy(Shape([filters, rows, columns]), type, x, strides: from, to: y, strides: to)
  }

  /// The elements of a result (N, O, H′, W′) at the places of a piece, as a matrix whose rows are `step` apart: where they
  /// are, for part of one image; else copied.
  func places<S>(
    _ piece: Patches.Piece, _ y: NDArray<S>, _ group: Int, _ scratch: UnsafeMutableRawPointer
  ) -> (UnsafeRawPointer, step: Int) {
    let patches = copy.patches, n = patches.places(of: piece)
    func source(_ example: Int) -> UnsafeMutableRawPointer {
      let image = (example * patches.groups + group) * filters * patches.places
      return y.bytes(at: image + piece.rows.lowerBound * patches.columns.places)
    }
    if piece.examples.count == 1 { return (UnsafeRawPointer(source(piece.examples.lowerBound)), patches.places) }
    for (position, example) in piece.examples.enumerated() {
      var (from, to) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
      (from[0], from[1], to[0], to[1]) = (patches.places, 1, n, 1)
      Kernels.copy(
        Shape([filters, patches.places]), type, source(example), strides: from,
        to: scratch + position * patches.places * type.byteCount, strides: to)
    }
    return (UnsafeRawPointer(scratch), n)
  }
}
