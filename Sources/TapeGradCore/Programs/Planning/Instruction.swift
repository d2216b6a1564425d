import CTapeGradKernels

/// What a program does at one moment. Numbers called x, y, a, b and so on are indices of buffers.
struct Instruction: Sendable {
  /// The closed list that the interpreter knows.
  enum Operation: Sendable {
    case cluster(ClusterInstruction)
    case product(ProductInstruction)
    case reduce(ReduceInstruction)
    /// `y = x`, read with other strides.
    case copy(CopyInstruction)
    /// Every element of y the same number.
    case fill(Double, ScalarType, count: Int, y: Int)
    /// A primitive, by its number in the plan.
    case opaque(Int)
  }
  let operation: Operation
  /// How many threads it is worth.
  var threads = 1
}

/// Steps on blocks: every step is done on one block before the next block is begun.
struct ClusterInstruction: Sendable {
  /// The steps, in the plan's list.
  let steps: Range<Int>
  let scalarType: ScalarType
  let blocks: Blocks
  /// The bytes of one block of values that live inside the cluster only.
  let slotBytes: Int
}

extension ClusterInstruction {
  /// How many threads the steps are worth: no more than there are blocks.
  func threads(_ steps: [BlockStep]) -> Int {
    let cost = steps.reduce(0.0) { sum, step in
      switch step {
      case .unary(let function, _, _, to: _): sum + WorkShare.cost(function)
      case .binary(let function, _, _, to: _): sum + WorkShare.cost(function)
      case .select, .expand, .reduce: sum + 0.1
      }
    }
    return min(blocks.count, WorkShare.threads(elements: blocks.rows * blocks.columns, cost: cost))
  }
}

/// A matrix cut into blocks, numbered row by row.
struct Blocks: Hashable, Sendable {
  let rows, columns: Int
  let blockRows, blockColumns: Int
  /// How many blocks there are, and how many of them side by side.
  let count, across: Int

  init(rows: Int, columns: Int, blockRows: Int, blockColumns: Int) {
    (self.rows, self.columns, self.blockRows, self.blockColumns) = (rows, columns, blockRows, blockColumns)
    across = (columns + blockColumns - 1) / blockColumns
    count = across * ((rows + blockRows - 1) / blockRows)
  }
}

/// `C = op(A)·op(B)`, for each matrix of a batch.
struct ProductInstruction: Sendable {
  let a, b, c: Int
  let transposesLeft, transposesRight: Bool
  let batch, m, k, n: Int
  let scalarType: ScalarType
}

/// `y = ` the middle axis of x folded.
struct ReduceInstruction: Sendable {
  let function: TGReduction
  let fold: Fold
  let x, y: Int
  let scalarType: ScalarType
}

/// `y = x` with x read by strides; y is contiguous.
struct CopyInstruction: Sendable {
  let x, y: Int
  let shape: Shape
  let strides: AxisVector<Int>
  let scalarType: ScalarType
}

/// One operation on one block.
enum BlockStep: Sendable {
  case unary(TGUnary, Double, Access, to: Access)
  case binary(TGBinary, Access, Access, to: Access)
  case select(Access, Access, Access, to: Access)
  /// Writes out a value that the block's operation cannot read stretched.
  case expand(Access, to: Access)
  /// Folds each row of the block, or the whole block where that is everything.
  case reduce(TGReduction, Fold?, Access, to: Access)
}

/// Where a step finds an operand or puts its result.
struct Access: Sendable {
  enum Memory: Sendable {
    case buffer(Int)
    /// A place for one block, which each thread has for itself.
    case slot(Int)
  }
  let memory: Memory
  let reading: Reading
}

/// A piece of memory that instructions know by its index.
struct Buffer: Sendable {
  enum Home: Sendable, Equatable {
    /// An argument's numbers.
    case input
    /// Captured numbers.
    case constant(Int)
    /// One number, part of the plan.
    case number(Double)
    /// At this byte of the arena.
    case arena(Int)
    /// Storage of its own, which may leave the program: a result, or what a primitive reads.
    case storage
    /// The storage that a primitive's evaluation hands out.
    case evaluated
  }
  var home: Home
  let shape: Shape
  let scalarType: ScalarType

  /// The bytes it takes, in whole cache lines.
  var byteCount: Int { (shape.count * scalarType.byteCount + 63) & ~63 }
}

/// A primitive that is evaluated as it is outside programs.
struct OpaqueCall: Sendable {
  let primitive: any Primitive
  /// The operands' buffers, and the shapes in which they are read.
  let operands: [(buffer: Int, shape: Shape)]
  let y: Int
}
