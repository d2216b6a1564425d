// A matrix product reads a transposed factor where it is. For W of shape (4, 3) and G of shape (4, 50),
//
//   v2 = W, axes [1, 0]     (3, 4)           v2 = Wᵀ · G     (3, 50)
//   v3 = v2 · G             (3, 50)    →
//
// moves no element: the kernel packs its factors anyhow, and packs them from rows or from columns alike.

/// A matrix product of a transposed operand reads it transposed: a flag instead of a copy.
enum TransposeFolding {
  static let rules: [Graph.Rule] = [transposedOperand]

  private static func transposedOperand(_ node: Graph.Node, _ graph: inout Graph) -> NodeIndex? {
    guard case .matrixProduct(var left, var right) = node.operation else { return nil }
    var folded = node
    if let a = transposed(node.operands[0], graph) { (folded.operands[0], left) = (a, !left) }
    if let b = transposed(node.operands[1], graph) { (folded.operands[1], right) = (b, !right) }
    guard folded.operands != node.operands else { return nil }
    folded.operation = .matrixProduct(transposesLeft: left, transposesRight: right)
    return graph.insert(folded)
  }

  /// What the node is the transpose of, if it is one: a permutation that swaps the last two axes and no other.
  private static func transposed(_ index: NodeIndex, _ graph: Graph) -> NodeIndex? {
    guard case .permute(let order) = graph[index].operation else { return nil }
    let rank = order.count
    return order == Array(0..<rank - 2) + [rank - 1, rank - 2] ? graph[index].operands[0] : nil
  }
}
