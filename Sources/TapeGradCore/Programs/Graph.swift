/// A traced function as a list of nodes, each after those it reads: what the passes rewrite.
///
/// Equal nodes are one: whatever is inserted twice is computed once.
struct Graph: Sendable {
  /// A value, by what computes it.
  struct Node: Hashable, Sendable {
    var operation: Operation
    var operands: [Int] = []
    var shape: Shape
    var scalarType: ScalarType
  }

  private(set) var nodes: [Node] = []
  /// The numbers that the function captured, by the number that `.constant` carries.
  var constants: [ArrayStorage] = []
  /// The nodes that the program returns.
  var results: [Int] = []
  /// The user's names.
  private(set) var names: [Int: String] = [:]
  private var known: [Node: Int] = [:]

  /// A rewrite: what to put in the place of a node, or nil to leave it. It may insert nodes.
  typealias Rule = @Sendable (Node, inout Graph) -> Int?
  private let rules: [Rule]

  /// An empty graph whose nodes are rewritten as they come.
  init(rules: [Rule] = []) { self.rules = rules }

  subscript(index: Int) -> Node { nodes[index] }

  /// The index of the node, which may be there already, or of what a rule puts in its place.
  mutating func insert(_ node: Node) -> Int {
    if let index = known[node] { return index }
    for rule in rules { if let index = rule(node, &self) { return index } }
    known[node] = nodes.count
    return append(node)
  }

  /// Adds the node as it is, even where an equal one is there.
  mutating func append(_ node: Node) -> Int {
    nodes.append(node)
    return nodes.count - 1
  }

  /// A node of the same shape and type as its first operand.
  mutating func insert(_ operation: Operation, _ operands: Int...) -> Int {
    let like = nodes[operands[0]]
    return insert(Node(operation: operation, operands: operands, shape: like.shape, scalarType: like.scalarType))
  }

  /// Makes a node an argument.
  mutating func replace(_ index: Int, withInput number: Int) {
    nodes[index].operation = .input(number)
    nodes[index].operands = []
  }

  /// Names a node, unless it has a name already.
  mutating func name(_ index: Int, _ name: String) {
    if names[index] == nil { names[index] = name }
  }

  /// The number that all elements of a node are, where that is known.
  func number(_ index: Int) -> Double? {
    switch nodes[index].operation {
    case .fill(let number): number.value
    case .broadcast: number(nodes[index].operands[0])
    default: nil
    }
  }

  /// The graph with its nodes inserted anew under `rules`, in order; those that no result needs are dropped.
  func rewritten(by rules: [Rule] = []) -> Graph {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for result in results { isNeeded[result] = true }
    for index in nodes.indices.reversed() where isNeeded[index] {
      for operand in nodes[index].operands { isNeeded[operand] = true }
    }
    var graph = Graph(rules: rules)
    graph.constants = constants
    var moved = [Int](repeating: -1, count: nodes.count)
    for index in nodes.indices where isNeeded[index] {
      var node = nodes[index]
      node.operands = node.operands.map { moved[$0] }
      moved[index] = graph.insert(node)
      if let name = names[index] { graph.name(moved[index], name) }
    }
    graph.results = results.map { moved[$0] }
    return graph
  }
}
