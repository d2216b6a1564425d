import Foundation
import TapeGradCore
import Testing
import _Differentiation

/// The compiler's own automatic differentiation, an independent implementation, on functions of one number.
struct CompilerOracleTests {
  private typealias Pair = (
    name: String, oracle: @differentiable(reverse) (Double) -> Double, ours: (Tensor<Double>) -> Tensor<Double>
  )

  private static var functions: [Pair] {
    [
      ("polynomial", { x in x * x * x - 2 * x + 1 }, { x in x * x * x - 2 * x + 1 }),
      ("quotient", { x in x / (1 + x * x) }, { x in x / (1 + x * x) }),
      ("bell", { x in Foundation.exp(-x * x) * x }, { x in exp(-x * x) * x }),
      ("root", { x in Foundation.sqrt(1 + x * x) }, { x in sqrt(1 + x * x) }),
      ("logarithm", { x in Foundation.log(2 + x) * x }, { x in log(2 + x) * x }),
      ("saturating", { x in Foundation.tanh(2 * x - 0.5) }, { x in tanh(2 * x - 0.5) }),
      ("newton", { x in iterate(x) }, { x in (0..<5).reduce(x) { y, _ in 0.5 * (y + (x * x + 1) / y) } }),
    ]
  }

  @Test("values and derivatives are the compiler's", arguments: [0.3, 1, 1.7])
  func derivatives(_ x: Double) throws {
    for (name, oracle, ours) in Self.functions {
      let (expected, slope) = _Differentiation.valueWithGradient(at: x, of: oracle)
      let (value, derivative) = try valueWithGradient(at: Tensor(x), of: ours)
      #expect(try abs(value.item - expected) <= 1e-14 * max(1, abs(expected)), "\(name)")
      #expect(try abs(derivative.item - slope) <= 1e-14 * max(1, abs(slope)), "\(name)")
    }
  }
}

@differentiable(reverse)
private func iterate(_ x: Double) -> Double {
  var y = x
  for _ in 0..<5 { y = 0.5 * (y + (x * x + 1) / y) }
  return y
}
