import TapeGradCore

// The formulas of the kernels' functions (FunctionList.h), for engines that have other kernels. Every choice is that of
// the kernel, so that NaN, infinities and the signs of zero come out alike. The compiler asks for a line here when a
// function is added there.

extension UnaryFunction {
  /// f(x), with the number c where the function takes one.
  var formula: ElementFormula {
    let x = ElementFormula.operand(0), c = ElementFormula.parameter
    /// exp(−|x|), which never overflows.
    let e = ElementFormula.apply(.exp, -.apply(.absolute, x))
    switch self {
    case .negate: return -x
    case .absolute: return .apply(.absolute, x)
    case .sign: return x.choosing(.equal, 0, 0, else: .apply(.sign, x))
    case .square: return x * x
    case .squareRoot: return .apply(.squareRoot, x)
    case .exp: return .apply(.exp, x)
    case .log: return .apply(.log, x)
    case .expm1: return .apply(.expm1, x)
    case .log1p: return .apply(.log1p, x)
    case .logDerivative: return x.choosing(.atLeast, 0, 1 / x, else: .nan)
    case .tanh: return .apply(.tanh, x)
    case .tanhDerivative:
      let e = ElementFormula.apply(.exp, -.apply(.absolute, 2 * x))
      return 4 * (e / ((1 + e) * (1 + e)))
    case .sigmoid: return .apply(.sigmoid, x)
    case .sigmoidDerivative: return e / ((1 + e) * (1 + e))
    case .softplus: return x.choosing(.greater, 0, x, else: 0) + .apply(.log1p, e)
    case .relu: return x.choosing(.atMost, 0, 0, else: x)
    case .step: return x.choosing(.greater, 0, 1, else: x.choosing(.atMost, 0, 0, else: x))
    case .label: return x.label
    case .scale: return c * x
    case .offset: return x + c
    case .complement: return c - x
    case .quotient: return x / c
    case .reciprocal: return c / x
    case .leakyRelu: return x.choosing(.greater, 0, x, else: c * x)
    case .leakyStep: return x.choosing(.greater, 0, 1, else: x.choosing(.atMost, 0, c, else: x))
    case .power: return .apply(.power, x, c)
    case .sine: return .apply(.sine, x)
    case .cosine: return .apply(.cosine, x)
    case .tangent: return .apply(.tangent, x)
    case .arcSine: return .apply(.arcSine, x)
    case .arcCosine: return .apply(.arcCosine, x)
    case .arcTangent: return .apply(.arcTangent, x)
    case .hyperbolicSine: return .apply(.hyperbolicSine, x)
    case .hyperbolicCosine: return .apply(.hyperbolicCosine, x)
    case .areaSine: return .apply(.areaSine, x)
    case .areaCosine: return .apply(.areaCosine, x)
    case .areaTangent: return .apply(.areaTangent, x)
    case .powerOfTwo: return .apply(.power, 2, x)
    case .binaryLogarithm: return .apply(.log, x) / 0.6931471805599453
    case .decimalLogarithm: return .apply(.log, x) / 2.302585092994046
    case .cubeRoot: return .apply(.cubeRoot, x)
    case .reciprocalSquareRoot: return .apply(.reciprocalSquareRoot, x)
    case .errorFunction: return .apply(.errorFunction, x)
    case .errorComplement: return .apply(.errorComplement, x)
    case .normalDistribution: return 0.5 * .apply(.errorComplement, -x * 0.7071067811865476)
    case .gaussian: return .apply(.exp, -c * (x * x))
    case .logGamma: return .apply(.logGamma, x)
    case .polygamma: return .apply(.polygamma, c, x)
    case .floor: return .apply(.floor, x)
    case .ceiling: return .apply(.ceiling, x)
    case .round: return .apply(.round, x)
    case .truncate: return x.choosing(.less, 0, .apply(.ceiling, x), else: .apply(.floor, x))
    }
  }
}

