import CTapeGradKernels

// How the kernels' functions read in a plan.

extension TGUnary {
  /// The function of x, with its number.
  func formula(_ x: String, _ number: Double) -> String {
    switch self {
    case .negate: "−\(x)"
    case .absolute: "|\(x)|"
    case .sign: "sign \(x)"
    case .square: "\(x)²"
    case .squareRoot: "√\(x)"
    case .exp: "exp \(x)"
    case .log: "log \(x)"
    case .expm1: "expm1 \(x)"
    case .log1p: "log1p \(x)"
    case .logDerivative: "log′ \(x)"
    case .tanh: "tanh \(x)"
    case .tanhDerivative: "tanh′ \(x)"
    case .sigmoid: "sigmoid \(x)"
    case .sigmoidDerivative: "sigmoid′ \(x)"
    case .softplus: "softplus \(x)"
    case .relu: "relu \(x)"
    case .step: "step \(x)"
    case .scale: "\(number) × \(x)"
    case .offset: "\(x) + \(number)"
    case .complement: "\(number) − \(x)"
    case .quotient: "\(x) / \(number)"
    case .reciprocal: "\(number) / \(x)"
    case .leakyRelu: "leakyRelu \(x), slope \(number)"
    case .leakyStep: "leakyStep \(x), slope \(number)"
    case .power: "\(x) to the power \(number)"
    }
  }
}

extension TGBinary {
  /// The function of a and b.
  func formula(_ a: String, _ b: String) -> String {
    switch self {
    case .add: "\(a) + \(b)"
    case .subtract: "\(a) − \(b)"
    case .multiply, .chain: "\(a) × \(b)"
    case .divide: "\(a) / \(b)"
    case .maximum: "max(\(a), \(b))"
    case .minimum: "min(\(a), \(b))"
    case .power: "\(a) to the power \(b)"
    case .less: "\(a) < \(b)"
    case .equal: "\(a) = \(b)"
    case .logitsCrossEntropy: "cross-entropy of sigmoid \(a) and \(b)"
    case .sigmoidResidual: "sigmoid \(a) − \(b)"
    }
  }
}

extension TGReduction {
  var name: String {
    switch self {
    case .sum: "sum of"
    case .maximum: "maximum of"
    case .minimum: "minimum of"
    }
  }
}
