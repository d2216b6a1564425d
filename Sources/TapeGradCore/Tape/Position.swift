// Positions of nested tapes. In d/dx [x · d/dy (x + y)], the inner gradient runs while the outer tape records:
//
//   outer tape, generation 5    x: (A, 5, 0)
//   inner tape, generation 6    y: (B, 6, 0)
//   x + y                       goes to the youngest tape among its operands, 6, where x becomes a constant: (B, 6, 2)
//                               its value is the same sum one tape below, on 5, where y is a constant: (A, 5, 2)
//                               so it stands on both: position (B, 6, 2), outer positions (A, 5, 2)
//
// When the inner gradient is done, tape 6 is closed and what stands on it falls back to tape 5. Which derivative a
// value takes part in depends on where it stands and on nothing else: no global state says "now we differentiate", and
// perturbations cannot be confused.

/// Where a value was recorded: a recorder, the generation in which it served, and the node's index. Three numbers and
/// no reference, so a tensor cannot keep a graph alive.
///
/// Two words: with the two of content and outer positions, a value is passed in registers.
struct Position: Sendable {
  /// The serial number of the tape; younger tapes have larger ones. 0 for no tape.
  let generation: UInt64
  /// The number of the recorder; −1 for no tape.
  let number: Int32
  var index: Int32 = -1

  /// Nowhere.
  init() {
    generation = 0
    number = -1
  }

  init(recorder number: Int32, generation: UInt64) {
    self.number = number
    self.generation = generation
  }

  /// The recorder, for a place that is somewhere.
  var recorder: UnsafeMutablePointer<Recorder> {
    @inline(__always) get { Recorder.at(number) }
  }

  /// Whether the tape still records.
  @inline(__always) var isAlive: Bool {
    generation != 0 && recorder.pointee.generation.load(ordering: .acquiring) == generation
  }

  /// Whether nothing is recorded below the tape.
  var isSealed: Bool { recorder.pointee.isSealed.load(ordering: .relaxed) }

  /// The place of node `index` on the same tape.
  func at(_ index: Int) -> Position {
    var position = self
    position.index = Int32(truncatingIfNeeded: index)
    return position
  }
}

/// The positions of a value on the tapes below its youngest, youngest first. As deep as gradients nest.
final class OuterPositions: Sendable {
  let position: Position
  let outer: OuterPositions?

  init(_ position: Position, _ outer: OuterPositions?) {
    self.position = position
    self.outer = outer
  }
}

extension Value {
  /// Steps down to the value one tape below.
  mutating func popTape() {
    position = outer?.position ?? Position()
    outer = outer?.outer
  }

  /// Steps down past tapes that are gone.
  mutating func popClosedTapes() {
    while position.generation != 0, !position.isAlive { popTape() }
  }

  /// The value as the tapes that are still there see it.
  var onLiveTapes: Value {
    var value = self
    value.popClosedTapes()
    return value
  }

  /// Records that the value is also node `index` of a tape younger than those it stands on.
  mutating func record(on position: Position) {
    if self.position.generation != 0 { outer = OuterPositions(self.position, outer) }
    self.position = position
  }

  /// The node on the tape of this generation, wherever in the stack of tapes it lies.
  func index(onTape generation: UInt64) -> Int? {
    if position.generation == generation { return Int(position.index) }
    var level = outer
    while let current = level {
      if current.position.generation == generation { return Int(current.position.index) }
      level = current.outer
    }
    return nil
  }

  /// Whether it depends on a variable of a tape that still records.
  var isVaried: Bool {
    var level = self
    while level.position.generation != 0 {
      let position = level.position
      if position.withState({ $0.nodes[Int(position.index)].isVaried }) == true { return true }
      level.popTape()
    }
    return false
  }

  /// Lets the tapes that record the value know that its numbers are read: what is computed from them has no derivative.
  func noteReading() {
    var level = self
    while level.position.generation != 0 {
      _ = level.position.withState { $0.wasRead = true }
      level.popTape()
    }
  }
}
