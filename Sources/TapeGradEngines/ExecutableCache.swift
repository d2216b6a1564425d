import TapeGradCore

// What is compiled for a call: one program for each combination of shapes, configuration and donated arguments. Training asks
// for the same one every time, and finds it at the front.

/// What decides which compiled program a call needs.
struct ExecutableKey {
  private(set) var buffers: [DeviceBuffer] = []
  /// Which buffers are given away.
  private(set) var donated: Set<Int> = []
  private var hasher = Hasher()

  /// What else than shapes the program may depend on.
  var configuration: Int { hasher.finalize() }

  mutating func append(_ argument: OnDevice<some TensorGroup>) {
    argument.outline.hashConfiguration(into: &hasher)
    if argument.isDonated { donated.formUnion(buffers.count..<buffers.count + argument.buffers.count) }
    buffers += argument.buffers
  }
}

/// A compiled program, and for what it was compiled.
final class ExecutableEntry<Output: Sendable>: Sendable {
  let executable: Executable
  let outline: ProgramOutline<Output>
  /// The results' shapes and types.
  let types: [(shape: Shape, scalarType: ScalarType)]
  /// The arguments without numbers: a hash may tell objects in them by their addresses, so they stay alive.
  private let arguments: [any Sendable]
  private let shapes: [Shape]
  private let donated: Set<Int>
  private let configuration: Int

  init(_ key: ExecutableKey, _ arguments: [any Sendable], _ outline: ProgramOutline<Output>, _ executable: Executable) {
    (self.executable, self.outline, self.arguments) = (executable, outline, arguments)
    (shapes, donated, configuration) = (key.buffers.map(\.shape), key.donated, key.configuration)
    types = outline.graph.results.map { (outline.graph.nodes[$0].shape, outline.graph.nodes[$0].scalarType) }
  }

  func fits(_ key: ExecutableKey) -> Bool {
    configuration == key.configuration && donated == key.donated && shapes == key.buffers.map(\.shape)
  }
}

/// The compiled programs of the latest calls, as `PlanCache` keeps plans.
final class ExecutableCache<Output: Sendable>: Sendable {
  private static var limit: Int { 16 }
  private let entries = Lock<[ExecutableEntry<Output>]>([])

  func entry(
    for key: ExecutableKey, make: () throws -> ExecutableEntry<Output>
  ) rethrows -> ExecutableEntry<Output> {
    let known = entries.withLock { entries in
      entries.firstIndex { $0.fits(key) }.map { position in
        entries.swapAt(0, position)
        return entries[0]
      }
    }
    if let known { return known }
    let entry = try make()
    // What is dropped ends outside the lock, since it may hold the user's objects.
    _ = entries.withLock { entries in
      entries.insert(entry, at: 0)
      return entries.count > Self.limit ? entries.removeLast() : nil
    }
    return entry
  }
}
