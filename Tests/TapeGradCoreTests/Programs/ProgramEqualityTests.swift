import Foundation
import TapeGradAudit
import Testing

@testable import TapeGradCore

/// A program's results are those of the function, bit by bit.
struct ProgramEqualityTests {
  @Test("every primitive has the same bits in a program, value and gradient", arguments: PrimitiveSample.all)
  func sample(_ sample: PrimitiveSample) throws {
    var generator = SeededGenerator(seed: 7)
    let operands = try sample.draw(using: &generator)
    try check(sample, operands)
    try check(sample, operands.map { Tensor<Float>(try $0.array.converted()) })
  }

  private func check<S>(_ sample: PrimitiveSample, _ operands: [Tensor<S>]) throws {
    let eager = try valueAndCotangents(sample, operands)
    for granularity in [Granularity.standard, .fine] {
      let replay = program({ (x: [Tensor<S>]) in try valueAndCotangents(sample, x) }, rounds: nil, granularity)
      for _ in 0..<2 {
        let replayed = try replay(operands)
        #expect(try haveSameBits(replayed, eager))
      }
    }
  }

  /// Another seed can be tried from outside.
  private static let seed = ProcessInfo.processInfo.environment["TAPEGRAD_SEED"].flatMap(UInt64.init) ?? 1

  /// How many random graphs are tried; a run that is slow for other reasons tries fewer.
  private static let graphs = ProcessInfo.processInfo.environment["TAPEGRAD_GRAPHS"].flatMap(Int.init) ?? 10_000

  @Test("random graphs have the same bits in a program, value and gradient", arguments: 0..<10)
  func randomGraphs(_ tenth: Int) {
    for number in 0..<max(1, Self.graphs / 10) {
      let seed = Self.seed &* 1_000_003 &+ UInt64(1000 * tenth + number)
      var generator = SeededGenerator(seed: seed)
      let graph = RandomGraph(limit: 30, using: &generator)
      if complaint(graph, seed) == nil { continue }
      let smallest = graph.shrunk { complaint($0, seed) != nil }
      Issue.record("seed \(seed): \(complaint(smallest, seed) ?? "")\n\(smallest)")
      return
    }
  }

  private func complaint(_ graph: RandomGraph, _ seed: UInt64) -> String? {
    var generator = SeededGenerator(seed: seed)
    let inputs = graph.inputs.map { Tensor<Float>.randomNormal($0, using: &generator) }
    @Sendable func valuesAndGradient(_ inputs: [Tensor<Float>]) throws -> ([Tensor<Float>], [Tensor<Float>]) {
      let gradient = try gradient(at: inputs) { inputs in
        let values = graph.values(inputs)
        return values[values.count - 1].sum() + values[values.count / 2].sum()
      }
      return ([graph.values(inputs).last ?? Tensor(0)], gradient)
    }
    do {
      let eager = try valuesAndGradient(inputs)
      let replay = program(valuesAndGradient, rounds: nil, seed % 2 == 0 ? .standard : .fine)
      for run in ["first", "second"] {
        let replayed = try replay(inputs)
        if try !haveSameBits(replayed.0, eager.0) { return "the values of the \(run) run differ" }
        if try !haveSameBits(replayed.1, eager.1) { return "the gradients of the \(run) run differ" }
      }
      return seed % 5 == 0 ? try loopComplaint(graph, inputs, seed) : nil
    } catch {
      return "\(error)"
    }
  }
}

extension ProgramEqualityTests {
  /// Three steps down the gradient of the first input, as one program.
  private func loopComplaint(_ graph: RandomGraph, _ inputs: [Tensor<Float>], _ seed: UInt64) throws -> String? {
    @Sendable func step(_ first: Tensor<Float>, _ rest: [Tensor<Float>]) throws -> (Tensor<Float>, Tensor<Float>) {
      let (value, gradient) = try valueWithGradient(at: first) { graph.values([$0] + rest).last?.sum() ?? Tensor(0) }
      return (first - 0.1 * gradient, value)
    }
    let rest = Array(inputs.dropFirst())
    let loop = program(step, rounds: 3, seed % 2 == 0 ? .standard : .fine)
    var expected = (inputs[0], Tensor<Float>(0))
    for _ in 0..<3 { expected = try step(expected.0, rest) }
    let replayed = try loop(inputs[0], rest)
    let isSame = try haveSameBits(replayed.0, expected.0) && haveSameBits(replayed.1, expected.1)
    return isSame ? nil : "the loop differs"
  }
}

extension Granularity {
  /// So fine that small graphs are cut into many blocks and regions, for three threads.
  static let fine = Granularity(
    blockElements: 6, regionElements: 12, regionColumns: 3, shallowRegionElements: 12, rowUnit: 2, columnUnit: 2,
    threads: 3)
}

/// The result, and the cotangents of the operands for some cotangent of it.
func valueAndCotangents<S>(_ sample: PrimitiveSample, _ x: [Tensor<S>]) throws -> [Tensor<S>] {
  var recording = try Recording(of: x.map(\.value)) { sample($0.map { Tensor<S>($0) }).value }
  let shape = recording.value.shape
  let cotangent = Tensor<S>((0..<shape.count).map { S(1 + $0 % 3) }, shape: shape)
  return try ([recording.value] + recording.cotangents(of: cotangent.value)).map { try Tensor($0).validated() }
}