extension BinaryFunction {
  /// f(a, b).
  var formula: ElementFormula {
    let a = ElementFormula.operand(0), b = ElementFormula.operand(1)
    let size = ElementFormula.apply(.absolute, a), e = ElementFormula.apply(.exp, -size)
    switch self {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .maximum: return a.maximum(b)
    case .minimum: return a.choosing(.less, b, a, else: a.choosing(.equal, a, b, else: a))
    case .power: return .apply(.power, a, b)
    case .weight: return a.choosing(.equal, 0, 0, else: a * b)
    case .less: return a.choosing(.less, b, 1, else: 0)
    case .equal: return a.choosing(.equal, b, 1, else: 0)
    case .lessOrEqual: return a.choosing(.atMost, b, 1, else: 0)
    case .logitsCrossEntropy:
      let excess = ElementFormula.apply(.log1p, e), weight = a.choosing(.less, 0, b, else: 1 - b).label
      return weight.choosing(.equal, 0, excess, else: weight * size + excess)
    case .sigmoidResidual:
      let v = e / (1 + e), large = 1 - v, small = e - e * v, c = (1 - b).label
      return a.choosing(.less, 0, c * small - b * large, else: c * large - b * small)
    case .logAddExp:
      let distance = a.choosing(.equal, b, 0, else: .apply(.absolute, a - b))
      return a.maximum(b) + .apply(.log1p, .apply(.exp, -distance))
    case .xLogY:
      let product = a * .apply(.log, b)
      return a.choosing(.equal, 0, b.choosing(.equal, b, 0, else: product), else: product)
    case .arcTangent2: return .apply(.arcTangent2, a, b)
    case .hypotenuse:
      let other = ElementFormula.apply(.absolute, b)
      let large = size.maximum(other), ratio = size.choosing(.greater, other, other, else: size) / large
      let length = large.choosing(.equal, 0, 0, else: large * .apply(.squareRoot, 1 + ratio * ratio))
      let finite = other.choosing(.equal, .infinity, .infinity, else: length)
      return size.choosing(.equal, .infinity, .infinity, else: finite)
    case .remainder:
      let rest = ElementFormula.apply(.remainder, a, b), signs = .apply(.sign, rest) * .apply(.sign, b)
      let zero = b.choosing(.less, 0, -0.0, else: 0)
      return rest.choosing(.equal, 0, zero, else: signs.choosing(.less, 0, rest + b, else: rest))
    case .truncatedRemainder: return .apply(.remainder, a, b)
    case .direction:
      let quotient = a / b, isInfinite = size.choosing(.equal, .infinity, .apply(.sign, a), else: quotient)
      return b.choosing(.equal, 0, 0, else: b.choosing(.equal, .infinity, isInfinite, else: quotient))
    }
  }
}

extension ElementFormula {
  /// The larger of two; NaN if either is.
  fileprivate func maximum(_ other: Self) -> Self {
    choosing(.greater, other, self, else: choosing(.equal, self, other, else: self))
  }

  /// The formula where it lies in [0, 1], NaN elsewhere.
  fileprivate var label: Self { choosing(.less, 0, .nan, else: choosing(.greater, 1, .nan, else: self)) }
}

extension ElementOperation {
  /// The operation in others, for ONNX, where it has no word for it. Each has fewer digits near its limits than it could.
  var formula: ElementFormula? {
    let x = ElementFormula.operand(0)
    switch self {
    // William Kahan: the rounding error of 1 + x is in both ln(1 + x) and (1 + x) − 1, and cancels in the quotient.
    case .log1p:
      let u = 1 + x
      return u.choosing(
        .equal, 1, x, else: u.choosing(.equal, .number(.infinity), u, else: .apply(.log, u) * (x / (u - 1))))
    case .expm1:
      let u = ElementFormula.apply(.exp, x), rest = u - 1
      let inner = rest.choosing(
        .equal, -1, -1, else: rest.choosing(.equal, .number(.infinity), u, else: rest * (x / .apply(.log, u))))
      return u.choosing(.equal, 1, x, else: inner)
    case .reciprocalSquareRoot: return 1 / .apply(.squareRoot, x)
    case .cubeRoot: return .apply(.sign, x) * .apply(.power, .apply(.absolute, x), 1.0 / 3)
    default: return nil
    }
  }
}
