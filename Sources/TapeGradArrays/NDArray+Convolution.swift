// A convolution and its two transposes, as products of the weights with pieces of the matrix of patches P (see Patches.swift).
// W are the weights as a matrix (filters, channels · window), y a matrix (filters, places):
//
//   y = W·P(x)          convolved
//   x̄ = Pᵀ(Wᵀ·ȳ)        for the images: the columns are added to where the window saw them
//   W̄ = ȳ·P(x)ᵀ         for the weights: summed over the pieces, in order
//
// For a window of 2 × 2 on one channel of 3 × 3, with 4 places, and 5 filters: W is (5, 4), P(x) is (4, 4), y is (5, 4). With
// groups, channels and filters are divided into as many parts, each a product of its own.
//
// How the pieces are cut depends on shapes only, so the bits do not depend on the number of threads.

extension NDArray {
  /// The convolution of these images (N, C, H, W) with weights (O, C/groups, h, w): (N, O, H′, W′).
  package func convolved(with weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let y = NDArray(uninitialized: shape), type = Scalar.scalarType
    let patches = Patches(self.shape, weights.shape, shape, geometry)
    let (m, k) = (patches.filters, patches.depth), pieces = patches.pieces(of: patches.target(bytes: 512 << 10, type))
    // Pieces of half a megabyte are written and read again before they leave the second-level cache.
    let work = Work(patches, pieces, type, weights: m, k)
    work.share(pieces.count) { piece, scratch in
      // `isWhole`: the piece holds all places of several images, else some rows of places of one.
      let piece = pieces[piece], n = patches.places(of: piece), isWhole = piece.examples.count > 1
      let start = piece.rows.lowerBound * patches.columns
      for group in 0..<geometry.groups {
        let w = weights.bytes(at: group * m * k)
        // Where the places of the piece begin in the result (N, O, H′, W′), at the first filter of the group.
        func target(_ example: Int) -> UnsafeMutableRawPointer {
          y.bytes(at: (example * geometry.groups + group) * m * patches.places + start)
        }
        let image =
          (piece.examples.lowerBound * geometry.groups + group) * patches.channels * patches.height * patches.width
        // A window of one element that moves by one: the image is the matrix, and nothing is copied.
        if patches.isPlain, !isWhole {
          Kernels.matrixProduct(
            type, w, transposed: false, bytes(at: image), transposed: false, target(piece.examples.lowerBound),
            rowStep: patches.places, m: m, k: k, n: patches.places, rows: 0..<m, columns: start..<start + n,
            workspace: scratch.product)
          continue
        }
        work.gather(piece, self, group, to: scratch.matrix)
        // The places of several images stand side by side in the product, and apart in the result.
        let c = isWhole ? scratch.result : target(piece.examples.lowerBound)
        Kernels.matrixProduct(
          type, w, transposed: false, scratch.matrix, transposed: false, c, rowStep: isWhole ? n : patches.places, m: m,
          k: k, n: n, rows: 0..<m, columns: 0..<n, workspace: scratch.product)
        if isWhole {
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
    let patches = Patches(shape, weights.shape, self.shape, geometry)
    let (m, k) = (patches.filters, patches.depth), pieces = patches.pieces(of: patches.target(bytes: 512 << 10, type))
    let work = Work(patches, pieces, type, weights: k, m)
    // Pieces of one image touch the same elements: an image, or the images of a piece, are one thread's.
    // All images are cut alike, so as many pieces as the first image has belong to each.
    let perImage = Swift.max(1, pieces.count { $0.examples == pieces[0].examples })
    work.share(pieces.count / perImage) { index, scratch in
      for piece in pieces[index * perImage..<(index + 1) * perImage] {
        let n = patches.places(of: piece)
        for group in 0..<geometry.groups {
          let (cotangent, step) = work.places(piece, self, group, scratch.result)
          Kernels.matrixProduct(
            // Wᵀ·ȳ: a column for each place, which holds what the window's elements get there.
            type, weights.bytes(at: group * m * k), transposed: true, cotangent, columnStep: step, scratch.matrix, m: k,
            k: m, n: n, workspace: scratch.product)
          work.scatter(piece, scratch.matrix, to: x, group)
        }
      }
    }
    return x
  }

  /// The transpose of `convolved` in the weights: of these images and cotangents of the result, those of weights of `shape`.
  package func convolutionWeights(_ cotangent: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let sum = NDArray.zeros(shape), type = Scalar.scalarType
    let patches = Patches(self.shape, shape, cotangent.shape, geometry)
    let (m, k) = (patches.filters, patches.depth)
    let pieces = patches.pieces(of: Swift.max(patches.target(bytes: 1 << 20, type), 512))
    let work = Work(patches, pieces, type, weights: m, k, holdsWeights: true)
    // One thread: sums in the order of the pieces have the same bits whoever computes them.
    let scratch = work.makeScratch()
    defer { work.release(scratch) }
    for (index, piece) in pieces.enumerated() {
      let n = patches.places(of: piece)
      for group in 0..<geometry.groups {
        let (factor, step) = work.places(piece, cotangent, group, scratch.result)
        work.gather(piece, self, group, to: scratch.matrix)
        // The first piece writes the sum itself, later ones write beside it and are added: no sum starts from a zero.
        let target = sum.bytes(at: group * m * k), part = index == 0 ? target : scratch.weights
        Kernels.matrixProduct(
          type, factor, rowStep: step, scratch.matrix, transposed: true, part, m: m, k: n, n: k,
          workspace: scratch.product)
        if index > 0 { Kernels.binary(.add, type, target, (0, 1), part, (0, 1), target, rows: 1, columns: m * k) }
      }
    }
    return sum
  }
}

/// The memory and the copies of a convolution.
private struct Work {
  let patches: Patches
  let type: ScalarType
  /// The most places of a piece.
  let most: Int
  /// How many bytes a thread's memory has for the patches, for a result, for weights, and for the product itself.
  let sizes: (matrix: Int, result: Int, weights: Int, product: Int)
  /// The rows of a product, and how many terms each of its elements sums: what a piece costs.
  let rows, inner: Int

  /// What one thread writes while it works on a piece: four arrays in one block of the pool.
  struct Scratch {
    let matrix, result, weights, product: UnsafeMutableRawPointer
    fileprivate let size: BufferPool.SizeClass
  }

  init(
    _ patches: Patches, _ pieces: [Patches.Piece], _ type: ScalarType, weights m: Int, _ k: Int,
    holdsWeights: Bool = false
  ) {
    (self.patches, self.type, rows, inner) = (patches, type, m, k)
    let most = pieces.map(patches.places).max() ?? 0
    self.most = most
    // Each part of the block begins at a cache line, as the pool's blocks do.
    func padded(_ elements: Int) -> Int { (elements * type.byteCount + 63) & ~63 }
    func product(_ m: Int, _ k: Int, _ n: Int, _ a: Bool, _ b: Bool) -> Int {
      Kernels.matrixProductWorkspace(type, m: m, k: k, n: Swift.max(n, m), a, b)
    }
    // The largest that one of the three products asks for: forward, for the images, for the weights.
    let workspace =
      [
        product(m, k, Swift.max(most, patches.isPlain ? patches.places : 0), false, false),
        product(m, k, most, true, false), product(m, most, k, false, true),
      ].max() ?? 0
    sizes = (
      padded(patches.depth * most), padded(patches.filters * most), holdsWeights ? padded(m * k) : 0, padded(workspace)
    )
  }

  /// Memory for one thread.
  func makeScratch() -> Scratch {
    let size = BufferPool.SizeClass(holding: sizes.matrix + sizes.result + sizes.weights + sizes.product)
    let start = BufferPool.allocate(size)
    return Scratch(
      matrix: start, result: start + sizes.matrix, weights: start + sizes.matrix + sizes.result,
      product: start + sizes.matrix + sizes.result + sizes.weights, size: size)
  }

  /// Gives it back to the pool.
  func release(_ scratch: Scratch) { BufferPool.release(scratch.matrix, scratch.size) }

  /// Does pieces of work on several threads.
  func share(_ count: Int, _ body: (Int, Scratch) -> Void) {
    // Threads come in where the products take longer than waking them: by the cost of all pieces together.
    let cost = WorkShare.cost(product: rows, inner, most, type) * Double(count * patches.geometry.groups)
    ThreadPool.run(upTo: Swift.min(WorkShare.threads(cost), Swift.max(count, 1))) { share in
      let scratch = makeScratch()
      defer { release(scratch) }
      for index in share.part(of: count) { body(index, scratch) }
    }
  }

  /// Where the channels of a group begin in the first image, and how many elements lie from image to image.
  private func imageStart<S>(_ x: NDArray<S>, _ group: Int) -> (UnsafeMutableRawPointer, step: Int) {
    let image = patches.channels * patches.height * patches.width
    return (x.bytes(at: group * image), image * patches.geometry.groups)
  }

  /// Writes the patches of a piece of these images, for the channels of one group.
  func gather<S>(_ piece: Patches.Piece, _ x: NDArray<S>, _ group: Int, to matrix: UnsafeMutableRawPointer) {
    let (start, step) = imageStart(x, group)
    switch type {
    case .float:
      patches.gather(
        piece, from: UnsafePointer(start.assumingMemoryBound(to: Float.self)), step: step,
        to: matrix.assumingMemoryBound(to: Float.self))
    case .double:
      patches.gather(
        piece, from: UnsafePointer(start.assumingMemoryBound(to: Double.self)), step: step,
        to: matrix.assumingMemoryBound(to: Double.self))
    }
  }

  /// Adds the patches of a piece to where the window saw them in these images.
  func scatter<S>(_ piece: Patches.Piece, _ matrix: UnsafeMutableRawPointer, to x: NDArray<S>, _ group: Int) {
    let (start, step) = imageStart(x, group)
    switch type {
    case .float:
      patches.scatter(
        piece, from: UnsafePointer(matrix.assumingMemoryBound(to: Float.self)),
        to: start.assumingMemoryBound(to: Float.self), step: step)
    case .double:
      patches.scatter(
        piece, from: UnsafePointer(matrix.assumingMemoryBound(to: Double.self)),
        to: start.assumingMemoryBound(to: Double.self), step: step)
    }
  }

  /// The places of one image, for all filters.
  func copyPlaces(from x: UnsafeRawPointer, step xStep: Int, to y: UnsafeMutableRawPointer, step yStep: Int) {
    // A matrix (filters, places), whose rows are `step` apart on either side.
    var (from, to) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
    (from[0], from[1], to[0], to[1]) = (xStep, 1, yStep, 1)
    Kernels.copy(Shape([patches.filters, patches.places]), type, x, strides: from, to: y, strides: to)
  }

  /// The elements of a result (N, O, H′, W′) at the places of a piece, as a matrix whose rows are `step` apart: where they
  /// are, for part of one image; else copied.
  func places<S>(
    _ piece: Patches.Piece, _ y: NDArray<S>, _ group: Int, _ scratch: UnsafeMutableRawPointer
  ) -> (UnsafeRawPointer, step: Int) {
    func source(_ example: Int) -> UnsafeMutableRawPointer {
      y.bytes(
        at: (example * patches.geometry.groups + group) * patches.filters * patches.places
          + piece.rows.lowerBound * patches.columns)
    }
    if piece.examples.count == 1 { return (UnsafeRawPointer(source(piece.examples.lowerBound)), patches.places) }
    let n = patches.places(of: piece)
    for (position, example) in piece.examples.enumerated() {
      copyPlaces(
        from: source(example), step: patches.places, to: scratch + position * patches.places * type.byteCount, step: n)
    }
    return (UnsafeRawPointer(scratch), n)
  }
}
