// Squares, roots and powers.

/// `y = x²`, with `y′ = 2x`.
struct Square: Elementwise {
  static let name = "square"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { square(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 2 * x }
  func formula(_ x: [Formula]) -> Formula { x[0].squared }
}

/// `y = √x`, with `y′ = 1/(2y)`; ∞ at 0.
struct SquareRoot: Elementwise {
  static let name = "sqrt"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { sqrt(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 0.5 / y }
}

/// `y = xᵖ` for a number p, with `y′ = p·xᵖ⁻¹`; 0 everywhere for p = 0.
struct Power: Elementwise {
  static let name = "power"
  let exponent: Double

  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x.raised(to: S(exponent)) }

  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    exponent == 0 ? .zeros(x.shape) : S(exponent) * x.applying(Power(exponent: exponent - 1))
  }

  func formula(_ x: [Formula]) -> Formula { .power(x[0], .number(exponent)) }
}

/// `z = xᵖ`, both tensors, with `∂z/∂x = p·xᵖ⁻¹` and `∂z/∂p = z·ln x`, which is taken as 0 where x = 0.
struct PowerOfTensor: SameShape {
  static let name = "pow"

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    operands.array(0).raised(to: operands.array(1))
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result z: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0], p = operands[1]
    if i == 0 { return cotangent.chained(with: p.chained(with: pow(x, p - 1))) }
    let isZero = x .== Tensor.zeros(x.shape)
    return cotangent.chained(with: select(isZero, Tensor.zeros(x.shape), z * log(x)))
  }

  func formula(_ x: [Formula]) -> Formula { .power(x[0], x[1]) }
}

/// `x²`. Derivative `2x`.
public func square<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Square()) }
/// `√x`. Derivative `1/(2√x)`, ∞ at 0; below 0 both are NaN.
public func sqrt<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(SquareRoot()) }
/// `xᵖ`. Derivative `p·xᵖ⁻¹`, and 0 for p = 0, at x = 0 too. A negative base with a broken exponent gives NaN.
public func pow<S>(_ x: Tensor<S>, _ exponent: S) -> Tensor<S> { x.applying(Power(exponent: Double(exponent))) }
/// `xᵖ`, element by element; shapes broadcast. Derivatives `p·xᵖ⁻¹` (0 where p = 0) and `xᵖ·ln x` (0 where x = 0).
public func pow<S>(_ x: Tensor<S>, _ exponent: Tensor<S>) -> Tensor<S> {
  .broadcasting(PowerOfTensor(), x, exponent)
}
