// Loops with a state. A recurrence over a sequence of T rows could be written with Swift's own `for`: the tape would have T
// times the nodes of a step, and so would a program. `scan` has one step, whatever T is:
//
//   for t in 0..<T { s = tanh(W·s + x[t]) }                     4 T nodes
//   scan(over: x, from: s) { s, x in tanh(matmul(W, s) + x) }   a handful
//
// How it is computed, and differentiated, stands in Scanning/.

/// Runs a step over the rows of sequences, with a state that goes from each step to the next.
/// ```swift
/// let (last, outputs) = try scan(over: sequence, from: state) { state, x in (cell(state, x), readout(state)) }
/// ```
/// In formulas: `(s_t, y_t) = step(s_{t−1}, x_t)` for t = 1 … T, with results `s_T` and all `y_t` along a new first axis. The
/// values are those of the loop written out, bit by bit; derivatives pass to any order, by the state, by the sequences, and by
/// what the step captures. Of a derivative, what is a sum over the steps is added in another order than a loop's.
///
/// The step is traced once, so it cannot branch on numbers; a program holds it once, whatever the number of steps.
/// Without any, the results are the state and empty outputs. Where elements of a step were not used, that is known within
/// the step; from one step to the next a cotangent of 0 is a number like any other.
///
/// - Parameters:
///   - sequence: tensors with a row for each step along their first axis.
///   - state: what the first step gets.
///   - reversed: whether the last row comes first. Outputs stand beside the rows they belong to.
///   - step: what is done with the state and one row of each sequence: the next state, and outputs.
/// - Throws: what `step` throws; the `TensorError` of an operation that does not fit, of sequences that differ in their
///   lengths, or of a next state that has other shapes than the state, or stores something else beside its tensors.
@_disfavoredOverload
public func scan<Input: TensorGroup, State: TensorGroup, Output: TensorGroup>(
  over sequence: Input, from state: State, reversed: Bool = false,
  step: (State, Input) throws -> (State, Output)
) throws -> (last: State, outputs: Output) {
  try scanned(sequence, from: state, count: nil, reversed, step)
}

// For tensors the parameter types of the closure are known before its body is solved, as for gradients.

/// Runs a step over the rows of one tensor, with one as the state; see ``scan(over:from:reversed:step:)-48r41``.
public func scan<S, X, Y>(
  over sequence: Tensor<X>, from state: Tensor<S>, reversed: Bool = false,
  step: (Tensor<S>, Tensor<X>) throws -> (Tensor<S>, Tensor<Y>)
) throws -> (last: Tensor<S>, outputs: Tensor<Y>) {
  try scanned(sequence, from: state, count: nil, reversed, step)
}

/// Runs a step over the rows of one tensor for the sake of the last state, a tensor.
public func scan<S, X>(
  over sequence: Tensor<X>, from state: Tensor<S>, reversed: Bool = false,
  step: (Tensor<S>, Tensor<X>) throws -> Tensor<S>
) throws -> Tensor<S> {
  try scanned(sequence, from: state, count: nil, reversed) {
    (state: Tensor<S>, row: Tensor<X>) throws -> (Tensor<S>, [Tensor<S>]) in (try step(state, row), [])
  }.last
}

/// Takes a step so many times, with a tensor as the state; see ``scan(count:from:step:)->(State,_)``.
public func scan<S, Y>(
  count: Int, from state: Tensor<S>, step: (Tensor<S>) throws -> (Tensor<S>, Tensor<Y>)
) throws -> (last: Tensor<S>, outputs: Tensor<Y>) {
  try scanned(from: state, count: count, false, step)
}

/// Takes a step so many times for the sake of the last state, a tensor.
public func scan<S>(
  count: Int, from state: Tensor<S>, step: (Tensor<S>) throws -> Tensor<S>
) throws -> Tensor<S> {
  try scanned(from: state, count: count, false) { (state: Tensor<S>) throws -> (Tensor<S>, [Tensor<S>]) in
    (try step(state), [])
  }.last
}

/// Runs a step over the rows of several sequences; see ``scan(over:from:reversed:step:)-48r41``.
@_disfavoredOverload
public func scan<each Input: TensorGroup, State: TensorGroup, Output: TensorGroup>(
  over sequence: repeat each Input, from state: State, reversed: Bool = false,
  step: (State, repeat each Input) throws -> (State, Output)
) throws -> (last: State, outputs: Output) {
  try scanned(repeat each sequence, from: state, count: nil, reversed, step)
}

