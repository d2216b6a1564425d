// Squares, roots and powers.
//
//   x²     2x
//   √x     1/(2√x)
//   xᵖ     p·xᵖ⁻¹ by x, and xᵖ·ln x by p. At x = 0 both have limits that a product of their parts has not: 0·∞.
//
// For x = 2, p = 3 the derivatives are 12 and 8·ln 2 = 5.545.

/// `y = x²`, with `y′ = 2x`.
struct Square: Elementwise, UnaryKernel {
  static let name = "square", kernel = UnaryFunction.square
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 2 * x }
  func formula(_ x: [Formula]) -> Formula { x[0].squared }
}

/// `y = √x`, with `y′ = 1/(2y)`; ∞ at 0.
struct SquareRoot: Elementwise, UnaryKernel {
  static let name = "sqrt", symbol = "√", kernel = UnaryFunction.squareRoot
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 0.5 / y }
}

/// `y = xᵖ` for a number p, with `y′ = p·xᵖ⁻¹`; 0 everywhere for p = 0.
struct Power: Elementwise, UnaryKernel {
  static let name = "power", kernel = UnaryFunction.power
  let exponent: Double
  var number: Double { exponent }

  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    // x⁰ is 1 everywhere, at 0 and ∞ too; the formula would make 0·∞ of its derivative there.
    exponent == 0 ? .zeros(x.shape) : S(exponent) * x.applying(Power(exponent: exponent - 1))
  }

  func formula(_ x: [Formula]) -> Formula { .power(x[0], .number(exponent)) }
}

/// `z = xᵖ`, both tensors, with `∂z/∂x = p·xᵖ⁻¹` and `∂z/∂p = xᵖ·ln x`.
///
/// The derivatives are operations of their own, which have their limits at x = 0: a formula such as xᵖ·ln x is 0·∞ there, and
/// where `select` puts a convention in its place, what is differentiated next is the convention.
struct PowerOfTensor: BinaryKernel {
  static let name = "pow", kernel = BinaryFunction.power

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0], p = operands[1]
    return cotangent.chained(with: i == 0 ? x.applying(PowerSlope(), p) : x.applying(PowerLogarithm(), p))
  }

  func formula(_ x: [Formula]) -> Formula { .power(x[0], x[1]) }
}

/// `w = p·xᵖ⁻¹`, and 0 where p = 0.
struct PowerSlope: SameShape, Computed {
  static let name = "powerSlope"

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.zip(.weight, x[1], backend.zip(.power, x[0], backend.map(.offset, x[1], -1)))
  }

  /// `∂w/∂x = p·(p − 1)·xᵖ⁻²`; `∂w/∂p = xᵖ⁻¹·(1 + p·ln x)`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0], p = operands[1]
    return cotangent.chained(
      with: i == 0 ? p.weighting(x.applying(PowerSlope(), p - 1)) : x.applying(PowerMixed(), p))
  }

  func formula(_ x: [Formula]) -> Formula { x[1] * .power(x[0], x[1] - 1) }
}

/// `w = xᵖ·(ln x)ᵏ`. At x = 0 it is 0 for p ≥ 0, which is the limit for p > 0 and a convention for p = 0.
struct PowerLogarithm: SameShape, Computed {
  static let name = "powerLogarithm"
  var order = 1

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let shape = backend.shape(x[0]), zeros = backend.fill(0, shape, like: x[0])
    let logarithm = backend.map(.log, x[0])
    let w = backend.zip(
      .weight, backend.zip(.power, x[0], x[1]), order == 1 ? logarithm : backend.map(.power, logarithm, Double(order)))
    let atZero = backend.select(backend.zip(.less, x[1], zeros), w, zeros)
    return backend.select(backend.zip(.equal, x[0], zeros), atZero, w)
  }

  /// `∂w/∂x = xᵖ⁻¹·(p·(ln x)ᵏ + k·(ln x)ᵏ⁻¹)`; `∂w/∂p = xᵖ·(ln x)ᵏ⁺¹`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0], p = operands[1]
    if i == 1 { return cotangent.chained(with: x.applying(PowerLogarithm(order: order + 1), p)) }
    if order == 1 { return cotangent.chained(with: x.applying(PowerMixed(), p)) }
    let lower = S(order) * x.applying(PowerLogarithm(order: order - 1), p - 1)
    return cotangent.chained(with: p.weighting(x.applying(self, p - 1)) + lower)
  }

  func formula(_ x: [Formula]) -> Formula {
    let logarithm = Formula.call(Log(), [x[0]])
    return .power(x[0], x[1]) * (order == 1 ? logarithm : .power(logarithm, .number(Double(order))))
  }
}

/// `w = xᵖ⁻¹·(1 + p·ln x)`, the mixed second derivative of xᵖ, with its limits at x = 0: 0 for p > 1, −∞ for 0 < p ≤ 1, ∞
/// for p ≤ 0. NaN below 0.
struct PowerMixed: SameShape, Computed {
  static let name = "powerMixed"

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    let shape = backend.shape(x[0])
    let power = backend.zip(.power, x[0], backend.map(.offset, x[1], -1))
    let factor = backend.map(.offset, backend.zip(.weight, x[1], backend.map(.log, x[0])), 1)
    let isNegative = backend.zip(.less, x[0], backend.fill(0, shape, like: x[0]))
    return backend.select(isNegative, backend.fill(.nan, shape, like: x[0]), backend.zip(.weight, power, factor))
  }

  /// `∂w/∂x = (2p − 1)·xᵖ⁻² + p·(p − 1)·xᵖ⁻²·ln x`; `∂w/∂p = xᵖ⁻¹·(2·ln x + p·(ln x)²)`.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0], p = operands[1]
    let logarithm = PowerLogarithm()
    return cotangent.chained(
      with: i == 0
        ? (2 * p - 1) * pow(x, p - 2) + (p * (p - 1)).weighting(x.applying(logarithm, p - 2))
        : 2 * x.applying(logarithm, p - 1) + p.weighting(x.applying(PowerLogarithm(order: 2), p - 1)))
  }

  func formula(_ x: [Formula]) -> Formula { .power(x[0], x[1] - 1) * (1 + x[1] * .call(Log(), [x[0]])) }
}

/// `x²`. Derivative `2x`.
public func square<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Square()) }
/// `√x`. Derivative `1/(2√x)`, ∞ at 0; below 0 both are NaN.
public func sqrt<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(SquareRoot()) }
/// `xᵖ`. Derivative `p·xᵖ⁻¹`, and 0 for p = 0, at x = 0 too. A negative base with a non-integer exponent gives NaN.
public func pow<S>(_ x: Tensor<S>, _ exponent: S) -> Tensor<S> { x.applying(Power(exponent: Double(exponent))) }
/// `xᵖ`, element by element; shapes broadcast. Derivatives `p·xᵖ⁻¹` (0 where p = 0) and `xᵖ·ln x` (0 where x = 0
/// and p ≥ 0).
public func pow<S>(_ x: Tensor<S>, _ exponent: Tensor<S>) -> Tensor<S> {
  .broadcasting(PowerOfTensor(), x, exponent)
}
