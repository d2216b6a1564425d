// What other engines call the operations that the kernels' functions are made of. Where ONNX has no such operation, it
// gets a formula in those that it has (ElementFormula+Kernels.swift); where there is none either, the export throws.
//
// A new function that other engines have a word for costs a case and a line here; one that is a formula in these costs
// neither.

/// An operation on elements that other engines have a word for.
enum ElementOperation: Hashable, Sendable, CaseIterable {
  // Of one element: arithmetic and exponentials, circular and hyperbolic functions, special functions, rounding; then
  // of two.
  case negate, absolute, sign, squareRoot, reciprocalSquareRoot, cubeRoot, exp, log, expm1, log1p, tanh, sigmoid
  case sine, cosine, tangent, arcSine, arcCosine, arcTangent
  case hyperbolicSine, hyperbolicCosine, areaSine, areaCosine, areaTangent
  case errorFunction, errorComplement, logGamma, polygamma
  case floor, ceiling, round
  case add, subtract, multiply, divide, power, remainder, arcTangent2

  /// The words of StableHLO and of ONNX.
  var words: (stableHLO: String, onnx: String?) {
    switch self {
    case .negate: ("stablehlo.negate", "Neg")
    case .absolute: ("stablehlo.abs", "Abs")
    case .sign: ("stablehlo.sign", "Sign")
    case .squareRoot: ("stablehlo.sqrt", "Sqrt")
    case .reciprocalSquareRoot: ("stablehlo.rsqrt", nil)
    case .cubeRoot: ("stablehlo.cbrt", nil)
    case .exp: ("stablehlo.exponential", "Exp")
    case .log: ("stablehlo.log", "Log")
    case .expm1: ("stablehlo.exponential_minus_one", nil)
    case .log1p: ("stablehlo.log_plus_one", nil)
    case .tanh: ("stablehlo.tanh", "Tanh")
    case .sigmoid: ("stablehlo.logistic", "Sigmoid")
    case .sine: ("stablehlo.sine", "Sin")
    case .cosine: ("stablehlo.cosine", "Cos")
    case .tangent: ("stablehlo.tan", "Tan")
    case .arcSine: ("chlo.asin", "Asin")
    case .arcCosine: ("chlo.acos", "Acos")
    case .arcTangent: ("chlo.atan", "Atan")
    case .hyperbolicSine: ("chlo.sinh", "Sinh")
    case .hyperbolicCosine: ("chlo.cosh", "Cosh")
    case .areaSine: ("chlo.asinh", "Asinh")
    case .areaCosine: ("chlo.acosh", "Acosh")
    case .areaTangent: ("chlo.atanh", "Atanh")
    case .errorFunction: ("chlo.erf", "Erf")
    case .errorComplement: ("chlo.erfc", nil)
    case .logGamma: ("chlo.lgamma", nil)
    case .polygamma: ("chlo.polygamma", nil)
    case .floor: ("stablehlo.floor", "Floor")
    case .ceiling: ("stablehlo.ceil", "Ceil")
    // Halves go to the even neighbor in both, as they do here.
    case .round: ("stablehlo.round_nearest_even", "Round")
    case .add: ("stablehlo.add", "Add")
    case .subtract: ("stablehlo.subtract", "Sub")
    case .multiply: ("stablehlo.multiply", "Mul")
    case .divide: ("stablehlo.divide", "Div")
    case .power: ("stablehlo.power", "Pow")
    case .remainder: ("stablehlo.remainder", nil)
    case .arcTangent2: ("stablehlo.atan2", nil)
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
