import TapeGradCore

// The formulas of the kernels' functions (FunctionList.h), for engines that have other kernels. Every choice is that of
// the kernel, so that NaN, infinities and the signs of zero come out alike. The compiler asks for a line here when a
// function is added there.

// How to read them: `x.choosing(.atMost, 0, 0, else: x)` is "0 where x ≤ 0, else x". A comparison with NaN does not
// hold, so NaN takes the way behind `else`; that way is the one which hands NaN on. For relu:
//
//   x = −3     −3 ≤ 0 holds          0
//   x = 2      2 ≤ 0 does not        2
//   x = NaN    NaN ≤ 0 does not      NaN, as the kernel has it; with "x where x > 0, else 0" it would be 0
extension UnaryFunction {
  /// f(x), with the number c where the function takes one.
  var formula: ElementFormula {
    let x = ElementFormula.operand(0), c = ElementFormula.parameter
    /// exp(−|x|), which never overflows.
    let e = ElementFormula.apply(.exp, -.apply(.absolute, x))
    switch self {
    case .negate: return -x
    case .absolute: return .apply(.absolute, x)
    // An engine's sign of −0 may be −0; here the sign of both zeros is 0.
    case .sign: return x.choosing(.equal, 0, 0, else: .apply(.sign, x))
    case .square: return x * x
    case .squareRoot: return .apply(.squareRoot, x)
    case .exp: return .apply(.exp, x)
    case .log: return .apply(.log, x)
    case .expm1: return .apply(.expm1, x)
    case .log1p: return .apply(.log1p, x)
    case .logDerivative: return x.choosing(.atLeast, 0, 1 / x, else: .nan)
    case .tanh: return .apply(.tanh, x)
    // 1 − tanh² x loses all digits where tanh rounds to 1. With e = exp(−2|x|), it is 4e/(1 + e)², which keeps them.
    case .tanhDerivative:
      let e = ElementFormula.apply(.exp, -.apply(.absolute, 2 * x))
      return 4 * (e / ((1 + e) * (1 + e)))
    case .sigmoid: return .apply(.sigmoid, x)
    case .sigmoidDerivative: return e / ((1 + e) * (1 + e))
    // ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|): eˣ alone would overflow at 710.
    case .softplus: return x.choosing(.greater, 0, x, else: 0) + .apply(.log1p, e)
    case .relu: return x.choosing(.atMost, 0, 0, else: x)
    // Two comparisons, so that NaN, for which neither holds, stays NaN. `leakyStep` likewise.
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
    // No engine has all powers and logarithms; the base is divided out: log₂ x = ln x / ln 2.
    case .powerOfTwo: return .apply(.power, 2, x)
    case .binaryLogarithm: return .apply(.log, x) / 0.6931471805599453
    case .decimalLogarithm: return .apply(.log, x) / 2.302585092994046
    case .cubeRoot: return .apply(.cubeRoot, x)
    case .reciprocalSquareRoot: return .apply(.reciprocalSquareRoot, x)
    case .errorFunction: return .apply(.errorFunction, x)
    case .errorComplement: return .apply(.errorComplement, x)
    // Φ(x) = erfc(−x/√2)/2, which keeps its digits where Φ is near 0, and (1 + erf(x/√2))/2 would not.
    case .normalDistribution: return 0.5 * .apply(.errorComplement, -x * 0.7071067811865476)
    case .gaussian: return .apply(.exp, -c * (x * x))
    case .logGamma: return .apply(.logGamma, x)
    case .polygamma: return .apply(.polygamma, c, x)
    case .floor: return .apply(.floor, x)
    case .ceiling: return .apply(.ceiling, x)
    case .round: return .apply(.round, x)
    // Towards 0: up where x is negative, down elsewhere.
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
    // A weight of 0 drops its factor, whatever that is: 0·∞ is 0 here, and 0·NaN too.
    case .weight: return a.choosing(.equal, 0, 0, else: a * b)
    case .less: return a.choosing(.less, b, 1, else: 0)
    case .equal: return a.choosing(.equal, b, 1, else: 0)
    case .lessOrEqual: return a.choosing(.atMost, b, 1, else: 0)
    // −t·ln σ(z) − (1 − t)·ln σ(−z) = w·|z| + ln(1 + e^−|z|) with w = 1 − t for z ≥ 0, and t for z < 0. The label t is
    // in [0, 1], or the loss is NaN; where w is 0, an infinite z costs nothing.
    case .logitsCrossEntropy:
      let excess = ElementFormula.apply(.log1p, e), weight = a.choosing(.less, 0, b, else: 1 - b).label
      return weight.choosing(.equal, 0, excess, else: weight * size + excess)
    case .sigmoidResidual:
      let v = e / (1 + e), large = 1 - v, small = e - e * v, c = (1 - b).label
      return a.choosing(.less, 0, c * small - b * large, else: c * large - b * small)
    // The larger one and what the smaller adds: ln(eᵃ + eᵇ) = max + ln(1 + e^−|a − b|). Of two equal infinities the
    // distance is taken as 0, since ∞ − ∞ is NaN.
    case .logAddExp:
      let distance = a.choosing(.equal, b, 0, else: .apply(.absolute, a - b))
      return a.maximum(b) + .apply(.log1p, .apply(.exp, -distance))
    // 0 where a is 0, whatever b is but NaN: `b = b` does not hold for NaN.
    case .xLogY:
      let product = a * .apply(.log, b)
      return a.choosing(.equal, 0, b.choosing(.equal, b, 0, else: product), else: product)
    case .arcTangent2: return .apply(.arcTangent2, a, b)
    // √(a² + b²) = large·√(1 + (small/large)²), which overflows only where the result does; ∞ beside anything, NaN too,
    // is ∞.
    case .hypotenuse:
      let other = ElementFormula.apply(.absolute, b)
      let large = size.maximum(other), ratio = size.choosing(.greater, other, other, else: size) / large
      let length = large.choosing(.equal, 0, 0, else: large * .apply(.squareRoot, 1 + ratio * ratio))
      let finite = other.choosing(.equal, .infinity, .infinity, else: length)
      return size.choosing(.equal, .infinity, .infinity, else: finite)
    // The engines' remainder has the sign of a, and ours that of b: where they differ, b is added. A remainder of 0 has
    // the sign of b too.
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
      // The same idea for eˣ − 1: the error of u = eˣ is in both u − 1 and ln u, and cancels in (u − 1)·x/ln u.
      let u = ElementFormula.apply(.exp, x), rest = u - 1
      let inner = rest.choosing(
        .equal, -1, -1, else: rest.choosing(.equal, .number(.infinity), u, else: rest * (x / .apply(.log, u))))
      return u.choosing(.equal, 1, x, else: inner)
    case .reciprocalSquareRoot: return 1 / .apply(.squareRoot, x)
    // A power of a negative base is NaN, so the sign is taken apart.
    case .cubeRoot: return .apply(.sign, x) * .apply(.power, .apply(.absolute, x), 1.0 / 3)
    default: return nil
    }
  }
}
