// What a fused instruction does with each block. v6 = tanh(v3 + b), with v3 in buffer 3, b in buffer 2 and v6 in buffer 5, is
// two steps:
//
//   binary add    buffer 3 (full), buffer 2 (by row)  →  slot 0
//   unary tanh    slot 0                              →  buffer 5 (full)
//
// The sum is never in memory as a whole: each thread has a slot that holds one block of it, in the first-level cache.

/// One operation on one block.
enum BlockStep: Sendable {
  case unary(UnaryFunction, Double, Access, to: Access)
  case binary(BinaryFunction, Access, Access, to: Access)
  case select(Access, Access, Access, to: Access)
  /// Writes out a broadcast value where the block's operation cannot read it by row, by column or as one number.
  case expand(Access, to: Access)
  /// Folds each row of the block, or the whole block where that is everything.
  case reduce(Reduction, Fold?, Access, to: Access)
}

/// Where a step finds an operand or puts its result.
struct Access: Sendable {
  enum Memory: Sendable {
    case buffer(BufferIndex)
    case slot(TypedIndex<Slot>)
    /// The region of the product in front, which each thread has for itself.
    case region
  }
  let memory: Memory
  let reading: Reading
}

/// A place for one block, which each thread has for itself: something to count, without values.
enum Slot {}

extension BlockStep {
  /// About how many nanoseconds an element takes.
  var cost: Double {
    switch self {
    case .unary(let function, _, _, to: _): function.cost
    case .binary(let function, _, _, to: _): function.cost
    case .select, .expand: 0.1
    case .reduce: WorkShare.foldCost
    }
  }
}
