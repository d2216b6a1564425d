/// `A·B` over the last two axes, each first transposed where its flag says so: (…, m, k)·(…, k, n) → (…, m, n).
///
/// The axes before the last two are a batch, the same for both. No transpose is made in memory. Where k = 0 the product
/// is zeros; no zero is skipped, so 0·∞ is NaN. Stops the process where the shapes do not fit.
///
/// The error of an element is at most `(min(k, 256) + ⌈k/256⌉ + 1)·u·Σ|a·b|`, with u half an ULP of 1.
public func matmul<S>(
  _ a: NDArray<S>, _ b: NDArray<S>, transposingFirst: Bool = false, transposingSecond: Bool = false
) -> NDArray<S> {
  let rank = a.shape.rank
  guard rank >= 2, rank == b.shape.rank, (0..<rank - 2).allSatisfy({ a.shape[$0] == b.shape[$0] }) else {
    fatalError("matmul of shapes \(a.shape) and \(b.shape)")
  }
  var (m, k) = (a.shape[rank - 2], a.shape[rank - 1]), (l, n) = (b.shape[rank - 2], b.shape[rank - 1])
  if transposingFirst { swap(&m, &k) }
  if transposingSecond { swap(&l, &n) }
  guard k == l else {
    let (first, second) = (transposingFirst ? "ᵀ" : "", transposingSecond ? "ᵀ" : "")
    fatalError("matmul of shapes \(a.shape)\(first) and \(b.shape)\(second): inner lengths \(k) and \(l)")
  }
  let c = NDArray<S>(uninitialized: Shape(rank: rank) { $0 == rank - 2 ? m : $0 == rank - 1 ? n : a.shape[$0] })
  let needed = Kernels.matrixProductWorkspace(S.scalarType, m: m, k: k, n: n, transposingFirst, transposingSecond)
  let size = BufferPool.SizeClass(holding: needed * MemoryLayout<S>.stride)
  ThreadPool.run(upTo: WorkShare.threads(WorkShare.cost(product: m, k, n, S.scalarType))) { share in
    let workspace = BufferPool.allocate(size)
    defer { BufferPool.release(workspace, size) }
    for batch in 0..<a.shape.count(of: 0..<rank - 2) {
      Kernels.matrixProduct(
        S.scalarType, a.bytes(at: batch * m * k), transposed: transposingFirst, b.bytes(at: batch * k * n),
        transposed: transposingSecond, c.bytes(at: batch * m * n), m: m, k: k, n: n, workspace: workspace,
        share: share)
    }
  }
  return c
}
