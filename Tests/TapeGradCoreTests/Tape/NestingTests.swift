import Foundation
import Testing

@testable import TapeGradCore

struct NestingTests {
  private typealias Function = @Sendable (Tensor<Double>) throws -> Tensor<Double>

  /// A function, a point, and its derivatives of order 0 to 4 there.
  private static let closedForms: [(name: String, f: Function, x: Double, derivatives: [Double])] = {
    let t = Foundation.tanh(0.7), s = 1 / (1 + Foundation.exp(-0.7)), e = Foundation.exp(0.7)
    let u = s * (1 - s)
    return [
      ("x^5", { pow($0, 5) }, 2, [32, 80, 160, 240, 240]),
      ("x*x*x*x", { $0 * $0 * $0 * $0 }, 3, [81, 108, 108, 72, 24]),
      ("1/x", { 1 / $0 }, 2, [0.5, -0.25, 0.25, -0.375, 0.75]),
      ("exp", { exp($0) }, 0.7, [e, e, e, e, e]),
      ("log", { log($0) }, 2, [Foundation.log(2), 0.5, -0.25, 0.25, -0.375]),
      (
        "tanh", { tanh($0) }, 0.7,
        [t, 1 - t * t, -2 * t * (1 - t * t), (1 - t * t) * (6 * t * t - 2), (1 - t * t) * (16 * t - 24 * t * t * t)]
      ),
      (
        "sigmoid", { sigmoid($0) }, 0.7,
        [s, u, u * (1 - 2 * s), u * (1 - 6 * u), u * (1 - 2 * s) * (1 - 12 * u)]
      ),
    ]
  }()

  @Test("derivatives to fourth order are the closed forms", arguments: closedForms.indices)
  func fourthOrder(_ row: Int) throws {
    let (name, f, x, derivatives) = Self.closedForms[row]
    var function = f
    for (order, expected) in derivatives.enumerated() {
      let found = try function(Tensor(x)).item
      #expect(abs(found - expected) <= 1e-13 * max(1, abs(expected)), "order \(order) of \(name)")
      let lower = function
      function = { x in try gradient(at: x, of: lower) }
    }
  }

  @Test("perturbations are not confused")
  func confusion() throws {
    let x = Tensor(3.0)
    try gradient(at: x) { x in x * (try gradient(at: Tensor(2.0)) { y in x + y }) }.expect([1])
    try gradient(at: x) { x in x * (try gradient(at: Tensor(2.0)) { y in x * y }) }.expect([6])
    try gradient(at: x) { x in x * (try gradient(at: x) { y in x * y }) }.expect([6])
    // d/dx [dy³/dy at y = x²] = 12x³.
    try gradient(at: x) { x in try gradient(at: x * x) { y in y * y * y } }.expect([324])
    // d/dx [x·d/dy (x·d/dz (x·y·z))] = d/dx x³ = 3x².
    try gradient(at: x) { x in
      x * (try gradient(at: Tensor(1.0)) { y in x * (try gradient(at: Tensor(1.0)) { z in x * y * z }) })
    }.expect([27])
  }

  @Test("an outer tensor is a constant of the inner gradient, and still a variable of the outer one")
  func captured() throws {
    let (dx, dy) = try gradient(at: Tensor(3.0), Tensor(5.0)) { x, y in
      let inner = try gradient(at: y) { y in x * x * y * y }  // 2x²y
      return inner + x
    }
    try dx.expect([61])
    try dy.expect([18])
    try gradient(at: Tensor(3.0)) { x in try gradient(at: Tensor(1.0)) { _ in x * x } }.expect([0])
  }

  @Test("a tensor that escapes an inner gradient falls back to the outer one")
  func escapedInner() throws {
    try gradient(at: Tensor(3.0)) { x in
      var escaped = Tensor(0.0)
      _ = try gradient(at: Tensor(5.0)) { y in
        escaped = x * y
        return escaped * y
      }
      #expect(escaped.isRecorded)
      return escaped * x  // 5x²
    }.expect([30])
  }

  @Test("a tensor that escapes every gradient is a plain value")
  func escaped() throws {
    var escaped = Tensor(0.0)
    _ = try gradient(at: Tensor(3.0)) { x in
      escaped = x * x
      return escaped
    }
    #expect(!escaped.isRecorded)
    try gradient(at: Tensor(2.0)) { $0 * escaped }.expect([9])
    let (value, slope) = try valueWithGradient(at: Tensor(3.0)) { $0 * $0 }
    #expect(!value.isRecorded && !slope.isRecorded)
  }

  @Test("an error thrown in a gradient leaves nothing open")
  func thrown() throws {
    struct Stop: Error {}
    var escaped = Tensor(0.0)
    #expect(throws: Stop.self) {
      try gradient(at: Tensor(3.0)) { x in
        escaped = x * x
        throw Stop()
      }
    }
    #expect(!escaped.isRecorded)
  }
}
