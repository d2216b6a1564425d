// One program serves any shapes, with a plan for each. The last batch of an epoch, which is smaller, gets a plan of its
// own once:
//
//   step(net, x, y)    x (3, 50)     traced and planned                   plans: (3, 50)
//   step(net, x, y)    x (3, 50)     found                                plans: (3, 50)
//   step(net, x, y)    x (3, 20)     traced and planned                   plans: (3, 20), (3, 50)
//   step(net, x, y)    x (3, 50)     found second, moved to the front     plans: (3, 50), (3, 20)
//
// Shapes are compared, and a hash of what else the arguments store (an activation, a flag). Where a closure is stored,
// which cannot be compared, the hash is new each time, and so is the plan.
//
// A plan never changes; a run needs memory, a workspace. Workspaces that nobody uses wait beside their plan: two
// threads that call a program at the same time have one each, and a loop on one thread uses the same one for ever.

/// The plans of a program, by the shapes and configuration of its arguments; the latest used ones.
final class PlanCache<Output: Sendable>: Sendable {
  /// How many plans a program keeps.
  private static var limit: Int { 16 }
  private let entries = Lock<[PlanEntry<Output>]>([])

  /// The plan for arguments like `inputs`; made by `prepare` where there is none yet.
  func entry(
    for inputs: borrowing InputList, prepare: () throws -> PlanEntry<Output>
  ) rethrows -> PlanEntry<Output> {
    if let entry = known(inputs) { return entry }
    let entry = try prepare()
    // What is dropped ends outside the lock, since it may hold the user's objects.
    _ = entries.withLock { entries in
      entries.insert(entry, at: 0)
      return entries.count > Self.limit ? entries.removeLast() : nil
    }
    return entry
  }

  /// The plan for arguments like these, moved to the front; nil where there is none.
  private func known(_ inputs: borrowing InputList) -> PlanEntry<Output>? {
    let (values, configuration) = (inputs.values, inputs.configuration)
    return entries.withLock { entries in
      // A plain loop: in code that is generic over the results, `firstIndex(where:)` allocates.
      for position in 0..<entries.count where entries[position].fits(values, configuration) {
        if position > 0 { entries.swapAt(0, position) }
        return entries[0]
      }
      return nil
    }
  }

  /// The plan that was used last.
  var latest: PlanEntry<Output>? { entries.withLock { $0.first } }
}

/// A plan, for what it was made, and the workspaces of its runs.
final class PlanEntry<Output: Sendable>: Sendable {
  let plan: Plan
  /// What the function returned while it was traced: the results' structure.
  let template: Output
  /// The arguments without their numbers. A hash tells objects in them by their addresses, so they must stay alive: else
  /// another object, at the same address, would be taken for one of them.
  private let arguments: [any Sendable]
  private let shapes: [Shape]
  private let configuration: Int
  private let idle = Lock<[Workspace]>([])

  init(_ inputs: borrowing InputList, _ arguments: [any Sendable], _ plan: Plan, _ template: Output) {
    self.plan = plan
    self.template = template
    self.arguments = arguments
    shapes = inputs.values.map(\.shape)
    configuration = inputs.configuration
  }

  /// Whether the plan was made for such shapes and such a configuration.
  func fits(_ values: UnsafeBufferPointer<Value>, _ configuration: Int) -> Bool {
    guard self.configuration == configuration, shapes.count == values.count else { return false }
    for index in shapes.indices where shapes[index] != values[index].shape { return false }
    return true
  }

  /// Runs the plan for so many rounds, and hands the results to `body`.
  func run(
    _ inputs: UnsafeBufferPointer<Value>, rounds: Int, _ body: (inout ValueCursor) -> Output
  ) throws(TensorError) -> Output {
    let threads = min(max(plan.threads, plan.before?.threads ?? 1), threadCount)
    let workspace =
      idle.withLock { $0.popLast() }.flatMap { $0.threads >= threads ? $0 : nil }
      ?? Workspace(plan, threads: threads)
    defer {
      workspace.end()
      idle.withLock { $0.append(workspace) }
    }
    try workspace.run(inputs, rounds: rounds)
    var cursor = ValueCursor(workspace)
    return body(&cursor)
  }
}

/// Hands out a run's results one after the other.
struct ValueCursor {
  private enum Source {
    case run(Workspace)
    /// What another engine computed.
    case arrays([ArrayStorage])
  }

  private let source: Source
  private var next = 0

  init(_ workspace: Workspace) { source = .run(workspace) }
  init(_ arrays: [ArrayStorage]) { source = .arrays(arrays) }

  /// The next result.
  mutating func value() -> Value {
    defer { next += 1 }
    switch source {
    case .run(let workspace): return Value(content: .array(workspace.result(next)))
    case .arrays(let arrays): return Value(content: .array(arrays[next]))
    }
  }
}

extension TensorGroup {
  /// The group with its tensors replaced by the next results, in visiting order.
  func taking(_ cursor: inout ValueCursor) -> Self {
    mapTensors { _ in Tensor<Scalar>(cursor.value()) }
  }
}
