// Equations between operations, from left to right:
//
//   1·x, x/1, x − 0, −(−x)            →  x
//   x + twos, twos · x                →  x + 2, 2·x           twos: a tensor with 2 throughout
//   reshape(reshape x)                →  reshape x            the same for broadcast and permute
//   permute of axes of length 1       →  reshape              which costs nothing
//   broadcast 2                       →  2 throughout
//
// A rule sees one node, whose operands have been through the rules already. Not here, since they change bits: x + 0
// (−0 becomes 0), 0·x (hides a NaN), (x + 1) + 1 (rounds once instead of twice).
//
// More that looks equal and is not, in bits: x/3 and (1/3)·x (1/3 is rounded, then the product again), (x − y) + y and
// x, x·y + x·z and x·(y + z). A pass that used one of these would make a program differ from its function.

/// Algebra that changes no bit: not `x + 0` (which turns −0 into 0), nor `x·0` (which hides a NaN).
enum Identities {
  static let rules: [Graph.Rule] = [neutralNumber, doubleNegation, numericOperand, knownChoice, shapeChange]

  /// `1·x`, `x/1` and `x − 0` are x.
  private static func neutralNumber(_ node: Graph.Node, _ graph: inout Graph) -> NodeIndex? {
    switch node.operation {
    case .unary(.scale, ExactNumber(1)), .unary(.quotient, ExactNumber(1)), .unary(.offset, ExactNumber(-0.0)):
      node.operands[0]
    default: nil
    }
  }

  /// `−(−x)` is x.
  private static func doubleNegation(_ node: Graph.Node, _ graph: inout Graph) -> NodeIndex? {
    guard case .unary(.negate, _) = node.operation else { return nil }
    let inner = graph[node.operands[0]]
    if case .unary(.negate, _) = inner.operation { return inner.operands[0] }
    return nil
  }

  /// An operation of a tensor and one number throughout is the operation of a tensor and a number.
  ///
  /// It reads one array instead of two: x + [2, 2, 2] becomes x + 2. Subtracting c is adding −c, to the bit. Division
  /// by c stays division. A `chain` by 0 gives 0 whatever x is, so it stays as well.
  private static func numericOperand(_ node: Graph.Node, _ graph: inout Graph) -> NodeIndex? {
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
      case .weight where c != 0: return graph.insert(.unary(.scale, ExactNumber(c)), y)
      default: return nil
      }
    }
    return nil
  }

  /// A choice by one number throughout is the chosen operand.
  private static func knownChoice(_ node: Graph.Node, _ graph: inout Graph) -> NodeIndex? {
    guard node.operation == .select, let mask = graph.number(node.operands[0]) else { return nil }
    return node.operands[mask != 0 ? 1 : 2]
  }

  /// Reshaping, broadcasting or permuting to where the elements are already, or twice.
  ///
  ///   x (2, 3) reshaped to (6), then to (3, 2)        x reshaped to (3, 2)
  ///   x (4, 1, 5) permuted to (1, 4, 5)               x reshaped to (1, 4, 5): no element moves
  ///   x (5) broadcast to (1, 5)                       x reshaped to (1, 5)
  private static func shapeChange(_ node: Graph.Node, _ graph: inout Graph) -> NodeIndex? {
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
