// A convolution and its two transposes, as products with the matrix of patches P (see Patches.swift). W are the weights as
// a matrix (filters, channels · window), y a matrix (filters, places):
//
//   y = W·P(x)          convolved
//   x̄ = W′·P′(ȳ)        for the images: what windows of the results see that each pixel went into
//   W̄ = ȳ·P(x)ᵀ         for the weights
//
// For a window of 2 × 2 on one channel of 3 × 3, with 4 places, and 5 filters: W is (5, 4), P(x) is (4, 4), y is (5, 4). With
// groups, channels and filters are divided into as many parts, each a product of its own. With a stride, pixels are too: those
// that are a stride apart went into the same elements of windows.

extension NDArray {
  /// The convolution of these images (N, C, H, W) with weights (O, C/groups, h, w): (N, O, H′, W′).
  package func convolved(with weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let y = NDArray(uninitialized: shape)
    let patches = Patches(seenIn: self.shape, weights.shape, shape, geometry)
    correlate(patches, weights, filters: weights.shape[0] / geometry.groups, into: y, Grid(of: shape))
    return y
  }

  /// The transpose of `convolved` in the images: of cotangents (N, O, H′, W′) of the result, those of images of `shape`.
  package func convolutionImages(_ weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let patches = Patches(seenIn: shape, weights.shape, self.shape, geometry)
    // A sum is finite only if all its terms are.
    guard patches.channels >= 8, weights.sum().scalars[0].doubleValue.isFinite else {
      return scattered(weights, patches, shape: shape)
    }
    let (groups, channels) = (geometry.groups, patches.channels), filters = weights.shape[0] / groups
    let x = patches.seesAll ? NDArray(uninitialized: shape) : .zeros(shape)
    // (groups, channels, rows of the window, columns, filters), of which each part takes those that see its pixels.
    let turned = weights.reshaped(to: [groups, filters, patches.depth]).transposed
    for rows in patches.rows.seen where !rows.window.isEmpty {
      for columns in patches.columns.seen where !columns.window.isEmpty {
        let seen = Patches(
          examples: patches.examples, channels: filters, groups: groups, rows: rows.axis, columns: columns.axis,
          endsWithChannels: true)
        let size = (weights.shape[2], weights.shape[3])
        var part = turned
        if (rows.window.count, columns.window.count) != size {
          var strides = AxisVector(repeating: 0)
          (strides[0], strides[1], strides[2]) = (size.0 * size.1 * filters, rows.step * size.1 * filters, columns.step * filters)
          strides[3] = 1
          part = turned.strided(
            shape: Shape([groups * channels, rows.window.count, columns.window.count, filters]),
            start: (rows.window[0] * size.1 + columns.window[0]) * filters, strides: strides)
        }
        let grid = Grid(
          start: rows.first * shape[3] + columns.first, filter: shape[2] * shape[3],
          row: geometry.stride.rows * shape[3], column: geometry.stride.columns)
        correlate(seen, part, filters: channels, into: x, grid)
      }
    }
    return x
  }

  /// The transpose of `convolved` in the weights: of these images and cotangents of the result, those of weights of `shape`.
  package func convolutionWeights(_ cotangent: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let patches = Patches(seenIn: self.shape, shape, cotangent.shape, geometry), type = Scalar.scalarType
    let pieces = patches.pieces(of: patches.target(type)), (m, k) = (shape[0] / geometry.groups, patches.depth)
    // (filters, rows of the window, columns of the window, channels)
    let sum = pieces.isEmpty ? NDArray.zeros([shape[0], k]) : NDArray(uninitialized: [shape[0], k])
    let most = patches.room(for: pieces), copy = PixelCopy(patches, examples: most.examples, rows: most.rows, type)
    let work = Work(patches, pieces, type, filters: m, copy: copy.count)
    // Each thread has filters, and sums in the order of the pieces.
    work.share(m) { share, scratch in
      let rows = share.part(of: m)
      if rows.isEmpty { return }
      var previous: Patches.Piece?
      for (index, piece) in pieces.enumerated() {
        for group in 0..<geometry.groups {
          let first = group * m + rows.lowerBound
          let (factor, step) = work.places(
            piece, cotangent, group: group, filters: rows, of: m, scratch.result)
          copy.fill(piece, self, group, after: previous, to: scratch.copy)
          previous = piece
          for run in copy.runs {
            Kernels.matrixProduct(
              type, factor, rowStep: step, scratch.copy + run.start * type.byteCount, copy.places[..<patches.places(of: piece)],
              sum.bytes(at: first * k + run.columns.lowerBound), rowStep: k, adding: index > 0, m: rows.count,
              n: run.columns.count, workspace: scratch.product)
          }
        }
      }
    }
    var strides = AxisVector(repeating: 0)
    (strides[0], strides[1], strides[2]) = (k, 1, patches.channels)
    return sum.strided(shape: Shape([shape[0], shape[1], shape[2] * shape[3]]), start: 0, strides: strides).reshaped(to: shape)
  }

