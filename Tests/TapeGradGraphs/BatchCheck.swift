import TapeGradCore

extension GraphCheck {
  /// What is mapped over a batch has each example's bits; the first input and some others are batched.
  static let batches = GraphCheck(
    description: "each example's bits on a batch, value and gradient, eager and compiled", limit: 15,
    seedStride: 1_000_033
  ) { graph, seed in
    var generator = SeededGenerator(seed: seed)
    let examples = (0..<3).map { _ in graph.inputs.map { Tensor<Float>.randomNormal($0, using: &generator) } }
    let isBatched = graph.inputs.indices.map { $0 == 0 || (seed >> UInt64($0)) % 3 != 0 }
    let places = graph.inputs.indices
    let batched = places.filter { isBatched[$0] }.map { i in stacked(examples.map { $0[i] }) }
    let shared = places.filter { !isBatched[$0] }.map { examples[0][$0] }
    @Sendable func one(_ inputs: [Tensor<Float>]) throws -> [Tensor<Float>] {
      [graph.values(inputs).last ?? Tensor(0)] + (try gradient(at: inputs, of: graph.sum))
    }
    @Sendable func all(_ batched: [Tensor<Float>], _ shared: [Tensor<Float>]) throws -> [Tensor<Float>] {
      try vmap(axes: [0, nil]) { (batched: [Tensor<Float>], shared: [Tensor<Float>]) in
        var batched = batched.makeIterator(), shared = shared.makeIterator()
        return try one(isBatched.compactMap { $0 ? batched.next() : shared.next() })
      }(batched, shared)
    }
    let expected = try examples.map { example in try one(places.map { isBatched[$0] ? example[$0] : examples[0][$0] }) }
    let found = try all(batched, shared)
    for number in found.indices where try !haveSameBits(found[number], stacked(expected.map { $0[number] })) {
      return .fails(number == 0 ? "the values differ" : "the gradients by input \(number - 1) differ")
    }
    let isSame = try seed % 3 != 0 || haveSameBits(compiled(all)(batched, shared), found)
    return Verdict(isSame ? nil : "the program differs")
  }
}

/// Tensors as the slices of one.
package func stacked<S>(_ tensors: [Tensor<S>]) -> Tensor<S> { stack(tensors, axis: 0) }
