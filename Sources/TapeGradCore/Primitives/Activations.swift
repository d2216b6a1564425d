// The activations of the study notes, and their derivatives as operations of their own: accurate in the tails, and
// differentiable again.

/// `y = σ(x) = 1/(1 + e⁻ˣ)`, with `y′ = y(1 − y)`.
struct Sigmoid: Elementwise, UnaryKernel {
  static let name = "sigmoid", symbol = "σ", kernel = UnaryFunction.sigmoid
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
struct SigmoidDerivative: Elementwise, UnaryKernel {
  static let name = "sigmoidDerivative", kernel = UnaryFunction.sigmoidDerivative
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -(y * tanh(0.5 * x)) }
  func formula(_ x: [Formula]) -> Formula {
    let a = Formula.call(Sigmoid(), x)
    return a * (1 - a)
  }
}

/// `y = tanh x`, with `y′ = 1 − y²`.
struct Tanh: Elementwise, UnaryKernel {
  static let name = "tanh", kernel = UnaryFunction.tanh
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x.applying(TanhDerivative()) }
}

/// `y = 1 − tanh² x`, with `y′ = −2y·tanh x`.
///
/// Computed as `4e/(1 + e)²` with `e = exp(−2|x|)`, which keeps its accuracy where tanh x rounds to ±1.
struct TanhDerivative: Elementwise, UnaryKernel {
  static let name = "tanhDerivative", kernel = UnaryFunction.tanhDerivative
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -2 * (y * tanh(x)) }
  func formula(_ x: [Formula]) -> Formula { 1 - .call(Tanh(), x).squared }
}

/// `y = max(x, 0)`, with `y′ = 1` where x > 0 and 0 elsewhere, at 0 too.
struct Relu: Elementwise, UnaryKernel {
  static let name = "relu", kernel = UnaryFunction.relu
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x.applying(Step()) }
}

/// `y = 1` where x > 0, 0 elsewhere, NaN at NaN.
struct Step: PiecewiseConstant, UnaryKernel {
  static let name = "step", kernel = UnaryFunction.step

  /// 1 where x > 0, 0 elsewhere.
  func formula(_ x: [Formula]) -> Formula { .cases(positive: x[0], 1, otherwise: 0) }
}

/// `y = x` where x > 0, `α·x` elsewhere, with `y′ = 1` where x > 0 and α elsewhere, at 0 too.
struct LeakyRelu: Elementwise, UnaryKernel, CustomStringConvertible {
  static let name = "leakyRelu", kernel = UnaryFunction.leakyRelu
  let slope: Double
  var number: Double { slope }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    x.applying(LeakyStep(slope: slope))
  }

  /// With its slope, which tells one leaky ReLU from another.
  var description: String { "\(Self.name)[slope \(short(slope))]" }
}

/// `y = 1` where x > 0, α elsewhere, NaN at NaN.
struct LeakyStep: PiecewiseConstant, UnaryKernel {
  static let name = "leakyStep", kernel = UnaryFunction.leakyStep
  let slope: Double
  var number: Double { slope }

  /// 1 where x > 0, α elsewhere.
  func formula(_ x: [Formula]) -> Formula { .cases(positive: x[0], 1, otherwise: .number(slope)) }
}

/// `y = ln(1 + eˣ)`, with `y′ = σ(x)`.
struct Softplus: Elementwise, UnaryKernel {
  static let name = "softplus", kernel = UnaryFunction.softplus
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { x.applying(Sigmoid()) }
}

/// `σ(x) = 1/(1 + e⁻ˣ)`. Derivative `σ(1 − σ)`, accurate in both tails.
///
/// The result remembers x, so that ``binaryCrossEntropy(_:_:weights:reduction:)`` can be computed from the logits; a change of shape carries that
/// along, any other operation forgets it. Float: right to 2 ULP, subnormals included.
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