  /// `y = W·P(x)` for these images x and weights W (groups, filters, depth), each place written to where the grid has it.
  private func correlate(_ patches: Patches, _ weights: NDArray, filters m: Int, into y: NDArray, _ grid: Grid) {
    let type = Scalar.scalarType, (groups, k) = (patches.groups, patches.depth)
    let threads = WorkShare.threads(WorkShare.cost(product: m * groups, k, patches.examples * patches.places, type))
    let shared = (patches.examples * patches.places + threads - 1) / threads
    let pieces = patches.pieces(of: Swift.min(Swift.max(shared, 128), patches.target(type)))
    let most = patches.room(for: pieces), copy = PatchCopy(patches, examples: most.examples, rows: most.rows, type)
    // The last piece may have fewer examples: its rows are shorter.
    let lastCopy = PatchCopy(patches, examples: pieces.last?.examples.count ?? 0, rows: most.rows, type)
    let work = Work(patches, pieces, type, filters: m, copy: copy.count)
    work.share(pieces.count) { share, scratch in
      var previous: Patches.Piece?
      for piece in pieces[share.part(of: pieces.count)] {
        let n = patches.places(of: piece), examples = piece.examples.count
        let isDirect = examples == 1 && grid.column == 1 && grid.row == patches.columns.places
        for group in 0..<groups {
          let w = weights.bytes(at: group * m * k)
          // Where the places of the piece begin in the result, at the first filter of the group.
          func target(_ example: Int) -> UnsafeMutableRawPointer {
            y.bytes(at: (example * groups + group) * m * grid.filter + piece.rows.lowerBound * grid.row + grid.start)
          }
          let c = isDirect ? target(piece.examples.lowerBound) : scratch.result, step = isDirect ? grid.filter : n
          if patches.isPlain, examples == 1 {
            // The image is the matrix, and nothing is copied.
            let image = (piece.examples.lowerBound * groups + group) * k * patches.places
            Kernels.matrixProduct(
              type, w, bytes(at: image + piece.rows.lowerBound * patches.columns.places), rowStep: patches.places, c,
              rowStep: step, m: m, k: k, n: n, workspace: scratch.product)
          } else {
            let copy = examples == most.examples ? copy : lastCopy
            copy.fill(piece, self, group, after: previous, to: scratch.copy)
            previous = piece
            Kernels.matrixProduct(
              type, w, rowStep: k, scratch.copy, copy.lines[...], c, rowStep: step, adding: false, m: m, n: n,
              workspace: scratch.product)
          }
          if isDirect { continue }
          // Rows of several images take turns in the product, and stand apart in the result.
          let columns = patches.columns.places
          var (together, apart) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
          (together[0], together[1], together[2]) = (n, examples * columns, 1)
          (apart[0], apart[1], apart[2]) = (grid.filter, grid.row, grid.column)
          for (position, example) in piece.examples.enumerated() {
            Kernels.copy(
              Shape([m, piece.rows.count, columns]), type, c + position * columns * type.byteCount, strides: together,
              to: target(example), strides: apart)
          }
        }
      }
    }
  }

