import TapeGrad

/// A product of an (m, k) and a (k, n) matrix, of which the second may be stored transposed.
package struct ProductShape: CustomStringConvertible, Sendable {
  /// The lengths of the axes.
  let m, k, n: Int
  /// Whether the second matrix is stored as (n, k). The gradient of a layer needs such a product.
  let transposesSecond: Bool

  /// A product of square matrices.
  init(side: Int) {
    (m, k, n, transposesSecond) = (side, side, side, false)
  }

  /// The shape that a text names: `256` of square matrices, `16x30x569` by m, k and n, `16x569x30t` with the second one
  /// stored as (n, k). Nil for another text, and for lengths that are not in 1...65536.
  package init?(_ text: String) {
    transposesSecond = text.hasSuffix("t")
    let lengths = text.dropLast(transposesSecond ? 1 : 0).split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) ?? 0 }
    guard lengths.count == 1 || lengths.count == 3, lengths.allSatisfy({ (1...65536).contains($0) }) else { return nil }
    // Of a single length, all three indices are 0.
    (m, k, n) = (lengths[0], lengths[lengths.count / 2], lengths[lengths.count - 1])
  }

  /// How many multiplications and additions there are.
  var operations: Double { 2 * Double(m) * Double(k) * Double(n) }

  /// The text that names the shape.
  package var description: String {
    (m == k && k == n ? "\(m)" : "\(m)x\(k)x\(n)") + (transposesSecond ? "t" : "")
  }
}

extension BenchmarkChoice {
  /// Products of matrices, on arrays: no tensor, no tape. The rate counts a multiplication and an addition as two
  /// operations.
  func measureProducts(_ report: (Figure) throws -> Void) throws {
    for scalar in scalars {
      for product in products { try report(measure(product, scalar.type)) }
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
      .matmul, "matmul \(product) \(Scalar.self)", times,
      rate: Figure.Rate(value: product.operations / 1e9, unit: "GFLOP/s"))
  }
}
