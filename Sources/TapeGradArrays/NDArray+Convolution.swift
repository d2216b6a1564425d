// A convolution and its two transposes, as products with the matrix of patches P (see Patches.swift). W are the weights as
// a matrix (filters, channels · window), y a matrix (filters, places):
//
//   y = W·P(x)          convolved
//   x̄ = Pᵀ(Wᵀ·ȳ)        for the images: the columns are added to where the windows saw them
//   W̄ = ȳ·P(x)ᵀ         for the weights
//
// For a window of 2 × 2 on one channel of 3 × 3, with 4 places, and 5 filters: W is (5, 4), P(x) is (4, 4), y is (5, 4). With
// groups, channels and filters are divided into as many parts, each a product of its own.
//
// (x̄ is also a convolution of ȳ with zeros around it. But a zero that no window saw would meet the weights there, and make
// NaN of an infinite one; and for few channels it takes twice the time.)

extension NDArray {
  /// The convolution of these images (N, C, H, W) with weights (O, C/groups, h, w): (N, O, H′, W′).
  package func convolved(with weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let y = NDArray(uninitialized: shape), type = Scalar.scalarType
    let patches = Patches(seenIn: self.shape, weights.shape, shape, geometry), groups = geometry.groups
    let (m, k) = (weights.shape[0] / groups, patches.depth)
    let threads = WorkShare.threads(WorkShare.cost(product: m * groups, k, patches.examples * patches.places, type))
    let shared = (patches.examples * patches.places + threads - 1) / threads
    let pieces = patches.pieces(of: Swift.min(Swift.max(shared, 128), patches.target(type)))
    let work = Work(patches, pieces, type, filters: m)
    work.share(pieces.count) { share, scratch in
      for piece in pieces[share.part(of: pieces.count)] {
        let n = patches.places(of: piece), start = piece.rows.lowerBound * patches.columns.places
        for group in 0..<groups {
          let w = weights.bytes(at: group * m * k)
          // Where the places of the piece begin in the result (N, O, H′, W′), at the first filter of the group.
          func target(_ example: Int) -> UnsafeMutableRawPointer {
            y.bytes(at: (example * groups + group) * m * patches.places + start)
          }
          let isOne = piece.examples.count == 1
          let c = isOne ? target(piece.examples.lowerBound) : scratch.result
          if patches.isPlain, isOne {
            // The image is the matrix, and nothing is copied.
            Kernels.matrixProduct(
              type, w, transposed: false,
              bytes(at: (piece.examples.lowerBound * groups + group) * k * patches.places), transposed: false, c,
              rowStep: patches.places, m: m, k: k, n: patches.places, rows: 0..<m, columns: start..<start + n,
              workspace: scratch.product)
            continue
          }
          work.copy.fill(piece, self, group, to: scratch.copy)
          Kernels.matrixProduct(
            type, w, scratch.copy, work.copy, c, rowStep: isOne ? patches.places : n, m: m, places: n,
            workspace: scratch.product)
          if isOne { continue }
          // The places of several images stand side by side in the product, and apart in the result.
          for (position, example) in piece.examples.enumerated() {
            work.copyPlaces(
              from: c + position * patches.places * type.byteCount, step: n, to: target(example), step: patches.places)
          }
        }
      }
    }
    return y
  }

