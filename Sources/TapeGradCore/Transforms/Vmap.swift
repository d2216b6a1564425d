// A function of one example, on a batch. Of f = { x, y in ‖x − y‖² } with x, y of shape (3), on five pairs of them,
//
//   trace      x (3), y (3)      subtract, square, sum                   once, on shapes
//   replay     X (5, 3), Y (5, 3)    subtract (5, 3), square (5, 3), sum to (5, 1), reshaped to (5)
//
// The replay consists of ordinary operations on the caller's tensors. So it can be differentiated, compiled and mapped
// again: nothing else has to know of it. Batching/ has the batched forms.

/// Makes a function of one example one of a batch: every argument gets an axis for the examples, every result too.
/// ```swift
/// let perExample = vmap { x, y in try gradient(at: network) { $0.loss(x, labels: y) } }
/// let gradients = try perExample(examples, labels)   // the network's structure, with one gradient for each example
/// ```
/// Each example's result is that of `function` on its slices, bit by bit. The function is traced once, for one example, so
/// it cannot branch on numbers; what it computes is then computed for all examples at once. What it captures is the same
/// for all of them, and may be recorded: derivatives by it are sums over the examples. Operations that have no form on
/// batches (a primitive of your own that is neither ``Elementwise`` nor ``Computed``) are evaluated example by example.
///
/// What a select or slice in one example did not use stays unused: a NaN behind it reaches neither that example's
/// derivative nor another's.
///
/// - Parameters:
///   - axes: for each argument the axis along which it has the examples (counted from the end if negative); nil where all
///     examples get the whole argument. The first axis of each, unless said otherwise.
///   - resultAxes: for each result the axis where the examples are put; the first, unless said otherwise.
///   - function: what is done with one example.
/// - Returns: the function of a batch. It throws what `function` throws; or the `TensorError` of an axis that does not
///   exist, of lengths that differ, or of an operation that does not fit, as where a tensor would have more than 8 axes.
@_disfavoredOverload
public func vmap<each Input: TensorGroup, each Output: TensorGroup>(
  axes: [Int?]? = nil, resultAxes: [Int]? = nil,
  _ function: @escaping (repeat each Input) throws -> (repeat each Output)
) -> (repeat each Input) throws -> (repeat each Output) {
  { (input: repeat each Input) in
    var template: (repeat each Output)?
    let values = try batch(repeat each input, axes: axes, resultAxes: resultAxes) { values in
      var next = values.makeIterator()
      let output = try function(repeat (each input).taking(&next))
      template = output
      var groups: [[Value]] = []
      for group in repeat each output {
        try group.validateStructure()
        groups.append(group.values)
      }
      return groups
    }
    guard let template else { fatalError("a trace without results") }
    return try groups(like: repeat each template, from: values)
  }
}

/// Makes a function of one example with one result one of a batch.
@_disfavoredOverload
public func vmap<each Input: TensorGroup, Output: TensorGroup>(
  axes: [Int?]? = nil, resultAxes: [Int]? = nil, _ function: @escaping (repeat each Input) throws -> Output
) -> (repeat each Input) throws -> Output {
  { (input: repeat each Input) in try mapped(repeat each input, axes: axes, resultAxes: resultAxes, function) }
}

// For one, two and three arguments the call tells the types of the closure's parameters; a pack would not.

/// Makes a function of one example one of a batch: of one tensor, with a tensor as the result.
public func vmap<S, R>(
  axes: [Int?]? = nil, resultAxes: [Int]? = nil, _ function: @escaping (Tensor<S>) throws -> Tensor<R>
) -> (Tensor<S>) throws -> Tensor<R> {
  { try mapped($0, axes: axes, resultAxes: resultAxes, function) }
}

/// Makes a function of one example one of a batch: of two tensors, with a tensor as the result.
public func vmap<S, T, R>(
  axes: [Int?]? = nil, resultAxes: [Int]? = nil, _ function: @escaping (Tensor<S>, Tensor<T>) throws -> Tensor<R>
) -> (Tensor<S>, Tensor<T>) throws -> Tensor<R> {
  { try mapped($0, $1, axes: axes, resultAxes: resultAxes, function) }
}

/// Makes a function of one example one of a batch: of one argument.
@_disfavoredOverload
public func vmap<A: TensorGroup, Output: TensorGroup>(
  axes: [Int?]? = nil, resultAxes: [Int]? = nil, _ function: @escaping (A) throws -> Output
) -> (A) throws -> Output {
  { try mapped($0, axes: axes, resultAxes: resultAxes, function) }
}

