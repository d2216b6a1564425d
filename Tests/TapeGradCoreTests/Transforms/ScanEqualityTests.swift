import Foundation
import Testing

@testable import TapeGradCore

/// Scans whose steps are random graphs: against the loop written out, and against programs.
struct ScanEqualityTests {
  private static let seed = ProcessInfo.processInfo.environment["TAPEGRAD_SEED"].flatMap(UInt64.init) ?? 1
  private static let graphs =
    (ProcessInfo.processInfo.environment["TAPEGRAD_GRAPHS"].flatMap(Int.init) ?? 10_000) * 3 / 10
  private static let steps = 3

  @Test("random graphs in a scan: the loop's bits, its gradients, and a program's bits", arguments: 0..<10)
  func randomGraphs(_ tenth: Int) {
    for number in 0..<max(1, Self.graphs / 10) {
      let seed = Self.seed &* 1_000_037 &+ UInt64(1000 * tenth + number)
      var generator = SeededGenerator(seed: seed)
      let graph = RandomGraph(limit: 10, using: &generator)
      if complaint(graph, seed) == nil { continue }
      let smallest = graph.shrunk { complaint($0, seed) != nil }
      Issue.record("seed \(seed): \(complaint(smallest, seed) ?? "")\n\(smallest)")
      return
    }
  }

  /// One step: the state is the graph's first input, its others are a row of a sequence or captured.
  private static func step(_ graph: RandomGraph, _ inputs: [Tensor<Double>]) -> (Tensor<Double>, Tensor<Double>) {
    let values = graph.values(inputs), state = inputs[0]
    let fitting = values.dropFirst(inputs.count).last { $0.shape == state.shape }
    let next = fitting.map { tanh($0) } ?? tanh(state + 0.5 * (values.last ?? state).sum())
    return (next, values.last ?? state)
  }

  private func complaint(_ graph: RandomGraph, _ seed: UInt64) -> String? {
    var generator = SeededGenerator(seed: seed)
    let steps = Self.steps, isReversed = seed % 2 == 0
    let isRow = graph.inputs.indices.map { $0 > 0 && (seed >> UInt64($0)) % 2 == 0 }
    let inputs = graph.inputs.indices.map { i in
      Tensor<Double>.randomNormal(isRow[i] ? graph.inputs[i].batched(steps) : graph.inputs[i], using: &generator)
    }
    @Sendable func arguments(_ state: Tensor<Double>, _ inputs: [Tensor<Double>], _ rows: [Tensor<Double>]) -> [Tensor<
      Double
    >] {
      var rows = rows.makeIterator()
      return inputs.indices.map { i in i == 0 ? state : isRow[i] ? rows.next() ?? inputs[i] : inputs[i] }
    }
    @Sendable func scanned(_ inputs: [Tensor<Double>]) throws -> (Tensor<Double>, Tensor<Double>) {
      let sequences = inputs.indices.filter { isRow[$0] }.map { inputs[$0] }
      if sequences.isEmpty {
        return try scan(count: steps, from: inputs[0]) { state in
          Self.step(graph, arguments(state, inputs, []))
        }
      }
      return try scan(over: sequences, from: inputs[0], reversed: isReversed) { state, rows in
        Self.step(graph, arguments(state, inputs, rows))
      }
    }
    @Sendable func written(_ inputs: [Tensor<Double>]) -> (Tensor<Double>, Tensor<Double>) {
      var state = inputs[0], outputs: [Tensor<Double>] = []
      let turnsBack = isReversed && isRow.contains(true)
      for step in 0..<steps {
        let t = turnsBack ? steps - 1 - step : step
        let rows = inputs.indices.filter { isRow[$0] }.map {
          inputs[$0].sliced(t..<t + 1).reshaped(to: graph.inputs[$0])
        }
        let (next, output) = Self.step(graph, arguments(state, inputs, rows))
        state = next
        outputs.append(output.reshaped(to: output.shape.batched(1)))
      }
      return (state, concatenate(turnsBack ? outputs.reversed() : outputs))
    }
    @Sendable func loss(_ results: (Tensor<Double>, Tensor<Double>)) -> Tensor<Double> {
      results.0.sum() + square(results.1).mean()
    }
    do {
      let found = try scanned(inputs), expected = written(inputs)
      if try !haveSameBits(found.0, expected.0) { return "the states differ" }
      if try !haveSameBits(found.1, expected.1) { return "the outputs differ" }
      let gradients = try gradient(at: inputs) { try loss(scanned($0)) }
      let wanted = try gradient(at: inputs) { loss(written($0)) }
      for (index, (a, b)) in zip(gradients, wanted).enumerated() {
        let scale = try b.scalars.filter(\.isFinite).map(abs).max() ?? 1
        for (p, q) in zip(try a.scalars, try b.scalars) where p.isFinite && q.isFinite && scale < 1e8 {
          if abs(p - q) > 1e-9 * max(1, scale) { return "gradient \(index): \(p) for \(q)" }
        }
      }
      guard seed % 3 == 0 else { return nil }
      @Sendable func all(_ inputs: [Tensor<Double>]) throws -> [Tensor<Double>] {
        let results = try scanned(inputs)
        return try [results.0, results.1] + gradient(at: inputs) { try loss(scanned($0)) }
      }
      return try haveSameBits(compiled(all)(inputs), all(inputs)) ? nil : "the program differs"
    } catch {
      return "\(error)"
    }
  }
}
