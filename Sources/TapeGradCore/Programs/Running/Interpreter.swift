import CTapeGradKernels

/// One thread's walk through a plan's instructions.
struct Interpreter {
  private let plan: Plan
  private let workspace: Workspace
  private let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let scratch: UnsafeMutableRawPointer

  init(_ workspace: Workspace, thread: Int) {
    self.workspace = workspace
    plan = workspace.plan
    pointers = workspace.pointers
    scratch = workspace.scratch(ofThread: thread)
  }

  /// Carries out all instructions.
  func run() {
    plan.steps.withUnsafeBufferPointer { steps in
      for instruction in plan.instructions {
        execute(instruction, steps)
        if workspace.error != nil { return }
      }
    }
  }

  private func execute(_ instruction: Instruction, _ steps: UnsafeBufferPointer<BlockStep>) {
    switch instruction {
    case .cluster(let cluster): execute(cluster, steps)
    case .product(let product): execute(product)
    case .reduce(let function, let fold, let type, let x, let y):
      Kernels.reduce(
        function, type, pointers[x], pointers[y], outer: fold.outer, length: fold.length, inner: fold.inner)
    case .copy(let copy):
      Kernels.copy(
        copy.shape, copy.scalarType, pointers[copy.x], strides: copy.strides, to: pointers[copy.y],
        strides: copy.shape.strides)
    case .fill(let number, let type, let count, let y): Kernels.fill(number, type, pointers[y], count)
    case .opaque(let number): evaluate(plan.opaqueCalls[number])
    }
  }

  private func execute(_ product: ProductInstruction) {
    let size = product.scalarType.byteCount
    for index in 0..<product.batch {
      Kernels.matrixProduct(
        product.scalarType, pointers[product.a] + index * product.m * product.k * size,
        transposed: product.transposesLeft, pointers[product.b] + index * product.k * product.n * size,
        transposed: product.transposesRight, pointers[product.c] + index * product.m * product.n * size,
        m: product.m, k: product.k, n: product.n, workspace: scratch)
    }
  }

  private func execute(_ cluster: ClusterInstruction, _ steps: UnsafeBufferPointer<BlockStep>) {
    for index in 0..<cluster.blocks {
      let row = index / cluster.blocksAcross * cluster.blockRows
      let column = index % cluster.blocksAcross * cluster.blockColumns
      let block = Block(
        pointers: pointers, scratch: scratch, cluster: cluster, row: row, column: column,
        rows: min(cluster.blockRows, cluster.rows - row), columns: min(cluster.blockColumns, cluster.columns - column))
      for step in cluster.steps { block.execute(steps[step]) }
    }
  }

  private func evaluate(_ call: OpaqueCall) {
    let operands = call.operands.map { Value(content: .array(workspace.storage($0.buffer, as: $0.shape))) }
    let result = withOperands(operands) { TapeGradCore.evaluate(call.primitive, $0) }
    workspace.error = result.content.error
    if let storage = result.content.storage { workspace.keep(storage, as: call.y) }
  }
}

/// A block of a cluster: where its elements are.
private struct Block {
  let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let scratch: UnsafeMutableRawPointer
  let cluster: ClusterInstruction
  let row, column, rows, columns: Int

  private typealias Elements = (start: UnsafeMutableRawPointer, rowStride: Int, columnStride: Int)

  @inline(__always) func execute(_ step: BlockStep) {
    let type = cluster.scalarType
    switch step {
    case .unary(let function, let number, let x, let y):
      Kernels.unary(function, type, find(x).start, find(y).start, rows * columns, number)
    case .binary(let function, let a, let b, let y):
      let a = find(a), b = find(b)
      Kernels.binary(
        function, type, a.start, (a.rowStride, a.columnStride), b.start, (b.rowStride, b.columnStride), find(y).start,
        rows: rows, columns: columns)
    case .select(let mask, let a, let b, let y):
      Kernels.select(type, find(mask).start, find(a).start, find(b).start, find(y).start, rows * columns)
    case .expand(let x, let y):
      let x = find(x), shape = Shape([rows, columns])
      Kernels.copy(
        shape, type, x.start, strides: AxisVector(rank: 2) { $0 == 0 ? x.rowStride : x.columnStride },
        to: find(y).start, strides: shape.strides)
    case .reduce(let function, let fold, let x, let y):
      Kernels.reduce(
        function, type, find(x).start, find(y).start, outer: fold?.outer ?? rows, length: fold?.length ?? columns,
        inner: fold?.inner ?? 1)
    }
  }

  /// The block's part of what a step reads or writes, and how far apart its rows and columns are.
  @inline(__always) private func find(_ access: Access) -> Elements {
    switch access.memory {
    case .slot(let slot): return (scratch + slot * cluster.slotBytes, columns, 1)
    case .buffer(let buffer):
      let size = cluster.scalarType.byteCount
      switch access.reading {
      case .full: return (pointers[buffer] + (row * cluster.columns + column) * size, columns, 1)
      case .byRow: return (pointers[buffer] + row * size, 1, 0)
      case .byColumn: return (pointers[buffer] + column * size, 0, 1)
      case .single: return (pointers[buffer], 0, 0)
      }
    }
  }
}
