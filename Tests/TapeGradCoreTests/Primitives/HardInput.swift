import Foundation
import Testing

@testable import TapeGradCore

/// A number that tells good code from bad, and what comes out: value, first and second derivative.
struct HardInput<Scalar: TensorScalar>: CustomTestStringConvertible, Sendable {
  let name: String
  let x: Scalar
  let value: Scalar
  var first: Scalar?
  var second: Scalar?
  /// How many units of the last place results may lie off; 0 asks for the same bits.
  var ulps: Scalar = 0
  let function: @Sendable (Tensor<Scalar>) -> Tensor<Scalar>

  init(
    _ name: String, _ function: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Scalar>, at x: Scalar, _ value: Scalar,
    _ first: Scalar? = nil, _ second: Scalar? = nil, ulps: Scalar = 0
  ) {
    (self.name, self.function, self.x, self.value, self.first, self.second) = (name, function, x, value, first, second)
    self.ulps = ulps
  }

  var testDescription: String { "\(name) at \(x) in \(Scalar.self)" }

  /// Checks the value and what derivatives the row gives.
  func check() throws {
    let x = Tensor(x)
    expect(try function(x).item, value, "value")
    // Of a derivative of 0 the sign is not promised.
    if let first { expect(try gradient(at: x, of: function).item + 0, first + 0, "first derivative") }
    if let second {
      let found = try gradient(at: x) { x in try gradient(at: x, of: function) }
      expect(try found.item + 0, second + 0, "second derivative")
    }
  }

  private func expect(_ found: Scalar, _ expected: Scalar, _ what: Comment) {
    #expect(found.isClose(to: expected, ulps: ulps), "\(what): \(found) for \(expected)")
  }
}
