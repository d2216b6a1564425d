/// The arguments of a call, laid out as values without an allocation where there are not too many.
struct InputList: ~Copyable {
  private var memory: UnsafeMutableBufferPointer<Value>
  /// Whether the list outgrew the memory that was lent.
  private var ownsMemory = false
  private var count = 0
  private var hasher = Hasher()
  /// Whether all arguments are numbers that no tape records.
  private(set) var arePlain = true
  /// The error of the first failed argument.
  private(set) var error: TensorError?

  init(_ memory: UnsafeMutableBufferPointer<Value>) { self.memory = memory }

  /// The arguments so far.
  var values: UnsafeBufferPointer<Value> { UnsafeBufferPointer(rebasing: memory[..<count]) }

  /// What else than shapes the function may depend on.
  var configuration: Int { hasher.finalize() }

  mutating func append(_ group: some TensorGroup) {
    group.hashConfiguration(into: &hasher)
    var copy = group
    copy.visitTensors { append($1.value) }
  }

  private mutating func append(_ value: Value) {
    if error == nil { error = value.content.error }
    if value.content.storage == nil || value.settled.place.generation != 0 { arePlain = false }
    if count == memory.count { grow() }
    (memory.baseAddress.unsafelyUnwrapped + count).initialize(to: value)
    count += 1
  }

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
