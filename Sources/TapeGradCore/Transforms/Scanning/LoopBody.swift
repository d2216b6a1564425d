// For s ← tanh(W·s + u) over 4,096 steps, the trace has the arguments s, u, W and three nodes. Planned, it is a workspace with
// buffers for s, u and the result. A step then sets pointers, and runs three instructions:
//
//   step t     s: row t of the loop's result     u: row t of the stacked argument     next s: row t + 1 of the result
//
// The states are written where the loop's result wants them, and read there by the next step: nothing is copied.

/// What one step of a loop does: a trace, planned once however many steps there are, and run as often as asked.
final class LoopBody: Sendable {
  /// Takes the states, a row of each stacked argument, and what is the same in every step. Its results are the next states.
  let trace: Trace
  /// How many states there are, and how many arguments with a row for each step.
  let states: Int
  let stacked: Int
  /// The plan, and workspaces that nobody uses: a loop may run on several threads at once, each in a workspace of its own.
  private let cache = Lock(Cache())

  private struct Cache {
    var plan: Plan?
    var idle: [Workspace] = []
  }

  init(_ trace: Trace, states: Int, stacked: Int) {
    (self.trace, self.states, self.stacked) = (trace, states, stacked)
  }

  /// The next states, from values of all arguments.
  func callAsFunction(_ arguments: [Value]) -> [Value] {
    var values = arguments
    for node in trace.nodes.dropFirst(arguments.count) {
      values.append(node.primitive.map { apply($0, node.operands.map { values[$0] }) } ?? node.value)
    }
    return trace.results.map { result in result.index.map { values[$0] } ?? result.value }
  }

  /// All steps: the states before the first and after each, in a block of rows for each state.
  func run(_ arguments: [Value], count: Int, isReversed: Bool, into rows: ArrayStorage) throws(TensorError) {
    // Where each state's block is, and what it begins with.
    var offset = 0
    let blocks = (0..<states).map { number in
      let rowBytes = arguments[number].shape.count * rows.scalarType.byteCount
      defer { offset += (count + 1) * rowBytes }
      let block = StepRows.Block(bytes: rows.bytes + offset, rowBytes: rowBytes, count: count, isReversed: isReversed)
      if let first = arguments[number].content.storage {
        block[before: 0].copyMemory(from: first.bytes, byteCount: rowBytes)
      }
      return block
    }
    if count == 0 { return }
    // A primitive without kernels' words cannot be planned into instructions.
    let plan = self.plan
    if !plan.opaqueCalls.isEmpty || plan.before?.opaqueCalls.isEmpty == false {
      return try runPrimitives(arguments, count, isReversed, into: blocks)
    }
    let threads = min(
      max(plan.threads, plan.before?.threads ?? 1, plan.elementwiseRound?.threads(rounds: count) ?? 1), threadCount)
    let workspace =
      cache.withLock { $0.idle.popLast() }.flatMap { $0.threads >= threads ? $0 : nil }
      ?? Workspace(plan, threads: threads)
    let states = blocks.enumerated().map { number, block in
      StepRows.State(argument: plan.inputs[number], result: plan.results[number].buffer, block: block)
    }
    let stacked = (self.states..<self.states + self.stacked).compactMap { number in
      plan.inputs[number].map { buffer in
        let type = arguments[number].scalarType ?? rows.scalarType
        return StepRows.Argument(
          buffer: buffer, rowBytes: arguments[number].shape.count / count * type.byteCount)
      }
    }
    let result: Result<Void, TensorError> = states.withUnsafeBufferPointer { states in
      stacked.withUnsafeBufferPointer { stacked in
        arguments.withUnsafeBufferPointer { arguments in
          let stepRows = StepRows(
            states: states, arguments: stacked, count: count, isReversed: isReversed)
          do throws(TensorError) { return .success(try workspace.run(arguments, on: stepRows)) } catch {
            return .failure(error)
          }
        }
      }
    }
    // Back to the idle ones whatever happened, without the values that it was lent.
    workspace.end()
    cache.withLock { $0.idle.append(workspace) }
    try result.get()
  }

  /// The plan of one step, made at the first run.
  private var plan: Plan {
    cache.withLock { cache in
      if let plan = cache.plan { return plan }
      let plan = Plan(
        OptimizedGraph(
          step: trace.lowered, arguments: trace.inputCount, states: states, changing: states + stacked))
      cache.plan = plan
      return plan
    }
  }

  /// All steps where primitives evaluate on arrays: as outside programs, one operation after the other.
  private func runPrimitives(
    _ arguments: [Value], _ count: Int, _ isReversed: Bool, into blocks: [StepRows.Block]
  ) throws(TensorError) {
    var values = arguments
    // The same order of operations as in a plan, so the same bits.
    for step in 0..<count {
      let row = isReversed ? count - 1 - step : step
      for number in states..<states + stacked { values[number] = arguments[number].example(row) }
      for (number, state) in self(values).enumerated() {
        if let error = state.content.error { throw error }
        values[number] = state.detached
        guard let storage = state.content.storage else { continue }
        blocks[number][before: step + 1].copyMemory(from: storage.bytes, byteCount: storage.byteCount)
      }
    }
  }
}
