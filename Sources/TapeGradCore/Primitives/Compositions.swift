// Operations that need no rule of their own.

/// `x` where x > 0, `α(eˣ − 1)` elsewhere. Derivative 1 and `α·eˣ`; at 0 it is α.
public func elu<S>(_ x: Tensor<S>, alpha: S = 1) -> Tensor<S> {
  let isPositive = x .> 0
  return select(isPositive, x, alpha * expm1(select(isPositive, 0, x)))  // eˣ of a large x would overflow
}

/// `x·σ(x)`, also called swish. 0 at −∞, with derivative 0; x at +∞, with derivative 1.
public func silu<S>(_ x: Tensor<S>) -> Tensor<S> { near(x, within: 1000) { $0 * $0.applying(Sigmoid()) } }

/// `x·Φ(x) = ½x·erfc(−x/√2)`, where Φ is the normal distribution. Derivative `Φ(x) + x·Φ′(x)`; 0 at −∞, with derivative 0;
/// x at +∞, with derivative 1. Accurate in the tail where Φ is small.
public func gelu<S>(_ x: Tensor<S>) -> Tensor<S> { near(x, within: 100) { $0 * $0.applying(NormalDistribution()) } }

/// The usual approximation of ``gelu(_:)``, `½x(1 + tanh(√(2/π)(x + 0.044715x³)))`, which differs from it by at most 5·10⁻⁴.
/// 0 at −∞, with derivative 0; x at +∞, with derivative 1.
public func approximateGelu<S>(_ x: Tensor<S>) -> Tensor<S> {
  near(x, within: 100) { x in
    let inner = x + 0.044715 * pow(x, 3)
    return 0.5 * x * (1 + tanh(S(2 / Double.pi).squareRoot() * inner))
  }
}

/// `λ·elu(x)` with the λ = 1.0507 and α = 1.6733 that keep mean 0 and variance 1. Derivative λ and `λα·eˣ`; at 0 it is λα.
public func selu<S>(_ x: Tensor<S>) -> Tensor<S> { 1.0507009873554804934 * elu(x, alpha: 1.6732632423543772848) }

/// `x·tanh(ln(1 + eˣ))`. 0 at −∞, with derivative 0; x at +∞, with derivative 1.
public func mish<S>(_ x: Tensor<S>) -> Tensor<S> { near(x, within: 1000) { $0 * tanh(softplus($0)) } }

/// `ln σ(x) = −ln(1 + e⁻ˣ)`. Derivative `σ(−x)`; x at −∞, 0 at +∞.
public func logSigmoid<S>(_ x: Tensor<S>) -> Tensor<S> { -softplus(-x) }

/// `min(max(x, 0), 6)`. Derivative 1 between 0 and 6, and 0 elsewhere, at 0 and 6 too.
public func relu6<S>(_ x: Tensor<S>) -> Tensor<S> { select(x .>= 6, 6, relu(x)) }

/// `x·(x + 3)/6` for −3 < x < 3, 0 below and x above. Derivative `(2x + 3)/6`; 0 at −3 and below, 1 at 3 and above.
public func hardSwish<S>(_ x: Tensor<S>) -> Tensor<S> {
  select(x .<= -3, 0, select(x .>= 3, x, x * (x + 3) / 6))
}

/// `f(x)` where |x| is below a bound, and `max(x, 0)` beyond, which f is there to the last digit. A formula such as x·σ(x)
/// loses the limit of its function: at −∞ it is ∞·0.
private func near<S>(_ x: Tensor<S>, within bound: S, _ f: (Tensor<S>) -> Tensor<S>) -> Tensor<S> {
  let isNear = abs(x) .< bound
  return select(isNear, f(select(isNear, x, 0)), relu(x))
}

extension Tensor {
  /// The mean squared distance to the mean, over all elements or over `axes`: the sum divided by n less the correction. A
  /// correction of 1 makes it the unbiased estimate from a sample. NaN where nothing is left to divide by.
  public func variance(axes: [Int]? = nil, correction: Int = 0, keepingDimensions: Bool = false) -> Tensor {
    let squares = square(self - mean(axes: axes, keepingDimensions: true))
    if correction == 0 { return squares.mean(axes: axes, keepingDimensions: keepingDimensions) }
    let sum = squares.sum(axes: axes, keepingDimensions: keepingDimensions)
    let count = sum.shape.defect == nil && sum.shape.count > 0 ? shape.count / sum.shape.count : 0
    return sum / Scalar(Swift.max(count - correction, 0))
  }

  /// The root of the variance. Where all elements are equal it is 0, and its derivative is taken to be 0.
  public func standardDeviation(axes: [Int]? = nil, correction: Int = 0, keepingDimensions: Bool = false) -> Tensor {
    let variance = variance(axes: axes, correction: correction, keepingDimensions: keepingDimensions)
    let isZero = variance .== 0
    return select(isZero, 0, sqrt(select(isZero, 1, variance)))  // √ has no derivative at 0
  }
}
