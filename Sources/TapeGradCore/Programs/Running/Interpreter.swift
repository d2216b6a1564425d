import CTapeGradKernels

/// One thread's walk through a plan's instructions.
///
/// Holds pointers only, so that nothing is retained on the way.
struct Interpreter {
  private let instructions: UnsafeBufferPointer<Instruction>
  private let steps: UnsafeBufferPointer<BlockStep>
  /// The first byte of every buffer.
  private let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  /// Where this thread has its blocks and packed operands.
  private let scratch: UnsafeMutableRawPointer
  private unowned(unsafe) let workspace: Workspace

  /// Carries out a plan so many times in a workspace, which outlives the run.
  static func run(_ workspace: Workspace, thread: Int, rounds: Int) {
    workspace.plan.instructions.withUnsafeBufferPointer { instructions in
      workspace.plan.steps.withUnsafeBufferPointer { steps in
        let interpreter = Interpreter(
          instructions: instructions, steps: steps, pointers: workspace.pointers,
          scratch: workspace.scratch(ofThread: thread), workspace: workspace)
        for round in 0..<rounds where workspace.error == nil {
          if round > 0 { workspace.advance(isFirst: round == 1) }
          interpreter.run()
        }
      }
    }
  }

  private func run() {
    for index in instructions.indices {
      switch instructions[index] {
      case .cluster(let cluster): execute(cluster)
      case .product(let product): execute(product)
      case .reduce(let function, let fold, let type, let x, let y):
        Kernels.reduce(
          function, type, pointers[x], pointers[y], outer: fold.outer, length: fold.length, inner: fold.inner)
      case .copy(let copy):
        Kernels.copy(
          copy.shape, copy.scalarType, pointers[copy.x], strides: copy.strides, to: pointers[copy.y],
          strides: copy.shape.strides)
      case .fill(let number, let type, let count, let y): Kernels.fill(number, type, pointers[y], count)
      case .opaque(let number):
        workspace.evaluate(workspace.plan.opaqueCalls[number])
        if workspace.error != nil { return }
      }
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

  private func execute(_ cluster: ClusterInstruction) {
    let blocks = cluster.blocks
    for index in 0..<blocks.count {
      let (down, across) = blocks.across == 1 ? (index, 0) : index.quotientAndRemainder(dividingBy: blocks.across)
      let row = down * blocks.blockRows, column = across * blocks.blockColumns
      let block = BlockRun(
        pointers: pointers, scratch: scratch, slotBytes: cluster.slotBytes, scalarType: cluster.scalarType,
        width: blocks.columns, row: row, column: column, rows: min(blocks.blockRows, blocks.rows - row),
        columns: min(blocks.blockColumns, blocks.columns - column))
      for step in cluster.steps { block.execute(steps[step]) }
    }
  }
}
