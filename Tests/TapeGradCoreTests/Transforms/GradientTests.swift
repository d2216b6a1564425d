import TapeGradGraphs
import Testing

@testable import TapeGradCore

struct GradientTests {
  private let x = Tensor([1.0, 2]), y = Tensor([3.0, 5]), z = Tensor([7.0, 11])

  @Test("one, two and three tensors have their gradients")
  func tensors() throws {
    try gradient(at: x) { x in (x * x).sum() }.expect([2, 4])
    let (dx, dy) = try gradient(at: x, y) { x, y in (x * y).sum() }
    try dx.expect([3, 5])
    try dy.expect([1, 2])
    let (value, (ex, ey, ez)) = try valueWithGradient(at: x, y, z) { x, y, z in (x * y * z).sum() }
    try value.expect([131])
    try ex.expect([21, 55])
    try ey.expect([7, 22])
    try ez.expect([3, 10])
  }

  @Test("four tensors, of both scalar types, have their gradients")
  func packs() throws {
    let narrow = Tensor<Float>([1, 1])
    let (a, b, c, d) = try gradient(at: x, y, z, narrow) { x, y, z, _ in (x * y - z).sum() }
    try a.expect([3, 5])
    try b.expect([1, 2])
    try c.expect([-1, -1])
    try d.expect([0, 0])
  }

  @Test("structures and arrays, one in the other, come back as what they are")
  func groups() throws {
    let layer = Layer<Double>(weight: Tensor([[1, 2]]), bias: Tensor([[3]]))
    let input = Tensor([[5.0, 0], [7, 1]])
    let slope = try gradient(at: layer) { $0(input).sum() }
    try slope.weight.expect([5, 8])
    try slope.bias.expect([2])

    let squares = try gradient(at: [x, y]) { list in list.reduce(Tensor(0)) { $0 + ($1 * $1).sum() } }
    try squares[0].expect([2, 4])
    try squares[1].expect([6, 10])

    // A nested structure beside an array beside a tensor: each comes back as what it is.
    let stack = Stack<Double>.sample
    let (value, (dStack, dList, dInput)) = try valueWithGradient(at: stack, [x, y], input) { stack, list, input in
      (stack(input)).sum() + (list[0] * list[1]).sum()
    }
    try #expect(value.item == stack(input).sum().item + 13)
    #expect(dStack.tensors.map(\.name) == stack.tensors.map(\.name))
    #expect(dStack.tensors.map(\.tensor.shape) == stack.tensors.map(\.tensor.shape))
    try dList[0].expect([3, 5])
    #expect(dInput.shape == [2, 2])
    #expect(dStack.tensors.map(\.name).first == "layers.0.weight")
    // The same, one tensor at a time.
    let alone = try gradient(at: stack.layers[0].weight) { weight in
      var stack = stack
      stack.layers[0].weight = weight
      return stack(input).sum()
    }
    #expect(try alone.bits == dStack.layers[0].weight.bits)
  }

  @Test("groups nest, and empty ones are fine")
  func nestedGroups() throws {
    let slopes = try gradient(at: [x]) { outer in
      try gradient(at: outer) { inner in (inner[0] * inner[0] * inner[0]).sum() }[0].sum()
    }
    try slopes[0].expect([6, 12])
    let (none, dx) = try gradient(at: [Tensor<Double>](), x) { _, x in x.sum() }
    #expect(none.isEmpty)
    try dx.expect([1, 1])
  }

  @Test("stopGradient is a constant to every gradient")
  func stopped() throws {
    try gradient(at: x) { ($0 * stopGradient($0)).sum() }.expect([1, 2])
    try gradient(at: x) { x in try gradient(at: x) { ($0 * $0 * stopGradient($0)).sum() }.sum() }.expect([2, 4])
    #expect(try stopGradient(x).bits == x.bits)
    let tape = Tape()
    let v = tape.variable(x)
    try tape.gradients(of: (stopGradient(v) + v).sum())[v].expect([1, 1])
  }
}
