// One block, all steps. Elements of 4 × 50, the block being row 2, its access to
//
//   reading     for example    first element     to the next row, column
//   full        a product      2·50 + 0 = 100    50, 1
//   byRow       b (4, 1)       2                 1, 0
//   byColumn    c (50)         0                 0, 1
//   single      0.5            0                 0, 0
//
// So broadcasting is a stride of 0, and nothing is written out. What lies in a slot begins at its first byte: the slot
// holds this block only.

/// A block of a fused instruction's elements, on which one thread carries out the steps.
struct BlockRun {
  let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  /// Where the values inside the group are, `slotBytes` each.
  let scratch: UnsafeMutableRawPointer
  let slotBytes: Int
  let scalarType: ScalarType
  /// The columns of all elements, of which the block has some.
  let width: Int
  let row, column, rows, columns: Int
  /// The block of the product in front, where it is in scratch memory. Its rows follow each other: a block of several
  /// rows has whole ones.
  let product: UnsafeMutableRawPointer

  /// Carries out one step.
  @inline(__always) func execute(_ step: BlockStep) {
    switch step {
    case .unary(let function, let number, let x, let y):
      Kernels.unary(function, scalarType, start(x), start(y), rows * columns, number)
    case .binary(let function, let a, let b, let y):
      Kernels.binary(
        function, scalarType, start(a), strides(a), start(b), strides(b), start(y), rows: rows, columns: columns)
    case .select(let mask, let a, let b, let y):
      Kernels.select(scalarType, start(mask), start(a), start(b), start(y), rows * columns)
    case .expand(let x, let y):
      let shape = Shape(rank: 2) { $0 == 0 ? rows : columns }, (down, across) = strides(x)
      Kernels.copy(
        shape, scalarType, start(x), strides: AxisVector(rank: 2) { $0 == 0 ? down : across }, to: start(y),
        strides: shape.strides)
    case .reduce(let function, let fold, let x, let y):
      Kernels.reduce(
        function, scalarType, start(x), start(y), outer: fold?.outer ?? rows, length: fold?.length ?? columns,
        inner: fold?.inner ?? 1)
    }
  }

  /// A step as C takes it for all rounds of a scan from this one on; nil where it folds or writes out.
  func roundStep(_ step: BlockStep, on stepRows: StepRows) -> RoundStep? {
    func operand(_ access: Access) -> RoundStep.Operand {
      var move = 0
      if case .buffer(let buffer) = access.memory { move = stepRows.distance(of: buffer) }
      return RoundStep.Operand(start(access), strides: strides(access), move: move)
    }
    let grid = (rows: rows, columns: columns)
    return switch step {
    case .unary(let function, let number, let x, let y):
      .unary(function, number, operand(x), to: operand(y), on: grid)
    case .binary(let function, let a, let b, let y):
      .binary(function, operand(a), operand(b), to: operand(y), on: grid)
    case .select(let mask, let a, let b, let y):
      .select(operand(mask), operand(a), operand(b), to: operand(y), on: grid)
    case .expand, .reduce: nil
    }
  }

  /// The block's first element of what a step reads or writes.
  @inline(__always) private func start(_ access: Access) -> UnsafeMutableRawPointer {
    switch access.memory {
    case .slot(let slot): return scratch + slot.position * slotBytes
    case .region: return product
    case .buffer(let buffer):
      let element =
        switch access.reading {
        case .full: row * width + column
        case .byRow: row
        case .byColumn: column
        case .single: 0
        }
      return pointers[buffer] + element * scalarType.byteCount
    }
  }

  /// How far apart its rows and columns are.
  ///
  /// A block of several rows has whole rows, so those of a full value are as far apart as the block is wide.
  @inline(__always) private func strides(_ access: Access) -> (Int, Int) {
    switch access.reading {
    case .full: (columns, 1)
    case .byRow: (1, 0)
    case .byColumn: (0, 1)
    case .single: (0, 0)
    }
  }
}
