/// The memory of one run of a plan, kept for the next run.
///
/// `@unchecked Sendable`: a workspace belongs to one run at a time; the plan's program hands it out and takes it back
/// under a lock. Within a run, threads write disjoint parts of it between barriers.
final class Workspace: @unchecked Sendable {
  let plan: Plan
  /// The first byte of every buffer.
  let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>
  /// Where each thread has its blocks and packed operands.
  private let scratch: UnsafeMutableRawPointer
  private let memory: UnsafeMutableRawPointer
  private let scratchStride: Int

  /// For each buffer with storage of its own: all that were made for it. One that nobody else holds any more is used
  /// again.
  private var rings: [[ArrayStorage]]
  /// For each such buffer the storage of this run.
  private var current: [ArrayStorage?]
  /// The buffers with storage of their own.
  private let owned: [Int]
  /// The first error that a primitive threw in this run.
  var error: TensorError?

  /// More than this many results of one kind are not kept: whoever holds on to more of them is not replaying in a loop.
  private static let longestRing = 4

  init(_ plan: Plan, threads: Int) {
    self.plan = plan
    scratchStride = (plan.scratchBytes + 127) & ~127
    let arenaBytes = (plan.arenaBytes + 127) & ~127, numberBytes = 64 * plan.buffers.count
    memory = .allocate(byteCount: arenaBytes + numberBytes + threads * scratchStride, alignment: 128)
    scratch = memory + arenaBytes + numberBytes
    pointers = .allocate(capacity: plan.buffers.count)
    pointers.initialize(repeating: memory, count: plan.buffers.count)
    rings = Array(repeating: [], count: plan.buffers.count)
    current = Array(repeating: nil, count: plan.buffers.count)
    owned = plan.buffers.indices.filter { plan.buffers[$0].home == .storage }
    for (index, buffer) in plan.buffers.enumerated() {
      switch buffer.home {
      case .arena(let offset): pointers[index] = memory + offset
      case .constant(let number): pointers[index] = plan.constants[number].bytes
      case .number(let number):
        pointers[index] = memory + arenaBytes + 64 * index
        Kernels.fill(number, buffer.scalarType, pointers[index], 1)
      case .input, .storage, .evaluated: break
      }
    }
  }

  deinit {
    pointers.deallocate()
    memory.deallocate()
  }

  /// The blocks and packed operands of thread `index`.
  func scratch(ofThread index: Int) -> UnsafeMutableRawPointer { scratch + index * scratchStride }

  /// Prepares for a run on these arguments.
  func begin(_ inputs: UnsafeBufferPointer<Value>) {
    error = nil
    for (index, buffer) in plan.buffers.enumerated() {
      guard case .input(let number) = buffer.home, let storage = inputs[number].content.storage else { continue }
      current[index] = storage
      pointers[index] = storage.bytes
    }
    for index in owned {
      let storage = reusable(index)
      current[index] = storage
      pointers[index] = storage.bytes
    }
  }

  private func reusable(_ index: Int) -> ArrayStorage {
    for position in rings[index].indices where isKnownUniquelyReferenced(&rings[index][position]) {
      return rings[index][position]
    }
    let buffer = plan.buffers[index]
    let storage = ArrayStorage(shape: buffer.shape, scalarType: buffer.scalarType)
    if rings[index].count == Workspace.longestRing { rings[index].removeFirst() }
    rings[index].append(storage)
    return storage
  }

  /// Lets go of what the run held for others.
  func end() {
    for index in current.indices { current[index] = nil }
  }

  /// Keeps what a primitive's evaluation handed out.
  func keep(_ storage: ArrayStorage, as buffer: Int) {
    current[buffer] = storage
    pointers[buffer] = storage.bytes
  }

  /// A buffer's storage, read in a shape.
  func storage(_ buffer: Int, as shape: Shape) -> ArrayStorage {
    let storage =
      switch plan.buffers[buffer].home {
      case .constant(let number): plan.constants[number]
      default: current[buffer].unsafelyUnwrapped
      }
    return storage.shape == shape ? storage : ArrayStorage(reading: storage, as: shape)
  }
}
