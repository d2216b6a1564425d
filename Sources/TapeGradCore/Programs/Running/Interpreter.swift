// A run of a plan: its instructions one after the other, each shared among threads. Of an instruction with 4 regions on
// two threads,
//
//   thread 0 (the caller)                              thread 1
//   region 0: W·X + b, then each block: tanh, square   region 2: W·X + b, then each block: tanh, square
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
/// Holds pointers only, so that nothing is retained or copied on the way.
struct Interpreter {
  private let instructions: UnsafePointer<Instruction>
  private let fused: UnsafePointer<FusedInstruction>?
  private let copies: UnsafePointer<CopyInstruction>?
  private let steps: UnsafePointer<BlockStep>?
  private let count: Int
  /// The first byte of every buffer.
  private let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private unowned(unsafe) let workspace: Workspace
  /// How the steps of a scan go through its rows; nil elsewhere.
  private let rows: StepRows?
  /// Whether a primitive is evaluated, which may throw.
  private let mayFail: Bool

  /// Carries out a plan so many times in a workspace, which outlives the run.
  ///
  /// - Parameter rows: those of a scan, a round for each.
  static func run(_ workspace: Workspace, rounds: Int, on rows: StepRows? = nil) {
    let plan = workspace.plan
    plan.instructions.withUnsafeBufferPointer { instructions in
      plan.fused.withUnsafeBufferPointer { fused in
        plan.copies.withUnsafeBufferPointer { copies in
          plan.steps.withUnsafeBufferPointer { steps in
            guard let first = instructions.baseAddress else { return }
            let interpreter = Interpreter(
              instructions: first, fused: fused.baseAddress, copies: copies.baseAddress, steps: steps.baseAddress,
              count: instructions.count, pointers: workspace.pointers, workspace: workspace, rows: rows,
              mayFail: !plan.opaqueCalls.isEmpty)
            // A piece of work is an instruction in a round that is the last one or not.
            ThreadPool.withTeam(
              upTo: workspace.threads,
              sharing: { piece, share in
                if piece == Interpreter.allRounds { return interpreter.runInOneGo(rounds, share) }
                interpreter.execute(piece / 2, share, isLast: piece % 2 == 1)
              },
              { interpreter.run(rounds, $0) })
          }
        }
      }
    }
  }

  /// All rounds of a loop, or the only one. Between rounds the new state takes the old one's place. What only the last
  /// round's results need is left out before it.
  private func run(_ rounds: Int, _ team: Team?) {
    let hasWorkBetweenRounds = workspace.hasWorkBetweenRounds
    if let round = workspace.plan.elementwiseRound {
      let shares = round.threads(rounds: rounds)
      if shares > 1, let team { team.share(Interpreter.allRounds, upTo: shares) } else { runInOneGo(rounds, .whole) }
      return
    }
    for round in 0..<rounds {
      if round > 0 {
        if let rows {
          rows.advance(pointers)
        } else if hasWorkBetweenRounds {
          workspace.advance()
        }
      }
      let isLast = round == rounds - 1
      for index in 0..<count where isLast || !instructions[index].isLastRoundOnly {
        let shares = instructions[index].threads
        if shares > 1, let team {
          team.share(2 * index + (isLast ? 1 : 0), upTo: shares)
        } else {
          execute(index, .whole, isLast: isLast)
          if mayFail, workspace.error != nil { return }
        }
      }
    }
  }

  /// The piece of work that is all rounds of a scan; others are an instruction's number, twice, and 1 in the last round.
  private static let allRounds = -1

  /// A share of all rounds of a scan whose steps are element-wise: some of the columns, where there is one row.
  private func runInOneGo(_ rounds: Int, _ share: Share) {
    guard let fused, let steps, let rows else { return }
    let scratch = workspace.scratch(of: share)
    withUnsafeTemporaryAllocation(of: RoundStep.self, capacity: workspace.plan.steps.count) { memory in
      var count = 0
      for instruction in 0..<self.count {
        guard case .fused(let index) = instructions[instruction].operation else { continue }
        let group = fused + index.position, grid = group.pointee.regions
        let columns = share.part(of: grid.columns, unit: 64)
        let block = BlockRun(
          pointers: pointers, scratch: scratch, slotBytes: group.pointee.slotBytes,
          scalarType: group.pointee.scalarType, width: grid.columns, row: 0, column: columns.lowerBound,
          rows: grid.rows, columns: columns.count, product: scratch)
        for step in group.pointee.steps {
          guard let step = block.roundStep(steps[step], on: rows) else { continue }
          memory.initializeElement(at: count, to: step)
          count += 1
        }
      }
      Kernels.rounds(fused.pointee.scalarType, .init(rebasing: memory[..<count]), count: rounds)
    }
  }

