import Foundation
import TapeGradAudit
import Testing

@testable import TapeGradCore

/// Reverse sweeps of random graphs against pushforwards, and against differences.
///
/// Compared is where there are numbers on both sides: outside of a domain a graph gives NaN. Differences must not be
/// expected to know a kink's convention, nor a jump: where they deny themselves, by their own estimate, nothing is said.
struct RandomDerivativeTests {
  /// Another seed can be tried from outside.
  private static let seed = ProcessInfo.processInfo.environment["TAPEGRAD_SEED"].flatMap(UInt64.init) ?? 1

  /// How many random graphs are tried; a run that is slow for other reasons tries fewer.
  private static let graphs = min(
    3000, ProcessInfo.processInfo.environment["TAPEGRAD_GRAPHS"].flatMap(Int.init) ?? 3000)

  @Test("the derivative along a direction is the same by reverse sweep, pushforward and differences", arguments: 0..<10)
  func randomGraphs(_ tenth: Int) throws {
    var compared = 0, differenced = 0
    let count = max(1, Self.graphs / 10)
    for number in 0..<count {
      let seed = Self.seed &* 2_000_003 &+ UInt64(1000 * tenth + number)
      var generator = SeededGenerator(seed: seed)
      let graph = RandomGraph(limit: 8, using: &generator)
      let verdict = try judged(graph, seed)
      if verdict.isCompared { compared += 1 }
      if verdict.isDifferenced { differenced += 1 }
      guard let complaint = verdict.complaint else { continue }
      let smallest = graph.shrunk { (try? judged($0, seed).complaint) != nil }
      Issue.record("seed \(seed): \(try judged(smallest, seed).complaint ?? complaint)\n\(smallest)")
      return
    }
    // So that a check that never checks does not pass.
    #expect(
      compared > count / 3 && differenced > count / 5, "\(compared) compared, \(differenced) of them with differences")
  }

  private struct Verdict {
    var complaint: String?
    var isCompared = false, isDifferenced = false
  }

  private func judged(_ graph: RandomGraph, _ seed: UInt64) throws -> Verdict {
    var generator = SeededGenerator(seed: seed)
    let x = graph.inputs.map { Tensor<Double>.randomNormal($0, using: &generator) }
    let u = x.map { Tensor<Double>.randomNormal($0.shape, using: &generator) }
    let f = { (x: [Tensor<Double>]) -> Tensor<Double> in
      let values = graph.values(x)
      return values[values.count - 1].sum() + values[values.count / 2].sum()
    }
    let products = try zip(gradient(at: x, of: f), u).flatMap { try ($0 * $1).scalars }
    let reverse = products.reduce(0, +), scale = products.reduce(abs(reverse)) { $0 + abs($1) }
    guard reverse.isFinite else { return Verdict() }
    let forward = try pushforward(at: x, along: u, of: f).item
    guard forward.isFinite else { return Verdict() }
    if abs(reverse - forward) > 1e-8 * max(scale, 1e-3) {
      return Verdict(complaint: "\(reverse) by reverse sweep, \(forward) by pushforward", isCompared: true)
    }
    // What a stopped gradient hides is not hidden from differences.
    if graph.mentions("stop") { return Verdict(isCompared: true) }
    let numerical = try NumericalDerivative(at: 0) { t in
      try f(zip(x, u).map { $0 + t * $1 }).item
    }
    guard numerical.error < 1e-6 * max(scale, 1) else { return Verdict(isCompared: true) }
    let isClose = abs(reverse - numerical.value) <= 1e-5 * max(scale, 1)
    let complaint =
      isClose ? nil : "\(reverse) by reverse sweep, \(numerical.value) ± \(numerical.error) by differences"
    return Verdict(complaint: complaint, isCompared: true, isDifferenced: true)
  }
}

extension RandomGraph {
  /// Whether an operation of this name is in the graph.
  fileprivate func mentions(_ name: String) -> Bool {
    let operations = Self.operations(Double.self)
    return nodes.contains { operations[$0.operation].name == name }
  }
}
