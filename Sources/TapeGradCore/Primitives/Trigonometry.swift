// Sine, cosine, tangent and their inverses.

/// `y = sin x`, with `y′ = cos x`.
struct Sine: Elementwise, UnaryKernel {
  static let name = "sin", kernel = UnaryFunction.sine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { cos(x) }
}

/// `y = cos x`, with `y′ = −sin x`.
struct Cosine: Elementwise, UnaryKernel {
  static let name = "cos", kernel = UnaryFunction.cosine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -sin(x) }
}

/// `y = tan x`, with `y′ = 1 + y²`.
struct Tangent: Elementwise, UnaryKernel {
  static let name = "tan", kernel = UnaryFunction.tangent
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 1 + square(y) }
}

/// `y = asin x`, with `y′ = 1/√(1 − x²)`, where `1 − x²` is `(1 − x)(1 + x)`, which does not cancel.
struct ArcSine: Elementwise, UnaryKernel {
  static let name = "asin", kernel = UnaryFunction.arcSine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { rsqrt((1 - x) * (1 + x)) }
}

/// `y = acos x`, with `y′ = −1/√(1 − x²)`.
struct ArcCosine: Elementwise, UnaryKernel {
  static let name = "acos", kernel = UnaryFunction.arcCosine
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -rsqrt((1 - x) * (1 + x)) }
}

/// `y = atan x`, with `y′ = 1/(1 + x²)`, by a root that neither overflows nor loses the limit of the next derivatives.
struct ArcTangent: Elementwise, UnaryKernel {
  static let name = "atan", kernel = UnaryFunction.arcTangent
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    square(1 / hypot(x, Tensor(1)))
  }
}

/// `θ = atan2(y, x)`, the angle of the point (x, y), with `∂θ/∂y = x/r²`, `∂θ/∂x = −y/r²` and `r = hypot(x, y)`.
struct ArcTangent2: BinaryKernel {
  static let name = "atan2", kernel = BinaryFunction.arcTangent2

  /// `ȳ = θ̄·(x/r)/r`; `x̄ = −θ̄·(y/r)/r`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let other = operands[1 - i], r = hypot(operands[0], operands[1])
    let slope = other.applying(Direction(), r) / r
    return cotangent.chained(with: i == 0 ? slope : -slope)
  }
}

/// `sin x`, x in radians. Derivative `cos x`. By the C library, right for every finite argument; NaN at ±∞.
public func sin<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Sine()) }
/// `cos x`, x in radians. Derivative `−sin x`. By the C library, right for every finite argument; NaN at ±∞.
public func cos<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Cosine()) }
/// `tan x`, x in radians. Derivative `1 + tan² x`. By the C library, right for every finite argument; NaN at ±∞.
public func tan<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Tangent()) }
/// The angle from −π/2 to π/2 whose sine is x. Derivative `1/√(1 − x²)`, ∞ at ±1; beyond, both are NaN.
public func asin<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(ArcSine()) }
/// The angle from 0 to π whose cosine is x. Derivative `−1/√(1 − x²)`, −∞ at ±1; beyond, both are NaN.
public func acos<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(ArcCosine()) }
/// The angle from −π/2 to π/2 whose tangent is x. Derivative `1/(1 + x²)`; ±π/2 at ±∞, with derivative 0.
public func atan<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(ArcTangent()) }
/// The angle from −π to π of the point (x, y), y first as in C; shapes broadcast.
///
/// Derivatives `x/(x² + y²)` by y and `−y/(x² + y²)` by x, without overflow. At the origin, where no angle is the right
/// one, they are NaN.
public func atan2<S>(_ y: Tensor<S>, _ x: Tensor<S>) -> Tensor<S> { .broadcasting(ArcTangent2(), y, x) }
