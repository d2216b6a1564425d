import TapeGradCore
import Testing

@testable import TapeGradAudit

struct NumericalDerivativeTests {
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

  @Test("a numerical derivative is right to within its own estimate of the error", arguments: samples)
  func estimate(sample: Sample) {
    let numerical = NumericalDerivative(at: sample.x, of: sample.f)
    #expect(abs(numerical.value - sample.derivative) <= numerical.error)
    #expect(numerical.error <= 1e-8 * max(1, abs(sample.derivative)))
  }

  @Test("the derivative of a smooth function is right to eleven digits", arguments: samples.prefix(3))
  func smooth(sample: Sample) {
    let numerical = NumericalDerivative(at: sample.x, of: sample.f)
    #expect(abs(numerical.value - sample.derivative) <= 1e-11 * max(1, abs(sample.derivative)))
  }

  @Test("the step shrinks near a kink")
  func nearKink() {
    let numerical = NumericalDerivative(at: 1e-3) { max($0, 0) }
    #expect(abs(numerical.value - 1) <= 1e-8)
  }

  /// Whether differences of `f` at `x` deny that the derivative is `number`.
  private func deny(_ number: Double, at x: Double, of f: (Double) -> Double) -> Bool {
    Differences(at: x, expecting: number, of: f) { _ in false }.exclude(number)
  }

  @Test("no one-sided derivative is excluded on a kink")
  func onKink() {
    #expect(!deny(1, at: 0) { abs($0) } && !deny(-1, at: 0) { abs($0) })
    #expect(!deny(1e-3, at: 2) { max($0, 2) * 1e-3 })
    #expect(!deny(1e-9, at: 0) { 1e-9 * abs($0) })
    #expect(!deny(0, at: 1e-9) { max($0, 1e-9) })
    #expect(!deny(0, at: 0.7) { $0 < 0.7 ? 0 : $0 }, "a jump")
  }

  @Test("a wrong derivative is excluded")
  func wrong() {
    #expect(deny(1e-3, at: 0) { $0 * $0 * 1000 })
    #expect(deny(1 - 1e-5, at: 1e-3) { abs($0) })
    #expect(deny(1 + 1e-9, at: 0.5) { 5 + $0 })
    #expect(deny(0.1, at: 1e-6) { max($0, 0) })
    #expect(deny(-1e-6, at: 1e6) { $0 * 1e-6 })
  }

  @Test("a derivative that narrow steps show is not excluded by wide ones")
  func narrowSteps() {
    // A bump that steps of 2⁻⁷ to 2⁻²² step over.
    #expect(!deny(0.5e9, at: 1e-9) { $0 > 0 && $0 < 4e-9 ? 0.5e9 * $0 : 2 })
    #expect(!deny(-2e10, at: -1e-11) { x in abs(x) < 1e-9 ? -2e10 * x : 0 })
  }

  @Test("there is no numerical derivative where the function is not defined on both sides")
  func outside() {
    let numerical = NumericalDerivative(at: 0) { $0 < 0 ? .nan : $0.squareRoot() }
    #expect(numerical.value.isNaN && numerical.error == .infinity && "\(numerical)" == "none")
  }

  @Test("a numerical derivative reads as its value and its error")
  func text() {
    let numerical = NumericalDerivative(at: 3) { $0 * $0 }
    #expect("\(numerical)".hasPrefix("6 ± "))
  }
}
