import TapeGradAudit
import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// What is mapped over a batch has each example's bits.
struct VmapEqualityTests {
  @Test("every primitive has each example's bits on a batch, value and cotangents", arguments: PrimitiveSample.all)
  func sample(_ sample: PrimitiveSample) throws {
    var generator = SeededGenerator(seed: 1)
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
}

/// A cotangent for a result.
private func cotangent<S>(like result: Tensor<S>) -> Tensor<S> {
  Tensor<S>((0..<result.shape.count).map { S(1 + $0 % 3) }, shape: result.shape)
}
