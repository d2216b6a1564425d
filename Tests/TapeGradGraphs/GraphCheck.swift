import TapeGradCore

/// Something that must hold of every random graph.
package struct GraphCheck: Sendable, CustomStringConvertible {
  /// What must hold.
  package let description: String
  /// The most operations of a graph.
  let limit: Int
  /// How far the seeds of two runs lie apart: each check draws graphs of its own.
  let seedStride: UInt64
  /// Looks at a graph; its inputs are drawn by the seed.
  let verdict: @Sendable (_ graph: RandomGraph, _ seed: UInt64) throws -> Verdict

  /// What a check says of one graph.
  enum Verdict {
    case holds
    /// It is not known: a number is none, say.
    case undecided
    case fails(String)

    /// Fails with these words; holds without.
    init(_ complaint: String?) { self = complaint.map(Verdict.fails) ?? .holds }
  }

  /// All of them.
  package static let all = [programs, scans, batches, derivatives, secondDerivatives, jacobians]

  /// Looks at `count` graphs.
  ///
  /// - Parameters:
  ///   - part: other graphs for each part.
  ///   - seed: other graphs for each seed.
  /// - Returns: what is wrong with the first graph that fails, as small as it can be made; or that too few are decided, so that
  ///   a check that never checks does not pass; nil where all is well.
  package func failure(of count: Int, part: Int = 0, seed: UInt64 = 1) -> String? {
    var decided = 0
    for number in 0..<count {
      let seed = seed &* seedStride &+ UInt64(part * count + number)
      var generator = SeededGenerator(seed: seed)
      // Now and then with axes that kernels cut into vectors and tiles.
      let graph = RandomGraph(limit: limit, longest: number % 10 == 9 ? 40 : 5, using: &generator)
      switch look(graph, seed) {
      case .holds: decided += 1
      case .undecided: break
      case .fails(var words):
        let smallest = graph.shrunk {
          guard case .fails(let complaint) = look($0, seed) else { return false }
          words = complaint
          return true
        }
        return "seed \(seed): \(words)\n\(smallest)"
      }
    }
    return decided > count / 5 ? nil : "only \(decided) of \(count) graphs were decided"
  }

  private func look(_ graph: RandomGraph, _ seed: UInt64) -> Verdict {
    do { return try verdict(graph, seed) } catch { return .fails("\(error)") }
  }
}