/// Runs a step over the rows of sequences for the sake of its last state: `s_t = step(s_{t−1}, x_t)`.
@_disfavoredOverload
public func scan<each Input: TensorGroup, State: TensorGroup>(
  over sequence: repeat each Input, from state: State, reversed: Bool = false,
  step: (State, repeat each Input) throws -> State
) throws -> State {
  try scanned(repeat each sequence, from: state, count: nil, reversed) {
    (state: State, row: repeat each Input) throws -> (State, [Tensor<State.Scalar>]) in
    (try step(state, repeat each row), [])
  }.last
}

/// Takes a step that reads no sequence so many times: `(s_t, y_t) = step(s_{t−1})`. The outputs stand along a new first axis.
@_disfavoredOverload
public func scan<State: TensorGroup, Output: TensorGroup>(
  count: Int, from state: State, step: (State) throws -> (State, Output)
) throws -> (last: State, outputs: Output) {
  try scanned(from: state, count: count, false, step)
}

/// Takes a step so many times for the sake of its last state: `s_t = step(s_{t−1})`.
@_disfavoredOverload
public func scan<State: TensorGroup>(
  count: Int, from state: State, step: (State) throws -> State
) throws -> State {
  try scanned(from: state, count: count, false) { (state: State) throws -> (State, [Tensor<State.Scalar>]) in
    (try step(state), [])
  }.last
}

private func scanned<each Input: TensorGroup, State: TensorGroup, Output: TensorGroup>(
  _ sequence: repeat each Input, from state: State, count: Int?, _ isReversed: Bool,
  _ step: (State, repeat each Input) throws -> (State, Output)
) throws -> (last: State, outputs: Output) {
  var inputs: [Value] = []
  for group in repeat each sequence {
    try group.validateStructure()
    inputs += group.values
  }
  try state.validateStructure()
  for value in state.values + inputs { if let error = value.content.error { throw error } }
  let count = try steps(of: inputs, count), contents = GroupContents(state)
  var template: (state: State, output: Output)?
  let results = try scanned(contents.values, over: inputs, count: count, isReversed: isReversed) { states, rows in
    var nextState = states.makeIterator(), nextRow = rows.makeIterator()
    let results = try step(state.taking(&nextState), repeat (each sequence).taking(&nextRow))
    try results.0.validateStructure()
    try results.1.validateStructure()
    template = results
    let next = GroupContents(results.0)
    try next.validate(asStateAfter: contents)
    return (next.values, results.1.values, [])
  }
  guard let template else { fatalError("a trace without results") }
  return (
    try groups(like: template.state, from: results.states), try groups(like: template.output, from: results.outputs)
  )
}

/// The number of steps: of rows, which is the same for all inputs.
private func steps(of inputs: [Value], _ given: Int?) throws(TensorError) -> Int {
  if let given, given < 0 { throw defect("a step cannot be taken \(given) times") }
  var count = given
  for input in inputs {
    guard input.shape.rank > 0 else { throw defect("a sequence has a row for each step, and a single number has none") }
    if let count, count != input.shape[0] {
      throw defect("a sequence of shape \(input.shape) has \(input.shape[0]) rows, and the one before it \(count)")
    }
    count = input.shape[0]
  }
  guard let count else { throw defect("the sequences have no tensors, whose rows would tell how many steps there are") }
  return count
}

private func defect(_ message: String, suggestion: String? = nil) -> TensorError {
  TensorError(message, suggestion: suggestion).within(operation: Loop.name, operands: [])
}

extension GroupContents {
  /// - Throws: `TensorError` where this cannot be the state after a step on `old`.
  fileprivate func validate(asStateAfter old: GroupContents) throws(TensorError) {
    for value in values { if let error = value.content.error { throw error } }
    guard values.map(\.shape) == old.values.map(\.shape) else {
      throw defect("a step makes a state of shapes \(values.map(\.shape)) of one of shapes \(old.values.map(\.shape))")
    }
    guard values.map(\.scalarType) == old.values.map(\.scalarType) else {
      throw defect("a step makes a state of another scalar type")
    }
    if differs(from: old) {
      throw defect(
        "a step makes a state that stores something else beside its tensors",
        suggestion: "keep what changes from step to step in tensors")
    }
  }
}
