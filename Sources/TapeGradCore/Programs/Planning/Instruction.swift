// What a plan consists of. The step of a network becomes a list like
//
//   1. fused           product W1·X + b1 in 2 regions, then a step on blocks of 3 × 569      2 threads
//   2. fused           product W2·A1, then 4 steps and a reduction
//   3. matrixProduct   dZ2·A1ᵀ
//   4. copy            rows 0 to 3 of x
//   5. opaque          a user's primitive
//
// Everything that depends on shapes only has been decided: which kernel, where its numbers are, among how many threads.

/// What a program does at one moment.
struct Instruction: Sendable {
  /// The closed list that the interpreter knows.
  ///
  /// What takes much room stands in a list of its own, so that looking at an instruction copies little.
  enum Operation: Sendable {
    case fused(TypedIndex<FusedInstruction>)
    case matrixProduct(MatrixProductInstruction)
    case reduce(ReduceInstruction)
    /// The maximum of the middle axis of x, and behind it the rest of ln Σ eˣ.
    case logSumExp(Fold, ScalarType, x: BufferIndex, y: BufferIndex)
    /// `y = x`, read and written with strides of their own.
    case copy(TypedIndex<CopyInstruction>)
    /// Every element of y the same number.
    case fill(Double, ScalarType, count: Int, y: BufferIndex)
    /// A primitive, in the plan's list.
    case opaque(TypedIndex<OpaqueCall>)
  }
  let operation: Operation
  /// How many threads it is worth.
  let threads: Int
  /// Whether only the last round of a loop needs it.
  let isLastRoundOnly: Bool
  /// What it computes: nodes of the plan's graph.
  let nodes: [NodeIndex]
}

/// Steps on blocks: every step is done on one block before the next block is begun.
struct FusedInstruction: Sendable {
  /// The steps, in the plan's list; and those that every round of a loop needs.
  let steps, stepsOfEveryRound: Range<Int>
  let scalarType: ScalarType
  /// The product in front of the steps, computed region by region.
  let product: MatrixProductInstruction?
  /// Whether only the last round of a loop needs the product.
  let isProductLastRoundOnly: Bool
  let regions: Blocks
  let blockRows, blockColumns: Int
  /// The blocks of a region; the last regions may be smaller.
  let blocks: Blocks
  /// In scratch memory: so many places for one block, of so many bytes; then the region, where nobody else reads what the
  /// product's kernel writes; then its workspace.
  let slots, slotBytes, regionBytes: Int

  init(
    steps: Range<Int>, stepsOfEveryRound: Range<Int>, scalarType: ScalarType, product: MatrixProductInstruction?,
    isProductLastRoundOnly: Bool, tiling: Tiling, slots: Int
  ) {
    (self.steps, self.stepsOfEveryRound, self.scalarType) = (steps, stepsOfEveryRound, scalarType)
    (self.product, self.isProductLastRoundOnly, self.slots) = (product, isProductLastRoundOnly, slots)
    (regions, blockRows, blockColumns) = (tiling.regions, tiling.blockRows, tiling.blockColumns)
    blocks = Blocks(
      rows: min(regions.rows, regions.blockRows), columns: min(regions.columns, regions.blockColumns),
      blockRows: blockRows, blockColumns: blockColumns)
    slotBytes = (blockRows * blockColumns * scalarType.byteCount + 63) & ~63
    let regionElements = product != nil && product?.c == nil ? regions.blockRows * regions.blockColumns : 0
    regionBytes = (regionElements * scalarType.byteCount + 63) & ~63
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

/// `C = op(A)·op(B)`, for each matrix of a batch; in a fused instruction, plus a number for each row.
struct MatrixProductInstruction: Sendable {
  let a, b: BufferIndex
  /// Where C is; nil in a fused instruction of which nobody else reads it, be it the product or the sum.
  let c: BufferIndex?
  /// The numbers that are added to the rows, read by row or single.
  let added: Access?
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
  let function: Reduction
  let fold: Fold
  let x, y: BufferIndex
  let scalarType: ScalarType
}

/// `y = x`: elements of `shape`, from an element of each on.
struct CopyInstruction: Sendable {
  let x, y: BufferIndex
  let shape: Shape
  let xStart, yStart: Int
  let xStrides, yStrides: AxisVector<Int>
  let scalarType: ScalarType
  /// The bytes where both sides lie in one piece; nil where they do not.
  let byteCount: Int?
  /// The axis whose indices threads share.
  let sharedAxis: Int

  init(
    x: BufferIndex, y: BufferIndex, shape: Shape, xStart: Int, yStart: Int, xStrides: AxisVector<Int>,
    yStrides: AxisVector<Int>, scalarType: ScalarType
  ) {
    (self.x, self.y, self.shape, self.xStart, self.yStart) = (x, y, shape, xStart, yStart)
    (self.xStrides, self.yStrides, self.scalarType) = (xStrides, yStrides, scalarType)
    let strides = shape.strides
    let isOnePiece = (0..<shape.rank).allSatisfy {
      shape[$0] == 1 || xStrides[$0] == strides[$0] && yStrides[$0] == strides[$0]
    }
    byteCount = isOnePiece ? shape.count * scalarType.byteCount : nil
    sharedAxis = (0..<shape.rank).first { shape[$0] > 1 } ?? 0
  }
}

extension CopyInstruction {
  /// About how many nanoseconds it takes.
  var cost: Double { Double(shape.count) * (byteCount == nil ? WorkShare.stridedCost : WorkShare.copyCost) }

  /// The most threads that can share it.
  var parts: Int { byteCount.map { ($0 + 63) / 64 } ?? shape[sharedAxis] }
}

/// A primitive that is evaluated as it is outside programs.
struct OpaqueCall: Sendable {
  let primitive: any Primitive
  /// The operands' buffers, and the shapes in which they are read.
  let operands: [(buffer: BufferIndex, shape: Shape)]
  let y: BufferIndex
}
