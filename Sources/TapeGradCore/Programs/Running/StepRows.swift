// Where the steps of a scan read and write. Of s ← tanh(W·s + u) over four steps, with s in R² and u a row for each step:
//
//   step    reads s from     reads u from    writes to
//   0       result, row 0    u, row 0        result, row 1      row 0 is what s begins with
//   1       result, row 1    u, row 1        result, row 2
//   2       result, row 2    u, row 2        result, row 3
//
// Between two steps a few pointers move by a row: no number is copied, and nothing allocated.

/// The rows of a scan's arguments and results, through which its steps go. The memory that it points to outlives the run.
///
/// Plain pointers, so that going on to the next step counts no references: a step may be a dozen additions.
struct StepRows {
  /// The rows of one state: what it begins with, and what it is after each step; the other way round in reverse.
  struct Block {
    let bytes: UnsafeMutableRawPointer
    let rowBytes: Int
    let count: Int
    let isReversed: Bool

    /// What a step begins with, which is what the step before it made.
    subscript(before step: Int) -> UnsafeMutableRawPointer {
      bytes + (isReversed ? count - step : step) * rowBytes
    }
  }

  /// The buffer of a state, where it is read, and that of its next value.
  struct State {
    let argument: BufferIndex?
    let result: BufferIndex
    let block: Block
  }

  /// An argument with a row for each step, and how many bytes one takes.
  struct Argument {
    let buffer: BufferIndex
    let rowBytes: Int
  }

  let states: UnsafeBufferPointer<State>
  let arguments: UnsafeBufferPointer<Argument>
  let count: Int
  /// Whether the last row is the first step's.
  let isReversed: Bool

  /// Points to the first step's rows.
  func begin(_ pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>) {
    for state in states {
      if let argument = state.argument { pointers[argument] = state.block[before: 0] }
      pointers[state.result] = state.block[before: 1]
    }
    let row = isReversed ? count - 1 : 0
    for argument in arguments { pointers[argument.buffer] += row * argument.rowBytes }
  }

  /// Goes on to the next step's rows.
  @inline(__always) func advance(_ pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>) {
    let step = isReversed ? -1 : 1
    for state in states {
      if let argument = state.argument { pointers[argument] = pointers[state.result] }
      pointers[state.result] += step * state.block.rowBytes
    }
    for argument in arguments { pointers[argument.buffer] += step * argument.rowBytes }
  }

  /// How many bytes a buffer goes on from each step to the next.
  func distance(of buffer: BufferIndex) -> Int {
    let step = isReversed ? -1 : 1
    if let state = states.first(where: { $0.argument == buffer || $0.result == buffer }) {
      return step * state.block.rowBytes
    }
    return arguments.first { $0.buffer == buffer }.map { step * $0.rowBytes } ?? 0
  }
}
