import Testing

@testable import TapeGradCore

extension HardInput {
  /// Limits at 0 and ±∞, ends of domains, kinks: what holds in both scalar types.
  fileprivate static var functions: [HardInput] { trigonometry + roots + integrals + activations + rounding }

  private static var infinity: Scalar { .infinity }
  private static var nan: Scalar { .nan }
  private static var half: Scalar { 0.5 }

  private static var trigonometry: [HardInput] {
    let quarter = Scalar(1.57079632679489661923)
    return [
      HardInput("tan", { tan($0) }, at: -0.0, -0.0, 1, 0), HardInput("tan", { tan($0) }, at: infinity, nan, nan),
      HardInput("asin", { asin($0) }, at: -0.0, -0.0, 1, 0),
      HardInput("asin", { asin($0) }, at: 1, quarter, infinity),
      HardInput("asin", { asin($0) }, at: -1, -quarter, infinity),
      HardInput("asin", { asin($0) }, at: 2, nan, nan), HardInput("acos", { acos($0) }, at: 1, 0, -infinity),
      HardInput("acos", { acos($0) }, at: -1, 2 * quarter, -infinity),
      HardInput("acos", { acos($0) }, at: -2, nan, nan),
      HardInput("atan", { atan($0) }, at: -0.0, -0.0, 1, 0),
      HardInput("atan", { atan($0) }, at: infinity, quarter, 0, 0),
      HardInput("atan", { atan($0) }, at: -infinity, -quarter, 0, 0),
      HardInput("sinh", { sinh($0) }, at: -0.0, -0.0, 1, 0),
      HardInput("sinh", { sinh($0) }, at: -infinity, -infinity, infinity),
      HardInput("cosh", { cosh($0) }, at: 0, 1, 0, 1),
      HardInput("cosh", { cosh($0) }, at: -infinity, infinity, -infinity),
      HardInput("asinh", { asinh($0) }, at: -0.0, -0.0, 1, 0),
      HardInput("asinh", { asinh($0) }, at: infinity, infinity, 0, 0),
      HardInput(
        "asinh", { asinh($0) }, at: .greatestFiniteMagnitude, asinhOfGreatest, 1 / .greatestFiniteMagnitude, 0, ulps: 1),
      HardInput("acosh", { acosh($0) }, at: 1, 0, infinity), HardInput("acosh", { acosh($0) }, at: half, nan, nan),
      HardInput("acosh", { acosh($0) }, at: -2, nan, nan), HardInput("acosh", { acosh($0) }, at: infinity, infinity, 0),
      HardInput("atanh", { atanh($0) }, at: -0.0, -0.0, 1, 0),
      HardInput("atanh", { atanh($0) }, at: 1, infinity, infinity),
      HardInput("atanh", { atanh($0) }, at: -1, -infinity, infinity),
      HardInput("atanh", { atanh($0) }, at: 2, nan, nan),
      HardInput("atanh", { atanh($0) }, at: infinity, nan, nan),
    ]
  }

  private static var asinhOfGreatest: Scalar {
    Scalar.scalarType == .float ? 89.415986232628299 : Scalar(710.475860073943921)
  }

  private static var roots: [HardInput] {
    let ln2 = Scalar(0.693147180559945309)
    return [
      HardInput("exp2", { exp2($0) }, at: 3, 8, 8 * ln2), HardInput("exp2", { exp2($0) }, at: -infinity, 0, 0, 0),
      HardInput("exp2", { exp2($0) }, at: infinity, infinity, infinity),
      HardInput("log2", { log2($0) }, at: 8, 3, 1 / 8 / ln2, ulps: 1),
      HardInput("log2", { log2($0) }, at: 0, -infinity, infinity, -infinity),
      HardInput("log2", { log2($0) }, at: -1, nan, nan), HardInput("log2", { log2($0) }, at: infinity, infinity, 0),
      HardInput("log10", { log10($0) }, at: 1000, 3), HardInput("log10", { log10($0) }, at: 0, -infinity, infinity),
      HardInput("log10", { log10($0) }, at: -1, nan, nan),
      HardInput("cbrt", { cbrt($0) }, at: 0, 0, infinity), HardInput("cbrt", { cbrt($0) }, at: -0.0, -0.0, infinity),
      HardInput("cbrt", { cbrt($0) }, at: -8, -2, 1 / 12),
      HardInput("cbrt", { cbrt($0) }, at: infinity, infinity, 0, 0),
      HardInput("rsqrt", { rsqrt($0) }, at: 4, 0.5, -0.0625),
      HardInput("rsqrt", { rsqrt($0) }, at: 0, infinity, -infinity),
      HardInput("rsqrt", { rsqrt($0) }, at: infinity, 0, 0), HardInput("rsqrt", { rsqrt($0) }, at: -1, nan, nan),
      HardInput("reciprocal", { reciprocal($0) }, at: -4, -0.25, -0.0625, -1 / 32),
      HardInput("reciprocal", { reciprocal($0) }, at: -0.0, -infinity, -infinity),
    ]
  }

