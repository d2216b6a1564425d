/// How the state of a loop goes from one round to the next: the first results are the next round's first arguments.
struct LoopState: Sendable {
  /// Arguments whose next value is written over them: copied once, before the first round.
  var inPlace: [(input: Int, buffer: Int)] = []
  /// An argument's buffer and that of its next value, which becomes the argument's between rounds.
  var exchanged: [(argument: Int, result: Int)] = []
  /// The buffers of values that primitives read. What they keep or hand on is not written over in a later round.
  var handedOut: [Int] = []
}

extension Schedule {
  /// For each value that may be written over a state: the number of that state. Its readers come before; those in the
  /// same cluster read element by element, and no later than it is written; and no primitive has either.
  func statesInPlace(_ states: Int, _ liveness: Liveness) -> [Int: Int] {
    var inPlace: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      guard case .input(let state) = node.operation, state < states else { continue }
      let value = root(graph.results[state])
      guard let written = liveness.birth[value], !graph[value].operation.isOpaque,
        liveness.handedOut.isDisjoint(with: [index, value])
      else { continue }
      let lastRead = liveness.death[index] ?? -1
      if lastRead < written || lastRead == written && isReadFirst(index, before: value, in: items[written]) {
        inPlace[value] = state
      }
    }
    return inPlace
  }

  private func isReadFirst(_ state: Int, before value: Int, in item: Item) -> Bool {
    guard case .cluster(let cluster) = item, graph[value].operation.isElementwise,
      !cluster.productOperands(in: graph).contains(state)
    else { return false }
    return cluster.members.allSatisfy { member in
      let operands = graph[member].operands.map(root)
      let isStretched = operands.contains { cluster.readings[$0] != nil && cluster.source(of: $0, in: graph) == state }
      return !isStretched && (member <= value || !operands.contains(state))
    }
  }
}

extension Graph {
  /// What no next state of a loop depends on: only the last round needs it. What a primitive evaluates may fail, and is
  /// always done.
  func finalNodes(states: Int) -> Set<Int> {
    if states == 0 { return [] }
    var isNeeded = nodes.map(\.operation.isOpaque)
    for result in results.prefix(states) { isNeeded[result] = true }
    for index in nodes.indices.reversed() where isNeeded[index] {
      for operand in nodes[index].operands { isNeeded[operand] = true }
    }
    return Set(nodes.indices.filter { !isNeeded[$0] })
  }

  /// The graph with each of the first `states` results a value of its own, so that it can be written to that state.
  func withSeparateStates(_ states: Int) -> Graph {
    var graph = self, taken: Set<Int> = []
    for (index, result) in results.prefix(states).enumerated()
    where !taken.insert(root(result)).inserted || isGiven(result) {
      let value = graph[result]
      graph.results[index] = graph.append(
        Node(
          operation: .unary(.scale, ExactNumber(1)), operands: [result], shape: value.shape,
          scalarType: value.scalarType))
    }
    return graph
  }

  /// Whether a value is there before the program runs.
  private func isGiven(_ index: Int) -> Bool {
    switch nodes[root(index)].operation {
    case .input, .constant: true
    default: false
    }
  }
}
