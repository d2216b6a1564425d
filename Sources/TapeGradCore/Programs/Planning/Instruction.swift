import CTapeGradKernels

/// What a program does at one moment. Numbers called x, y, a, b and so on are indices of buffers.
struct Instruction: Sendable {
  /// The closed list that the interpreter knows.
  enum Operation: Sendable {
    case cluster(ClusterInstruction)
    case product(ProductInstruction)
    case reduce(ReduceInstruction)
    /// The maximum of the middle axis of x, and behind it the rest of ln Σ eˣ.
    case logSumExp(Fold, ScalarType, x: Int, y: Int)
    /// `y = x`, read and written with strides of their own.
    case copy(CopyInstruction)
    /// Every element of y the same number.
    case fill(Double, ScalarType, count: Int, y: Int)
    /// A primitive, by its number in the plan.
    case opaque(Int)
  }
  let operation: Operation
  /// How many threads it is worth.
  let threads: Int
  /// Whether only the last round of a loop needs it.
  let isFinal: Bool
  /// What it computes: nodes of the plan's graph.
  let nodes: [Int]
}

/// Steps on blocks: every step is done on one block before the next block is begun.
struct ClusterInstruction: Sendable {
  /// The steps, in the plan's list; and those that every round of a loop needs.
  let steps, lastingSteps: Range<Int>
  let scalarType: ScalarType
  /// The product in front of the steps, computed region by region; where its `c` is −1, the region stays in scratch
  /// memory.
  let product: ProductInstruction?
  /// Whether only the last round of a loop needs the product.
  let isProductFinal: Bool
  let regions: Blocks
  let blockRows, blockColumns: Int
  /// In scratch memory: so many places for one block, of so many bytes; then the region; then the product's workspace.
  let slots, slotBytes, regionBytes: Int

  init(
    steps: Range<Int>, lastingSteps: Range<Int>, scalarType: ScalarType, product: ProductInstruction?,
    isProductFinal: Bool, geometry: Geometry, slots: Int
  ) {
    (self.steps, self.lastingSteps, self.scalarType) = (steps, lastingSteps, scalarType)
    (self.product, self.isProductFinal, self.slots) = (product, isProductFinal, slots)
    (regions, blockRows, blockColumns) = (geometry.regions, geometry.blockRows, geometry.blockColumns)
    slotBytes = (blockRows * blockColumns * scalarType.byteCount + 63) & ~63
    let isStored = product.map { $0.c >= 0 } ?? true
    regionBytes = isStored ? 0 : (regions.blockRows * regions.blockColumns * scalarType.byteCount + 63) & ~63
  }

  /// The scratch memory of one thread.
  var scratchBytes: Int {
    slots * slotBytes + regionBytes
      + (product?.workspaceBytes(rows: regions.blockRows, columns: regions.blockColumns) ?? 0)
  }

  /// The most threads that can share the work.
  var parts: Int {
    if product != nil { return regions.count }
    let down = (regions.rows + blockRows - 1) / blockRows
    return down * ((regions.columns + blockColumns - 1) / blockColumns)
  }
}

extension BlockStep {
  /// About how many nanoseconds an element takes.
  var cost: Double {
    switch self {
    case .unary(let function, _, _, to: _): WorkShare.cost(function)
    case .binary(let function, _, _, to: _): WorkShare.cost(function)
    case .select, .expand: 0.1
    case .reduce: WorkShare.foldCost
    }
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

  /// The rows and columns of a block.
  @inline(__always) subscript(index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (down, right) = across == 1 ? (index, 0) : index.quotientAndRemainder(dividingBy: across)
    let row = down * blockRows, column = right * blockColumns
    return (row..<min(row + blockRows, rows), column..<min(column + blockColumns, columns))
  }
}

/// `C = op(A)·op(B)`, for each matrix of a batch.
struct ProductInstruction: Sendable {
  let a, b, c: Int
  let transposesLeft, transposesRight: Bool
  let batch, m, k, n: Int
  let scalarType: ScalarType

  /// About how many nanoseconds it takes.
  var cost: Double { Double(batch) * WorkShare.cost(product: m, k, n, scalarType) }

  /// The scratch memory that packing the factors takes, for any part of so many rows and columns or fewer. (A part with
  /// fewer columns than rows may be computed as its transpose.)
  func workspaceBytes(rows: Int, columns: Int) -> Int {
    Kernels.matrixProductWorkspace(scalarType, m: rows, k: k, n: max(rows, columns), transposesLeft, transposesRight)
      * scalarType.byteCount
  }
}

/// `y = ` the middle axis of x folded.
struct ReduceInstruction: Sendable {
  let function: TGReduction
  let fold: Fold
  let x, y: Int
  let scalarType: ScalarType
}

/// `y = x`: elements of `shape`, from an element of each on.
struct CopyInstruction: Sendable {
  let x, y: Int
  let shape: Shape
  let xStart, yStart: Int
  let xStrides, yStrides: AxisVector<Int>
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
    /// The region of the product in front.
    case region
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
    /// The storage that a primitive's evaluation hands out; it may be an operand's.
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
