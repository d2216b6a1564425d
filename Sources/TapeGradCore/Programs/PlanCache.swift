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
    entries.withLock { entries in
      entries.insert(entry, at: 0)
      if entries.count > Self.limit { entries.removeLast() }
    }
    return entry
  }

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
  private let shapes: [Shape]
  private let configuration: Int
  private let idle = Lock<[Workspace]>([])

  init(_ inputs: borrowing InputList, _ plan: Plan, _ template: Output) {
    self.plan = plan
    self.template = template
    shapes = inputs.values.map(\.shape)
    configuration = inputs.configuration
  }

  func fits(_ values: UnsafeBufferPointer<Value>, _ configuration: Int) -> Bool {
    guard self.configuration == configuration, shapes.count == values.count else { return false }
    for index in shapes.indices where shapes[index] != values[index].shape { return false }
    return true
  }

  /// Runs the plan so many times, and hands the results to `body`.
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
  private let workspace: Workspace
  private var next = 0

  init(_ workspace: Workspace) { self.workspace = workspace }

  mutating func value() -> Value {
    defer { next += 1 }
    return Value(content: .array(workspace.result(next)))
  }
}

extension TensorGroup {
  /// The group with its tensors replaced by the next results, in visiting order.
  func taking(_ cursor: inout ValueCursor) -> Self {
    mapTensors { _ in Tensor<Scalar>(cursor.value()) }
  }
}
