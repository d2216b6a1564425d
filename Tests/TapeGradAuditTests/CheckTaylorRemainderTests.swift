import TapeGradAudit
import TapeGradCore
import Testing

@Suite struct CheckTaylorRemainderTests {
  private let w = Tensor<Double>([[0.3, -1.2, 0.8], [2.1, -0.4, 0.05]])

  @Test func aRightGradientHasOrderTwo() throws {
    let order = try checkTaylorRemainder(at: w) { w in (tanh(w) * exp(w)).sum() }
    #expect(abs(order - 2) <= 0.05)
  }

  @Test(arguments: [0.5, 1.01, 1.0001]) func aWrongOneHasOrderOne(factor: Double) throws {
    let report = #expect(throws: TaylorReport.self) {
      try checkTaylorRemainder(at: w) { w in wrongTanh(w, factor: factor).sum() }
    }
    let order = try #require(report).order
    #expect(abs(order - 1) <= 0.1)
  }

  @Test func aLinearFunctionLeavesNothing() throws {
    #expect(try checkTaylorRemainder(at: w) { w in (3 * w).sum() } == .infinity)
  }
}
