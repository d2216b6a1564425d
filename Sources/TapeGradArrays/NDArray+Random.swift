extension NDArray {
  /// Numbers drawn evenly from an interval: `lower + (upper − lower)·k/2⁵³` with k from 0 to 2⁵³ − 1.
  ///
  /// Elements are drawn in row-major order, one output of the generator each, in Double; those of a Float array are the
  /// same numbers, rounded. Stops the process where the interval is not finite.
  public static func randomUniform(
    _ shape: Shape, in interval: ClosedRange<Double> = 0...1, using generator: inout some RandomNumberGenerator
  ) -> NDArray {
    let (lower, upper) = (interval.lowerBound, interval.upperBound)
    guard (upper - lower).isFinite else { fatalError("numbers cannot be drawn evenly from \(interval)") }
    return NDArray<Double>(shape: shape) { y in
      for i in 0..<shape.count { y[i] = min(lower + (upper - lower) * generator.nextUniform(), upper) }
    }.converted()
  }

  /// Numbers from the normal distribution: `mean + scale·z`, with z of mean 0 and variance 1.
  ///
  /// Elements are drawn in row-major order and in Double; those of a Float array are the same numbers, rounded. No
  /// function of the C library takes part, so a generator gives the same numbers on every platform.
  public static func randomNormal(
    _ shape: Shape, mean: Double = 0, scale: Double = 1, using generator: inout some RandomNumberGenerator
  ) -> NDArray {
    NDArray<Double>(shape: shape) { y in
      for i in 0..<shape.count { y[i] = mean + scale * generator.nextNormal() }
    }.converted()
  }
}

// The normal distribution by comparisons alone: algorithm N of Charles F. F. Karney, Sampling exactly from the normal
// distribution, ACM Transactions on Mathematical Software 42(1), 2016, doi:10.1145/2710016, arXiv:1303.6257. Uniform
// numbers of 53 bits stand for the real ones.
extension RandomNumberGenerator {
  /// k/2⁵³ with k from 0 to 2⁵³ − 1, all equally likely.
  fileprivate mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True with probability `e^(−xq)`, for x and q from 0 to 1 (John von Neumann's method).
  ///
  /// That n numbers descend from x, and n others all lie below q, has probability `(xq)ⁿ/n!`; so the longest run that
  /// does so is even with probability `Σ (−xq)ⁿ/n!`.
  private mutating func nextBernoulli(_ x: Double, _ q: Double) -> Bool {
    var last = x, isEven = true
    while true {
      let u = nextUniform()
      guard u < last, q == 1 || nextUniform() < q else { return isEven }
      last = u
      isEven.toggle()
    }
  }

  /// ±(k + x), with k the integer part: `e^(−(k + x)²/2) = e^(−k/2)·e^(−k(k − 1)/2)·e^(−x(2k + x)/2)`. The first factor
  /// proposes k, the second accepts k, the third accepts x.
  fileprivate mutating func nextNormal() -> Double {
    while true {
      var k = 0
      while nextBernoulli(0.5, 1) { k += 1 }
      guard (0..<k * (k - 1)).allSatisfy({ _ in nextBernoulli(0.5, 1) }) else { continue }
      let x = nextUniform(), q = (Double(2 * k) + x) / Double(2 * k + 2)
      guard (0...k).allSatisfy({ _ in nextBernoulli(x, q) }) else { continue }
      let magnitude = Double(k) + x
      return next() >> 63 == 0 ? magnitude : -magnitude
    }
  }
}
