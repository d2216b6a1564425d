// Where the steps of a scan read and write. Of s ← tanh(W·s + u) over four steps, with s in R² and u a row for each step:
//
//   step    reads s from      reads u from    writes to
//   0       the first state   u, row 0        result, row 0
//   1       result, row 0     u, row 1        result, row 1
//   2       result, row 1     u, row 2        result, row 2
//
// Between two steps a few pointers move by a row: no number is copied, and nothing allocated.

/// The rows of a scan's arguments and results, through which its steps go. The memory that it points to outlives the run.
///
/// Plain pointers, so that going on to the next step counts no references: a step may be a dozen additions.
struct StepRows {
  /// The buffer of a state, where it is read, and that of its next value; and at which byte of a row that stands.
  struct State {
    let argument: BufferIndex?
    let result: BufferIndex
    let offset: Int
  }

  /// An argument with a row for each step, and how many bytes one takes.
  struct Argument {
    let buffer: BufferIndex
    let rowBytes: Int
  }

  let states: UnsafeBufferPointer<State>
  let arguments: UnsafeBufferPointer<Argument>
  /// The first byte of the results' first row.
  let results: UnsafeMutableRawPointer
  let rowBytes: Int
  let count: Int
  /// Whether the last row is the first step's.
  let isReversed: Bool

  /// Points to the first step's rows. The states that it reads are the arguments.
  func begin(_ pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>) {
    let row = isReversed ? count - 1 : 0
    for state in states { pointers[state.result] = results + row * rowBytes + state.offset }
    for argument in arguments { pointers[argument.buffer] += row * argument.rowBytes }
  }

  /// Goes on to the next step's rows.
  @inline(__always) func advance(_ pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>) {
    let step = isReversed ? -1 : 1
    for state in states {
      if let argument = state.argument { pointers[argument] = pointers[state.result] }
      pointers[state.result] += step * rowBytes
    }
    for argument in arguments { pointers[argument.buffer] += step * argument.rowBytes }
  }

  /// How many bytes a buffer goes on from each step to the next, from the second step on. (The first state is elsewhere.)
  func distance(of buffer: BufferIndex) -> Int {
    let step = isReversed ? -1 : 1
    if states.contains(where: { $0.argument == buffer || $0.result == buffer }) { return step * rowBytes }
    return arguments.first { $0.buffer == buffer }.map { step * $0.rowBytes } ?? 0
  }
}
