import Testing

@testable import TapeGradCore

/// Backward errors beside LAPACK's, on random, graded and nearly singular matrices; see `lapack.py`.
struct LapackTests {
  private static let rows = ["random", "graded", "nearlySingular"].flatMap { kind in
    [3, 20, 60].map { (kind: kind, n: $0) }
  }

  @Test("errors are within 10 times LAPACK's", arguments: rows)
  func double(_ kind: String, _ n: Int) throws { try check(kind, n, Double.self) }

  @Test("errors are within 10 times LAPACK's, in Float", arguments: rows)
  func float(_ kind: String, _ n: Int) throws { try check(kind, n, Float.self) }

  private func check<S: TensorScalar>(_ kind: String, _ n: Int, _: S.Type) throws {
    let exact = matrix(kind, n), a: Tensor<S> = try exact.converted()
    let b: Tensor<S> = try random(n, 77)[.all, 0..<3].converted(), identity = Tensor<S>.eye(n)
    let positive = matmul(exact, exact.transposed) + (kind == "random" ? 0.0 : 0.015625) * Tensor<Double>.eye(n)
    let spd: Tensor<S> = try positive.converted()
    let lower: Tensor<S> = try (exact.lowerTriangle() + Tensor.eye(n)).converted()
    let l = spd.cholesky()
    let logarithm = try a.signAndLogDeterminant().logarithm.item.doubleValue
    let name = "\(kind) \(n) \(S.self)", truth = try #require(LapackErrors.numbers["exact \(name)"])
    let errors = [
      "solve": try residual(a, solve(a, b), b), "inverse": try residual(a, a.inverse(), identity),
      "triangularSolve": try residual(lower, triangularSolve(lower, b), b),
      "cholesky": try residual(l, l.transposed, spd, scale: largest(spd)),
      "logDeterminant": abs(logarithm - truth) / max(1, abs(truth)),
    ]
    for (word, error) in errors {
      // Where LAPACK found that the rounded matrix is not positive definite, there is nothing to compare.
      guard let expected = LapackErrors.numbers["\(word) \(name)"] else { continue }
      // A logarithm that LAPACK happens to hit exactly may be rounded.
      let allowed = 10 * max(expected, word == "logDeterminant" ? Double(S(1).ulp) / 16 : 0)
      #expect(error <= allowed, "\(word) \(name): \(error), LAPACK \(expected)")
    }
  }

  /// `max |A·X − B| / (n·max |A|·max |X|)`, the residual in twice Double's digits.
  private func residual<S>(
    _ a: Tensor<S>, _ x: Tensor<S>, _ b: Tensor<S>, scale: Double? = nil
  ) throws -> Double {
    let n = a.shape[1], k = x.shape[1]
    let (p, q, r) = try (a.scalars.map(\.doubleValue), x.scalars.map(\.doubleValue), b.scalars.map(\.doubleValue))
    var worst = 0.0
    for i in 0..<a.shape[0] {
      for j in 0..<k {
        // The sum with what each product and each addition lost.
        var sum = -r[i * k + j], lost = 0.0
        for l in 0..<n {
          let product = p[i * n + l] * q[l * k + j]
          lost += (-product).addingProduct(p[i * n + l], q[l * k + j])
          let next = sum + product, part = next - sum
          lost += (sum - (next - part)) + (product - part)
          sum = next
        }
        let element = abs(sum + lost)
        worst = element.isNaN ? .infinity : max(worst, element)
      }
    }
    return worst / (Double(n) * (try scale ?? largest(a) * largest(x)))
  }

  private func largest<S>(_ x: Tensor<S>) throws -> Double { try x.scalars.map { abs($0.doubleValue) }.max() ?? 0 }

  private func matrix(_ kind: String, _ n: Int) -> Tensor<Double> {
    switch kind {
    case "random": return random(n, 1)
    case "graded":
      let scales = Tensor((0..<n).map { Double(sign: .plus, exponent: -($0 / 2 % 12), significand: 1) })
      return random(n, 5) * scales.expandedDimensions(axis: 1) * scales
    default:
      let last = random(n, 9)[0] + random(n, 11)[0] / 4096
      return random(n, 9).scattered(last.expandedDimensions(axis: 0), at: Indices([n - 1]))
    }
  }

  /// Multiples of 2⁻¹⁰ between −1 and 1.
  private func random(_ n: Int, _ start: Int) -> Tensor<Double> {
    let numbers = (start..<start + n * n).map { k in (k * 7919 + (k * k % 1009) * 104_729) % 2003 - 1001 }
    return Tensor(numbers.map { Double($0) / 1024 }, shape: [n, n])
  }
}
