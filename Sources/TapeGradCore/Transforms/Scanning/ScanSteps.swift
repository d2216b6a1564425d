// A scan is three things. Of the step (s, x) → (s′ = tanh(W·s + U·x + b), y = V·s′), the trace of which is
//
//   0 s   1 x   2 W·s   3 U·x   4 (2 + 3)   5 b   6 (4 + b)   7 tanh 6   8 V·7          states: 7    outputs: 8
//
//   before     what no state reaches: U·x, for all steps at once                 (T, n): one product for all steps
//   loop       what the next state needs: W·s, the sums, tanh                    step by step
//   behind     what is left: V·s′, for all steps at once, from all the states    (T, k): one product again
//
// Before and behind are replays on a batch, whose examples are the steps. The loop is a primitive with one body, however
// many steps there are. Nothing is kept of a step but its states: what else somebody needs of it, is computed from these
// for all steps at once, which is faster than storing it step by step.

/// Runs a step on states and on the rows of inputs, from the first row to the last, or back.
///
/// - Parameters:
///   - isRule: whether the step is a derivative's, whose values nobody requires.
///   - step: gives the next states, the outputs of the step, and what is wanted as its sum over all steps.
/// - Returns: the last states, the outputs of all steps along a new first axis, and the sums.
func scanned(
  _ states: [Value], over inputs: [Value], count: Int, isReversed: Bool, isRule: Bool = false,
  step: ([Value], [Value]) throws -> (states: [Value], outputs: [Value], sums: [Value])
) throws -> (states: [Value], outputs: [Value], sums: [Value]) {
  // A state that depends on no variable at the beginning may depend on one after a step: all or none are varied.
  let isVaried = (states + inputs).contains { $0.isVaried }
  let arguments =
    states.map { (shape: $0.shape, type: $0.scalarType ?? .double, isVaried: isVaried) }
    + inputs.map { (Shape($0.shape.dimensions.dropFirst()), $0.scalarType ?? .double, $0.isVaried) }
  var sums = 0
  let trace = try Trace(ofExample: arguments) { x in
    let results = try step(Array(x.prefix(states.count)), Array(x.dropFirst(states.count)))
    sums = results.sums.count
    return results.states + results.outputs + results.sums
  }
  var values = [BatchedValue?](repeating: nil, count: trace.nodes.count)
  for (number, input) in inputs.enumerated() {
    values[states.count + number] = BatchedValue(value: input, isBatched: true)
  }
  var last = states
  if !states.isEmpty {
    let result = trace.loop(from: states, on: &values, count: count, isReversed)
    if let error = result.content.error { throw error }
    func rows(_ part: StateRows.Part) -> [Value] {
      result.stateRows(part, of: states.map(\.shape), count: count, isReversed: isReversed)
    }
    // The trace's argument s is the state before each step, for all steps at once, from which the rest is replayed.
    for (number, before) in rows(.before).enumerated() {
      values[number] = BatchedValue(value: before, isBatched: true)
    }
    for (number, after) in rows(.after).enumerated() {
      guard let index = trace.results[number].index, values[index] == nil else { continue }
      values[index] = BatchedValue(value: after, isBatched: true)
    }
    last = rows(.last)
  }
  if !isRule {
    for index in trace.required {
      trace.replay([index], on: &values, count: count)
      trace.operand(index, values).value.require()
    }
  }
  // What is left of the step, outputs and sums, for all steps at once: the steps are the examples of a batch.
  let others = trace.batchedResults(
    states.count..<trace.results.count, on: &values, count: count,
    summing: (states.count..<trace.results.count).map { $0 >= trace.results.count - sums })
  let outputs = others.dropLast(sums).map { $0.repeated(count) }
  for value in last + outputs { if let error = value.content.error { throw error } }
  return (last, outputs, others.suffix(sums).map(\.value))
}

