// Cube root, reciprocal square root, reciprocal. (The square root stands with the powers, c/x with the scalings.)

/// `y = ∛x`, with `y′ = (1/y)²/3`; ∞ at 0.
struct CubeRoot: Elementwise, UnaryKernel {
  static let name = "cbrt", kernel = UnaryFunction.cubeRoot
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { square(1 / y) / 3 }
}

/// `y = 1/√x`, with `y′ = −y/(2x)`.
struct ReciprocalSquareRoot: Elementwise, UnaryKernel {
  static let name = "rsqrt", kernel = UnaryFunction.reciprocalSquareRoot
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -0.5 * (y / x) }
  func formula(_ x: [Formula]) -> Formula { 1 / .call(SquareRoot(), x) }
}

/// `∛x`, of negative numbers too. Derivative `1/(3·∛x²)`, ∞ at 0.
public func cbrt<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(CubeRoot()) }
/// `1/√x`. Derivative `−1/(2x√x)`; ∞ at 0, where it is −∞; below 0 both are NaN. Float: right to 1.5 ULP.
public func rsqrt<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(ReciprocalSquareRoot()) }
/// `1/x`. Derivative `−1/x²`; ±∞ at ±0.
public func reciprocal<S>(_ x: Tensor<S>) -> Tensor<S> { 1 / x }
