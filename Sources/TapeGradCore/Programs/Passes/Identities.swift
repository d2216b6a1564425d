import CTapeGradKernels

/// Algebra that changes no bit: not `x + 0` (which turns −0 into 0), nor `x·0` (which hides a NaN).
enum Identities {
  static let rules: [Graph.Rule] = [neutralNumber, doubleNegation, numericOperand, shapeChange]

  /// `1·x`, `x/1` and `x − 0` are x.
  private static func neutralNumber(_ node: Graph.Node, _ graph: inout Graph) -> Int? {
    switch node.operation {
    case .unary(.scale, ExactNumber(1)), .unary(.quotient, ExactNumber(1)), .unary(.offset, ExactNumber(-0.0)):
      node.operands[0]
    default: nil
    }
  }

  /// `−(−x)` is x.
  private static func doubleNegation(_ node: Graph.Node, _ graph: inout Graph) -> Int? {
    guard case .unary(.negate, _) = node.operation else { return nil }
    let inner = graph[node.operands[0]]
    if case .unary(.negate, _) = inner.operation { return inner.operands[0] }
    return nil
  }

  /// An operation of a tensor and one number throughout is the operation of a tensor and a number.
  private static func numericOperand(_ node: Graph.Node, _ graph: inout Graph) -> Int? {
    guard case .binary(let function) = node.operation else { return nil }
    let (x, y) = (node.operands[0], node.operands[1])
    if let c = graph.number(y) {
      switch function {
      case .add: return graph.insert(.unary(.offset, ExactNumber(c)), x)
      case .subtract: return graph.insert(.unary(.offset, ExactNumber(-c)), x)
      case .multiply: return graph.insert(.unary(.scale, ExactNumber(c)), x)
      case .divide: return graph.insert(.unary(.quotient, ExactNumber(c)), x)
      default: return nil
      }
    }
    if let c = graph.number(x) {
      switch function {
      case .add: return graph.insert(.unary(.offset, ExactNumber(c)), y)
      case .subtract: return graph.insert(.unary(.complement, ExactNumber(c)), y)
      case .multiply: return graph.insert(.unary(.scale, ExactNumber(c)), y)
      case .divide: return graph.insert(.unary(.reciprocal, ExactNumber(c)), y)
      case .chain where c != 0: return graph.insert(.unary(.scale, ExactNumber(c)), y)
      default: return nil
      }
    }
    return nil
  }

  /// Reshaping, stretching or permuting to where the elements are already, or twice.
  private static func shapeChange(_ node: Graph.Node, _ graph: inout Graph) -> Int? {
    switch node.operation {
    case .reshape, .broadcast, .permute:
      if graph[node.operands[0]].shape == node.shape, !node.operation.movesElements { return node.operands[0] }
    default: return nil
    }
    let inner = graph[node.operands[0]]
    var merged = node
    switch (node.operation, inner.operation) {
    case (.reshape, .reshape): merged.operands = inner.operands
    case (.broadcast, .broadcast): merged.operands = inner.operands
    case (.permute(let order), .permute(let first)):
      merged.operation = .permute(order.map { first[$0] })
      merged.operands = inner.operands
    case (.permute(let order), _) where keepsOrder(order, of: inner.shape): merged.operation = .reshape
    case (.broadcast, _) where inner.shape.count == node.shape.count: merged.operation = .reshape
    case (_, .fill): merged = Graph.Node(operation: inner.operation, shape: node.shape, scalarType: node.scalarType)
    default: return nil
    }
    return graph.insert(merged)
  }

  /// Whether only axes of length 1 change their places.
  private static func keepsOrder(_ order: [Int], of shape: Shape) -> Bool {
    let long = order.filter { shape[$0] != 1 }
    return long == long.sorted()
  }
}

extension Operation {
  /// Whether the elements come in another order.
  fileprivate var movesElements: Bool {
    if case .permute(let order) = self { order != order.sorted() } else { false }
  }
}