  /// The transpose of `convolved` in the images: of cotangents (N, O, H′, W′) of the result, those of images of `shape`.
  package func convolutionImages(_ weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let x = NDArray.zeros(shape), type = Scalar.scalarType
    let patches = Patches(seenIn: shape, weights.shape, self.shape, geometry)
    // Small pieces: the matrix is written here, and each thread has images of its own.
    let pieces = patches.pieces(of: patches.target(type, atLeast: 256))
    let work = Work(patches, pieces, type, filters: weights.shape[0] / geometry.groups, holdsMatrix: true)
    let (m, k) = (work.filters, patches.depth)
    // Wᵀ of each group: read in place for every piece, its columns would be whole pages apart.
    let turned = weights.reshaped(to: [geometry.groups, m, k]).transposed
    // Pieces of one image touch the same elements: an image, or the images of a piece, are one thread's. All images are
    // cut alike, so as many pieces as the first image has belong to each.
    let perImage = Swift.max(1, pieces.count { $0.examples == pieces[0].examples }), images = pieces.count / perImage
    work.share(images) { share, scratch in
      let part = share.part(of: images)
      for piece in pieces[part.lowerBound * perImage..<part.upperBound * perImage] {
        for group in 0..<geometry.groups {
          let (cotangent, step) = work.places(piece, self, group, scratch.result)
          // Wᵀ·ȳ: a column for each place, which holds what the window's elements get there.
          Kernels.matrixProduct(
            type, turned.bytes(at: group * m * k), cotangent, columnStep: step, scratch.copy, m: k, k: m,
            n: patches.places(of: piece), workspace: scratch.product)
          patches.scatter(piece, group, scratch.copy, to: x)
        }
      }
    }
    return x
  }

  /// The transpose of `convolved` in the weights: of these images and cotangents of the result, those of weights of `shape`.
  package func convolutionWeights(_ cotangent: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let sum = NDArray.zeros(shape), type = Scalar.scalarType
    let patches = Patches(seenIn: self.shape, shape, cotangent.shape, geometry)
    let pieces = patches.pieces(of: patches.target(type))
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
}

/// The memory of a convolution, and how it is shared.
private struct Work {
  let copy: PatchCopy
  let type: ScalarType
  let filters: Int
  /// What its threads are worth, in nanoseconds.
  private let cost: Double
  /// How many bytes a thread's memory has for copies of images or a matrix of patches, for a result, and for the product itself.
  private let sizes: (copy: Int, result: Int, product: Int)

  /// What one thread writes: three arrays in one block of the pool.
  struct Scratch {
    let copy, result, product: UnsafeMutableRawPointer
  }

  /// - Parameter holdsMatrix: whether the matrix of patches is written after all.
  init(_ patches: Patches, _ pieces: [Patches.Piece], _ type: ScalarType, filters: Int, holdsMatrix: Bool = false) {
    copy = PatchCopy(patches, pieces, type)
    (self.type, self.filters) = (type, filters)
    let most = pieces.map(patches.places).max() ?? 0, k = patches.depth
    let places = Swift.max(most, patches.isPlain ? patches.places : 0)
    func workspace(_ m: Int, _ k: Int, _ n: Int) -> Int {
      Kernels.matrixProductWorkspace(type, m: m, k: k, n: Swift.max(m, n), false, false)
    }
    // What one of the three products asks for: forward, for the weights, for the images.
    let product = [workspace(filters, k, places), workspace(filters, most, k), workspace(k, filters, most)].max()
    cost = WorkShare.cost(product: filters * patches.groups, k, patches.examples * patches.places, type)
    func padded(_ elements: Int) -> Int { (elements * type.byteCount + 63) & ~63 }
    sizes = (
      padded(holdsMatrix ? k * most : copy.count), padded(filters * most), padded(product ?? 0)
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

  /// The places of one image, for all filters: a matrix (filters, places), whose rows are `step` apart on either side.
  func copyPlaces(from x: UnsafeRawPointer, step xStep: Int, to y: UnsafeMutableRawPointer, step yStep: Int) {
    var (from, to) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
    (from[0], from[1], to[0], to[1]) = (xStep, 1, yStep, 1)
    Kernels.copy(Shape([filters, copy.patches.places]), type, x, strides: from, to: y, strides: to)
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
      copyPlaces(
        from: source(example), step: patches.places, to: scratch + position * patches.places * type.byteCount, step: n)
    }
    return (UnsafeRawPointer(scratch), n)
  }
}
