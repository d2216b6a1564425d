// What happens behind a tape. Of
//
//   let tape = Tape()                  opens recorder A as generation 7
//   let x = tape.variable(…)           node 0 of A;   x's position: (A, 7, 0)
//   let y = x * x                      node 1: multiply 0, 0;   y's position: (A, 7, 1)
//   the tape goes out of scope         A is closed: its nodes are freed, its generation is 0
//   y + 1                              y's position says 7, A says 0: y is a plain value, nothing is recorded
//   let other = Tape()                 opens A again, as generation 8: x and y still say 7
//
// A tensor outlives its tape without keeping it: three numbers say where it was recorded, and the generation says
// whether they still mean anything. Generations come from one counter and are never used twice. That a recorder is
// never freed makes the look safe at any time, from any thread; one that waits holds no nodes.

internal import Synchronization

/// The list behind a tape. Recorders are never freed: a closed one serves a later tape under a new generation, so
/// looking at a place whose tape is gone is safe, and costs one atomic load. One that waits holds no nodes.
struct Recorder: ~Copyable {
  /// What is recorded, behind the lock.
  struct State {
    var nodes = ContiguousArray<Node>()
    var names: [Int: NodeName] = [:]
    /// Runs of nodes with a name; inner ones before the outer ones that hold them.
    var scopes: [TapeScope] = []
    /// Where each node was recorded; nil where nobody asked for that.
    var callSites: [Int: CallSite]?
    /// The node whose rule records now, during a recorded reverse sweep.
    var origin: Int32 = -1
    /// Whether somebody asked for the numbers of a tensor recorded here.
    var wasRead = false
    /// Nodes of a traced function whose numbers it would have thrown without.
    var required: [Int] = []
    /// How many nodes to make room for: as many as the last tape here had.
    var expectedCount = 0
  }

  /// The serial number of the tape that records here; 0 while closed.
  let generation = Atomic<UInt64>(0)
  /// Whether what is recorded here stays here: the tape is an example's, whose operations do not happen on the tapes below.
  let isSealed = Atomic<Bool>(false)
  /// Nothing but short, non-recording work happens under this lock.
  let state = Lock(State())

  private struct Registry {
    /// How many tapes there have been.
    var generations: UInt64 = 0
    /// How many recorders there are, and for how many the table has room.
    var count = 0, capacity = 0
    /// The recorders that wait for a tape.
    var closed: [Int32] = []
  }
  private static let registry = Lock(Registry())

  /// The recorders by number. A table that is full is replaced by one of twice the length, and stays where it is, since
  /// somebody may be looking at it.
  ///
  /// (An atomic is there when the program starts; other static properties are looked up through a call each time. It is only
  /// written under the lock of the registry.)
  nonisolated(unsafe) private static let table = Atomic<UnsafeMutablePointer<UnsafeMutablePointer<Recorder>>?>(nil)

  /// The recorder of a number that was handed out.
  @inline(__always) static func at(_ number: Int32) -> UnsafeMutablePointer<Recorder> {
    table.load(ordering: .acquiring).unsafelyUnwrapped[Int(number)]
  }

  /// Makes another recorder, and gives its number.
  private static func make(_ registry: inout Registry) -> Int32 {
    let count = registry.count
    if count == registry.capacity {
      registry.capacity = max(64, 2 * count)
      let larger = UnsafeMutablePointer<UnsafeMutablePointer<Recorder>>.allocate(capacity: registry.capacity)
      if let table = table.load(ordering: .relaxed) { larger.initialize(from: table, count: count) }
      table.store(larger, ordering: .releasing)
    }
    let recorder = UnsafeMutablePointer<Recorder>.allocate(capacity: 1)
    recorder.initialize(to: Recorder())
    table.load(ordering: .relaxed).unsafelyUnwrapped.advanced(by: count).initialize(to: recorder)
    registry.count += 1
    return Int32(count)
  }

  /// Opens a tape, younger than every other.
  ///
  /// - Parameter isSealed: whether nothing is recorded below it. (What one example does is no computation of its own: its
  ///   replay on a batch is.)
  static func open(isSealed: Bool = false) -> Position {
    let position = registry.withLock { registry in
      registry.generations += 1
      let number = registry.closed.popLast() ?? make(&registry)
      return Position(recorder: number, generation: registry.generations)
    }
    // Room is made for a tape that is opened and not for a recorder that waits, of which there may be thousands.
    position.recorder.pointee.state.withLock { $0.nodes.reserveCapacity($0.expectedCount) }
    position.recorder.pointee.isSealed.store(isSealed, ordering: .relaxed)
    position.recorder.pointee.generation.store(position.generation, ordering: .releasing)
    return position
  }

  /// Closes a tape and hands out what it recorded. Its tensors fall back to the tapes below.
  @discardableResult static func close(_ position: Position) -> ContiguousArray<Node> {
    let nodes = position.recorder.pointee.state.withLock { state -> ContiguousArray<Node>? in
      guard position.isAlive else { return nil }
      position.recorder.pointee.generation.store(0, ordering: .releasing)
      let nodes = state.nodes
      state = State(expectedCount: min(nodes.count, 1000))
      return nodes
    }
    guard let nodes else { return [] }
    registry.withLock { $0.closed.append(position.number) }
    return nodes
  }
}

extension Recorder.State {
  /// Keeps the calls under way as the place of the last node, where that was asked for.
  @inline(__always) mutating func noteCallSite() {
    if callSites != nil { callSites?[nodes.count - 1] = .capture() }
  }
}

extension Position {
  /// Works on the tape's state; nil where the tape was closed in the meantime.
  @inline(__always) func withState<R: Sendable>(_ body: (inout Recorder.State) -> R) -> R? {
    let recorder = self.recorder
    return recorder.pointee.state.withLock { state in
      recorder.pointee.generation.load(ordering: .relaxed) == generation ? body(&state) : nil
    }
  }

  /// Records a leaf and returns the value as it stands on this tape.
  func leaf(_ value: Value, isVaried: Bool, named name: NodeName? = nil) -> Value {
    var leaf = value.onLiveTapes
    leaf.content = leaf.content.bare
    let node = Node(primitive: nil, value: leaf, isVaried: isVaried)
    let index = withState { state in
      state.nodes.append(node)
      if let name { state.names[state.nodes.count - 1] = name }
      state.noteCallSite()
      return state.nodes.count - 1
    }
    if let index { leaf.record(on: at(index)) }
    return leaf
  }

  /// Records the application of a primitive. Operands that do not stand on this tape become constants on it.
  ///
  /// For x * w, with x node 0 of this tape and w a plain tensor, two nodes are added: w as a constant leaf, then
  /// `multiply 0, 1`. The result is varied, so that a cotangent is worth computing, if an operand is.
  func record(_ primitive: any Primitive, _ operands: OperandPointers, value: borrowing Value) -> Int? {
    let isDifferentiable = type(of: primitive).isDifferentiable
    return withState { state in
      var indices = NodeList()
      var isVaried = false
      for operand in operands {
        if operand.pointee.position.generation == generation {
          let index = Int(operand.pointee.position.index)
          indices.append(index)
          isVaried = isVaried || state.nodes[index].isVaried
        } else {
          indices.append(state.nodes.count)
          state.nodes.append(Node(primitive: nil, value: operand.pointee, isVaried: false))
        }
      }
      state.nodes.append(
        Node(
          primitive: primitive, operands: indices, value: copy value,
          isVaried: isVaried && isDifferentiable, origin: state.origin))
      state.noteCallSite()
      return state.nodes.count - 1
    }
  }
}