extension Trace {
  /// Of a step, what its next states need, as a loop, whose result holds all states. What no state reaches is replayed on all
  /// steps before, and put into `values`.
  fileprivate func loop(
    from states: [Value], on values: inout [BatchedValue?], count: Int, _ isReversed: Bool
  ) -> Value {
    // Three kinds of nodes are read by the loop and not computed in it: rows, one for each step; values that stay the same; and
    // numbers that no tape knows, which are copied into the loop's own trace.
    let isInLoop = neededStepByStep(states.count)
    // In the loop's trace, the arguments come first: states, rows, and what is the same in every step.
    var rows: [Int] = [], constants: [Int] = [], known: [ValueIdentity: Int] = [:], same: [Int: Int] = [:]
    for index in edges(of: isInLoop, states.count) {
      replay([index], on: &values, count: count)
      let value = operand(index, values)
      if value.isBatched {
        rows.append(index)
      } else if value.value.isPlain {
        continue
      } else {
        // A captured tensor is a leaf wherever it is used.
        let identity = ValueIdentity(value.value)
        if let first = known[identity] {
          same[index] = first
        } else {
          known[identity] = index
          constants.append(index)
        }
      }
    }
    // `moved` is where a node of the step's trace lies in the loop's trace `parts`.
    var moved: [Int: Int] = [:], parts = ContiguousArray<Node>()
    for index in Array(states.indices) + rows + constants {
      moved[index] = parts.count
      let value = index < states.count ? states[index] : operand(index, values).value
      let shape = rows.contains(index) ? Shape(value.shape.dimensions.dropFirst()) : value.shape
      parts.append(Node(primitive: nil, value: Value(traced: shape, value.scalarType ?? .double), isVaried: false))
    }
    // A next state that is a captured tensor, which the trace does not hold.
    let captured = results.prefix(states.count).filter { $0.index == nil && !$0.value.isPlain }.map(\.value)
    let firstCaptured = parts.count
    for value in captured {
      parts.append(
        Node(primitive: nil, value: Value(traced: value.shape, value.scalarType ?? .double), isVaried: false))
    }
    func place(_ index: Int) -> Int {
      if let place = moved[same[index] ?? index] { return place }
      // Numbers: a leaf of the loop's own.
      let place = parts.count
      parts.append(Node(primitive: nil, value: operand(index, values).value.detached, isVaried: false))
      moved[index] = place
      return place
    }
    let arguments = parts.count
    // In the old order, so operands are moved before what uses them.
    for index in nodes.indices where isInLoop[index] && index >= states.count {
      var node = nodes[index], operands = NodeList()
      for operand in node.operands { operands.append(place(operand)) }
      node.operands = operands
      node.value = Value(traced: node.value.shape, node.value.scalarType ?? .double)
      moved[index] = parts.count
      parts.append(node)
    }
    var nextCaptured = firstCaptured
    let next = results.prefix(states.count).map { result -> (index: Int?, value: Value) in
      if let index = result.index { return (place(index), nodes[index].value) }
      if result.value.isPlain { return (nil, result.value.detached) }
      defer { nextCaptured += 1 }
      return (nextCaptured, parts[nextCaptured].value)
    }
    // The loop's own trace: its arguments, then the nodes that go step by step.
    let body = LoopBody(
      Trace(nodes: parts, inputCount: arguments, results: next), states: states.count, stacked: rows.count)
    let operands = states + (rows + constants).map { operand($0, values).value } + captured
    let loop = Loop(body: body, count: count, isReversed: isReversed, isVaried: operands.map(\.isVaried))
    return apply(loop, operands)
  }

  /// Which nodes the next states need that depend on a state.
  private func neededStepByStep(_ states: Int) -> [Bool] {
    // Forward: what a state reaches. Backward: what the next states need of it. The loop is where both hold.
    var dependsOnState = [Bool](repeating: false, count: nodes.count)
    for index in nodes.indices {
      dependsOnState[index] = index < states || nodes[index].operands.contains { dependsOnState[$0] }
    }
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for result in results.prefix(states) { if let index = result.index { isNeeded[index] = true } }
    for index in nodes.indices.reversed() where isNeeded[index] && dependsOnState[index] {
      for operand in nodes[index].operands { isNeeded[operand] = true }
    }
    return nodes.indices.map { isNeeded[$0] && dependsOnState[$0] }
  }

  /// What the loop reads and does not compute, in order.
  private func edges(of isInLoop: [Bool], _ states: Int) -> [Int] {
    // Operands of nodes in the loop that are not in it; and results that are none of its nodes, such as a state that is a row.
    var edges: Set<Int> = []
    for index in nodes.indices where isInLoop[index] {
      for operand in nodes[index].operands where !isInLoop[operand] && operand >= states { edges.insert(operand) }
    }
    for result in results.prefix(states) {
      if let index = result.index, !isInLoop[index], index >= states { edges.insert(index) }
    }
    return edges.sorted()
  }
}

/// What tells a captured value from others: its contents, and where it stands.
private struct ValueIdentity: Hashable {
  private let object: ObjectIdentifier?
  private let generation: UInt64
  private let index: Int32

  init(_ value: Value) {
    object =
      switch value.content {
      case .array(let storage): ObjectIdentifier(storage)
      case .traced(let output): ObjectIdentifier(output)
      case .sigmoid(let output): ObjectIdentifier(output)
      case .masked(let output): ObjectIdentifier(output)
      case .failed, .parts, .released: nil
      }
    (generation, index) = (value.position.generation, value.position.index)
  }
}

extension Value {
  /// Whether it is numbers and nothing else, which no tape records.
  var isPlain: Bool { content.storage != nil && onLiveTapes.position.generation == 0 }
}
