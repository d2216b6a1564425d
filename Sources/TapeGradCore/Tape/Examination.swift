/// A finished reverse sweep, to be examined node by node: what an audit reads.
package struct Examination<Scalar: TensorScalar>: Sendable {
  private let nodes: ContiguousArray<Node>
  private let names: [Int: String]
  private let cotangents: Cotangents
  private let result: Int
  /// For every node: those whose rules contributed to its cotangent, in ascending order.
  private let users: [[Int]]

  /// Sweeps back from `result`.
  ///
  /// - Throws: `TensorError` where `result` is failed, not recorded on the tape, or more than one number.
  package init(of result: Tensor<Scalar>, on tape: Tape) throws(TensorError) {
    self.result = try tape.index(of: result)
    nodes = tape.nodes
    names = tape.names
    cotangents = try tape.gradients(of: result).cotangents
    var users = [[Int]](repeating: [], count: self.result + 1)
    for index in 0...self.result where nodes[index].isVaried && cotangents.propagated[index] != nil {
      for operand in Set(nodes[index].operands) where nodes[operand].isVaried { users[operand].append(index) }
    }
    self.users = users
  }

  /// The nodes that a cotangent reached, the result excepted, in the order in which the sweep completes theirs; of those
  /// completed at once, leaves first, then later ones.
  package var reached: [Int] {
    func key(_ node: Int) -> (Int, Int, Int) { (users[node][0], nodes[node].primitive == nil ? 1 : 0, node) }
    return users.indices.filter { !users[$0].isEmpty }.sorted { key($0) > key($1) }
  }

  /// The name that the user gave the result.
  package var name: String? { names[result] }

  /// The name that the user gave a node.
  package func name(of node: Int) -> String? { names[node] }

  /// The nodes whose rules contributed to a node's cotangent.
  package func users(of node: Int) -> [Int] { users[node] }

  /// The name of a node's operation; nil for a leaf.
  package func operation(of node: Int) -> String? { nodes[node].primitive.map { type(of: $0).name } }

  /// A node's numbers.
  package func numbers(of node: Int) -> NDArray<Scalar> { nodes[node].value.array() }

  /// The gradient with respect to a node that a cotangent reached.
  package func gradient(of node: Int) -> NDArray<Scalar> {
    cotangents.total(node)?.array() ?? .zeros(nodes[node].value.shape)
  }

  /// The result as a function of a node's numbers.
  package func replay(replacing node: Int) -> Replay { Replay(nodes, of: result, replacing: node) }
}
