import TapeGradAudit
import TapeGradCore
import Testing

struct CheckPushforwardTests {
  private let w = Tensor<Double>([[0.3, -1.2, 0.8], [2.1, -0.4, 0.05]])

  @Test("right rules pass in Double and in Float")
  func right() throws {
    try checkPushforward(at: w) { w in tanh(matmul(w, w.transposed)) }
    try checkPushforward(at: [w, w]) { w in sigmoid(w[0]) * exp(w[1]) }
    let v: Tensor<Float> = try w.converted()
    try checkPushforward(at: v) { v in softmax(v, axis: 1) }
  }

  @Test("a rule that is not linear in the cotangent is thrown")
  func nonlinear() throws {
    let report = #expect(throws: PushforwardReport.self) {
      try checkPushforward(at: w) { w in w.applying(SquaringIdentity()) }
    }
    #expect("\(try #require(report))".hasPrefix("pushforward check: ⟨ȳ, Jẋ⟩ = "))
  }
}
