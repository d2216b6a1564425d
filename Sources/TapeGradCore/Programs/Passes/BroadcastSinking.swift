// Element-wise work is done before a broadcast instead of behind it. For b of shape (3) broadcast to (5, 3),
//
//   v1 = broadcast b      (5, 3)            v1 = tanh b         (3)
//   v2 = tanh v1          (5, 3)    →       v2 = broadcast v1   (5, 3)
//
// computes 3 tangents instead of 15, each the same number.

/// Element-wise work on broadcast values is done before the broadcast: on fewer elements, with the same bits.
enum BroadcastSinking {
  static let rules: [Graph.Rule] = [broadcastOperands]

  /// An operation all of whose operands are broadcast from one shape.
  private static func broadcastOperands(_ node: Graph.Node, _ graph: inout Graph) -> NodeIndex? {
    guard node.operation.isElementwise else { return nil }
    var narrow = node
    for (i, operand) in node.operands.enumerated() {
      guard case .broadcast = graph[operand].operation else { return nil }
      narrow.operands[i] = graph[operand].operands[0]
    }
    narrow.shape = graph[narrow.operands[0]].shape
    guard narrow.operands.allSatisfy({ graph[$0].shape == narrow.shape }) else { return nil }
    var broadcast = node
    broadcast.operation = .broadcast
    broadcast.operands = [graph.insert(narrow)]
    return graph.insert(broadcast)
  }
}
