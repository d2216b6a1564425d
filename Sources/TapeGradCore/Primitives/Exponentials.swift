// Exponentials and logarithms.

/// `y = eˣ`, with `y′ = y`.
struct Exp: Elementwise {
  static let name = "exp"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { exp(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { y }
}

/// `y = ln x`, with `y′ = 1/x` where x ≥ 0.
struct Log: Elementwise {
  static let name = "log"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { log(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x.applying(LogDerivative()) }
}

/// `y = 1/x` where x ≥ 0, NaN where ln x is; with `y′ = −y²`.
struct LogDerivative: Elementwise {
  static let name = "logDerivative"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { logDerivative(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -square(y) }
  func formula(_ x: [Formula]) -> Formula { 1 / x[0] }
}

/// `y = eˣ − 1`, with `y′ = eˣ`.
struct ExpMinusOne: Elementwise {
  static let name = "expm1"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { expm1(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { exp(x) }
}

/// `y = ln(1 + x)`, with `y′ = 1/(1 + x)` where x ≥ −1.
struct LogOnePlus: Elementwise {
  static let name = "log1p"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { log1p(x) }
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