/// Makes a function of one example one of a batch: of two arguments.
@_disfavoredOverload
public func vmap<A: TensorGroup, B: TensorGroup, Output: TensorGroup>(
  axes: [Int?]? = nil, resultAxes: [Int]? = nil, _ function: @escaping (A, B) throws -> Output
) -> (A, B) throws -> Output {
  { try mapped($0, $1, axes: axes, resultAxes: resultAxes, function) }
}

/// Makes a function of one example one of a batch: of three arguments.
@_disfavoredOverload
public func vmap<A: TensorGroup, B: TensorGroup, C: TensorGroup, Output: TensorGroup>(
  axes: [Int?]? = nil, resultAxes: [Int]? = nil, _ function: @escaping (A, B, C) throws -> Output
) -> (A, B, C) throws -> Output {
  { try mapped($0, $1, $2, axes: axes, resultAxes: resultAxes, function) }
}

/// The result of a function of one example on a batch.
private func mapped<each Input: TensorGroup, Output: TensorGroup>(
  _ input: repeat each Input, axes: [Int?]?, resultAxes: [Int]?, _ function: (repeat each Input) throws -> Output
) throws -> Output {
  var template: Output?
  let values = try batch(repeat each input, axes: axes, resultAxes: resultAxes) { values in
    var next = values.makeIterator()
    let output = try function(repeat (each input).taking(&next))
    template = output
    try output.validateStructure()
    return [output.values]
  }
  guard let template else { fatalError("a trace without results") }
  return try groups(like: template, from: values)
}

/// Runs a function of one example's values on a batch. It gives the values of each result.
private func batch<each Input: TensorGroup>(
  _ input: repeat each Input, axes: [Int?]?, resultAxes: [Int]?, _ function: ([Value]) throws -> [[Value]]
) throws -> [Value] {
  // Examples are brought to the first axis on the way in, and to where they are wanted on the way out: all between knows them
  // only there. The tensors of a group share their argument's axis; nil says that all examples share the argument.
  var inputs: [BatchedValue] = [], count: Int?, number = 0
  for group in repeat each input {
    try group.validateStructure()
    guard axes.map({ number < $0.count }) ?? true else { throw defect("there are axes for \(number) arguments only") }
    let axis = axes.map { $0[number] } ?? 0
    for value in group.values {
      if let error = value.content.error { throw error }
      guard let axis else {
        inputs.append(BatchedValue(value: value, isBatched: false))
        continue
      }
      guard let resolved = value.shape.axis(axis) else {
        throw defect("argument \(number) of shape \(value.shape) has no axis \(axis)")
      }
      let length = value.shape[resolved]
      guard count == nil || count == length else {
        throw defect("argument \(number) has \(length) examples, and those before it \(count ?? 0)")
      }
      count = length
      inputs.append(BatchedValue(value: value.moved(axis: resolved, to: 0), isBatched: true))
    }
    number += 1
  }
  if let axes, axes.count != number { throw defect("there are axes for \(axes.count) arguments, which are \(number)") }
  guard let count else { throw defect("no argument has an axis with examples") }
  // Which result each tensor belongs to, known once the function has been traced.
  var owners: [Int] = []
  let results = try mapExamples(inputs, count: count) { values in
    let groups = try function(values)
    owners = groups.enumerated().flatMap { Array(repeating: $0, count: $1.count) }
    return groups.flatMap { $0 }
  }
  return try zip(results, owners).map { result, owner in
    guard resultAxes.map({ owner < $0.count }) ?? true else {
      throw defect("result \(owner) has no axis in resultAxes")
    }
    let value = result.repeated(count), axis = resultAxes?[owner] ?? 0
    if let error = value.content.error { throw error }
    guard let resolved = value.shape.axis(axis) else {
      throw defect("result \(owner) of shape \(value.shape), with the examples, has no axis \(axis)")
    }
    return value.moved(axis: 0, to: resolved)
  }
}

private func defect(_ message: String) -> TensorError {
  TensorError(message).within(operation: "vmap", operands: [])
}

extension Value {
  /// The value with one axis in another place.
  func moved(axis: Int, to place: Int) -> Value {
    // Axis 0 of (5, 2, 3) moved to place 2: the others close up, then it is put between: (2, 3, 5).
    var order = (0..<shape.rank).filter { $0 != axis }
    order.insert(axis, at: place)
    return Tensor<Double>(self).rearranged { $0.permuted(order) }.value
  }
}
