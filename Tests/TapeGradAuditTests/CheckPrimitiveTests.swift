import TapeGradAudit
import TapeGradCore
import Testing

struct CheckPrimitiveTests {
  /// `y = |x|³`, without a kink.
  private struct Cube: Elementwise {
    static let name = "cube"
    var factor = 3.0
    func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { abs(x) * x * x }
    func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { S(factor) * x * abs(x) }
  }

  @Test("a right primitive passes")
  func right() throws {
    try checkPrimitive(Cube(), on: [2, 3])
    try checkPrimitive(Cube(), on: [SampleOperand(shape: [5], interval: -3...3, kinks: [0])], seed: 7)
  }

  @Test("a wrong one is named, with check, operands, seed and both values")
  func wrong() {
    #expect {
      try checkPrimitive(Cube(factor: 3.0001), on: [4], seed: 5)
    } throws: { error in
      let text = "\(error)"
      return error is PrimitiveReport && text.contains("derivatives of") && text.contains("seed 5")
        && text.contains("order 1, operand 0, element 0")
    }
  }
}
