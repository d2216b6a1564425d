import TapeGradCore

extension RandomGraph {
  /// The words of NumPy, PyTorch and JAX, to draw from as well.
  static func words<S: TensorScalar>(_: S.Type = S.self) -> [Operation<S>] {
    functions() + pairs() + masks() + foldings() + losses()
  }

  private static func functions<S>() -> [Operation<S>] {
    [
      ("sin", 1, { x, _ in sin(x[0]) }), ("cos", 1, { x, _ in cos(x[0]) }), ("tan", 1, { x, _ in tan(x[0]) }),
      ("asin", 1, { x, _ in asin(x[0]) }), ("acos", 1, { x, _ in acos(x[0]) }), ("atan", 1, { x, _ in atan(x[0]) }),
      ("sinh", 1, { x, _ in sinh(x[0]) }), ("cosh", 1, { x, _ in cosh(x[0]) }), ("asinh", 1, { x, _ in asinh(x[0]) }),
      ("acosh", 1, { x, _ in acosh(x[0]) }), ("atanh", 1, { x, _ in atanh(x[0]) }),
      ("exp2", 1, { x, _ in exp2(x[0]) }), ("log2", 1, { x, _ in log2(x[0]) }), ("log10", 1, { x, _ in log10(x[0]) }),
      ("cbrt", 1, { x, _ in cbrt(x[0]) }), ("rsqrt", 1, { x, _ in rsqrt(x[0]) }), ("erf", 1, { x, _ in erf(x[0]) }),
      ("erfc", 1, { x, _ in erfc(x[0]) }), ("lgamma", 1, { x, _ in lgamma(x[0]) }),
      ("digamma", 1, { x, _ in digamma(x[0]) }), ("gelu", 1, { x, _ in gelu(x[0]) }),
      ("selu", 1, { x, _ in selu(x[0]) }), ("mish", 1, { x, _ in mish(x[0]) }),
      ("hardSwish", 1, { x, _ in hardSwish(x[0]) }), ("relu6", 1, { x, _ in relu6(x[0]) }),
      ("logSigmoid", 1, { x, _ in logSigmoid(x[0]) }), ("floor", 1, { x, _ in floor(x[0]) }),
      ("ceil", 1, { x, _ in ceil(x[0]) }), ("round", 1, { x, _ in round(x[0]) }), ("trunc", 1, { x, _ in trunc(x[0]) }),
      ("clamped", 1, { x, c in x[0].clamped(to: -1...S(c)) }), ("mod", 1, { x, c in remainder(x[0], S(c) + 0.5) }),
    ]
  }

  private static func pairs<S>() -> [Operation<S>] {
    [
      ("atan2", 2, { x, _ in atan2(x[0], x[1]) }), ("hypot", 2, { x, _ in hypot(x[0], x[1]) }),
      ("logAddExp", 2, { x, _ in logAddExp(x[0], x[1]) }), ("xLogY", 2, { x, _ in xLogY(x[0], x[1]) }),
      ("remainder", 2, { x, _ in remainder(x[0], x[1]) }), ("fmod", 2, { x, _ in fmod(x[0], x[1]) }),
    ]
  }

  private static func masks<S>() -> [Operation<S>] {
    [
      ("lessOrEqual", 3, { x, _ in select(x[0] .<= x[1], x[1], x[2]) }),
      ("unequal", 2, { x, _ in select(x[0] .!= x[1], x[0], 1) }),
      ("and", 2, { x, _ in select((x[0] .> 0) .& (x[1] .>= 0), x[0], x[1]) }),
      ("or", 2, { x, _ in select((x[0] .> 0) .| .!(x[1] .< 1), x[0], x[1]) }),
      ("any", 1, { x, c in select((x[0] .> 0).any(axis: c, keepingDimensions: true), x[0], 0) }),
      ("all", 1, { x, c in select((x[0] .> 0).all(axis: c, keepingDimensions: true), log(x[0]), x[0]) }),
      ("isFinite", 1, { x, _ in select(isFinite(x[0]) .& .!isNaN(x[0]), x[0], 0) }),
    ]
  }

  private static func foldings<S>() -> [Operation<S>] {
    [
      ("minAxis", 1, { x, c in x[0].min(axis: c) }), ("norm", 1, { x, c in x[0].norm(axis: c) }),
      ("normThree", 1, { x, c in x[0].norm(.order(3), axis: c) }),
      ("normOne", 1, { x, _ in x[0].norm(.absolute) }),
      ("normMaximum", 1, { x, c in x[0].norm(.maximum, axis: c, keepingDimensions: true) }),
      ("productAxis", 1, { x, c in x[0].product(axis: c) }),
      ("cumulativeSum", 1, { x, c in x[0].cumulativeSum(axis: c) }),
      ("cumulativeProduct", 1, { x, c in x[0].cumulativeProduct(axis: c) }),
      ("cumulativeLogSumExp", 1, { x, c in x[0].cumulativeLogSumExp(axis: c) }),
      ("variance", 1, { x, c in x[0].variance(correction: c) }),
      ("standardDeviation", 1, { x, c in x[0].standardDeviation(axes: [c], keepingDimensions: true) }),
      ("logSumExpAll", 1, { x, _ in logSumExp(x[0], axes: nil) }),
      ("sorted", 1, { x, c in x[0].sorted(axis: c).values }), ("topK", 1, { x, c in x[0].topK(1, axis: c).values }),
      ("median", 1, { x, c in x[0].median(axis: c) }), ("quantile", 1, { x, c in x[0].quantile(0.3, axis: c) }),
      ("argMin", 1, { x, c in x[0].gathered(x[0].argMin(axis: c), axis: c).sum() }),
    ]
  }

  private static func losses<S>() -> [Operation<S>] {
    [
      ("meanAbsoluteError", 2, { x, _ in meanAbsoluteError(x[0], x[1]) }),
      ("huber", 2, { x, c in huberLoss(x[0], x[1], delta: S(c) + 1, reduction: .none) }),
      ("hinge", 2, { x, _ in hingeLoss(x[0], x[1], weights: abs(x[0])) }),
      ("kullbackLeibler", 2, { x, c in kullbackLeibler(softmax(x[0], axis: c), softmax(x[1], axis: c), axis: c) }),
      ("smoothed", 2, { x, c in softmaxCrossEntropy(logits: x[0], targets: sigmoid(x[1]), axis: c, smoothing: 0.1) }),
    ]
  }
}
