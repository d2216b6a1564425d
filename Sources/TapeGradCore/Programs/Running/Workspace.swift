// The memory of one run. For a plan with W, X, b (arguments), A (in the arena) and J (a result), on two threads:
//
//   memory    | A                | numbers | thread 0's blocks | thread 1's blocks |
//   pointers  W: the caller's  X: the caller's  b: the caller's  A: memory + 0  J: a storage of its own
//
// J's storage comes from a ring: where the caller has dropped an earlier result, its storage is written again, so that a
// steady replay allocates nothing.
//
//   call    the caller keeps    ring of J
//   1       J₁                  J₁
//   2       J₁, J₂              J₁ J₂
//   3       J₂, J₃              J₁ J₂      nobody holds J₁ any more: J₃ is written there

/// The memory of one run of a plan, kept for the next run.
///
/// `@unchecked Sendable`: a workspace belongs to one run at a time; the plan's program hands it out and takes it back
/// under a lock. Within a run, threads do shares of one instruction at a time, which write disjoint parts of it.
final class Workspace: @unchecked Sendable {
  let plan: Plan
  /// The first byte of every buffer.
  let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  /// Where each share of an instruction has its blocks and packed operands.
  private let scratch: UnsafeMutableRawPointer
  private let memory: UnsafeMutableRawPointer
  private let scratchStride: Int

  /// For each buffer the storage that holds its numbers in this run, where it is neither in the arena nor constant.
  private let current: UnsafeMutablePointer<ArrayStorage?>
  /// The buffers with storage of their own.
  private let rings: UnsafeMutableBufferPointer<Ring>
  private let ringOf: [BufferIndex: Int]
  /// The first error that a primitive threw in this run.
  private(set) var error: TensorError?
  /// How many shares of an instruction have a place here.
  let threads: Int
  /// The workspace of what is done before a loop.
  private let before: Workspace?

  /// Makes all memory that a run takes, but for results and arguments, and fills in what never changes: captured
  /// numbers, single numbers, places in the arena.
  init(_ plan: Plan, threads: Int) {
    self.plan = plan
    self.threads = threads
    before = plan.before.map { Workspace($0, threads: threads) }
    scratchStride = (plan.scratchBytes + 127) & ~127
    let arenaBytes = (plan.arenaBytes + 127) & ~127, numberBytes = 64 * plan.buffers.count
    memory = .allocate(byteCount: arenaBytes + numberBytes + threads * scratchStride, alignment: 128)
    scratch = memory + arenaBytes + numberBytes
    pointers = .allocate(capacity: plan.buffers.count)
    pointers.initialize(repeating: memory, count: plan.buffers.count)
    current = .allocate(capacity: plan.buffers.count)
    current.initialize(repeating: nil, count: plan.buffers.count)
    let owned = plan.buffers.indices.filter { plan.buffers[$0].home == .storage }.map { BufferIndex($0) }
    rings = .allocate(capacity: owned.count)
    _ = rings.initialize(from: owned.map { Ring(buffer: $0) })
    ringOf = Dictionary(uniqueKeysWithValues: owned.enumerated().map { ($1, $0) })
    for (index, buffer) in plan.buffers.enumerated() {
      switch buffer.home {
      case .arena(let offset): pointers[index] = memory + offset
      case .constant(let number): pointers[index] = plan.constants[number].bytes
      case .number(let number):
        pointers[index] = memory + arenaBytes + 64 * index
        Kernels.fill(number, buffer.scalarType, pointers[index], 1)
      case .input, .storage, .evaluated, .part: break
      }
    }
    for part in plan.parts { pointers[part.buffer] = pointers[part.whole] + part.start }
  }

  deinit {
    rings.deinitialize()
    rings.deallocate()
    current.deinitialize(count: plan.buffers.count)
    current.deallocate()
    pointers.deallocate()
    memory.deallocate()
  }

  /// The blocks and packed operands of a share of an instruction.
  func scratch(of share: Share) -> UnsafeMutableRawPointer { scratch + share.index * scratchStride }

  /// Carries out the plan so many times on these arguments.
  func run(_ inputs: UnsafeBufferPointer<Value>, rounds: Int) throws(TensorError) {
    try before?.run(inputs, rounds: 1)
    begin(inputs)
    Interpreter.run(self, rounds: rounds)
    if let error { throw error }
  }

  /// Carries out the plan of a step once for each row.
  func run(_ inputs: UnsafeBufferPointer<Value>, on rows: StepRows) throws(TensorError) {
    try before?.run(inputs, rounds: 1)
    begin(inputs)
    rows.begin(pointers)
    Interpreter.run(self, rounds: rows.count, on: rows)
    if let error { throw error }
  }

