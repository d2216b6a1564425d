internal import CTapeGradKernels

// A recurrence of a few element-wise steps is handed to C as a whole, round after round: see Bodies/Rounds.h. What a step
// does has been found out once, before the first of them.

/// One element-wise step of a round: its kind, its function, its grid of elements, where its operands begin, and how far
/// they go on from one round to the next.
package struct RoundStep {
  fileprivate let step: TGRoundStep

  /// What a step reads or writes.
  package struct Operand {
    fileprivate let operand: TGRoundOperand

    /// - Parameters:
    ///   - strides: how many elements on the next row and column are.
    ///   - move: how many bytes on it is in the next round.
    package init(_ start: UnsafeMutableRawPointer, strides: (Int, Int), move: Int) {
      operand = TGRoundOperand(start: start, row: strides.0, column: strides.1, move: move)
    }
  }

  /// The rows and columns of a step's elements.
  package typealias Grid = (rows: Int, columns: Int)

  /// `y = f(x)`, with the number `c` where the function takes one.
  package static func unary(_ f: UnaryFunction, _ c: Double, _ x: Operand, to y: Operand, on grid: Grid) -> RoundStep {
    RoundStep(.unary, f.rawValue, c, x, x, x, y, grid)
  }

  /// `y = f(a, b)`.
  package static func binary(_ f: BinaryFunction, _ a: Operand, _ b: Operand, to y: Operand, on grid: Grid) -> RoundStep
  {
    RoundStep(.binary, f.rawValue, 0, a, b, a, y, grid)
  }

  /// `y = mask ≠ 0 ? a : b`.
  package static func select(_ mask: Operand, _ a: Operand, _ b: Operand, to y: Operand, on grid: Grid) -> RoundStep {
    RoundStep(.select, 0, 0, a, b, mask, y, grid)
  }

  private init(
    _ kind: RoundStepKind, _ function: Int32, _ number: Double, _ a: Operand, _ b: Operand, _ mask: Operand,
    _ y: Operand, _ grid: Grid
  ) {
    step = TGRoundStep(
      kind: kind, function: function, number: number, rows: grid.rows, columns: grid.columns, a: a.operand,
      b: b.operand, mask: mask.operand, y: y.operand)
  }
}

extension Kernels {
  /// Carries out the steps so many times, and moves their operands on.
  package static func rounds(_ type: ScalarType, _ steps: UnsafeMutableBufferPointer<RoundStep>, count: Int) {
    // A `RoundStep` is C's structure, and nothing else.
    steps.withMemoryRebound(to: TGRoundStep.self) { steps in
      switch type {
      case .float: tg_rounds_f32(steps.baseAddress, steps.count, count)
      case .double: tg_rounds_f64(steps.baseAddress, steps.count, count)
      }
    }
  }
}
