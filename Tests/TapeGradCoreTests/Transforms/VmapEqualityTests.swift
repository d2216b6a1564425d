import Foundation
import TapeGradAudit
import Testing

@testable import TapeGradCore

/// What is mapped over a batch has each example's bits.
struct VmapEqualityTests {
  private static let seed = ProcessInfo.processInfo.environment["TAPEGRAD_SEED"].flatMap(UInt64.init) ?? 1

  @Test("every primitive has each example's bits on a batch, value and cotangents", arguments: PrimitiveSample.all)
  func sample(_ sample: PrimitiveSample) throws {
    var generator = SeededGenerator(seed: Self.seed)
    let examples = try (0..<3).map { _ in try sample.draw(using: &generator) }
    let count = examples[0].count
    // All operands batched; and each of several in turn the same for all examples.
    for shared in [nil] + (count > 1 ? (0..<count).map(Optional.some) : []) {
      if shared != nil, sample.operands.contains(where: { $0.derived != nil }) { continue }
      var examples = examples
      if let shared { for i in examples.indices { examples[i][shared] = examples[0][shared] } }
      let inputs = (0..<count).map { i in
        i == shared
          ? BatchedValue(value: examples[0][i].value, isBatched: false)
          : BatchedValue(value: stacked(examples.map { $0[i] }).value, isBatched: true)
      }
      let expected = try examples.map { try valueAndCotangents(sample, $0) }
      let found = try mapExamples(inputs, count: 3) { x in
        try valueAndCotangents(sample, x.map { Tensor<Double>($0) }).map { $0.value }
      }
      for (number, result) in found.enumerated() {
        let all = stacked(expected.map { $0[number] })
        #expect(try haveSameBits(Tensor<Double>(result.repeated(3)), all), "result \(number), shared \(shared ?? -1)")
      }
      try checkDerivative(sample, inputs, expected, shared)
      try checkProgram(sample, inputs)
    }
  }

  /// The derivative of the batch, by what is batched, is each example's.
  private func checkDerivative(
    _ sample: PrimitiveSample, _ inputs: [BatchedValue], _ expected: [[Tensor<Double>]], _ shared: Int?
  ) throws {
    var recording = try Recording(of: inputs.map(\.value)) { values in
      let inputs = zip(values, inputs).map { BatchedValue(value: $0, isBatched: $1.isBatched) }
      return try mapExamples(inputs, count: 3) { x in [sample(x.map { Tensor<Double>($0) }).value] }[0].repeated(3)
    }
    let seeds = stacked(expected.map { cotangent(like: $0[0]) })
    for (i, cotangent) in recording.cotangents(of: seeds.value).map({ Tensor<Double>($0) }).enumerated() {
      if i != shared {
        #expect(try haveSameBits(cotangent, stacked(expected.map { $0[i + 1] })), "derivative by operand \(i)")
      } else {
        let sum = expected.map { $0[i + 1] }.reduce(Tensor<Double>.zeros(expected[0][i + 1].shape), +)
        for (a, b) in zip(try cotangent.scalars, try sum.scalars) {
          #expect(abs(a - b) <= 1e-12 * max(1, abs(b)), "derivative by operand \(i), the same for all")
        }
      }
    }
  }

  private func checkProgram(_ sample: PrimitiveSample, _ inputs: [BatchedValue]) throws {
    let flags = inputs.map(\.isBatched)
    @Sendable func mapped(_ values: [Tensor<Double>]) throws -> [Tensor<Double>] {
      let inputs = zip(values, flags).map { BatchedValue(value: $0.value, isBatched: $1) }
      return try mapExamples(inputs, count: 3) { x in
        try valueAndCotangents(sample, x.map { Tensor<Double>($0) }).map { $0.value }
      }.map { Tensor<Double>($0.repeated(3)) }
    }
    let values = inputs.map { Tensor<Double>($0.value) }
    #expect(try haveSameBits(compiled(mapped)(values), mapped(values)), "compiled")
  }

  /// How many random graphs are tried.
  private static let graphs =
    (ProcessInfo.processInfo.environment["TAPEGRAD_GRAPHS"].flatMap(Int.init) ?? 10_000) * 3 / 10

  @Test("random graphs have each example's bits on a batch, value and gradient, eager and compiled", arguments: 0..<10)
  func randomGraphs(_ tenth: Int) {
    for number in 0..<max(1, Self.graphs / 10) {
      let seed = Self.seed &* 1_000_033 &+ UInt64(1000 * tenth + number)
      var generator = SeededGenerator(seed: seed)
      let graph = RandomGraph(limit: 15, using: &generator)
      if complaint(graph, seed) == nil { continue }
      let smallest = graph.shrunk { complaint($0, seed) != nil }
      Issue.record("seed \(seed): \(complaint(smallest, seed) ?? "")\n\(smallest)")
      return
    }
  }

  private func complaint(_ graph: RandomGraph, _ seed: UInt64) -> String? {
    var generator = SeededGenerator(seed: seed)
    let examples = (0..<3).map { _ in graph.inputs.map { Tensor<Float>.randomNormal($0, using: &generator) } }
    let isBatched = graph.inputs.indices.map { $0 == 0 || (seed >> UInt64($0)) % 3 != 0 }
    let inputs = graph.inputs.indices.map { i in isBatched[i] ? stacked(examples.map { $0[i] }) : examples[0][i] }
    @Sendable func one(_ inputs: [Tensor<Float>]) throws -> [Tensor<Float>] {
      let gradient = try gradient(at: inputs) { inputs in
        let values = graph.values(inputs)
        return values[values.count - 1].sum() + values[values.count / 2].sum()
      }
      return [graph.values(inputs).last ?? Tensor(0)] + gradient
    }
    @Sendable func all(_ inputs: [Tensor<Float>]) throws -> [Tensor<Float>] {
      try mapExamples(zip(inputs, isBatched).map { BatchedValue(value: $0.value, isBatched: $1) }, count: 3) { x in
        try one(x.map { Tensor<Float>($0) }).map { $0.value }
      }.map { Tensor<Float>($0.repeated(3)) }
    }
    do {
      let expected = try (0..<3).map { e in
        try one(graph.inputs.indices.map { isBatched[$0] ? examples[e][$0] : examples[0][$0] })
      }
      let found = try all(inputs)
      for number in found.indices where try !haveSameBits(found[number], stacked(expected.map { $0[number] })) {
        return number == 0 ? "the values differ" : "the gradients by input \(number - 1) differ"
      }
      if seed % 3 == 0, try !haveSameBits(compiled(all)(inputs), found) { return "the program differs" }
      return nil
    } catch {
      return "\(error)"
    }
  }
}

/// Tensors as the slices of one.
private func stacked<S>(_ tensors: [Tensor<S>]) -> Tensor<S> {
  concatenate(tensors.map { $0.reshaped(to: $0.shape.batched(1)) })
}

/// A cotangent for a result.
private func cotangent<S>(like result: Tensor<S>) -> Tensor<S> {
  Tensor<S>((0..<result.shape.count).map { S(1 + $0 % 3) }, shape: result.shape)
}
