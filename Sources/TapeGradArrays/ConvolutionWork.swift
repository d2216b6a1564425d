/// The memory of a convolution, and how it is shared.
struct ConvolutionWork {
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

  /// - Parameters:
  ///   - copy: the elements of a copy.
  ///   - results: the elements of a result, where they may be more than the filters' at all places of a piece.
  init(_ patches: Patches, _ pieces: [Patches.Piece], _ type: ScalarType, filters: Int, copy: Int, results: Int = 0) {
    (self.patches, self.type) = (patches, type)
    let most = pieces.map(patches.places).max() ?? 0, k = patches.depth
    func workspace(_ m: Int, _ k: Int, _ n: Int) -> Int {
      Kernels.matrixProductWorkspace(type, m: m, k: k, n: Swift.max(m, n), false, false)
    }
    // What one of the three products asks for: for the result, for the weights, and for the images that are scattered to.
    let product = [workspace(filters, k, most), workspace(filters, most, k), workspace(k, filters, most)].max() ?? 0
    cost = WorkShare.cost(product: filters * patches.groups, k, patches.examples * patches.places, type)
    func padded(_ elements: Int) -> Int { (elements * type.byteCount + 63) & ~63 }
    sizes = (padded(copy), padded(Swift.max(filters * most, results)), padded(product))
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
    _ piece: Patches.Piece, _ y: NDArray<S>, group: Int, filters: Range<Int>, of count: Int,
    _ scratch: UnsafeMutableRawPointer
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
