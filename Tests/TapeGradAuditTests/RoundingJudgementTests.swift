import TapeGradAudit
import TapeGradCore
import Testing

/// Gradients whose sums cancel: what rounding explains is right, what it does not explain is wrong.
struct RoundingJudgementTests {
  /// `J = Σ c·x` at x = 1 for each c: the gradient by the one parameter is Σ c, which cancels to the last digits.
  struct Cancellation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let terms: [Double]
    /// A gradient derived by hand that rounding explains, and one that it does not.
    let innocent, wrong: Double

    init(_ name: String, _ terms: [Double], innocent: Double, wrong: Double) {
      (testDescription, self.terms, self.innocent, self.wrong) = (name, terms, innocent, wrong)
    }

    static let all = [
      Cancellation("halves that cancel to 0", [0.5, -0.5], innocent: 1.1e-17, wrong: 1e-9),
      Cancellation("tenths, in another order", [0.1, 0.2, -0.3], innocent: 0, wrong: 1e-10),
      Cancellation("thirds of a million", [1e6 / 3, 1e6 / 3, -2e6 / 3], innocent: 1e-10, wrong: 1e-3),
      Cancellation("a small rest of large terms", [1e8, 1e-3, -1e8], innocent: 1e-3 + 1e-9, wrong: 1.73e-2),
      Cancellation("prices", [53_940.25, -18_823.5, -35_116.75], innocent: 7e-12, wrong: 1e-4),
      Cancellation("a thousand terms", (0..<1000).map { $0 % 2 == 0 ? 0.7 : -0.7 }, innocent: 2e-14, wrong: 1e-5),
      Cancellation("tiny terms", [1e-9, -1e-9], innocent: 2e-26, wrong: 1e-15),
    ]
  }

  @Test("what the rounding of the terms explains is right", arguments: Cancellation.all)
  func innocent(_ row: Cancellation) throws {
    let audit = try audit(row, byHand: row.innocent)
    #expect(audit.isRight, "\(audit.conclusion)")
  }

  @Test("what the rounding of the terms does not explain is wrong", arguments: Cancellation.all)
  func wrong(_ row: Cancellation) throws {
    let audit = try audit(row, byHand: row.wrong)
    #expect(audit.firstWrong?.fault == .handDerived(nil), "\(audit.conclusion)")
  }

  @Test("in Float, rounding explains more", arguments: Cancellation.all.prefix(3))
  func float(_ row: Cancellation) throws {
    let tape = Tape()
    let x = tape.variable(Tensor<Float>(1), named: "x"), c = Tensor<Float>(row.terms.map(Float.init))
    let largest = Float(row.terms.map(abs).max() ?? 0)
    #expect(try tape.audit((x * c).sum(), handDerived: ["x": Tensor(largest * 1e-7)]).isRight)
    #expect(try tape.audit((x * c).sum(), handDerived: ["x": Tensor(largest * 1e-2)]).verdict == .wrong)
  }

  private func audit(_ row: Cancellation, byHand: Double) throws -> Audit {
    let tape = Tape()
    let x = tape.variable(Tensor(1.0), named: "x")
    return try tape.audit((x * Tensor(row.terms)).sum(), handDerived: ["x": Tensor(byHand)])
  }
}
