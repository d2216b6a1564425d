import TapeGradCore

private typealias T = Tensor<Double>

extension GraphCheck {
  /// Scans whose steps are random graphs: against the loop written out, and against programs.
  static let scans = GraphCheck(
    description: "a scan: the loop's bits, its gradients, and the bits of a program and of a batch", limit: 10,
    seedStride: 1_000_037
  ) { graph, seed in
    var generator = SeededGenerator(seed: seed)
    let steps = 3, isReversed = seed % 2 == 0
    let isRow = graph.inputs.indices.map { $0 > 0 && (seed >> UInt64($0)) % 2 == 0 }
    let inputs = graph.inputs.indices.map { i in
      T.randomNormal(isRow[i] ? Shape([steps] + graph.inputs[i].dimensions) : graph.inputs[i], using: &generator)
    }
    @Sendable func arguments(_ state: T, _ inputs: [T], _ rows: [T]) -> [T] {
      var rows = rows.makeIterator()
      return inputs.indices.map { i in i == 0 ? state : isRow[i] ? rows.next() ?? inputs[i] : inputs[i] }
    }
    @Sendable func scanned(_ inputs: [T]) throws -> (T, T) {
      let sequences = inputs.indices.filter { isRow[$0] }.map { inputs[$0] }
      if sequences.isEmpty {
        return try scan(count: steps, from: inputs[0]) { state in
          step(graph, arguments(state, inputs, []))
        }
      }
      return try scan(over: sequences, from: inputs[0], reversed: isReversed) { state, rows in
        step(graph, arguments(state, inputs, rows))
      }
    }
    @Sendable func written(_ inputs: [T]) -> (T, T) {
      var state = inputs[0], outputs: [T] = []
      let turnsBack = isReversed && isRow.contains(true)
      for number in 0..<steps {
        let t = turnsBack ? steps - 1 - number : number
        let rows = inputs.indices.filter { isRow[$0] }.map {
          inputs[$0].sliced(t..<t + 1).reshaped(to: graph.inputs[$0])
        }
        let (next, output) = step(graph, arguments(state, inputs, rows))
        state = next
        outputs.append(output)
      }
      return (state, stacked(turnsBack ? outputs.reversed() : outputs))
    }
    @Sendable func loss(_ results: (T, T)) -> T {
      results.0.sum() + square(results.1).mean()
    }
    let found = try scanned(inputs), expected = written(inputs)
    if try !haveSameBits(found.0, expected.0) { return .fails("the states differ") }
    if try !haveSameBits(found.1, expected.1) { return .fails("the outputs differ") }
    let gradients = try gradient(at: inputs) { try loss(scanned($0)) }
    let wanted = try gradient(at: inputs) { loss(written($0)) }
    for (index, (a, b)) in zip(gradients, wanted).enumerated() {
      let scale = try b.scalars.filter(\.isFinite).map(abs).max() ?? 1
      for (p, q) in zip(try a.scalars, try b.scalars) where p.isFinite && q.isFinite && scale < 1e8 {
        if abs(p - q) <= 1e-9 * max(1, scale) { continue }
        // How much the last digits of the inputs matter says what rounding may.
        let other = try gradient(at: withOtherDigits(inputs)) { loss(written($0)) }[index]
        let noise = try zip(other.scalars, b.scalars).map { abs($0 - $1) }.max() ?? 0
        if abs(p - q) > 100 * noise { return .fails("gradient \(index): \(p) for \(q)") }
      }
    }
    @Sendable func all(_ inputs: [T]) throws -> [T] {
      let results = try scanned(inputs)
      return try [results.0, results.1] + gradient(at: inputs) { try loss(scanned($0)) }
    }
    switch seed % 3 {
    case 0: return Verdict(try haveSameBits(compiled(all)(inputs), all(inputs)) ? nil : "the program differs")
    case 1:
      let examples = (0..<3).map { _ in inputs.map { T.randomNormal($0.shape, using: &generator) } }
      let batch = inputs.indices.map { i in stacked(examples.map { $0[i] }) }, one = try examples.map(all)
      let wanted = one[0].indices.map { i in stacked(one.map { $0[i] }) }
      return Verdict(try haveSameBits(vmap(all)(batch), wanted) ? nil : "the batch differs")
    default: return .holds
    }
  }

  /// One step: the state is the graph's first input, its others are a row of a sequence or captured.
  private static func step(_ graph: RandomGraph, _ inputs: [T]) -> (T, T) {
    let values = graph.values(inputs), state = inputs[0]
    let fitting = values.dropFirst(inputs.count).last { $0.shape == state.shape }
    let next = fitting.map { tanh($0) } ?? tanh(state + 0.5 * (values.last ?? state).sum())
    return (next, values.last ?? state)
  }
}