  /// The cotangent of the images as Wᵀ·ȳ, whose columns are added to where the windows saw them.
  ///
  /// For few channels this is faster. And a weight that is infinite or not a number must not meet the zeros around the
  /// cotangent, of which it would make NaN: here it meets none.
  private func scattered(_ weights: NDArray, _ patches: Patches, shape: Shape) -> NDArray {
    let x = NDArray.zeros(shape), type = Scalar.scalarType, (groups, k) = (patches.groups, patches.depth)
    let filters = weights.shape[0] / groups, pieces = patches.pieces(of: patches.target(type))
    let turned = weights.reshaped(to: [groups, filters, k]).transposed
    let work = Work(patches, pieces, type, filters: filters, copy: k * (pieces.map(patches.places).max() ?? 0))
    // Pieces of one image touch the same elements: an image, or the images of a piece, are one thread's. All images are
    // cut alike, so as many pieces as the first image has belong to each.
    let perImage = Swift.max(1, pieces.count { $0.examples == pieces[0].examples }), images = pieces.count / perImage
    work.share(images) { share, scratch in
      let part = share.part(of: images)
      for piece in pieces[part.lowerBound * perImage..<part.upperBound * perImage] {
        for group in 0..<groups {
          let n = patches.places(of: piece)
          let (cotangent, step) = work.places(
            piece, self, group: group, filters: 0..<filters, of: filters, scratch.result)
          // A column for each place, which holds what the window's elements get there.
          Kernels.matrixProduct(
            type, turned.bytes(at: group * filters * k), cotangent, rowStep: step, scratch.copy, rowStep: n, m: k,
            k: filters, n: n, workspace: scratch.product)
          patches.scatter(piece, group, scratch.copy, to: x)
        }
      }
    }
    return x
  }
}

/// Where the places of a result are: where the first is, and how far apart those of neighboring filters, rows and columns.
private struct Grid {
  var start = 0
  let filter, row, column: Int

  init(start: Int, filter: Int, row: Int, column: Int) {
    (self.start, self.filter, self.row, self.column) = (start, filter, row, column)
  }

  /// All elements of a result (N, O, H′, W′).
  init(of shape: Shape) { self.init(start: 0, filter: shape[2] * shape[3], row: shape[3], column: 1) }
}

/// The memory of a convolution, and how it is shared.
private struct Work {
  let patches: Patches
  let type: ScalarType
  /// What its threads are worth, in nanoseconds.
  private let cost: Double
  /// How many bytes a thread's memory has for copies of images, for a result, and for the product itself.
  private let sizes: (copy: Int, result: Int, product: Int)

  /// What one thread writes: three arrays in one block of the pool.
  struct Scratch {
    let copy, result, product: UnsafeMutableRawPointer
  }

  /// - Parameter copy: the elements of a copy.
  init(_ patches: Patches, _ pieces: [Patches.Piece], _ type: ScalarType, filters: Int, copy: Int) {
    (self.patches, self.type) = (patches, type)
    let most = pieces.map(patches.places).max() ?? 0, k = patches.depth
    // For the result, and for the weights.
    let product = Swift.max(
      Kernels.matrixProductWorkspace(type, m: filters, k: k, n: Swift.max(filters, most), false, false),
      Kernels.matrixProductWorkspace(type, m: filters, k: most, n: Swift.max(filters, k), false, false))
    cost = WorkShare.cost(product: filters * patches.groups, k, patches.examples * patches.places, type)
    func padded(_ elements: Int) -> Int { (elements * type.byteCount + 63) & ~63 }
    sizes = (padded(copy), padded(filters * most), padded(product))
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

  /// Some filters of a result (N, O, H′, W′) at the places of a piece, as a matrix whose rows are `step` apart: where they
  /// are, for part of one image; else copied, image by image.
  func places<S>(
    _ piece: Patches.Piece, _ y: NDArray<S>, group: Int, filters: Range<Int>, of count: Int, _ scratch: UnsafeMutableRawPointer
  ) -> (UnsafeRawPointer, step: Int) {
    func source(_ example: Int) -> UnsafeMutableRawPointer {
      let filter = (example * patches.groups + group) * count + filters.lowerBound
      return y.bytes(at: filter * patches.places + piece.rows.lowerBound * patches.columns.places)
    }
    if piece.examples.count == 1 { return (UnsafeRawPointer(source(piece.examples.lowerBound)), patches.places) }
    let n = patches.places(of: piece)
    var (apart, together) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
    (apart[0], apart[1], together[0], together[1]) = (patches.places, 1, n, 1)
    for (position, example) in piece.examples.enumerated() {
      Kernels.copy(
        Shape([filters.count, patches.places]), type, source(example), strides: apart,
        to: scratch + position * patches.places * type.byteCount, strides: together)
    }
    return (UnsafeRawPointer(scratch), n)
  }
}
