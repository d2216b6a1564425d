/// A matrix product of a transposed operand reads it transposed: a flag instead of a copy.
enum TransposeFolding {
  static let rules: [Graph.Rule] = [transposedOperand]

  private static func transposedOperand(_ node: Graph.Node, _ graph: inout Graph) -> Int? {
    guard case .product(var left, var right) = node.operation else { return nil }
    var folded = node
    if let a = transposed(node.operands[0], graph) { (folded.operands[0], left) = (a, !left) }
    if let b = transposed(node.operands[1], graph) { (folded.operands[1], right) = (b, !right) }
    guard folded.operands != node.operands else { return nil }
    folded.operation = .product(transposesLeft: left, transposesRight: right)
    return graph.insert(folded)
  }

  /// What the node is the transpose of, if it is one.
  private static func transposed(_ index: Int, _ graph: Graph) -> Int? {
    guard case .permute(let order) = graph[index].operation else { return nil }
    let rank = order.count
    return order == Array(0..<rank - 2) + [rank - 1, rank - 2] ? graph[index].operands[0] : nil
  }
}
