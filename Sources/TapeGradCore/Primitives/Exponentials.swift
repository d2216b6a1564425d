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

/// `y = 2ˣ`, with `y′ = y·ln 2`.
struct PowerOfTwo: Elementwise, UnaryKernel {
  static let name = "exp2", kernel = UnaryFunction.powerOfTwo
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { S(ln2) * y }
}

/// `y = log₂ x`, with `y′ = 1/(x·ln 2)` where x ≥ 0.
struct BinaryLogarithm: Elementwise, UnaryKernel {
  static let name = "log2", kernel = UnaryFunction.binaryLogarithm
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    x.applying(LogDerivative()) / S(ln2)
  }
}

/// `y = log₁₀ x`, with `y′ = 1/(x·ln 10)` where x ≥ 0.
struct DecimalLogarithm: Elementwise, UnaryKernel {
  static let name = "log10", kernel = UnaryFunction.decimalLogarithm
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    x.applying(LogDerivative()) / S(ln10)
  }
}

private let ln2 = 0.69314718055994530942, ln10 = 2.30258509299404568402

/// `z = ln(eˣ + eʸ)`, with `∂z/∂x = σ(x − y)`.
struct LogAddExp: BinaryKernel {
  static let name = "logAddExp", kernel = BinaryFunction.logAddExp

  /// `x̄ = z̄ ⊙ σ(x − y)`; between equal infinities, which have no difference, halves.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[i], y = operands[1 - i]
    let areSameInfinity = (x .== y) .& (abs(x) .== .infinity)
    return cotangent.chained(with: select(areSameInfinity, 0, x - y).applying(Sigmoid()))
  }
}

/// `z = x·ln y`, and 0 where x is 0, whatever the logarithm is there.
struct XLogY: BinaryKernel {
  static let name = "xLogY", kernel = BinaryFunction.xLogY

  /// `x̄ = z̄·ln y`; `ȳ = z̄·x/y`, 0 where x is 0.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    let x = operands[0], y = operands[1]
    return cotangent.chained(with: i == 0 ? log(y) : x.weighting(y.applying(LogDerivative())))
  }

  func formula(_ x: [Formula]) -> Formula { x[0] * .call(Log(), [x[1]]) }
}

/// `eˣ`. Its derivative is itself. Float: right to 1 ULP; 0 below −104, ∞ above 88.73.
public func exp<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Exp()) }
/// `ln x`. Derivative `1/x`; at ±0 the value is −∞ and the derivative ±∞; below 0 both are NaN.
public func log<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Log()) }
/// `eˣ − 1`, accurate near 0. Derivative `eˣ`.
public func expm1<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(ExpMinusOne()) }
/// `ln(1 + x)`, accurate near 0. Derivative `1/(1 + x)`; below −1 both are NaN.
public func log1p<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(LogOnePlus()) }
/// `2ˣ`. Derivative `2ˣ·ln 2`.
public func exp2<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(PowerOfTwo()) }
/// `log₂ x`, exact for powers of two. Derivative `1/(x·ln 2)`; at ±0 the value is −∞; below 0 both are NaN.
public func log2<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(BinaryLogarithm()) }
/// `log₁₀ x`. Derivative `1/(x·ln 10)`; at ±0 the value is −∞; below 0 both are NaN.
public func log10<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(DecimalLogarithm()) }
/// `ln(eˣ + eʸ)`, without overflow; shapes broadcast. Derivatives `σ(x − y)` and `σ(y − x)`, halves between equal
/// infinities.
public func logAddExp<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { .broadcasting(LogAddExp(), x, y) }
/// `x·ln y`, and 0 where x is 0, even at y = 0; shapes broadcast. Derivatives `ln y` and `x/y`, the latter 0 where x is.
public func xLogY<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> { .broadcasting(XLogY(), x, y) }
