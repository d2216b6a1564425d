import TapeGradCore

extension GraphCheck {
  /// A program's results are those of the function, bit by bit; also one cut finely, and a loop's.
  static let programs = GraphCheck(
    description: "the same bits in a program, value and gradient", limit: 30, seedStride: 1_000_003
  ) { graph, seed in
    var generator = SeededGenerator(seed: seed)
    let inputs = graph.inputs.map { Tensor<Float>.randomNormal($0, using: &generator) }
    let granularity = seed % 2 == 0 ? Granularity.standard : .fine
    @Sendable func valuesAndGradient(_ inputs: [Tensor<Float>]) throws -> ([Tensor<Float>], [Tensor<Float>]) {
      ([graph.values(inputs).last ?? Tensor(0)], try gradient(at: inputs, of: graph.sum))
    }
    let eager = try valuesAndGradient(inputs)
    let replay = program(valuesAndGradient, rounds: nil, granularity)
    for run in ["first", "second"] {
      let replayed = try replay(inputs)
      if try !haveSameBits(replayed.0, eager.0) { return .fails("the values of the \(run) run differ") }
      if try !haveSameBits(replayed.1, eager.1) { return .fails("the gradients of the \(run) run differ") }
    }
    return Verdict(seed % 5 == 0 ? try loopComplaint(graph, inputs, granularity) : nil)
  }

  /// Three steps down the gradient of the first input, as one program.
  private static func loopComplaint(
    _ graph: RandomGraph, _ inputs: [Tensor<Float>], _ granularity: Granularity
  ) throws -> String? {
    @Sendable func step(_ first: Tensor<Float>, _ rest: [Tensor<Float>]) throws -> (Tensor<Float>, Tensor<Float>) {
      let (value, gradient) = try valueWithGradient(at: first) { graph.values([$0] + rest).last?.sum() ?? Tensor(0) }
      return (first - 0.1 * gradient, value)
    }
    let rest = Array(inputs.dropFirst())
    let loop = program(step, rounds: 3, granularity)
    var expected = (inputs[0], Tensor<Float>(0))
    for _ in 0..<3 { expected = try step(expected.0, rest) }
    let replayed = try loop(inputs[0], rest)
    let isSame = try haveSameBits(replayed.0, expected.0) && haveSameBits(replayed.1, expected.1)
    return isSame ? nil : "the loop differs"
  }
}

extension Granularity {
  /// So fine that small graphs are cut into many blocks and regions, for three threads.
  package static let fine = {
    var granularity = standard
    (granularity.blockElements, granularity.regionElements, granularity.regionColumns) = (6, 12, 3)
    (granularity.shallowRegionElements, granularity.rowUnit, granularity.columnUnit) = (12, 2, 2)
    granularity.threads = 3
    return granularity
  }()
}