  private static var integrals: [HardInput] {
    let gamma = Scalar(0.577215664901532861), zeta = Scalar(1.64493406684822644)
    return [
      HardInput("erf", { erf($0) }, at: -0.0, -0.0, Scalar(1.12837916709551257), 0),
      HardInput("erf", { erf($0) }, at: infinity, 1, 0, 0), HardInput("erf", { erf($0) }, at: -infinity, -1, 0, 0),
      HardInput("erfc", { erfc($0) }, at: infinity, 0, 0, 0), HardInput("erfc", { erfc($0) }, at: -infinity, 2, 0, 0),
      HardInput("lgamma", { lgamma($0) }, at: 1, 0, -gamma, zeta, ulps: 2),
      HardInput("lgamma", { lgamma($0) }, at: 2, 0, 1 - gamma, zeta - 1, ulps: 4),
      HardInput("lgamma", { lgamma($0) }, at: 0, infinity, -infinity, infinity),
      HardInput("lgamma", { lgamma($0) }, at: -0.0, infinity, infinity, infinity),
      HardInput("lgamma", { lgamma($0) }, at: -3, infinity, nan),
      HardInput("lgamma", { lgamma($0) }, at: -infinity, infinity),
      HardInput("lgamma", { lgamma($0) }, at: infinity, infinity, infinity, 0),
      HardInput("digamma", { digamma($0) }, at: 0, -infinity, infinity),
      HardInput("digamma", { digamma($0) }, at: -2, nan, infinity),
      HardInput("digamma", { digamma($0) }, at: infinity, infinity, 0),
      HardInput("digamma", { digamma($0) }, at: -infinity, nan, nan),
    ]
  }

  private static var activations: [HardInput] {
    [
      HardInput("gelu", { gelu($0) }, at: -infinity, 0, 0, 0),
      HardInput("gelu", { gelu($0) }, at: infinity, infinity, 1, 0),
      HardInput("gelu", { gelu($0) }, at: 0, 0, 0.5),
      HardInput("approximateGelu", { approximateGelu($0) }, at: -infinity, 0, 0),
      HardInput("selu", { selu($0) }, at: -infinity, Scalar(-1.75809934084737658), 0, ulps: 1),
      HardInput("selu", { selu($0) }, at: infinity, infinity, Scalar(1.0507009873554804934)),
      HardInput("mish", { mish($0) }, at: -infinity, 0, 0), HardInput("mish", { mish($0) }, at: infinity, infinity, 1),
      HardInput("mish", { mish($0) }, at: 0, 0, 0.6), HardInput("mish", { mish($0) }, at: -2000, 0, 0),
      HardInput("logSigmoid", { logSigmoid($0) }, at: -infinity, -infinity, 1),
      HardInput("logSigmoid", { logSigmoid($0) }, at: infinity, -0.0, 0),
      HardInput("logSigmoid", { logSigmoid($0) }, at: -1000, -1000, 1, 0),
      HardInput("relu6", { relu6($0) }, at: 0, 0, 0), HardInput("relu6", { relu6($0) }, at: 6, 6, 0),
      HardInput("relu6", { relu6($0) }, at: infinity, 6, 0), HardInput("relu6", { relu6($0) }, at: 3, 3, 1),
      HardInput("hardSwish", { hardSwish($0) }, at: -infinity, 0, 0),
      HardInput("hardSwish", { hardSwish($0) }, at: -3, 0, 0),
      HardInput("hardSwish", { hardSwish($0) }, at: 3, 3, 1), HardInput("hardSwish", { hardSwish($0) }, at: 0, 0, 0.5),
      HardInput("hardSwish", { hardSwish($0) }, at: infinity, infinity, 1),
      HardInput("gelu", { gelu($0) }, at: nan, nan, nan), HardInput("selu", { selu($0) }, at: nan, nan, nan),
      HardInput("approximateGelu", { approximateGelu($0) }, at: nan, nan, nan),
      HardInput("mish", { mish($0) }, at: nan, nan, nan), HardInput("relu6", { relu6($0) }, at: nan, nan, nan),
      HardInput("logSigmoid", { logSigmoid($0) }, at: nan, nan, nan),
      HardInput("hardSwish", { hardSwish($0) }, at: nan, nan, nan),
    ]
  }

