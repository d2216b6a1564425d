// Hyperbolic functions and their inverses. (tanh stands with the activations.)

/// `y = sinh x`, with `y′ = cosh x`.
struct HyperbolicSine: Elementwise, UnaryKernel {
  static let name = "sinh", kernel = UnaryFunction.hyperbolicSine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { cosh(x) }
}

/// `y = cosh x`, with `y′ = sinh x`.
struct HyperbolicCosine: Elementwise, UnaryKernel {
  static let name = "cosh", kernel = UnaryFunction.hyperbolicCosine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { sinh(x) }
}

/// `y = asinh x`, with `y′ = 1/√(x² + 1)`.
struct AreaSine: Elementwise, UnaryKernel {
  static let name = "asinh", kernel = UnaryFunction.areaSine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 1 / hypot(x, Tensor(1)) }
}

/// `y = acosh x`, with `y′ = 1/√(x² − 1)`, where the root is `√(x − 1)·√(x + 1)`, which neither cancels nor overflows.
struct AreaCosine: Elementwise, UnaryKernel {
  static let name = "acosh", kernel = UnaryFunction.areaCosine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { rsqrt(x - 1) * rsqrt(x + 1) }
}

/// `y = atanh x`, with `y′ = 1/(1 − x²)` where |x| ≤ 1, by factors that do not cancel.
struct AreaTangent: Elementwise, UnaryKernel {
  static let name = "atanh", kernel = UnaryFunction.areaTangent
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    ((1 - x) * (1 + x)).applying(LogDerivative())
  }
}

/// `sinh x = (eˣ − e⁻ˣ)/2`, accurate near 0. Derivative `cosh x`.
public func sinh<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(HyperbolicSine()) }
/// `cosh x = (eˣ + e⁻ˣ)/2`. Derivative `sinh x`.
public func cosh<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(HyperbolicCosine()) }
/// The number whose hyperbolic sine is x. Derivative `1/√(x² + 1)`, 0 at ±∞.
public func asinh<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(AreaSine()) }
/// The number from 0 on whose hyperbolic cosine is x. Derivative `1/√(x² − 1)`, ∞ at 1; below 1 both are NaN.
public func acosh<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(AreaCosine()) }
/// The number whose hyperbolic tangent is x. ±∞ at ±1, where the derivative `1/(1 − x²)` is ∞; beyond, both are NaN.
public func atanh<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(AreaTangent()) }
