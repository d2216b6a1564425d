import TapeGradCore
import Testing

@testable import TapeGradAudit

@Suite struct NumericalDerivativeTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let name: String, x: Double, derivative: Double
    let f: @Sendable (Double) -> Double
    var testDescription: String { "\(name) at \(x)" }
  }

  /// A function on numbers, of the array function.
  private static func lift(
    _ f: @escaping @Sendable (NDArray<Double>) -> NDArray<Double>
  ) -> @Sendable (Double) -> Double {
    { x in f(NDArray(x)).scalars[0] }
  }

  static let samples = [
    Sample(name: "exp", x: 0.3, derivative: 1.3498588075760032, f: lift(exp)),
    Sample(name: "exp", x: -8, derivative: 3.3546262790251185e-4, f: lift(exp)),
    Sample(name: "tanh", x: 0.7, derivative: 0.6347395899824585, f: lift(tanh)),
    Sample(name: "log", x: 0.01, derivative: 100, f: lift(log)),
    Sample(name: "log", x: 1e6, derivative: 1e-6, f: lift(log)),
    Sample(name: "x⁵", x: -3, derivative: 405, f: { $0 * $0 * $0 * $0 * $0 }),
    Sample(name: "7", x: 2, derivative: 0, f: { _ in 7 }),
    Sample(name: "sin-like, fast", x: 0.02, derivative: 50 * 0.41997434161402614, f: lift { tanh($0 * 50) }),
  ]

  @Test(arguments: samples) func itIsRightToItsOwnEstimate(sample: Sample) {
    let numerical = NumericalDerivative(at: sample.x, of: sample.f)
    #expect(abs(numerical.value - sample.derivative) <= numerical.error)
    #expect(numerical.error <= 1e-8 * max(1, abs(sample.derivative)))
  }

  @Test(arguments: samples.prefix(3)) func smoothFunctionsComeOutToElevenDigits(sample: Sample) {
    let numerical = NumericalDerivative(at: sample.x, of: sample.f)
    #expect(abs(numerical.value - sample.derivative) <= 1e-11 * max(1, abs(sample.derivative)))
  }

  @Test func nearAKinkTheStepShrinks() {
    let numerical = NumericalDerivative(at: 1e-3) { max($0, 0) }
    #expect(abs(numerical.value - 1) <= 1e-8)
  }

  @Test func kinksAreRecognised() {
    #expect(isKink(at: 0) { abs($0) })
    #expect(isKink(at: 2) { max($0, 2) * 1e-3 })
    #expect(isKink(at: 0) { 1e-9 * abs($0) })
    #expect(!isKink(at: 0) { $0 * $0 * 1000 })
    #expect(!isKink(at: 1e-3) { abs($0) })
    #expect(!isKink(at: 0.5) { 5 + $0 })
  }

  @Test func outsideTheDomainNothingIsSaid() {
    let numerical = NumericalDerivative(at: 0) { $0 < 0 ? .nan : $0.squareRoot() }
    #expect(numerical.value.isNaN && numerical.error == .infinity)
  }

  @Test func itReadsAsAValueAndItsError() {
    let numerical = NumericalDerivative(at: 3) { $0 * $0 }
    #expect("\(numerical)".hasPrefix("6 ± "))
  }
}