  /// Prepares for a run on these arguments.
  private func begin(_ inputs: UnsafeBufferPointer<Value>) {
    error = nil
    for index in rings.indices { keep(rings[index].next(plan), as: rings[index].buffer) }
    for (number, buffer) in plan.inputs.enumerated() {
      guard let buffer, plan.buffers[buffer].home == .input else { continue }
      if number >= inputs.count {
        if let result = before?.result(number - inputs.count) { keep(result, as: buffer) }
      } else if let storage = inputs[number].content.storage {
        keep(storage, as: buffer)
      }
    }
    for (number, buffer) in plan.loop.inPlace {
      guard let storage = inputs[number].content.storage else { continue }
      pointers[buffer].copyMemory(from: storage.bytes, byteCount: storage.byteCount)
    }
  }

  /// Whether there is anything to do between two rounds.
  var hasWorkBetweenRounds: Bool { !plan.loop.exchanged.isEmpty || !plan.loop.handedOut.isEmpty }

  /// Makes the state that a round computed the argument of the next, which writes to memory that nobody else holds.
  ///
  /// Of s ← W·s: round 1 reads the caller's s and writes B; round 2 reads B and writes C, which is new; round 3 reads C
  /// and writes B, which nobody holds any more. So two storages serve any number of rounds.
  func advance() {
    for (argument, result) in plan.loop.exchanged {
      guard let new = current[result] else { continue }
      keep(new, as: argument)
      renew(result)
    }
    for buffer in plan.loop.handedOut { renew(buffer) }
  }

  /// Gives a buffer storage that nobody holds; none where a primitive will bring it.
  private func renew(_ buffer: BufferIndex) {
    current[buffer] = nil
    if let ring = ringOf[buffer] { keep(rings[ring].next(plan), as: buffer) }
  }

  /// Lets go of what the run held for others.
  func end() {
    before?.end()
    for index in 0..<plan.buffers.count { current[index] = nil }
  }

  /// A buffer's numbers in this run.
  private func keep(_ storage: ArrayStorage, as buffer: BufferIndex) {
    pointers[buffer] = storage.bytes
    current[buffer] = storage
    for part in plan.parts where part.whole == buffer { pointers[part.buffer] = storage.bytes + part.start }
  }

  /// Evaluates a primitive, and keeps what it hands out.
  func evaluate(_ index: TypedIndex<OpaqueCall>) {
    let call = plan.opaqueCalls[index]
    let operands = call.operands.map { Value(content: .array(storage($0.buffer, as: $0.shape))) }
    let result = withOperands(operands) { TapeGradCore.evaluate(call.primitive, $0) }
    if let error = result.content.error { self.error = error }
    if let storage = result.content.storage { keep(storage, as: call.y) }
  }

  /// A result of the run.
  func result(_ index: Int) -> ArrayStorage { storage(plan.results[index].buffer, as: plan.results[index].shape) }

  /// A buffer's storage, read in a shape.
  private func storage(_ buffer: BufferIndex, as shape: Shape) -> ArrayStorage {
    let storage: ArrayStorage
    switch plan.buffers[buffer].home {
    case .constant(let number): storage = plan.constants[number]
    case .part(let whole, let start):
      return ArrayStorage(reading: self.storage(whole, as: plan.buffers[whole].shape), from: start, as: shape)
    default: storage = current[buffer].unsafelyUnwrapped  // set by `begin`, or by the primitive that computes it
    }
    return storage.shape == shape ? storage : ArrayStorage(reading: storage, as: shape)
  }
}

/// All storages that were made for one buffer. One that nobody else holds any more is used again.
private struct Ring {
  let buffer: BufferIndex
  private var storages: [ArrayStorage] = []

  /// More than this many are not kept: whoever holds on to more results of one kind is not replaying in a loop.
  private static let limit = 4

  init(buffer: BufferIndex) { self.buffer = buffer }

  /// A storage to write to.
  mutating func next(_ plan: Plan) -> ArrayStorage {
    for index in storages.indices where isKnownUniquelyReferenced(&storages[index]) { return storages[index] }
    let storage = ArrayStorage(shape: plan.buffers[buffer].shape, scalarType: plan.buffers[buffer].scalarType)
    if storages.count == Ring.limit { storages.removeFirst() }
    storages.append(storage)
    return storage
  }
}

extension UnsafeMutablePointer {
  /// What belongs to a buffer, in a list with an entry for each.
  subscript(buffer: BufferIndex) -> Pointee {
    get { self[buffer.position] }
    nonmutating set { self[buffer.position] = newValue }
  }
}
