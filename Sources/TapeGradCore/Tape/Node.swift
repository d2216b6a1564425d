/// One entry of a tape: which primitive was applied to which earlier nodes, and the value that came out.
struct Node: Sendable {
  /// Nil for a leaf: a variable or a constant.
  var primitive: (any Primitive)?
  var operands = NodeList()
  /// The value, as it stands on the tape below this one.
  var value: Value
  /// Whether the value depends on a variable, so that a cotangent is worth computing.
  var isVaried: Bool
  /// In a recorded reverse sweep: the node whose rule recorded this one.
  var origin: Int32 = -1
}

/// The operands of a node, as indices on its tape. Two are in line, which nearly every operation has at most.
struct NodeList: Sendable {
  private var first: Int32 = -1
  private var second: Int32 = -1
  private var rest: [Int32] = []

  var count: Int { first < 0 ? 0 : second < 0 ? 1 : 2 + rest.count }

  subscript(position: Int) -> Int {
    Int(position == 0 ? first : position == 1 ? second : rest[position - 2])
  }

  mutating func append(_ index: Int) {
    let index = Int32(truncatingIfNeeded: index)
    if first < 0 { first = index } else if second < 0 { second = index } else { rest.append(index) }
  }
}

extension NodeList: RandomAccessCollection {
  var startIndex: Int { 0 }
  var endIndex: Int { count }
}
