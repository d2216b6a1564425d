// What a call brings, flat. Of step(network, x, rate), where a network has W1 and b1 and an activation:
//
//   values           W1, b1, x, rate            in visiting order; each group says its own
//   configuration    hash of the activation     what else the function may depend on
//   areDetached      all four are plain numbers, so a plan may run
//
// The kernels of a small program take less than a microsecond, so this must not allocate: 24 values lie on the stack,
// and only more than that move to memory of their own.

/// The arguments of a call, laid out as values without an allocation where there are not too many.
struct InputList: ~Copyable {
  private var memory: UnsafeMutableBufferPointer<Value>
  /// Whether the list outgrew the memory that was lent.
  private var ownsMemory = false
  private var count = 0
  private var hasher = Hasher()
  /// Whether all arguments are numbers that no tape records.
  private(set) var areDetached = true
  /// The error of the first failed argument.
  private(set) var error: TensorError?

  init(_ memory: UnsafeMutableBufferPointer<Value>) { self.memory = memory }

  /// The arguments so far.
  var values: UnsafeBufferPointer<Value> { UnsafeBufferPointer(rebasing: memory[..<count]) }

  /// What else than shapes the function may depend on.
  var configuration: Int { hasher.finalize() }

  /// Adds a group: its tensors, and what it stores beside them.
  mutating func append(_ group: some TensorGroup) {
    group.hashConfiguration(into: &hasher)
    var copy = group
    copy.visitTensors { append($1.value) }
  }

  /// Adds a value, and notes what forbids a plan: an error, no numbers (a traced value), a tape that records it.
  private mutating func append(_ value: Value) {
    if error == nil { error = value.content.error }
    if value.content.storage == nil || value.onLiveTapes.position.generation != 0 { areDetached = false }
    if count == memory.count { grow() }
    (memory.baseAddress.unsafelyUnwrapped + count).initialize(to: value)
    count += 1
  }

  /// Moves the values to twice the room.
  private mutating func grow() {
    let larger = UnsafeMutableBufferPointer<Value>.allocate(capacity: 2 * memory.count)
    _ = larger.moveInitialize(fromContentsOf: memory[..<count])
    if ownsMemory { memory.deallocate() }
    memory = larger
    ownsMemory = true
  }

  /// Lets go of the arguments.
  mutating func clear() {
    memory[..<count].deinitialize()
    count = 0
    if ownsMemory { memory.deallocate() }
  }
}
