// Rounds that C carries out all at once. Of s ← a·s + u, with 256 columns and 4,096 rows of u, a plan is one instruction of two
// steps on one block. To go through it 4,096 times from here would take longer than the work itself; so the steps are handed
// over with the number of rounds (Rounds.h). Columns do not know of each other, so threads may have some each:
//
//   thread 0    columns 0 to 127      4,096 rounds
//   thread 1    columns 128 to 255    4,096 rounds

/// The step of a scan that is element-wise operations only, each on one block.
struct ElementwiseRound: Sendable {
  /// The columns of all operations, where these have one row; nil where there are several.
  let columns: Int?
  /// About how many nanoseconds a round takes.
  let cost: Double

  /// Nil where a step is anything else.
  init?(_ writer: InstructionWriter) {
    var columns: Set<Int?> = [], types: Set<ScalarType> = [], cost = 0.0
    for instruction in writer.instructions {
      guard case .fused(let index) = instruction.operation else { return nil }
      let group = writer.fused[index], grid = group.regions
      guard group.product == nil, group.blocks.count == 1 else { return nil }
      for step in writer.steps[group.steps] {
        switch step {
        case .unary, .binary, .select: cost += step.cost * Double(grid.rows * grid.columns)
        case .expand, .reduce: return nil
        }
      }
      columns.insert(grid.rows == 1 ? grid.columns : nil)
      types.insert(group.scalarType)
    }
    guard types.count == 1 else { return nil }
    (self.columns, self.cost) = (columns.count == 1 ? columns.first ?? nil : nil, cost)
  }

  /// How many threads so many rounds are worth: each has four vectors of columns at least.
  func threads(rounds: Int) -> Int {
    guard let columns else { return 1 }
    return max(1, min(WorkShare.threads(Double(rounds) * cost, inProgram: true), columns / 64))
  }
}
