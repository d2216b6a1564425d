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

  /// Carries out a plan so many times in a workspace, which outlives the run. Every member of a team calls it.
  static func run(_ workspace: Workspace, _ member: borrowing TeamMember, rounds: Int) {
    workspace.plan.instructions.withUnsafeBufferPointer { instructions in
      workspace.plan.steps.withUnsafeBufferPointer { steps in
        let interpreter = Interpreter(
          instructions: instructions, steps: steps, pointers: workspace.pointers,
          scratch: workspace.scratch(ofThread: member.index), workspace: workspace)
        var wasShared = false
        for round in 0..<rounds {
          if round > 0, workspace.hasWorkBetweenRounds {
            member.barrier()
            wasShared = false
            if member.index == 0 { workspace.advance() }
          }
          guard interpreter.run(member, isLast: round == rounds - 1, &wasShared) else { break }
        }
      }
    }
  }

  /// One round. Instructions that member 0 does alone need no meeting between them.
  ///
  /// After a failure the team goes on to the next meeting, and from there out. Who is behind a meeting that leads to
  /// shared work sees the same as everybody: only single work can fail.
  ///
  /// - Parameter wasShared: whether several members did the last instruction, and have not met since.
  /// - Returns: whether there is reason to go on.
  private func run(_ member: borrowing TeamMember, isLast: Bool, _ wasShared: inout Bool) -> Bool {
    for index in instructions.indices where isLast || !instructions[index].isFinal {
      let threads = min(instructions[index].threads, member.count)
      if threads > 1 || wasShared { member.barrier() }
      if threads > 1, workspace.hasFailed { return false }
      wasShared = threads > 1
      if member.index < threads, threads > 1 || !workspace.hasFailed {
        execute(instructions[index].operation, part: member.index, of: threads, isLast)
      }
    }
    return member.count > 1 || !workspace.hasFailed
  }

  private func execute(_ operation: Instruction.Operation, part: Int, of parts: Int, _ isLast: Bool) {
    switch operation {
    case .cluster(let cluster): execute(cluster, part, of: parts, isLast)
    case .product(let product): execute(product, part, of: parts)
    case .reduce(let reduction):
      let fold = reduction.fold, rows = fold.outer * part / parts..<fold.outer * (part + 1) / parts
      let size = reduction.scalarType.byteCount
      Kernels.reduce(
        reduction.function, reduction.scalarType,
        pointers[reduction.x] + rows.lowerBound * fold.length * fold.inner * size,
        pointers[reduction.y] + rows.lowerBound * fold.inner * size, outer: rows.count, length: fold.length,
        inner: fold.inner)
    case .logSumExp(let fold, let type, let x, let y):
      Kernels.logSumExp(
        type, pointers[x], pointers[y], pointers[y] + fold.outer * fold.inner * type.byteCount, outer: fold.outer,
        length: fold.length, inner: fold.inner)
    case .copy(let copy):
      let size = copy.scalarType.byteCount
      Kernels.copy(
        copy.shape, copy.scalarType, pointers[copy.x] + copy.xStart * size, strides: copy.xStrides,
        to: pointers[copy.y] + copy.yStart * size, strides: copy.yStrides)
    case .fill(let number, let type, let count, let y): Kernels.fill(number, type, pointers[y], count)
    case .opaque(let number): workspace.evaluate(number)
    }
  }

  private func execute(_ product: ProductInstruction, _ part: Int, of parts: Int) {
    let size = product.scalarType.byteCount
    for index in 0..<product.batch {
      Kernels.matrixProduct(
        product.scalarType, pointers[product.a] + index * product.m * product.k * size,
        transposed: product.transposesLeft, pointers[product.b] + index * product.k * product.n * size,
        transposed: product.transposesRight, pointers[product.c] + index * product.m * product.n * size,
        m: product.m, k: product.k, n: product.n, workspace: scratch, part: part, of: parts)
    }
  }

  private func execute(_ cluster: ClusterInstruction, _ part: Int, of parts: Int, _ isLast: Bool) {
    let steps = isLast ? cluster.steps : cluster.lastingSteps
    guard let product = cluster.product else {
      let region = cluster.regions[0]
      return execute(cluster, steps: steps, region: region, regionStart: scratch, part, of: parts)
    }
    let size = cluster.scalarType.byteCount, slots = scratch + cluster.slots * cluster.slotBytes
    for index in cluster.regions.count * part / parts..<cluster.regions.count * (part + 1) / parts {
      let region = cluster.regions[index]
      let isStored = product.c >= 0, rowStep = isStored ? product.n : region.columns.count
      let start =
        isStored
        ? pointers[product.c] + (region.rows.lowerBound * rowStep + region.columns.lowerBound) * size : slots
      if isLast || !cluster.isProductFinal {
        Kernels.matrixProduct(
          product.scalarType, pointers[product.a], transposed: product.transposesLeft, pointers[product.b],
          transposed: product.transposesRight, start, rowStep: rowStep, m: product.m, k: product.k, n: product.n,
          rows: region.rows, columns: region.columns, workspace: slots + cluster.regionBytes)
      }
      execute(cluster, steps: steps, region: region, regionStart: slots, 0, of: 1)
    }
  }

  /// The steps on a part of the blocks of a region.
  private func execute(
    _ cluster: ClusterInstruction, steps own: Range<Int>, region: (rows: Range<Int>, columns: Range<Int>),
    regionStart: UnsafeMutableRawPointer, _ part: Int, of parts: Int
  ) {
    let blocks = Blocks(
      rows: region.rows.count, columns: region.columns.count, blockRows: cluster.blockRows,
      blockColumns: cluster.blockColumns)
    for index in blocks.count * part / parts..<blocks.count * (part + 1) / parts {
      let (rows, columns) = blocks[index]
      let block = BlockRun(
        pointers: pointers, scratch: scratch, slotBytes: cluster.slotBytes, scalarType: cluster.scalarType,
        width: cluster.regions.columns, row: region.rows.lowerBound + rows.lowerBound,
        column: region.columns.lowerBound + columns.lowerBound, rows: rows.count, columns: columns.count,
        product: regionStart
          + (rows.lowerBound * region.columns.count + columns.lowerBound) * cluster.scalarType.byteCount)
      for step in own { block.execute(steps[step]) }
    }
  }
}
