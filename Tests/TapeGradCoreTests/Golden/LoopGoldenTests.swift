import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Scans and maps over batches whose values and gradients another system computed; see `loops.py`.
struct LoopGoldenTests {
  typealias Graph = @Sendable ([Tensor<Double>]) throws -> Tensor<Double>

  private static let network: [Shape] = [[3, 3], [3, 2], [3], [3], [5, 2]]
  static let graphs: [(name: String, shapes: [Shape], graph: Graph)] = [
    ("recurrence", network, { try recurrence($0) }),
    ("reversed", network, { try recurrence($0, reversed: true) }),
    ("lstm", [[8, 2], [8, 3], [4, 3]], { try lstm($0[0], $0[1], $0[2]) }),
    ("penalty", network, { try penalty($0) }),
    ("perExample", [[2, 3], [4, 3]], { try perExample($0[0], $0[1]) }),
    ("mapped", network.prefix(3) + [[4, 3], [5, 4, 2]], { try mapped($0) }),
    ("nested", [[2, 4], [3, 4]], { try nested($0[0], $0[1]) }),
    ("curvature", [[3], [2, 3]], { try curvature($0[0], $0[1]) }),
    ("slopes", [[3], [2, 3]], { try slopes($0[0], $0[1]) }),
  ]

  @Test("values and gradients are PyTorch's and JAX's, eager and compiled", arguments: graphs.indices)
  func golden(_ row: Int) throws {
    let (name, shapes, graph) = Self.graphs[row]
    let inputs = shapes.enumerated().map { grid($0.element, 3 * $0.offset + 1) }
    let program = compiled { (inputs: [Tensor<Double>]) in
      let (value, gradients) = try valueWithGradient(at: inputs, of: graph)
      return [value] + gradients
    }
    let (value, gradients) = try valueWithGradient(at: inputs, of: graph)
    let found = try [value.item] + gradients.flatMap { try $0.scalars }
    #expect(try haveSameBits(program(inputs), [value] + gradients))
    let expected = try #require(LoopGoldenValues.numbers[name])
    #expect(found.count == expected.count)
    for (index, (a, b)) in zip(found, expected).enumerated() {
      #expect(abs(a - b) <= 1e-12 * max(1, abs(b)), "\(name), number \(index)")
    }
  }

  @Test("every graph of the script is here") func complete() {
    #expect(Set(Self.graphs.map(\.name)) == Set(LoopGoldenValues.numbers.keys))
  }
}

/// ((7k + start) mod 11 − 5)/4 for k = 0, 1, 2, …
private func grid(_ shape: Shape, _ start: Int) -> Tensor<Double> {
  Tensor((0..<shape.count).map { Double((7 * $0 + start) % 11 - 5) / 4 }, shape: shape)
}

/// `A·x` for a vector x.
private func product(_ a: Tensor<Double>, _ x: Tensor<Double>) -> Tensor<Double> {
  matmul(a, x.reshaped(to: [x.shape.count, 1])).reshaped(to: [a.shape[0]])
}

private func recurrence(_ p: [Tensor<Double>], reversed: Bool = false) throws -> Tensor<Double> {
  let (last, outputs) = try scan(over: p[4], from: p[3], reversed: reversed) { s, x in
    let next = tanh(product(p[0], s) / 2 + product(p[1], x) + p[2])
    return (next, next * s)
  }
  return pow(outputs, 3).sum() + exp(last).sum()
}

private func lstm(_ w: Tensor<Double>, _ u: Tensor<Double>, _ x: Tensor<Double>) throws -> Tensor<Double> {
  let start = [Tensor<Double>.zeros([2]), Tensor<Double>.ones([2])]
  let (last, outputs) = try scan(over: x, from: start) { (state: [Tensor<Double>], x: Tensor<Double>) in
    let gates = product(w, state[0]) + product(u, x)
    let kept = sigmoid(gates[2..<4]) * state[1], new = sigmoid(gates[0..<2]) * tanh(gates[6..<8])
    let c = kept + new, h = sigmoid(gates[4..<6]) * tanh(c)
    return ([h, c], (h * c).sum())
  }
  return outputs.sum() + last[0].sum()
}

private func penalty(_ p: [Tensor<Double>]) throws -> Tensor<Double> {
  let slope = try gradient(at: p[0]) { w in try recurrence([w] + p.dropFirst()) }
  return square(slope).sum()
}

private func perExample(_ w: Tensor<Double>, _ x: Tensor<Double>) throws -> Tensor<Double> {
  let slopes = try vmap { x in try gradient(at: w) { w in logSumExp(tanh(product(w, x))) } }(x)
  return (square(slopes) * Tensor([1.0, 2, 3, 4]).reshaped(to: [4, 1, 1])).sum()
}

private func mapped(_ p: [Tensor<Double>]) throws -> Tensor<Double> {
  let values = try vmap(axes: [0, 1]) { s, x in try recurrence([p[0], p[1], p[2], s, x]) }(p[3], p[4])
  return square(values).sum()
}

private func nested(_ x: Tensor<Double>, _ y: Tensor<Double>) throws -> Tensor<Double> {
  let table = try vmap { a in try vmap { b in square(sin(a * b).sum()) }(y) }(x)
  return (table * Tensor([1, 2, 3])).sum()
}

private func curvature(_ x: Tensor<Double>, _ w: Tensor<Double>) throws -> Tensor<Double> {
  let second = try hessian(at: x) { x in exp(tanh(product(w, x)) / 2).sum() }
  return (second * Tensor((0..<9).map(Double.init), shape: [3, 3])).sum()
}

private func slopes(_ x: Tensor<Double>, _ w: Tensor<Double>) throws -> Tensor<Double> {
  pow(try jacobian(at: x) { x in tanh(product(w, sin(x))) }, 3).sum()
}
