// The functions that expressions know by name, beside those with parameters or axes.

extension Expression {
  /// Functions of one argument.
  static func unaryFunctions<S: TensorScalar>(_: S.Type) -> [String: (Tensor<S>) -> Tensor<S>] {
    [
      "σ": sigmoid, "sigmoid": sigmoid, "tanh": tanh, "relu": relu, "softplus": softplus, "silu": silu, "gelu": gelu,
      "approximateGelu": approximateGelu, "elu": { elu($0) }, "selu": selu, "mish": mish, "hardSwish": hardSwish,
      "relu6": relu6, "logSigmoid": logSigmoid, "exp": exp, "log": log, "log1p": log1p, "expm1": expm1, "exp2": exp2,
      "log2": log2, "log10": log10, "√": sqrt, "sqrt": sqrt, "square": square, "cbrt": cbrt, "rsqrt": rsqrt,
      "abs": abs, "sign": sign, "sin": sin, "cos": cos, "tan": tan, "asin": asin, "acos": acos, "atan": atan,
      "sinh": sinh, "cosh": cosh, "asinh": asinh, "acosh": acosh, "atanh": atanh, "erf": erf, "erfc": erfc,
      "Φ": { $0.applying(NormalDistribution()) }, "lgamma": lgamma, "digamma": digamma, "floor": floor, "ceil": ceil,
      "round": round, "trunc": trunc, "transpose": \.transposed,
    ]
  }

  /// Functions of two arguments.
  static func binaryFunctions<S: TensorScalar>(_: S.Type) -> [String: (Tensor<S>, Tensor<S>) -> Tensor<S>] {
    [
      "maximum": maximum, "minimum": minimum, "atan2": atan2, "hypot": hypot, "logAddExp": logAddExp, "xLogY": xLogY,
      "remainder": { remainder($0, $1) }, "fmod": { fmod($0, $1) }, "lessOrEqual": { $0 .<= $1 }, "matmul": matmul,
      "binaryCrossEntropy": { binaryCrossEntropy($0, $1) }, "meanSquaredError": { meanSquaredError($0, $1) },
    ]
  }
}
