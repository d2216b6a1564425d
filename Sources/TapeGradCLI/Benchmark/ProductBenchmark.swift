import TapeGrad

/// A product of an (m, k) and a (k, n) matrix, of which the second may be stored transposed.
struct ProductShape: CustomStringConvertible {
  let m, k, n: Int
  let transposesSecond: Bool

  /// The shape that a text names: `256` of square matrices, `16x30x569` by m, k and n, `16x569x30t` with the second one
  /// stored as (n, k).
  init?(_ text: String) {
    transposesSecond = text.hasSuffix("t")
    let lengths = text.dropLast(transposesSecond ? 1 : 0).split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) ?? 0 }
    guard lengths.count == 1 || lengths.count == 3, lengths.allSatisfy({ (1...65536).contains($0) }) else { return nil }
    (m, k, n) = (lengths[0], lengths[lengths.count / 2], lengths[lengths.count - 1])
  }

  /// Multiplications and additions.
  var operations: Double { 2 * Double(m) * Double(k) * Double(n) }

  var description: String {
    (m == k && k == n ? "\(m)" : "\(m)x\(k)x\(n)") + (transposesSecond ? "t" : "")
  }
}

extension BenchmarkChoice {
  /// Products of matrices.
  func measureProducts(_ report: (Figure) -> Void) throws {
    for scalar in scalars {
      for product in products { report(measure(product, scalar)) }
    }
  }

  private func measure<Scalar: TensorScalar>(_ product: ProductShape, _: Scalar.Type) -> Figure {
    var generator = SeededGenerator(seed: 1)
    let a = NDArray<Scalar>.randomUniform([product.m, product.k], using: &generator)
    let shape: Shape = product.transposesSecond ? [product.n, product.k] : [product.k, product.n]
    let b = NDArray<Scalar>.randomUniform(shape, using: &generator)
    let times = stopwatch.time { count in
      for _ in 0..<count { _ = matmul(a, b, transposingSecond: product.transposesSecond) }
    }
    return Figure(
      "matmul", "matmul \(product) \(Scalar.self)", times,
      rate: Figure.Rate(value: product.operations / 1e9, unit: "GFLOP/s"))
  }
}