  private static var rounding: [HardInput] {
    let unit: @Sendable (Tensor<Scalar>) -> Tensor<Scalar> = { $0.clamped(to: 0...1) }
    return [
      HardInput("floor", { floor($0) }, at: -half, -1, 0), HardInput("floor", { floor($0) }, at: -0.0, -0.0, 0),
      HardInput("ceil", { ceil($0) }, at: -half, -0.0, 0), HardInput("ceil", { ceil($0) }, at: 1, 1, 0),
      HardInput("round", { round($0) }, at: half, 0, 0), HardInput("round", { round($0) }, at: 1.5, 2, 0),
      HardInput("round", { round($0) }, at: 2.5, 2, 0), HardInput("round", { round($0) }, at: -half, -0.0, 0),
      HardInput("trunc", { trunc($0) }, at: -1.75, -1, 0), HardInput("trunc", { trunc($0) }, at: -half, -0.0, 0),
      HardInput("floor", { floor($0) }, at: nan, nan, 0),
      HardInput("round", { round($0) }, at: -infinity, -infinity, 0),
      HardInput("trunc", { trunc($0) }, at: infinity, infinity, 0), HardInput("ceil", { ceil($0) }, at: nan, nan, 0),
      HardInput("clamped", unit, at: 0, 0, 1, 0), HardInput("clamped", unit, at: 1, 1, 1),
      HardInput("clamped", unit, at: 2, 1, 0), HardInput("clamped", unit, at: -infinity, 0, 0),
      HardInput("clamped", unit, at: nan, nan, nan),
      HardInput("clamped", { $0.clamped(to: ...1) }, at: -infinity, -infinity, 1),
      HardInput("clamped", { $0.clamped(to: 0...) }, at: infinity, infinity, 1),
      HardInput("mod 2", { remainder($0, 2) }, at: -half, 1.5, 1),
      HardInput("mod -2", { remainder($0, -2) }, at: half, -1.5, 1),
      HardInput("mod 0", { remainder($0, 0) }, at: 1, nan, 1),
    ]
  }
}

/// Functions of NumPy's, PyTorch's and JAX's vocabulary at hard inputs.
struct HardFunctionTests {
  @Test("hard inputs in Float", arguments: HardInput<Float>.functions)
  func float(_ row: HardInput<Float>) throws { try row.check() }

  @Test("hard inputs in Double", arguments: HardInput<Double>.functions)
  func double(_ row: HardInput<Double>) throws { try row.check() }

  @Test("sine, cosine and tangent are right for huge arguments")
  func hugeAngles() throws {
    let x = Tensor(1e22)
    try sin(x).expect([-0.8522008497671888], ulps: 1)
    try cos(x).expect([0.5232147853951389], ulps: 1)
    try tan(x).expect([-1.6287782256068988], ulps: 1)
    try tan(Tensor<Float>(1e22)).expect([-1.0810239004865464], ulps: 1)
  }

  typealias Binary = @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>

