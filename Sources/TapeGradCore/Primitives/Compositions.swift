// Operations that need no rule of their own.

/// `(1/n)·Σ (y − t)²`, the mean over all elements; shapes broadcast. Derivative `2(y − t)/n`.
public func meanSquaredError<S>(_ predictions: Tensor<S>, _ targets: Tensor<S>) -> Tensor<S> {
  square(predictions - targets).mean()
}

/// `x` where x > 0, `α(eˣ − 1)` elsewhere.
public func elu<S>(_ x: Tensor<S>, alpha: S = 1) -> Tensor<S> {
  select(x .> 0, x, alpha * expm1(minimum(x, Tensor(0))))
}

/// `x·σ(x)`, also called swish.
public func silu<S>(_ x: Tensor<S>) -> Tensor<S> { x * x.applying(Sigmoid()) }

/// `x·Φ(x)` by the usual approximation, `½x(1 + tanh(√(2/π)(x + 0.044715x³)))`.
public func gelu<S>(_ x: Tensor<S>) -> Tensor<S> {
  let inner = x + 0.044715 * pow(x, 3)
  return 0.5 * x * (1 + tanh(S(2 / Double.pi).squareRoot() * inner))
}

extension Tensor {
  /// The mean squared distance to the mean (divided by n, not n − 1), over all elements or over `axes`.
  public func variance(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    let deviation = self - mean(axes: axes, keepingDimensions: true)
    return square(deviation).mean(axes: axes, keepingDimensions: keepingDimensions)
  }

  /// The root of the variance.
  public func standardDeviation(axes: [Int]? = nil, keepingDimensions: Bool = false) -> Tensor {
    sqrt(variance(axes: axes, keepingDimensions: keepingDimensions))
  }
}
