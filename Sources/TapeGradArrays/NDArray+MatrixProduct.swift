/// `A·B` over the last two axes, each first transposed where its flag says so; further axes are a batch, the same for
/// both. No transpose is made in memory.
public func matmul<S>(
  _ a: NDArray<S>, _ b: NDArray<S>, transposingFirst: Bool = false, transposingSecond: Bool = false
) -> NDArray<S> {
  let (ra, rb) = (a.shape.rank, b.shape.rank)
  guard ra >= 2, ra == rb else { fatalError("matmul of shapes \(a.shape) and \(b.shape)") }
  let (m, k) = transposingFirst ? (a.shape[ra - 1], a.shape[ra - 2]) : (a.shape[ra - 2], a.shape[ra - 1])
  let (l, n) = transposingSecond ? (b.shape[rb - 1], b.shape[rb - 2]) : (b.shape[rb - 2], b.shape[rb - 1])
  guard k == l, a.shape.dimensions.dropLast(2) == b.shape.dimensions.dropLast(2) else {
    fatalError("matmul of shapes \(a.shape) and \(b.shape)")
  }
  let target = a.shape.replacing(axis: ra - 2, with: m).replacing(axis: ra - 1, with: n)
  return NDArray(shape: target) { c in
    let needed = Kernels.matrixProductWorkspace(S.self, m: m, k: k, n: n, transposingFirst, transposingSecond)
    let workspace = Buffer(byteCount: needed * MemoryLayout<S>.stride)
    for batch in 0..<target.count(of: 0..<ra - 2) {
      Kernels.matrixProduct(
        a.pointer + batch * m * k, transposed: transposingFirst, b.pointer + batch * k * n,
        transposed: transposingSecond, c + batch * m * n, m: m, k: k, n: n, workspace: workspace.pointer())
    }
    withExtendedLifetime(workspace) {}
  }
}
