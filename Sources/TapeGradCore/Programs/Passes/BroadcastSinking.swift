/// Element-wise work on a stretched value is done before the stretch: on fewer elements, with the same bits.
enum BroadcastSinking {
  static let rules: [Graph.Rule] = [stretchedOperands]

  private static func stretchedOperands(_ node: Graph.Node, _ graph: inout Graph) -> Int? {
    guard node.operation.isElementwise else { return nil }
    var narrow = node
    for (i, operand) in node.operands.enumerated() {
      guard case .broadcast = graph[operand].operation else { return nil }
      narrow.operands[i] = graph[operand].operands[0]
    }
    narrow.shape = graph[narrow.operands[0]].shape
    guard narrow.operands.allSatisfy({ graph[$0].shape == narrow.shape }) else { return nil }
    var stretched = node
    stretched.operation = .broadcast
    stretched.operands = [graph.insert(narrow)]
    return graph.insert(stretched)
  }
}