  private static let infinity = Double.infinity, nan = Double.nan
  /// A function, its operands; its value and its derivatives.
  private static let pairs: [(f: Binary, x: Double, y: Double, value: Double, slopes: (Double, Double))] = [
    ({ atan2($0, $1) }, 0, 0, 0, (nan, nan)), ({ atan2($0, $1) }, 1, infinity, 0, (0, 0)),
    ({ atan2($0, $1) }, -0.0, -1, -3.14159265358979312, (-1, 0)),
    ({ atan2($0, $1) }, 3e200, 4e200, 0.64350110879328438680, (1.6e-201, -1.2e-201)),
    ({ hypot($0, $1) }, 0, 0, 0, (0, 0)), ({ hypot($0, $1) }, 3e200, -4e200, 5e200, (0.6, -0.8)),
    ({ hypot($0, $1) }, 3e-200, 4e-200, 5e-200, (0.6, 0.8)), ({ hypot($0, $1) }, -infinity, 1, infinity, (-1, 0)),
    ({ hypot($0, $1) }, nan, 1, nan, (nan, nan)), ({ logAddExp($0, $1) }, infinity, infinity, infinity, (0.5, 0.5)),
    ({ logAddExp($0, $1) }, -infinity, -infinity, -infinity, (0.5, 0.5)),
    ({ logAddExp($0, $1) }, -infinity, 2, 2, (0, 1)), ({ logAddExp($0, $1) }, 1000, -1000, 1000, (1, 0)),
    ({ logAddExp($0, $1) }, 0, 0, 0.693147180559945309, (0.5, 0.5)), ({ logAddExp($0, $1) }, nan, 0, nan, (nan, nan)),
    ({ xLogY($0, $1) }, 0, 0, 0, (-infinity, 0)), ({ xLogY($0, $1) }, 0, -1, 0, (nan, 0)),
    ({ xLogY($0, $1) }, 0, nan, nan, (nan, 0)), ({ xLogY($0, $1) }, 2, 0, -infinity, (-infinity, infinity)),
    ({ remainder($0, $1) }, 1, 0.1, 0.09999999999999995, (1, -9)), ({ remainder($0, $1) }, -1, 3, 2, (1, 1)),
    ({ remainder($0, $1) }, 5, infinity, 5, (1, 0)), ({ remainder($0, $1) }, infinity, 5, nan, (1, nan)),
    ({ remainder($0, $1) }, 6, 3, 0, (1, -2)),
    ({ fmod($0, $1) }, 1, 0.1, 0.09999999999999995, (1, -9)), ({ fmod($0, $1) }, -1, 3, -1, (1, 0)),
    ({ fmod($0, $1) }, -5, infinity, -5, (1, 0)), ({ fmod($0, $1) }, infinity, 5, nan, (1, nan)),
    ({ fmod($0, $1) }, -6, 4, -2, (1, 1)), ({ fmod($0, $1) }, 6, 3, 0, (1, -2)),
    ({ fmod($0, $1) }, 1, 0, nan, (1, nan)),
  ]

  @Test("functions of two numbers at hard inputs", arguments: pairs.indices)
  func pair(_ row: Int) throws {
    let (f, x, y, value, slopes) = Self.pairs[row]
    let (found, gradient) = try valueWithGradient(at: Tensor(x), Tensor(y)) { f($0, $1) }
    #expect(try found.item.isClose(to: value, ulps: 1), "\(found)")
    #expect(try (gradient.0.item + 0).isClose(to: slopes.0 + 0, ulps: 2), "\(gradient.0)")
    #expect(try (gradient.1.item + 0).isClose(to: slopes.1 + 0, ulps: 2), "\(gradient.1)")
  }

  @Test("the tie of logAddExp has its second derivative")
  func secondAtTie() throws {
    let second = try hessian(at: Tensor([1.0, 1])) { x in logAddExp(x[0], x[1]) }
    try second.expect([0.25, -0.25, -0.25, 0.25])
  }

  @Test("the exact gelu keeps its digits where the normal distribution is small")
  func tailOfGelu() throws {
    // x·Φ(x), by mpmath at 50 digits.
    try gelu(Tensor(-20.0)).expect([-5.5072482372124674e-88], ulps: 4)
    try gelu(Tensor(-37.5)).expect([-1.7270073785932331e-306], ulps: 4)
    try gelu(Tensor<Float>(-12)).expect([-2.1317785344932148e-32], ulps: 4)
  }
}
