// Operations that need no rule of their own.

/// `(1/n)·Σ (y − t)²`, the mean over all n elements. Derivative `2(y − t)/n`. Shapes that differ give a failed tensor:
/// broadcast, (3, 1) and (3) would be nine differences.
public func meanSquaredError<S>(_ predictions: Tensor<S>, _ targets: Tensor<S>) -> Tensor<S> {
  square(predictions.applying(Subtract(), targets)).mean()
}

/// `x` where x > 0, `α(eˣ − 1)` elsewhere. Derivative 1 and `α·eˣ`; at 0 it is α.
public func elu<S>(_ x: Tensor<S>, alpha: S = 1) -> Tensor<S> {
  let isPositive = x .> 0
  return select(isPositive, x, alpha * expm1(select(isPositive, 0, x)))  // eˣ of a large x would overflow
}

/// `x·σ(x)`, also called swish. 0 at −∞, with derivative 0; x at +∞, with derivative 1.
public func silu<S>(_ x: Tensor<S>) -> Tensor<S> { near(x, within: 1000) { $0 * $0.applying(Sigmoid()) } }

/// `x·Φ(x)` by the usual approximation, `½x(1 + tanh(√(2/π)(x + 0.044715x³)))`. 0 at −∞, with derivative 0; x at +∞, with
/// derivative 1.
public func gelu<S>(_ x: Tensor<S>) -> Tensor<S> {
  near(x, within: 100) { x in
    let inner = x + 0.044715 * pow(x, 3)
    return 0.5 * x * (1 + tanh(S(2 / Double.pi).squareRoot() * inner))
  }
}

/// `f(x)` where |x| is below a bound, and `max(x, 0)` beyond, which f is there to the last digit. A formula such as x·σ(x)
/// loses the limit of its function: at −∞ it is ∞·0.
private func near<S>(_ x: Tensor<S>, within bound: S, _ f: (Tensor<S>) -> Tensor<S>) -> Tensor<S> {
  let isNear = abs(x) .< bound
  return select(isNear, f(select(isNear, x, 0)), relu(x))
}

extension Tensor {
  /// The mean squared distance to the mean (divided by n, not n − 1), over all elements or over `axes`.
  public func variance(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let deviation = self - mean(axes: axes, keepingDimensions: true)
    return square(deviation).mean(axes: axes, keepingDimensions: keepingDimensions)
  }

  /// The root of the variance. Where all elements are equal it is 0, and its derivative is taken to be 0.
  public func standardDeviation(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let variance = variance(axes: axes, keepingDimensions: keepingDimensions), isZero = variance .== 0
    return select(isZero, 0, sqrt(select(isZero, 1, variance)))  // √ has no derivative at 0
  }
}
