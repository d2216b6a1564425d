/// What every round of a loop would compute anew, with the same result, is computed once, before the loop.
extension Graph {
  /// The graph in two: `before`, whose results no state reaches, and `loop`, which takes them as further arguments;
  /// nil where there is nothing to do before the loop.
  ///
  /// - Parameters:
  ///   - states: how many of the first arguments change from round to round.
  ///   - inputs: how many arguments there are.
  func withoutInvariants(states: Int, inputs: Int) -> (before: Graph, loop: Graph)? {
    let graph = withInvariantFactorsTurned(states)
    let isInvariant = graph.invariants(states)
    var needed = Set(graph.results), hoisted: Set<Int> = []
    for index in graph.nodes.indices.reversed() where needed.contains(index) {
      if isInvariant[index], graph[index].operation.isWork {
        hoisted.insert(index)
      } else {
        needed.formUnion(graph[index].operands)
      }
    }
    if hoisted.isEmpty { return nil }
    var before = graph, loop = graph
    before.results = hoisted.sorted()
    for (number, index) in before.results.enumerated() { loop.replace(index, withInput: inputs + number) }
    return (before.rewritten(), loop.rewritten())
  }

  /// Whether each node is the same in every round.
  private func invariants(_ states: Int) -> [Bool] {
    nodes.indices.reduce(into: []) { isInvariant, index in
      if case .input(let number) = nodes[index].operation {
        isInvariant.append(number >= states)
      } else {
        isInvariant.append(nodes[index].operands.allSatisfy { isInvariant[$0] })
      }
    }
  }

  /// The right factor of a product of few rows is packed for little work. Where it is packed across, from a transposed
  /// one that does not change, it is better turned over before the loop.
  private func withInvariantFactorsTurned(_ states: Int) -> Graph {
    let isInvariant = invariants(states)
    var graph = Graph(), moved: [Int] = []
    graph.constants = constants
    for (index, var node) in nodes.enumerated() {
      node.operands = node.operands.map { moved[$0] }
      if case .product(let left, transposesRight: true) = node.operation, node.shape.rank == 2,
        node.shape[0] <= Graph.fewRows, !isInvariant[index], isInvariant[nodes[index].operands[1]]
      {
        node.operation = .product(transposesLeft: left, transposesRight: false)
        let factor = graph[node.operands[1]]
        node.operands[1] = graph.insert(
          Node(
            operation: .permute([1, 0]), operands: [node.operands[1]],
            shape: Shape(rank: 2) { factor.shape[1 - $0] }, scalarType: factor.scalarType))
      }
      moved.append(graph.insert(node))
      if let name = names[index] { graph.name(moved[index], name) }
    }
    graph.results = results.map { moved[$0] }
    return graph
  }

  /// In a product of more rows, packing is below a fiftieth of the work, and not worth the memory.
  private static let fewRows = 256
}

extension Operation {
  /// Whether it computes or moves anything.
  fileprivate var isWork: Bool {
    switch self {
    case .input, .constant, .fill, .broadcast, .reshape: false
    case .unary, .binary, .select, .reduce, .permute, .slice, .concatenate, .logSumExp, .product, .opaque: true
    }
  }
}
