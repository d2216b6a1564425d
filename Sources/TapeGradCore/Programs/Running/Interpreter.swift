// A run of a plan: its instructions one after the other, each shared among threads. Of an instruction with 4 regions on
// two threads,
//
//   thread 0 (the caller)                              thread 1
//   region 0: product, then each block: add, tanh      region 2: product, then each block: add, tanh
//   region 1: the same                                 region 3: the same
//   waits until all shares are done                    waits for the next instruction
//
// The next instruction begins when this one is done, since it may read anything that was written. (Team.swift says how
// threads wait, and what happens where one of them is away.)
//
// Nothing is decided here, nothing allocated, and no reference counted: a small instruction takes less than a
// microsecond, of which this should be the smallest part.

/// Carries out a plan's instructions, one after the other; the shares of one at the same time.
///
/// Holds pointers only, so that nothing is retained on the way.
struct Interpreter {
  private let instructions: UnsafeBufferPointer<Instruction>
  private let steps: UnsafeBufferPointer<BlockStep>
  /// The first byte of every buffer.
  private let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private unowned(unsafe) let workspace: Workspace

  /// Carries out a plan so many times in a workspace, which outlives the run.
  static func run(_ workspace: Workspace, rounds: Int) {
    workspace.plan.instructions.withUnsafeBufferPointer { instructions in
      workspace.plan.steps.withUnsafeBufferPointer { steps in
        let interpreter = Interpreter(
          instructions: instructions, steps: steps, pointers: workspace.pointers, workspace: workspace)
        // A piece of work is an instruction in a round that is the last one or not.
        ThreadPool.withTeam(
          upTo: workspace.threads,
          sharing: { interpreter.execute($0 / 2, $1, isLast: $0 % 2 == 1) },
          { interpreter.run(rounds, $0) })
      }
    }
  }

  /// All rounds of a loop, or the only one. Between rounds the new state takes the old one's place. What only the last
  /// round's results need is left out before it.
  private func run(_ rounds: Int, _ team: Team?) {
    for round in 0..<rounds {
      if round > 0, workspace.hasWorkBetweenRounds { workspace.advance() }
      let isLast = round == rounds - 1
      for index in instructions.indices where isLast || !instructions[index].isLastRoundOnly {
        let shares = instructions[index].threads
        if shares > 1, let team {
          team.share(2 * index + (isLast ? 1 : 0), upTo: shares)
        } else {
          execute(index, .whole, isLast: isLast)
          if workspace.error != nil { return }
        }
      }
    }
  }

  /// Does a share of an instruction.
  private func execute(_ index: Int, _ share: Share, isLast: Bool) {
    switch instructions[index].operation {
    case .fused(let fused): execute(fused, share, isLast)
    case .matrixProduct(let product): execute(product, share)
    case .reduce(let reduction):
      let fold = reduction.fold, rows = share.part(of: fold.outer)
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

  /// A share of the product of every matrix of the batch. The kernel divides each product by rows or columns, as its
  /// shape suggests.
  private func execute(_ product: MatrixProductInstruction, _ share: Share) {
    guard let c = product.c else { fatalError("a product without memory") }
    let size = product.scalarType.byteCount
    for index in 0..<product.batch {
      Kernels.matrixProduct(
        product.scalarType, pointers[product.a] + index * product.m * product.k * size,
        transposed: product.transposesLeft, pointers[product.b] + index * product.k * product.n * size,
        transposed: product.transposesRight, pointers[c] + index * product.m * product.n * size,
        m: product.m, k: product.k, n: product.n, workspace: workspace.scratch(of: share), share: share)
    }
  }

  /// A share of a fused instruction. Without a product the whole is one region, whose blocks are shared. With one, the
  /// regions are shared: whoever has a region computes its part of the product into a place that is still in a cache
  /// when the steps read it.
  ///
  /// A thread's scratch memory:
  ///
  ///   | slot 0 | slot 1 | … | the region of the product | packed factors |
  private func execute(_ fused: FusedInstruction, _ share: Share, _ isLast: Bool) {
    let scratch = workspace.scratch(of: share)
    let steps = isLast ? fused.steps : fused.stepsOfEveryRound
    guard let product = fused.product else {
      return execute(fused, steps: steps, region: fused.regions[0], regionStart: scratch, scratch, share)
    }
    let size = fused.scalarType.byteCount, ownRegion = scratch + fused.slots * fused.slotBytes
    for index in share.part(of: fused.regions.count) {
      let region = fused.regions[index]
      if isLast || !fused.isProductLastRoundOnly {
        // In C, where somebody else reads the product; else in scratch memory, where only its region is.
        let c = product.c.map {
          pointers[$0] + (region.rows.lowerBound * product.n + region.columns.lowerBound) * size
        }
        Kernels.matrixProduct(
          product.scalarType, pointers[product.a], transposed: product.transposesLeft, pointers[product.b],
          transposed: product.transposesRight, c ?? ownRegion,
          rowStep: c == nil ? region.columns.count : product.n, m: product.m, k: product.k, n: product.n,
          rows: region.rows, columns: region.columns, workspace: ownRegion + fused.regionBytes)
      }
      execute(fused, steps: steps, region: region, regionStart: ownRegion, scratch, .whole)
    }
  }

  /// The steps on a share of the blocks of a region.
  private func execute(
    _ fused: FusedInstruction, steps own: Range<Int>, region: (rows: Range<Int>, columns: Range<Int>),
    regionStart: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer, _ share: Share
  ) {
    let blocks = Blocks(
      rows: region.rows.count, columns: region.columns.count, blockRows: fused.blockRows,
      blockColumns: fused.blockColumns)
    for index in share.part(of: blocks.count) {
      let (rows, columns) = blocks[index]
      let block = BlockRun(
        pointers: pointers, scratch: scratch, slotBytes: fused.slotBytes, scalarType: fused.scalarType,
        width: fused.regions.columns, row: region.rows.lowerBound + rows.lowerBound,
        column: region.columns.lowerBound + columns.lowerBound, rows: rows.count, columns: columns.count,
        product: regionStart
          + (rows.lowerBound * region.columns.count + columns.lowerBound) * fused.scalarType.byteCount)
      for step in own { block.execute(steps[step]) }
    }
  }
}
