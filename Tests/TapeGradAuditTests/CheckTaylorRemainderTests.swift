import TapeGradAudit
import TapeGradCore
import Testing

struct CheckTaylorRemainderTests {
  private let w = Tensor<Double>([[0.3, -1.2, 0.8], [2.1, -0.4, 0.05]])

  @Test("a right gradient leaves a remainder of order two")
  func right() throws {
    let order = try checkTaylorRemainder(at: w) { w in (tanh(w) * exp(w)).sum() }
    #expect(abs(order - 2) <= 0.05)
  }

  @Test("a wrong gradient leaves a remainder of order one", arguments: [0.5, 1.01, 1.0001])
  func wrong(factor: Double) throws {
    let report = #expect(throws: TaylorReport.self) {
      try checkTaylorRemainder(at: w) { w in wrongTanh(w, factor: factor).sum() }
    }
    let order = try #require(report).order
    #expect(abs(order - 1) <= 0.1)
  }

  @Test("a linear function leaves no remainder")
  func linear() throws {
    #expect(try checkTaylorRemainder(at: w) { w in (3 * w).sum() } == .infinity)
  }

  @Test("a remainder that is not finite is undecided")
  func nonFinite() throws {
    for f: @Sendable (Tensor<Double>) -> Tensor<Double> in [
      { log($0).sum() }, { ($0 * .nan).sum() }, { sqrt($0 * 0.0).sum() },
    ] {
      let report = #expect(throws: TaylorReport.self) { try checkTaylorRemainder(at: w) { f($0) } }
      #expect("\(try #require(report))".contains("undecided"))
    }
  }
}
