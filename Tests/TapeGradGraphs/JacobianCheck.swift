import TapeGradCore

extension GraphCheck {
  /// A Jacobian, which is one reverse sweep on a batch of units: against its rows one by one, and against programs.
  static let jacobians = GraphCheck(
    description: "the Jacobian: the gradients of all elements, and a program's bits", limit: 8, seedStride: 4_000_037
  ) { graph, seed in
    var generator = SeededGenerator(seed: seed)
    let x = graph.inputs.map { Tensor<Double>.randomNormal($0, using: &generator) }
    @Sendable func last(_ first: Tensor<Double>) -> Tensor<Double> {
      graph.values([first] + x.dropFirst()).last ?? first
    }
    @Sendable func matrix(_ first: Tensor<Double>) throws -> Tensor<Double> { try jacobian(at: first, of: last) }
    let found = try matrix(x[0]), count = last(x[0]).shape.count
    let rows = try found.reshaped(to: [count, x[0].shape.count]).scalars
    for row in 0..<count {
      let wanted = try gradient(at: x[0]) { last($0).reshaped(to: [count])[row] }.scalars
      let scale = wanted.filter(\.isFinite).map(abs).max() ?? 1
      for (column, q) in wanted.enumerated() {
        let p = rows[row * wanted.count + column]
        let isSame = p.isNaN == q.isNaN && (p == q || abs(p - q) <= 1e-9 * max(1, scale) || p.isNaN)
        if !isSame { return .fails("element \(row), \(column): \(p) for \(q)") }
      }
    }
    return Verdict(try seed % 3 != 0 || haveSameBits(compiled(matrix)(x[0]), found) ? nil : "the program differs")
  }
}
