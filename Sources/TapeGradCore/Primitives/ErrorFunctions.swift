// The bell curve and its integrals.
//
//   exp(−x²)  ── integral, times 2/√π ──→  erf x = 1 − erfc x
//   exp(−½x²) ── integral, over √(2π) ──→  Φ(x) = ½·erfc(−x/√2), of which gelu is made

/// `y = exp(−c·x²)`, with `y′ = −2c·x·y`. The kernel does not round x² before it counts x² times.
struct Gaussian: Elementwise, UnaryKernel {
  static let name = "gaussian", kernel = UnaryFunction.gaussian
  /// 1 or ½.
  let factor: Double
  var number: Double { factor }

  /// Beyond 40 y is 0 in all digits, and what stands before it must not be ∞.
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    S(-2 * factor) * x.clamped(to: -40...40) * y
  }

  func formula(_ x: [Formula]) -> Formula {
    .call(Exp(), [-(factor == 1 ? x[0].squared : .number(factor) * x[0].squared)])
  }
}

/// `y = erf x`, with `y′ = 2/√π·exp(−x²)`.
struct ErrorFunction: Elementwise, UnaryKernel {
  static let name = "erf", kernel = UnaryFunction.errorFunction
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    S(2 / Double.pi.squareRoot()) * x.applying(Gaussian(factor: 1))
  }
}

/// `y = erfc x = 1 − erf x`, with `y′ = −2/√π·exp(−x²)`.
struct ErrorComplement: Elementwise, UnaryKernel {
  static let name = "erfc", kernel = UnaryFunction.errorComplement
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    S(-2 / Double.pi.squareRoot()) * x.applying(Gaussian(factor: 1))
  }
}

/// `y = Φ(x) = ½·erfc(−x/√2)`, with `y′ = exp(−½x²)/√(2π)`.
struct NormalDistribution: Elementwise, UnaryKernel {
  static let name = "normalDistribution", symbol = "Φ", kernel = UnaryFunction.normalDistribution
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    S((1 / (2 * Double.pi)).squareRoot()) * x.applying(Gaussian(factor: 0.5))
  }
}

/// The error function `erf x = 2/√π·∫₀ˣ exp(−t²) dt`. Derivative `2/√π·exp(−x²)`, accurate in the tails; ±1 at ±∞.
public func erf<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(ErrorFunction()) }
/// `erfc x = 1 − erf x`, without cancellation for large x. Derivative `−2/√π·exp(−x²)`; 0 at ∞, 2 at −∞.
public func erfc<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(ErrorComplement()) }
