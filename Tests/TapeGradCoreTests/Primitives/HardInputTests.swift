import TapeGradAudit
import Testing

@testable import TapeGradCore

extension HardInput {
  /// What holds in both scalar types.
  fileprivate static var common: [HardInput] {
    let tiny = Scalar.leastNonzeroMagnitude, infinity = Scalar.infinity, nan = Scalar.nan
    let half: Scalar = 0.5, ln2 = Scalar(0.693147180559945309)
    return [
      HardInput("relu", { relu($0) }, at: 0, 0, 0, 0),
      HardInput("relu", { relu($0) }, at: -0.0, 0, 0, 0),
      HardInput("relu", { relu($0) }, at: tiny, tiny, 1, 0),
      HardInput("relu", { relu($0) }, at: -tiny, 0, 0, 0),
      HardInput("relu", { relu($0) }, at: infinity, infinity, 1),
      HardInput("relu", { relu($0) }, at: -infinity, 0, 0),
      HardInput("relu", { relu($0) }, at: nan, nan, nan),
      HardInput("leakyRelu", { leakyRelu($0, slope: 0.25) }, at: 0, 0, 0.25, 0),
      HardInput("leakyRelu", { leakyRelu($0, slope: 0.25) }, at: nan, nan, nan),
      HardInput("abs", { abs($0) }, at: 0, 0, 0, 0),
      HardInput("abs", { abs($0) }, at: -tiny, tiny, -1, 0),
      HardInput("abs", { abs($0) }, at: nan, nan, nan),
      HardInput("exp", { exp($0) }, at: 0, 1, 1, 1),
      HardInput("exp", { exp($0) }, at: infinity, infinity, infinity),
      HardInput("exp", { exp($0) }, at: -infinity, 0, 0, 0),
      HardInput("log", { log($0) }, at: 0, -infinity, infinity, -infinity),
      HardInput("log", { log($0) }, at: -0.0, -infinity, -infinity),
      HardInput("log", { log($0) }, at: -1, nan, nan, nan),
      HardInput("log", { log($0) }, at: infinity, infinity, 0),
      HardInput("log1p", { log1p($0) }, at: -0.0, -0.0, 1, -1),
      HardInput("log1p", { log1p($0) }, at: -1, -infinity, infinity),
      HardInput("log1p", { log1p($0) }, at: -2, nan, nan),
      HardInput("expm1", { expm1($0) }, at: -0.0, -0.0, 1, 1),
      HardInput("expm1", { expm1($0) }, at: -infinity, -1, 0, 0),
      HardInput("sqrt", { sqrt($0) }, at: 0, 0, infinity, -infinity),
      HardInput("sqrt", { sqrt($0) }, at: -0.0, -0.0),
      HardInput("sqrt", { sqrt($0) }, at: -1, nan, nan),
      HardInput("pow 0", { pow($0, 0) }, at: 0, 1, 0, 0),
      HardInput("pow 0", { pow($0, 0) }, at: nan, 1),
      HardInput("pow 1", { pow($0, 1) }, at: 0, 0, 1, 0),
      HardInput("pow 2", { pow($0, 2) }, at: 0, 0, 0, 2),
      HardInput("pow 3", { pow($0, 3) }, at: -2, -8, 12, -12),
      HardInput("pow half", { pow($0, 0.5) }, at: 0, 0, infinity),
      HardInput("pow half", { pow($0, 0.5) }, at: -2, nan, nan),
      HardInput("reciprocal", { 1 / $0 }, at: 0, infinity, -infinity),
      HardInput("reciprocal", { 1 / $0 }, at: -0.0, -infinity, -infinity),
      HardInput("tanh", { tanh($0) }, at: -0.0, -0.0, 1, 0),
      HardInput("tanh", { tanh($0) }, at: infinity, 1, 0, -0.0),
      HardInput("tanh", { tanh($0) }, at: -infinity, -1, 0, 0),
      HardInput("sigmoid", { sigmoid($0) }, at: 0, half, 0.25, -0.0),
      HardInput("sigmoid", { sigmoid($0) }, at: 1000, 1, 0, -0.0),
      HardInput("sigmoid", { sigmoid($0) }, at: -1000, 0, 0, 0),
      HardInput("softplus", { softplus($0) }, at: 0, ln2, half, 0.25),
      HardInput("softplus", { softplus($0) }, at: 1000, 1000, 1, 0),
      HardInput("softplus", { softplus($0) }, at: -1000, 0, 0, 0),
    ]
  }
}

extension HardInput<Float> {
  fileprivate static let rows =
    common + [
      HardInput("exp", { exp($0) }, at: 88.72283, 3.40279853741184866e+38, 3.40279853741184866e+38, ulps: 1),
      HardInput("exp", { exp($0) }, at: 88.8, .infinity),
      HardInput("exp", { exp($0) }, at: -87.4, Float(1.10321871086960686e-38 as Double), ulps: 1),
      HardInput("exp", { exp($0) }, at: -103.9, .leastNonzeroMagnitude),
      HardInput("exp", { exp($0) }, at: -104, 0),
      HardInput("log", { log($0) }, at: .leastNonzeroMagnitude, -103.278929903431851, ulps: 1),
      HardInput("tanh", { tanh($0) }, at: 9.1, 1, 4.98769718460226328e-8, -2 * 4.98769718460226328e-8, ulps: 5),
      HardInput(
        "sigmoid", { sigmoid($0) }, at: -88, Float(6.05460189540118588e-39 as Double),
        Float(6.05460189540118588e-39 as Double), ulps: 2),
      HardInput("sigmoid", { sigmoid($0) }, at: -103, .leastNonzeroMagnitude),
      HardInput("sigmoid", { sigmoid($0) }, at: 17, 1, 4.13993737600350164e-8, -4.13993737600350164e-8, ulps: 5),
    ]
}

extension HardInput<Double> {
  fileprivate static let rows =
    common + [
      HardInput("softplus", { softplus($0) }, at: 20.5, 20.5000000012501529, ulps: 1),
      HardInput("tanh", { tanh($0) }, at: 20, 1, 1.69934170211663558e-17, ulps: 5),
      HardInput("sigmoid", { sigmoid($0) }, at: 40, 1, 4.24835425529158896e-18, ulps: 5),
      HardInput("exp", { exp($0) }, at: -745, .leastNonzeroMagnitude),
    ]
}

/// Section 5 of the numerical promises, functions of one number. Value, first and second derivative.
struct HardInputTests {
  @Test("hard inputs in Float give value, first and second derivative", arguments: HardInput<Float>.rows)
  func float(_ row: HardInput<Float>) throws { try row.check() }

  @Test("hard inputs in Double give value, first and second derivative", arguments: HardInput<Double>.rows)
  func double(_ row: HardInput<Double>) throws { try row.check() }

  @Test("NaN gives NaN, in the value and in the derivative")
  func nan() throws {
    let functions = PrimitiveSample.all.filter { sample in
      // x⁰ and x¹ have constant derivatives.
      let exponent = (sample.primitive as? Power)?.exponent
      return sample.primitive is any Elementwise && sample.operands[0].shape == [] && exponent != 0 && exponent != 1
    }
    #expect(functions.count >= 20)
    let x = Tensor(Double.nan)
    for sample in functions {
      #expect(try sample([x]).item.isNaN, "\(sample)")
      #expect(try gradient(at: x) { sample([$0]) }.item.isNaN, "\(sample)")
    }
  }
}
