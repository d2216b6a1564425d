import TapeGradGraphs
import Testing

@testable import TapeGradCore

struct JacobianTests {
  private let x = Tensor([1.0, 2])

  @Test("a Jacobian's rows are results, its columns arguments")
  func jacobians() throws {
    let rows = try jacobian(at: x) { x in concatenate([x * x, x[0..<1] * x[1..<2]]) }
    #expect(rows.shape == [3, 2])
    try rows.expect([2, 0, 0, 4, 2, 1])
    let matrix = Tensor([[1.0, 2], [3, 4], [5, 6]])
    let linear = try jacobian(at: x.reshaped(to: [2, 1])) { matmul(matrix, $0) }
    #expect(linear.shape == [3, 1, 2, 1])
    try linear.expect([1, 2, 3, 4, 5, 6])
    let single = try jacobian(at: x) { $0.sum() }
    #expect(single.shape == [2])
    #expect(try jacobian(at: Tensor<Double>.zeros([0])) { $0 }.shape == [0, 0])
    #expect(try jacobian(at: x) { $0[0..<0] }.shape == [0, 2])
    try jacobian(at: x) { _ in Tensor([1.0]) }.expect([0, 0])
  }

  @Test("a Jacobian by columns is that by rows")
  func columns() throws {
    let matrix = Tensor([[1.0, 2], [3, 4], [5, 6]]), x = Tensor([[0.25], [-0.5]])
    let functions: [@Sendable (Tensor<Double>) -> Tensor<Double>] = [
      { tanh(matmul(matrix, $0)) }, { ($0 * $0).sum() }, { _ in Tensor([1.0]) }, { $0[0..<0] },
    ]
    for f in functions {
      let rows = try jacobian(at: x, of: f), columns = try forwardJacobian(at: x, of: f)
      #expect(columns.shape == rows.shape)
      try columns.expect(rows.scalars, ulps: 4)
      let program = compiled { x in try forwardJacobian(at: x, of: f) }
      #expect(try haveSameBits([program(x)], [columns]))
    }
    #expect(try forwardJacobian(at: Tensor<Double>.zeros([0])) { concatenate([$0, Tensor([1, 2])]) }.shape == [2, 0])
    let curved = try gradient(at: x) { x in try forwardJacobian(at: x) { pow($0, 3) }.sum() }
    try curved.expect([1.5, -3], ulps: 4)
    #expect(throws: TensorError.self) { try forwardJacobian(at: x) { matmul($0, $0) } }
  }

  @Test("a Jacobian has the structure of the arguments")
  func groups() throws {
    let layer = Layer<Double>(weight: Tensor([[1, 2], [3, 4]]), bias: Tensor([[5], [6]]))
    let input = Tensor([[7.0], [8]])
    let rows = try jacobian(at: layer) { $0(input) }
    #expect(rows.weight.shape == [2, 1, 2, 2] && rows.bias.shape == [2, 1, 2, 1])
    try rows.weight.expect([7, 8, 0, 0, 0, 0, 7, 8])
    try rows.bias.expect([1, 0, 0, 1])
    let (first, second) = try jacobian(at: [x], x) { $0[0] * $0[0] * $1 }
    try first[0].expect([2, 0, 0, 8])
    try second.expect([1, 0, 0, 4])
  }

  /// `f = a³b + b²`, with Hessian [[6ab, 3a²], [3a², 2]].
  private func f(_ x: Tensor<Double>) -> Tensor<Double> {
    let a = x[0..<1], b = x[1..<2]
    return (a * a * a * b + b * b).sum()
  }

  @Test("the Hessian of a tensor has its second derivatives")
  func hessians() throws {
    try hessian(at: x, of: f).expect([12, 3, 3, 2])
    try hessian(at: x) { exp($0).sum() }.expect(
      [exp(x[0..<1]).item, 0, 0, exp(x[1..<2]).item])
    let matrix = try hessian(at: x.reshaped(to: [1, 2])) { f($0.reshaped(to: [2])) }
    #expect(matrix.shape == [1, 2, 1, 2])
    // Through a matrix product: the Hessian of (x − c)ᵀA(x − c) is A + Aᵀ.
    let a = Tensor([[1.0, 2], [3, 4]])
    try hessian(at: x) { x in
      let column = (x - 5).reshaped(to: [2, 1])
      return matmul(column.transposed, matmul(a, column)).sum()
    }.expect([2, 5, 5, 8])
  }

  @Test("the Hessian of groups counts through all numbers")
  func groupHessian() throws {
    let parts = try hessian(at: [x[0..<1]], x[1..<2]) { f(concatenate([$0[0], $1])) }
    #expect(parts.shape == [2, 2])
    try parts.expect([12, 3, 3, 2])
    let stack = Stack<Double>.sample, input = Tensor([[0.5], [1]])
    let whole = try hessian(at: stack) { $0(input).sum() }
    #expect(whole.shape == [13, 13])
    let scalars = try whole.scalars
    for row in 0..<13 {
      for column in 0..<row { #expect(abs(scalars[row * 13 + column] - scalars[column * 13 + row]) < 1e-14) }
    }
    // The result is linear in the scale, 2: the last row is half the gradient, and 0 at its end.
    let slope = try gradient(at: stack) { $0(input).sum() }.tensors.flatMap { try $0.tensor.scalars }
    for column in 0..<12 { #expect(abs(scalars[156 + column] - slope[column] / 2) < 1e-14) }
    #expect(scalars[168] == 0 && slope.count == 13 && slope.contains { abs($0) > 0.1 })
  }

  @Test("a Hessian times a direction needs no Hessian")
  func products() throws {
    try hessianVectorProduct(at: x, along: Tensor([1, 10]), of: f).expect([42, 23])
    let (a, b) = try hessianVectorProduct(at: x[0..<1], x[1..<2], along: Tensor([1]), Tensor([10])) {
      f(concatenate([$0, $1]))
    }
    try a.expect([42])
    try b.expect([23])
    let stack = Stack<Double>.sample, input = Tensor([[0.5], [1]])
    let product = try hessianVectorProduct(at: stack, along: stack) { $0(input).sum() }
    let whole = try hessian(at: stack) { $0(input).sum() }
    let direction = concatenate(stack.tensors.map { $0.tensor.reshaped(to: [$0.tensor.shape.count]) })
    let expected = try matmul(whole, direction.reshaped(to: [13, 1])).scalars
    let found = try product.tensors.flatMap { try $0.tensor.scalars }
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-14 } && found.count == 13)
  }

  @Test("transforms nest in each other")
  func nested() throws {
    // The Jacobian of a Hessian's diagonal: third derivatives.
    try jacobian(at: x) { x in try hessianVectorProduct(at: x, along: .ones([2])) { ($0 * $0 * $0).sum() } }
      .expect([6, 0, 0, 6])
    try gradient(at: x) { x in try hessian(at: x, of: f).sum() }.expect([24, 6])  // of 6ab + 6a² + 2
    try gradient(at: x) { x in try jacobian(at: x) { $0 * $0 * $0 }.sum() }.expect([6, 12])
    try hessian(at: x) { x in try gradient(at: x, of: f).sum() }.expect([18, 6, 6, 0])  // of 3a²b + a³ + 2b
  }
}
