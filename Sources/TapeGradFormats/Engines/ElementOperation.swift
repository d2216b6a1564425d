// What other engines call the operations that the kernels' functions are made of. Where ONNX has no such operation, it
// gets a formula in those that it has (ElementFormula+Kernels.swift).
//
// A new function that other engines have a word for costs a case and a line here; one that is a formula in these costs
// neither.

/// An operation on elements that other engines have a word for.
enum ElementOperation: Hashable, Sendable, CaseIterable {
  case negate, absolute, sign, squareRoot, exp, log, expm1, log1p, tanh, sigmoid, sine, cosine
  case add, subtract, multiply, divide, power

  /// The words of StableHLO and of ONNX.
  var words: (stableHLO: String, onnx: String?) {
    switch self {
    case .negate: ("stablehlo.negate", "Neg")
    case .absolute: ("stablehlo.abs", "Abs")
    case .sign: ("stablehlo.sign", "Sign")
    case .squareRoot: ("stablehlo.sqrt", "Sqrt")
    case .exp: ("stablehlo.exponential", "Exp")
    case .log: ("stablehlo.log", "Log")
    case .expm1: ("stablehlo.exponential_minus_one", nil)
    case .log1p: ("stablehlo.log_plus_one", nil)
    case .tanh: ("stablehlo.tanh", "Tanh")
    case .sigmoid: ("stablehlo.logistic", "Sigmoid")
    case .sine: ("stablehlo.sine", "Sin")
    case .cosine: ("stablehlo.cosine", "Cos")
    case .add: ("stablehlo.add", "Add")
    case .subtract: ("stablehlo.subtract", "Sub")
    case .multiply: ("stablehlo.multiply", "Mul")
    case .divide: ("stablehlo.divide", "Div")
    case .power: ("stablehlo.power", "Pow")
    }
  }
}

/// How two elements compare; false where one is NaN.
enum ElementComparison: Hashable, Sendable {
  case less, atMost, equal, atLeast, greater

  /// The words of StableHLO and of ONNX.
  var words: (stableHLO: String, onnx: String) {
    switch self {
    case .less: ("LT", "Less")
    case .atMost: ("LE", "LessOrEqual")
    case .equal: ("EQ", "Equal")
    case .atLeast: ("GE", "GreaterOrEqual")
    case .greater: ("GT", "Greater")
    }
  }
}
