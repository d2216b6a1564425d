/// `eˣ`, element by element.
public func exp<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.exp, x) }
/// `ln x`, element by element.
public func log<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.log, x) }
/// `eˣ − 1`, accurate near 0.
public func expm1<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.expm1, x) }
/// `ln(1 + x)`, accurate near 0.
public func log1p<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.log1p, x) }
/// `√x`, element by element.
public func sqrt<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.squareRoot, x) }
/// `x²`, element by element.
public func square<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.square, x) }
/// `|x|`, element by element.
public func abs<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.absolute, x) }
/// −1, 0 or 1; NaN at NaN.
public func sign<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.sign, x) }
/// `tanh x`, element by element.
public func tanh<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.tanh, x) }
/// `1 − tanh² x`, accurate in both tails.
public func tanhDerivative<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.tanhDerivative, x) }
/// `σ(x) = 1/(1 + e⁻ˣ)`.
public func sigmoid<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.sigmoid, x) }
/// `σ(x)(1 − σ(x))`, accurate in both tails.
public func sigmoidDerivative<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.sigmoidDerivative, x) }
/// `ln(1 + eˣ)`, without overflow.
public func softplus<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.softplus, x) }
/// `max(x, 0)`.
public func relu<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.relu, x) }
/// 1 where x > 0, 0 elsewhere, NaN at NaN: the derivative of relu.
public func step<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.step, x) }
/// `x` where x > 0, `slope·x` elsewhere.
public func leakyRelu<S>(_ x: NDArray<S>, slope: S) -> NDArray<S> { .elementwise(.leakyRelu, x, slope) }
/// 1 where x > 0, `slope` elsewhere, NaN at NaN: the derivative of leakyRelu.
public func leakyStep<S>(_ x: NDArray<S>, slope: S) -> NDArray<S> { .elementwise(.leakyStep, x, slope) }
/// `1/x` where x ≥ 0 and NaN below: the derivative of the logarithm.
public func logDerivative<S>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(.logDerivative, x) }

/// The larger of two elements, NaN if either is; with broadcasting.
public func maximum<S>(_ a: NDArray<S>, _ b: NDArray<S>) -> NDArray<S> { .elementwise(.maximum, a, b) }
/// The smaller of two elements, NaN if either is; with broadcasting.
public func minimum<S>(_ a: NDArray<S>, _ b: NDArray<S>) -> NDArray<S> { .elementwise(.minimum, a, b) }

/// Cross-entropy of the probability σ(z) with label t, element by element: `t·softplus(−z) + (1 − t)·softplus(z)`.
public func logitsCrossEntropy<S>(_ logits: NDArray<S>, labels: NDArray<S>) -> NDArray<S> {
  .elementwise(.logitsCrossEntropy, logits, labels)
}
/// `σ(z) − t`, without cancellation where the two are close.
public func sigmoidResidual<S>(_ logits: NDArray<S>, labels: NDArray<S>) -> NDArray<S> {
  .elementwise(.sigmoidResidual, logits, labels)
}

/// `a` where the mask is not 0, `b` elsewhere. The three have one shape.
public func select<S>(_ mask: NDArray<S>, _ a: NDArray<S>, _ b: NDArray<S>) -> NDArray<S> {
  guard mask.shape == a.shape, a.shape == b.shape else {
    fatalError("select of shapes \(mask.shape), \(a.shape) and \(b.shape)")
  }
  let y = NDArray<S>(uninitialized: a.shape)
  Kernels.select(S.scalarType, mask.bytes, a.bytes, b.bytes, y.bytes, a.count)
  return y
}
