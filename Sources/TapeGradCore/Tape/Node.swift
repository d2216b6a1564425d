// What a tape consists of. Σ (x ⊙ w), with x a variable and w constant, is
//
//   0   leaf x               varied
//   1   leaf w
//   2   multiply 0, 1        varied, as 0 is
//   3   sum 2                varied
//
// Operands come before their node, so a loop from the last node to the first is the reverse sweep.

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

/// The operands of a node, as indices on its tape. Two are in line, which nearly every operation has at most: such a list
/// holds no reference.
enum NodeList: Sendable {
  /// Up to two; −1 where there is none.
  case few(Int32, Int32)
  case many([Int32])

  init() { self = .few(-1, -1) }

  var count: Int {
    switch self {
    case .few(let first, let second): first < 0 ? 0 : second < 0 ? 1 : 2
    case .many(let indices): indices.count
    }
  }

  subscript(position: Int) -> Int {
    switch self {
    case .few(let first, let second): Int(position == 0 ? first : second)
    case .many(let indices): Int(indices[position])
    }
  }

  mutating func append(_ index: Int) {
    let index = Int32(truncatingIfNeeded: index)
    switch self {
    case .few(let first, let second):
      self = first < 0 ? .few(index, -1) : second < 0 ? .few(first, index) : .many([first, second, index])
    case .many(var indices):
      self = .few(-1, -1)
      indices.append(index)
      self = .many(indices)
    }
  }
}

extension NodeList: RandomAccessCollection {
  var startIndex: Int { 0 }
  var endIndex: Int { count }
}
