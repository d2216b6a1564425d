import Synchronization

/// The list behind a tape. Recorders are never freed: a closed one serves a later tape under a new generation, so
/// looking at a place whose tape is gone is safe, and costs one atomic load.
struct Recorder: ~Copyable {
  /// What is recorded, behind the lock.
  struct State {
    var nodes = ContiguousArray<Node>()
    var names: [Int: String] = [:]
    /// The node whose rule records now, during a recorded reverse sweep.
    var origin: Int32 = -1
  }

  /// The serial number of the tape that records here; 0 while closed.
  let generation = Atomic<UInt64>(0)
  /// Nothing but short, non-recording work happens under this lock.
  let state = Lock(State())

  private struct Registry {
    var closed: [Place] = []
    var generations: UInt64 = 0
  }
  private static let registry = Lock(Registry())

  /// Opens a tape, younger than every other.
  static func open() -> Place {
    let place = registry.withLock { registry in
      registry.generations += 1
      if let old = registry.closed.popLast() {
        return Place(recorder: old.recorder, generation: registry.generations)
      }
      let recorder = UnsafeMutablePointer<Recorder>.allocate(capacity: 1)
      recorder.initialize(to: Recorder())
      return Place(recorder: recorder, generation: registry.generations)
    }
    place.recorder.pointee.generation.store(place.generation, ordering: .releasing)
    return place
  }

  /// Closes a tape and hands out what it recorded. Its tensors fall back to the tapes below.
  @discardableResult static func close(_ place: Place) -> ContiguousArray<Node> {
    let nodes = place.recorder.pointee.state.withLock { state -> ContiguousArray<Node>? in
      guard place.isAlive else { return nil }
      place.recorder.pointee.generation.store(0, ordering: .releasing)
      let nodes = state.nodes
      state = State()
      state.nodes.reserveCapacity(min(nodes.count, 1000))  // the next tape is often as long
      return nodes
    }
    guard let nodes else { return [] }
    registry.withLock { $0.closed.append(place) }
    return nodes
  }
}

extension Place {
  /// Works on the tape's state; nil where the tape was closed in the meantime.
  @inline(__always) func withState<R: Sendable>(_ body: (inout Recorder.State) -> R) -> R? {
    recorder.pointee.state.withLock { state in
      recorder.pointee.generation.load(ordering: .relaxed) == generation ? body(&state) : nil
    }
  }

  /// Records a leaf and returns the value as it stands on this tape.
  func leaf(_ value: Value, isVaried: Bool, named name: String? = nil) -> Value {
    var leaf = value.settled
    leaf.content = leaf.content.withoutLogits
    let node = Node(primitive: nil, value: leaf, isVaried: isVaried)
    let index = withState { state in
      state.nodes.append(node)
      if let name { state.names[state.nodes.count - 1] = name }
      return state.nodes.count - 1
    }
    if let index { leaf.stand(on: at(index)) }
    return leaf
  }

  /// Records the application of a primitive. Operands that do not stand on this tape become constants on it.
  func record(_ primitive: any Primitive, _ operands: OperandPointers, value: borrowing Value) -> Int? {
    withState { state in
      var indices = NodeList()
      var isVaried = false
      for operand in operands {
        if operand.pointee.place.generation == generation {
          let index = Int(operand.pointee.place.index)
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
          isVaried: isVaried && type(of: primitive).isDifferentiable, origin: state.origin))
      return state.nodes.count - 1
    }
  }
}
