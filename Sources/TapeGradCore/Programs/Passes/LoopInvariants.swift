// A loop computes once what is the same in every round. Of the step s ← s·xᵀ + exp(x), with s the state,
//
//   before the loop:  v2 = x, transposed     v3 = exp x
//   in the loop:      s · v2 + v3            v2 and v3 are inputs of the round now
//
// Only work counts: a broadcast or a reshaped value costs nothing where it is read.
//
// How what is hoisted is found, from the result down:
//
//   s·v2 + v3     depends on s: stays
//   ├ s·v2        stays; its operand v2 = x, transposed, depends on no state and is work: hoisted
//   └ v3 = exp x  hoisted; x below it is not looked at
//
// Each hoisted value becomes an argument of the round behind the function's own: argument 2 is v2, argument 3 is v3.

extension Graph {
  /// The graph in two: `before`, whose results no state reaches, and `loop`, which takes them as further arguments;
  /// nil where there is nothing to do before the loop.
  ///
  /// - Parameters:
  ///   - states: how many of the first arguments change from round to round.
  ///   - inputs: how many arguments there are.
  func withoutInvariants(states: Int, inputs: Int) -> (before: Graph, loop: Graph)? {
    let graph = withInvariantFactorsTransposed(states)
    let isInvariant = graph.invariants(states)
    // From the results on down: what is invariant is hoisted whole, with all below it, and not looked into any further.
    var isNeeded = Table<Node, Bool>(repeating: false, count: graph.nodes.count)
    for result in graph.results { isNeeded[result] = true }
    var hoisted: [NodeIndex] = []
    for index in graph.indices.reversed() where isNeeded[index] {
      if isInvariant[index], graph[index].operation.isWork {
        hoisted.append(index)
      } else {
        for operand in graph[index].operands { isNeeded[operand] = true }
      }
    }
    if hoisted.isEmpty { return nil }
    var before = graph, loop = graph
    before.results = hoisted.reversed()
    for (number, index) in before.results.enumerated() { loop.replace(index, withInput: inputs + number) }
    return (before.pruned(), loop.pruned())
  }

  /// Inserts the transpose of a matrix.
  private mutating func transposed(_ matrix: NodeIndex) -> NodeIndex {
    let (shape, type) = (self[matrix].shape, self[matrix].scalarType)
    return insert(
      Node(
        operation: .permute([1, 0]), operands: [matrix], shape: Shape(rank: 2) { shape[1 - $0] }, scalarType: type))
  }

  /// Whether each node is the same in every round: no state among what it depends on.
  private func invariants(_ states: Int) -> Table<Node, Bool> {
    var isInvariant = Table<Node, Bool>(repeating: false, count: nodes.count)
    for index in indices {
      if case .input(let number) = self[index].operation {
        isInvariant[index] = number >= states
      } else {
        isInvariant[index] = self[index].operands.allSatisfy { isInvariant[$0] }
      }
    }
    return isInvariant
  }

  /// The right factor of a product of few rows is packed for little work, and packing Bᵀ reads B across its rows. Where
  /// B does not change, it is better transposed once, before the loop: the loop at 30×16×569 takes 7 % longer without.
  ///
  /// The same holds of A in A·b for one column b or a few: columns of A add up to the result as they lie in Aᵀ, while rows of
  /// A have to be turned on the way. From memory, both are read equally fast.
  private func withInvariantFactorsTransposed(_ states: Int) -> Graph {
    let isInvariant = invariants(states)
    var graph = Graph(), moved: [NodeIndex] = []
    graph.constants = constants
    for index in indices {
      var node = self[index]
      node.operands = node.operands.map { moved[$0.position] }
      if node.shape.rank == 2, !isInvariant[index] {
        switch node.operation {
        case .matrixProduct(let left, transposesRight: true)
        where node.shape[0] <= Graph.fewRows && isInvariant[self[index].operands[1]]:
          node.operation = .matrixProduct(transposesLeft: left, transposesRight: false)
          node.operands[1] = graph.transposed(node.operands[1])
        case .matrixProduct(transposesLeft: false, let right)
        where node.shape[1] <= Graph.fewColumns && isInvariant[self[index].operands[0]]
          && self[self[index].operands[0]].shape.count <= Graph.smallFactor:
          node.operation = .matrixProduct(transposesLeft: true, transposesRight: right)
          node.operands[0] = graph.transposed(node.operands[0])
        default: break
        }
      }
      moved.append(graph.insert(node))
      if let name = names[index] { graph.name(moved[index.position], name) }
    }
    graph.results = results.map { moved[$0.position] }
    return graph
  }

  /// In a product of more rows, packing is below a fiftieth of the work, and not worth the memory.
  private static let fewRows = 256
  private static let fewColumns = 4
  /// The elements of a factor that stays in a cache from round to round.
  private static let smallFactor = 1 << 16
}

extension Operation {
  /// Whether it computes or moves anything.
  fileprivate var isWork: Bool {
    switch self {
    case .input, .constant, .fill, .broadcast, .reshape: false
    case .unary, .binary, .select, .reduce, .permute, .slice, .strided, .concatenate, .logSumExp, .matrixProduct,
      .opaque:
      true
    }
  }
}
