import CTapeGradKernels

/// `eˣ`, element by element.
public func exp<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.exp) }
/// `ln x`, element by element.
public func log<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.log) }
/// `eˣ − 1`, accurate near 0.
public func expm1<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.expm1) }
/// `ln(1 + x)`, accurate near 0.
public func log1p<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.log1p) }
/// `√x`, element by element.
public func sqrt<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.squareRoot) }
/// `x²`, element by element.
public func square<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.square) }
/// `|x|`, element by element.
public func abs<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.absolute) }
/// −1, 0 or 1; NaN at NaN.
public func sign<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.sign) }
/// `tanh x`, element by element.
public func tanh<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.tanh) }
/// `1 − tanh² x`, accurate in both tails.
public func tanhDerivative<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.tanhDerivative) }
/// `σ(x) = 1/(1 + e⁻ˣ)`.
public func sigmoid<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.sigmoid) }
/// `σ(x)(1 − σ(x))`, accurate in both tails.
public func sigmoidDerivative<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.sigmoidDerivative) }
/// `ln(1 + eˣ)`, without overflow.
public func softplus<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.softplus) }
/// `max(x, 0)`.
public func relu<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.relu) }
/// 1 where x > 0, 0 elsewhere, NaN at NaN: the derivative of relu.
public func step<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.step) }
/// `x` where x > 0, `slope·x` elsewhere.
public func leakyRelu<S>(_ x: NDArray<S>, slope: S) -> NDArray<S> { x.mapped(.leakyRelu, Double(slope)) }
/// 1 where x > 0, `slope` elsewhere, NaN at NaN: the derivative of leakyRelu.
public func leakyStep<S>(_ x: NDArray<S>, slope: S) -> NDArray<S> { x.mapped(.leakyStep, Double(slope)) }
/// `1/x` where x ≥ 0 and NaN below: the derivative of the logarithm.
public func logDerivative<S>(_ x: NDArray<S>) -> NDArray<S> { x.mapped(.logDerivative) }

/// The larger of two elements, NaN if either is; with broadcasting.
public func maximum<S>(_ a: NDArray<S>, _ b: NDArray<S>) -> NDArray<S> { .zip(.maximum, a, b) }
/// The smaller of two elements, NaN if either is; with broadcasting.
public func minimum<S>(_ a: NDArray<S>, _ b: NDArray<S>) -> NDArray<S> { .zip(.minimum, a, b) }

/// Cross-entropy of the probability σ(z) with label t, element by element: `t·softplus(−z) + (1 − t)·softplus(z)`.
public func logitsCrossEntropy<S>(_ logits: NDArray<S>, labels: NDArray<S>) -> NDArray<S> {
  .zip(.logitsCrossEntropy, logits, labels)
}
/// `σ(z) − t`, without cancellation where the two are close.
public func sigmoidResidual<S>(_ logits: NDArray<S>, labels: NDArray<S>) -> NDArray<S> {
  .zip(.sigmoidResidual, logits, labels)
}

/// `a` where the mask is not 0, `b` elsewhere. The three have one shape.
public func select<S>(_ mask: NDArray<S>, _ a: NDArray<S>, _ b: NDArray<S>) -> NDArray<S> {
  precondition(mask.shape == a.shape && a.shape == b.shape, "select takes three arrays of one shape")
  return NDArray(shape: a.shape) { Kernels.select(mask.pointer, a.pointer, b.pointer, $0, a.count) }
}
