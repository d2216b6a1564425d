// The activations of the study notes, and their derivatives as operations of their own: accurate in the tails, and
// differentiable again.

/// `y = σ(x) = 1/(1 + e⁻ˣ)`, with `y′ = y(1 − y)`.
struct Sigmoid: Elementwise {
  static let name = "sigmoid"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { sigmoid(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    x.applying(SigmoidDerivative())
  }

  /// `σ(−x)` reads as `1 − σ(x)`.
  func formula(_ x: [Formula]) -> Formula {
    if case .negated(let x) = x[0] { 1 - .call(self, [x]) } else { .call(self, x) }
  }
}

/// `y = σ(x)(1 − σ(x))`, with `y′ = y(1 − 2σ(x)) = −y·tanh(x/2)`.
///
/// Computed as `e/(1 + e)²` with `e = exp(−|x|)`: σ(1 − σ) is 0 from x ≈ 17 on in Float, where the truth is 4·10⁻⁸.
struct SigmoidDerivative: Elementwise {
  static let name = "sigmoidDerivative"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { sigmoidDerivative(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -(y * tanh(0.5 * x)) }
  func formula(_ x: [Formula]) -> Formula {
    let a = Formula.call(Sigmoid(), x)
    return a * (1 - a)
  }
}

/// `y = tanh x`, with `y′ = 1 − y²`.
struct Tanh: Elementwise {
  static let name = "tanh"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { tanh(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x.applying(TanhDerivative()) }
}

/// `y = 1 − tanh² x`, with `y′ = −2y·tanh x`.
///
/// Computed as `4e/(1 + e)²` with `e = exp(−2|x|)`, which keeps its accuracy where tanh x rounds to ±1.
struct TanhDerivative: Elementwise {
  static let name = "tanhDerivative"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { tanhDerivative(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -2 * (y * tanh(x)) }
  func formula(_ x: [Formula]) -> Formula { 1 - .call(Tanh(), x).squared }
}

/// `y = max(x, 0)`, with `y′ = 1` where x > 0 and 0 elsewhere, at 0 too.
struct Relu: Elementwise {
  static let name = "relu"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { relu(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x.applying(Step()) }
}

/// `y = 1` where x > 0, 0 elsewhere, NaN at NaN.
struct Step: PiecewiseConstant {
  static let name = "step"
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { step(operands.array(0)) }
}

/// `y = x` where x > 0, `α·x` elsewhere, with `y′ = 1` where x > 0 and α elsewhere, at 0 too.
struct LeakyRelu: Elementwise {
  static let name = "leakyRelu"
  let slope: Double
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { leakyRelu(x, slope: S(slope)) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    x.applying(LeakyStep(slope: slope))
  }
}

/// `y = 1` where x > 0, α elsewhere, NaN at NaN.
struct LeakyStep: PiecewiseConstant {
  static let name = "leakyStep"
  let slope: Double
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    leakyStep(operands.array(0), slope: S(slope))
  }

  /// `α + (1 − α)·[x > 0]`.
  func formula(_ x: [Formula]) -> Formula { .number(slope) + .number(1 - slope) * .call(Step(), x) }
}

/// `y = ln(1 + eˣ)`, with `y′ = σ(x)`.
struct Softplus: Elementwise {
  static let name = "softplus"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { softplus(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x.applying(Sigmoid()) }
}

/// `σ(x) = 1/(1 + e⁻ˣ)`. Derivative `σ(1 − σ)`, accurate in both tails.
///
/// The result remembers x, so that ``binaryCrossEntropy(_:_:)`` can be computed from the logits; any further operation
/// forgets it. Float: right to 2 ULP, subnormals included.
public func sigmoid<S>(_ x: Tensor<S>) -> Tensor<S> {
  var y = x.applying(Sigmoid())
  if y.value.content.error == nil {
    y.value.content = .sigmoid(SigmoidOutput(y.value.content, logits: x.value))
  }
  return y
}

/// `tanh x`. Derivative `1 − tanh² x`, accurate in both tails. Float: right to 2 ULP.
public func tanh<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Tanh()) }
/// `max(x, 0)`. Derivative 1 where x > 0 and 0 elsewhere; at 0 it is 0, at NaN both are NaN.
public func relu<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Relu()) }
/// `x` where x > 0 and `slope·x` elsewhere. Derivative 1 and `slope`; at 0 it is `slope`.
public func leakyRelu<S>(_ x: Tensor<S>, slope: S = 0.01) -> Tensor<S> {
  x.applying(LeakyRelu(slope: Double(slope)))
}
/// `ln(1 + eˣ)`, without overflow. Derivative `σ(x)`.
public func softplus<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(Softplus()) }
