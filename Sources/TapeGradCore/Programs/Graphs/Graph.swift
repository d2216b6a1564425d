// What a traced function computes, as a list of nodes. Of J = Σ tanh(W·X + b), with W (4, 3), X (3, 50) and b (4, 1):
//
//   v0 = input 0                 (4, 3)    W
//   v1 = input 1                 (3, 50)   X
//   v2 = input 2                 (4, 1)    b
//   v3 = matrix product v0, v1   (4, 50)
//   v4 = broadcast v2            (4, 50)
//   v5 = v3 + v4                 (4, 50)
//   v6 = tanh v5                 (4, 50)
//   v7 = sum of v6               ()
//   results: v7
//
// Passes build a new graph from an old one, node by node, and put something simpler where a rule finds it.

/// A traced function as a list of nodes, each after those it reads: what the passes rewrite.
///
/// Equal nodes are one: whatever is inserted twice is computed once.
struct Graph: Sendable {
  /// A value, by what computes it.
  struct Node: Hashable, Sendable {
    var operation: Operation
    var operands: [NodeIndex] = []
    var shape: Shape
    var scalarType: ScalarType
  }

  private(set) var nodes: [Node] = []
  /// The numbers that the function captured, by the number that `.constant` carries.
  var constants: [ArrayStorage] = []
  /// The nodes that the program returns.
  var results: [NodeIndex] = []
  /// The user's names.
  private(set) var names: [NodeIndex: String] = [:]

  /// The latest node of each hash value, and for each node the one before it with the same. A dictionary from nodes
  /// would hold every node twice, and hash it again whenever it grows.
  private var latest: [Int: NodeIndex] = [:]
  private var previous: [NodeIndex: NodeIndex] = [:]

  /// A rewrite: what to put in the place of a node, or nil to leave it. It may insert nodes.
  typealias Rule = @Sendable (Node, inout Graph) -> NodeIndex?
  private let rules: [Rule]

  /// An empty graph whose nodes are rewritten as they come.
  init(rules: [Rule] = []) { self.rules = rules }

  subscript(index: NodeIndex) -> Node { nodes[index.position] }

  /// All nodes' indices, in order.
  var indices: some BidirectionalCollection<NodeIndex> { nodes.indices.lazy.map { NodeIndex($0) } }

  /// The index of the node, which may be there already, or of what a rule puts in its place.
  mutating func insert(_ node: Node) -> NodeIndex {
    let hash = node.hashValue
    var candidate = latest[hash]
    while let index = candidate {
      if self[index] == node { return index }
      candidate = previous[index]
    }
    for rule in rules { if let index = rule(node, &self) { return index } }
    let index = append(node)
    if let earlier = latest.updateValue(index, forKey: hash) { previous[index] = earlier }
    return index
  }

  /// Adds the node as it is, even where an equal one is there.
  mutating func append(_ node: Node) -> NodeIndex {
    nodes.append(node)
    return NodeIndex(nodes.count - 1)
  }

  /// A node of the same shape and type as its first operand.
  mutating func insert(_ operation: Operation, _ operands: NodeIndex...) -> NodeIndex {
    let like = self[operands[0]]
    return insert(Node(operation: operation, operands: operands, shape: like.shape, scalarType: like.scalarType))
  }

  /// Makes a node an argument.
  mutating func replace(_ index: NodeIndex, withInput number: Int) {
    nodes[index].operation = .input(number)
    nodes[index].operands = []
  }

  /// Names a node, unless it has a name already.
  mutating func name(_ index: NodeIndex, _ name: String) {
    if names[index] == nil { names[index] = name }
  }

  /// The number that all elements of a node are, where that is known.
  func number(_ index: NodeIndex) -> Double? {
    switch self[index].operation {
    case .fill(let number): number.value
    case .broadcast: number(self[index].operands[0])
    default: nil
    }
  }

  /// The node whose memory a node reads: reshaping moves nothing.
  func root(_ index: NodeIndex) -> NodeIndex {
    var index = index
    while case .reshape = self[index].operation { index = self[index].operands[0] }
    return index
  }
}

extension Graph {
  /// The graph with its nodes inserted anew under `rules`, in order, where they may fall together.
  func rewritten(by rules: [Rule]) -> Graph {
    rebuilt(into: Graph(rules: rules)) { node, graph in graph.insert(node) }
  }

  /// The graph without the nodes that no result needs.
  func pruned() -> Graph {
    rebuilt(into: Graph()) { node, graph in graph.append(node) }
  }

  /// The needed nodes, added in order to another graph, with their names, and the results.
  private func rebuilt(into empty: Graph, adding add: (Node, inout Graph) -> NodeIndex) -> Graph {
    let isNeeded = needed(for: results)
    var graph = empty
    graph.constants = constants
    // The place of a node in the new graph. Operands come before their readers, so theirs is set.
    var moved = Table<Node, NodeIndex>(repeating: NodeIndex(0), count: nodes.count)
    for index in indices where isNeeded[index] {
      var node = self[index]
      for i in node.operands.indices { node.operands[i] = moved[node.operands[i]] }
      moved[index] = add(node, &graph)
      if let name = names[index] { graph.name(moved[index], name) }
    }
    graph.results = results.map { moved[$0] }
    return graph
  }

  /// Which nodes some nodes depend on, themselves included.
  func needed(for roots: some Sequence<NodeIndex>) -> Table<Node, Bool> {
    var isNeeded = Table<Node, Bool>(repeating: false, count: nodes.count)
    for root in roots { isNeeded[root] = true }
    for index in indices.reversed() where isNeeded[index] {
      for operand in self[index].operands { isNeeded[operand] = true }
    }
    return isNeeded
  }
}