  /// Does a share of an instruction.
  private func execute(_ index: Int, _ share: Share, isLast: Bool) {
    switch instructions[index].operation {
    case .fused(let index): if let fused { execute(fused + index.position, share, isLast) }
    case .matrixProduct(let product): execute(product, share)
    case .reduce(let reduction):
      let fold = reduction.fold
      Kernels.reduce(
        reduction.function, reduction.scalarType, pointers[reduction.x], pointers[reduction.y], outer: fold.outer,
        length: fold.length, inner: fold.inner, share: share)
    case .logSumExp(let fold, let type, let x, let y):
      Kernels.logSumExp(
        type, pointers[x], pointers[y], pointers[y] + fold.outer * fold.inner * type.byteCount, outer: fold.outer,
        length: fold.length, inner: fold.inner)
    case .copy(let index): if let copies { execute(copies + index.position, share) }
    case .fill(let number, let type, let count, let y):
      let part = share.elements(of: count)
      Kernels.fill(number, type, pointers[y] + part.lowerBound * type.byteCount, part.count)
    case .opaque(let number): workspace.evaluate(number)
    }
  }

  /// A share of a copy: some of the indices along its first axis that has several.
  private func execute(_ copy: UnsafePointer<CopyInstruction>, _ share: Share) {
    let size = copy.pointee.scalarType.byteCount
    let x = pointers[copy.pointee.x] + copy.pointee.xStart * size
    let y = pointers[copy.pointee.y] + copy.pointee.yStart * size
    if let byteCount = copy.pointee.byteCount {
      let part = share.part(of: byteCount, unit: 64)
      return (y + part.lowerBound).copyMemory(from: x + part.lowerBound, byteCount: part.count)
    }
    let shape = copy.pointee.shape, axis = copy.pointee.sharedAxis
    let part = share.part(of: shape[axis])
    Kernels.copy(
      share.count == 1 ? shape : shape.replacing(axis: axis, with: part.count), copy.pointee.scalarType,
      x + part.lowerBound * copy.pointee.xStrides[axis] * size, strides: copy.pointee.xStrides,
      to: y + part.lowerBound * copy.pointee.yStrides[axis] * size, strides: copy.pointee.yStrides)
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
  private func execute(_ fused: UnsafePointer<FusedInstruction>, _ share: Share, _ isLast: Bool) {
    let scratch = workspace.scratch(of: share)
    let steps = isLast ? fused.pointee.steps : fused.pointee.stepsOfEveryRound
    guard let product = fused.pointee.product else {
      return execute(fused, steps: steps, region: fused.pointee.regions[0], regionStart: scratch, scratch, share)
    }
    let size = fused.pointee.scalarType.byteCount
    let ownRegion = scratch + fused.pointee.slots * fused.pointee.slotBytes
    for index in share.part(of: fused.pointee.regions.count) {
      let region = fused.pointee.regions[index]
      if isLast || !fused.pointee.isProductLastRoundOnly {
        // In C, where somebody else reads the product or sum; else in scratch memory, where only its region is.
        let c = product.c.map {
          pointers[$0] + (region.rows.lowerBound * product.n + region.columns.lowerBound) * size
        }
        Kernels.matrixProduct(
          product.scalarType, pointers[product.a], transposed: product.transposesLeft, pointers[product.b],
          transposed: product.transposesRight, c ?? ownRegion,
          rowStep: c == nil ? region.columns.count : product.n, m: product.m, k: product.k, n: product.n,
          rows: region.rows, columns: region.columns, adding: product.added.map(rowNumbers),
          workspace: ownRegion + fused.pointee.regionBytes)
      }
      execute(fused, steps: steps, region: region, regionStart: ownRegion, scratch, .whole)
    }
  }

  /// Where the numbers are that a product's kernel adds to its rows, and how far apart.
  @inline(__always) private func rowNumbers(_ access: Access) -> (start: UnsafeRawPointer, step: Int) {
    guard case .buffer(let buffer) = access.memory else { fatalError("numbers for rows without memory") }
    return (UnsafeRawPointer(pointers[buffer]), access.reading == .single ? 0 : 1)
  }

  /// The steps on a share of the blocks of a region.
  private func execute(
    _ fused: UnsafePointer<FusedInstruction>, steps own: Range<Int>,
    region: (rows: Range<Int>, columns: Range<Int>), regionStart: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer, _ share: Share
  ) {
    guard let steps, !own.isEmpty else { return }
    var blocks = fused.pointee.blocks
    if region.rows.count != blocks.rows || region.columns.count != blocks.columns {
      blocks = Blocks(
        rows: region.rows.count, columns: region.columns.count, blockRows: blocks.blockRows,
        blockColumns: blocks.blockColumns)
    }
    let size = fused.pointee.scalarType.byteCount
    for index in share.part(of: blocks.count) {
      let (rows, columns) = blocks[index]
      let block = BlockRun(
        pointers: pointers, scratch: scratch, slotBytes: fused.pointee.slotBytes,
        scalarType: fused.pointee.scalarType, width: fused.pointee.regions.columns,
        row: region.rows.lowerBound + rows.lowerBound, column: region.columns.lowerBound + columns.lowerBound,
        rows: rows.count, columns: columns.count,
        product: regionStart + (rows.lowerBound * region.columns.count + columns.lowerBound) * size)
      for step in own { block.execute(steps[step]) }
    }
  }
}
