// The memory that instructions work on, by number. The plan of J = Σ (V·A)² with A = tanh(W·X + b) has
//
//   buffer 0   W        home: input        the caller's memory, while the call runs
//   buffer 1   X        home: input
//   buffer 2   b        home: input
//   buffer 3   V        home: input
//   buffer 4   A        home: arena(0)     a part of the workspace
//   buffer 5   J        home: storage      an array of its own, since the caller keeps it
//
// W·X, the sum and V·A have no buffer: only their own group reads them, and each thread holds a part of them at a time.

/// A piece of memory that instructions know by its index.
struct Buffer: Sendable {
  enum Home: Sendable, Equatable {
    /// An argument's numbers.
    case input
    /// Captured numbers.
    case constant(Int)
    /// One number, part of the plan.
    case number(Double)
    /// At this byte of the arena.
    case arena(Int)
    /// Storage of its own, which may leave the program: a result, or what a primitive reads.
    case storage
    /// The storage that a primitive's evaluation hands out; it may be an operand's.
    case evaluated
    /// In another buffer, from a byte on.
    case part(of: BufferIndex, start: Int)
  }
  var home: Home
  let shape: Shape
  let scalarType: ScalarType

  /// The bytes it takes, in whole cache lines.
  var byteCount: Int { (shape.count * scalarType.byteCount + 63) & ~63 }
}

/// How the state of a loop goes from one round to the next: the first results are the next round's first arguments.
///
/// Of s ← s − x, the next s is written over s: the caller's numbers are copied once, before the first round. Of s ← s·x,
/// which reads all of s to the end, the next s has memory of its own, and the two buffers change places between rounds.
struct LoopState: Sendable {
  /// Arguments whose next value is written over them: copied once, before the first round.
  var inPlace: [(input: Int, buffer: BufferIndex)] = []
  /// An argument's buffer and that of its next value, which becomes the argument's between rounds.
  var exchanged: [(argument: BufferIndex, result: BufferIndex)] = []
  /// The buffers of values that primitives read. What they keep or hand on is not written over in a later round.
  var handedOut: [BufferIndex] = []
}
