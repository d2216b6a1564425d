// Exponentials and logarithms.

/// `y = eˣ`, with `y′ = y`.
struct Exp: Elementwise, UnaryKernel {
  static let name = "exp", kernel = UnaryFunction.exp
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { y }
}

/// `y = ln x`, with `y′ = 1/x` where x ≥ 0.
struct Log: Elementwise, UnaryKernel {
  static let name = "log", kernel = UnaryFunction.log
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x.applying(LogDerivative()) }
}

/// `y = 1/x` where x ≥ 0, NaN where ln x is; with `y′ = −y²`.
struct LogDerivative: Elementwise, UnaryKernel {
  static let name = "logDerivative", kernel = UnaryFunction.logDerivative
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -square(y) }
  func formula(_ x: [Formula]) -> Formula { 1 / x[0] }
}

/// `y = eˣ − 1`, with `y′ = eˣ`.
struct ExpMinusOne: Elementwise, UnaryKernel {
  static let name = "expm1", kernel = UnaryFunction.expm1
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { exp(x) }
}

/// `y = ln(1 + x)`, with `y′ = 1/(1 + x)` where x ≥ −1.
struct LogOnePlus: Elementwise, UnaryKernel {
  static let name = "log1p", kernel = UnaryFunction.log1p
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    (1 + x).applying(LogDerivative())
  }
}

/// `eˣ`. Its derivative is itself. Float: right to 1 ULP; 0 below −104, ∞ above 88.73.
public func exp<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Exp()) }
/// `ln x`. Derivative `1/x`; at ±0 the value is −∞ and the derivative ±∞; below 0 both are NaN.
public func log<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Log()) }
/// `eˣ − 1`, accurate near 0. Derivative `eˣ`.
public func expm1<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(ExpMinusOne()) }
/// `ln(1 + x)`, accurate near 0. Derivative `1/(1 + x)`; below −1 both are NaN.
public func log1p<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(LogOnePlus()) }
