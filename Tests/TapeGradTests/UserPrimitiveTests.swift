import Foundation
import TapeGrad
import Testing

/// Custom primitives are in every respect the equals of the built-in ones.
struct UserPrimitiveTests {
  private typealias Function = @Sendable (Tensor<Double>) -> Tensor<Double>

  /// A primitive beside the same function composed of built-in operations.
  private static let pairs: [(name: String, own: Function, composed: Function)] = [
    ("swish", { swish($0) }, { $0 * sigmoid($0) }),
    ("mish", { mish($0) }, { $0 * tanh(softplus($0)) }),
    ("neighborSum", { square(neighborSum($0)) }, { square($0[0..<2] + $0[1..<3]) }),
    ("outer", { outer($0, tanh($0)) }, { matmul($0.reshaped(to: [3, 1]), tanh($0).reshaped(to: [1, 3])) }),
    ("combine", { combine($0, $0 * $0, exponent: 3) }, { pow(pow(abs($0), 3) + pow($0 * $0, 3), 1 / 3) }),
  ]

  private let x = Tensor<Double>([0.5, -1.25, 2])

  @Test("a custom operation is differentiated to third order, in every transform", arguments: pairs.indices)
  func transforms(_ row: Int) throws {
    let (name, own, composed) = Self.pairs[row]
    let v = Tensor<Double>([1, -0.5, 0.25])
    try expect(own(x), composed(x), tolerance: 1e-12, "\(name)")
    var f = { (x: Tensor<Double>) throws in own(x).sum() }, g = { (x: Tensor<Double>) throws in composed(x).sum() }
    for order in 1...3 {
      let (lowerF, lowerG) = (f, g)
      try expect(gradient(at: x, of: f), gradient(at: x, of: g), tolerance: 1e-12, "order \(order) of \(name)")
      f = { x in try (gradient(at: x, of: lowerF) * v).sum() }
      g = { x in try (gradient(at: x, of: lowerG) * v).sum() }
    }
    try expect(
      pushforward(at: x, along: v, of: own), pushforward(at: x, along: v, of: composed), tolerance: 1e-12,
      "tangent of \(name)")
    try expect(jacobian(at: x, of: own), jacobian(at: x, of: composed), tolerance: 1e-12, "Jacobian of \(name)")
    try expect(
      hessian(at: x) { own($0).sum() }, hessian(at: x) { composed($0).sum() }, tolerance: 1e-12, "Hessian of \(name)")
    try expect(
      gradient(at: x) { checkpoint($0, of: own).sum() }, gradient(at: x) { composed($0).sum() }, tolerance: 1e-12,
      "checkpoint of \(name)"
    )
  }

  @Test("a custom operation over kernels is fused with its neighbors, and has the same bits in a program")
  func fusion() throws {
    let fused = compiled { (x: Tensor<Double>) in mish(x * x) + 1 }
    #expect(try fused.plan(for: x).instructionCount == 1)
    #expect(try fused(x).scalars == (mish(x * x) + 1).scalars)
    let opaque = compiled { (x: Tensor<Double>) in swish(x * x) + 1 }
    #expect(try opaque.plan(for: x).instructionCount == 3)
  }

  @Test("a custom operation works in Float too")
  func narrow() throws {
    let x = Tensor<Float>([0.5, -1.25, 2])
    let found = try gradient(at: x) { swish($0).sum() }, composed = try gradient(at: x) { ($0 * sigmoid($0)).sum() }
    try expect(found.converted(), composed.converted(), tolerance: 1e-6)
  }

  @Test("a custom operation works on a tape, under names")
  func tape() throws {
    let tape = Tape()
    let u = tape.variable(Tensor<Double>([1, 2]), named: "u"), v = tape.variable(Tensor<Double>([3, 4, 5]), named: "v")
    let product = outer(u, v).named("P")
    let loss = combine(product, product, exponent: 1).sum()
    let gradients = try tape.gradients(of: loss)
    #expect(try gradients[u].scalars == [24, 24] && gradients[v].scalars == [6, 6, 6])
    #expect(try gradients[product].scalars == [2, 2, 2, 2, 2, 2])
  }

  @Test("errors of custom operations are reported like any other")
  func errors() {
    func failure(_ tensor: Tensor<Double>) -> TensorError? {
      do throws(TensorError) {
        try tensor.validated()
        return nil
      } catch { return error }
    }
    let error = failure(neighborSum(Tensor<Double>([1])))
    #expect(error?.operation == "neighborSum" && error?.suggestion == "pass a vector of two or more")
    #expect(error?.callSite?.hasPrefix("UserPrimitives.swift:") == true)
    #expect(failure(combine(x, x[0..<2], exponent: 2))?.message == "shapes (3) and (2) differ")
  }
}
