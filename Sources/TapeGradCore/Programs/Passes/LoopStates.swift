// What a loop needs to know of its graph. A round of (s, x) → (s − x, Σ s²), with s the state:
//
//   v2 = s − x      the next round reads it: every round computes it
//   v3 = s²         only the result Σ s² needs it,
//   v4 = sum of v3  and only the last round's is returned: rounds before the last skip both

extension Graph {
  /// What no next state of a loop depends on: only the last round needs it. What a primitive evaluates may fail, and is
  /// always done. (Without this, the loop at 2×4×400 takes 14 % longer.)
  func lastRoundOnly(states: Int) -> Table<Node, Bool> {
    var isLastRoundOnly = Table<Node, Bool>(repeating: false, count: nodes.count)
    if states == 0 { return isLastRoundOnly }
    let isNeeded = needed(for: results.prefix(states) + indices.filter { self[$0].operation.isOpaque })
    for index in indices { isLastRoundOnly[index] = !isNeeded[index] }
    return isLastRoundOnly
  }

  /// The graph with each of the first `states` results a value of its own, so that it can be written to that state: of
  /// (s, t) → (s + t, s + t), two states that would be one value, the second is copied, as 1·(s + t).
  func withSeparateStates(_ states: Int) -> Graph {
    var graph = self, taken: Set<NodeIndex> = []
    for (number, result) in results.prefix(states).enumerated()
    where !taken.insert(root(result)).inserted || isGiven(result) {
      let value = graph[result]
      graph.results[number] = graph.append(
        Node(
          operation: .unary(.scale, ExactNumber(1)), operands: [result], shape: value.shape,
          scalarType: value.scalarType))
    }
    return graph
  }

  /// Whether a value is there before the program runs.
  private func isGiven(_ index: NodeIndex) -> Bool {
    switch self[root(index)].operation {
    case .input, .constant: true
    default: false
    }
  }
}
