// How vmap works. The function is traced for one example, as programs are; then each node is done again, for all examples:
//
//   vmap { x in tanh(W·x) } on (5, 3)
//   trace     0 x (3)    1 W·x (2)            2 tanh (2)
//   replay    0 (5, 3)   1 (5, 3)·Wᵀ = (5, 2)   2 tanh of (5, 2)
//
// What depends on no example is computed once. What comes out are ordinary tensors, recorded wherever their operands are.

/// A value of a function of one example, for a whole batch: the same for all of them, or one for each along a new first axis.
struct BatchedValue {
  private let stored: Value
  let isBatched: Bool
  /// Where example i has nothing but element i, these elements; see BatchedUnits.swift.
  let units: Value?

  init(value: Value, isBatched: Bool) { (stored, self.isBatched, units) = (value, isBatched, nil) }

  /// As many examples as `units` has elements, of each of which one element is used.
  init(units: Value) { (stored, isBatched, self.units) = (units, true, units) }

  /// The value, with an axis for the examples in front where it is batched.
  var value: Value { units?.writtenOut ?? stored }

  /// Whether an operation that did not fit gave it.
  var isFailed: Bool { (units ?? stored).content.error != nil }

  /// Its scalar type, and whether it depends on a variable.
  var scalarType: ScalarType { (units ?? stored).scalarType ?? .double }
  var isVaried: Bool { (units ?? stored).isVaried }

  /// The shape for one example.
  var exampleShape: Shape {
    if let units { return units.shape }
    let shape = stored.shape
    return isBatched && shape.defect == nil ? Shape(shape.dimensions.dropFirst()) : shape
  }

  /// One value for each of `count` examples, repeated where it is the same for all.
  func repeated(_ count: Int) -> Value {
    isBatched ? value : apply(Broadcast(target: value.shape.batched(count)), value)
  }

  /// The sum over the examples.
  func sum(_ count: Int) -> Value {
    apply(Sum(target: exampleShape), repeated(count))
  }
}

extension Shape {
  /// The shape with an axis for examples in front. (It has a defect where that is one axis too many.)
  func batched(_ count: Int) -> Shape { defect == nil ? Shape([count] + dimensions) : self }

  /// The axes of examples of this shape, in a batch, as many as `rank`: with axes of length 1 behind the batch's.
  func batched(_ count: Int, alignedTo rank: Int) -> Shape {
    Shape([count] + [Int](repeating: 1, count: max(rank - self.rank, 0)) + dimensions)
  }
}

extension Trace {
  /// What the trace of one example computes, on a batch of `count`: the values of the nodes `roots`, and of those that they
  /// need, put into `values`, which holds those of the arguments, and what else is known already.
  ///
  /// What is computed are ordinary operations on the batch, which are recorded and traced like any others.
  func replay(_ roots: [Int], on values: inout [BatchedValue?], count: Int) {
    for index in missing(for: roots, in: values) { values[index] = value(of: index, values, count) }
  }

  /// The nodes that have to be computed for some, in order.
  private func missing(for roots: [Int], in values: [BatchedValue?]) -> [Int] {
    // Backwards from the roots: an operand stands before the node that uses it, so each node is visited once.
    var isNeeded = [Bool](repeating: false, count: nodes.count), needed: [Int] = []
    for root in roots where values[root] == nil { isNeeded[root] = true }
    guard let last = isNeeded.lastIndex(of: true) else { return [] }
    for index in stride(from: last, through: 0, by: -1) where isNeeded[index] {
      needed.append(index)
      for operand in nodes[index].operands where values[operand] == nil { isNeeded[operand] = true }
    }
    return needed.reversed()
  }

  private func value(of index: Int, _ values: [BatchedValue?], _ count: Int) -> BatchedValue {
    let node = nodes[index]
    // A captured tensor, the same for all.
    guard let primitive = node.primitive else { return BatchedValue(value: node.value, isBatched: false) }
    let result = apply(primitive, batched: node.operands.map { operand($0, values) }, count: count)
    if let name = names[index] { Tensor<Double>(result.value).named(NodeName(name)) }
    return result
  }

  /// What a node that was replayed became. (A node that nobody asked for is a constant.)
  func operand(_ index: Int, _ values: [BatchedValue?]) -> BatchedValue {
    values[index] ?? BatchedValue(value: nodes[index].value, isBatched: false)
  }
}

/// A primitive with a form of its own on batches: one that shifts its axes.
protocol Batchable: Primitive {
  /// The results for `count` examples, of operands at least one of which is batched; nil where there is no such form.
  func batched(_ x: [BatchedValue], count: Int) -> Value?
}

/// Applies a primitive to each of `count` examples.
func apply(_ primitive: any Primitive, batched x: [BatchedValue], count: Int) -> BatchedValue {
  // Nothing depends on the example: computed once.
  if !x.contains(where: { $0.isBatched }) {
    return BatchedValue(value: apply(primitive, x.map(\.value)), isBatched: false)
  }
  if let failed = x.first(where: { $0.isFailed }) { return failed }
  // In this order: a form for one element each, a form of the operation's own, the operation itself, an operation on batches.
  if let result = apply(primitive, toUnits: x, count: count) { return result }
  let result: Value
  if let own = (primitive as? any Batchable)?.batched(x, count: count) {
    result = own
  } else if primitive.isElementwise {
    result = apply(primitive, x.map { $0.repeated(count) })
  } else {
    result = apply(primitive.batched(x.map(\.isBatched), count), x.map(\.value))
  }
  return BatchedValue(value: result, isBatched: true)
}

extension Primitive {
  /// Whether each element of the result depends on the operands' elements in the same place: then the operation is its own
  /// batched form.
  fileprivate var isElementwise: Bool {
    self is any Elementwise || self is any UnaryKernel || self is any BinaryKernel || self is Select
  }

  /// The operation on batches.
  fileprivate func batched(_ isBatched: [Bool], _ count: Int) -> any Primitive {
    Batched(primitive: self, isBatched: isBatched, count: count)
  }
}

/// Runs a function of one example on a batch of `count`; its results are batched where they depend on what is.
///
/// The values of sigmoids remember their logits, and cotangents where they were used, on the way in and out.
///
/// - Parameter sums: which results are wanted as their sum over the examples.
func mapExamples(
  _ inputs: [BatchedValue], count: Int, summing sums: [Bool] = [], _ function: ([Value]) throws -> [Value]
) throws -> [BatchedValue] {
  // What an input carries beside its numbers becomes an input of its own, behind the others, and is put back inside.
  var values = inputs, companions: [(of: Int, isMask: Bool)] = []
  for (i, input) in inputs.enumerated() {
    if input.units != nil {
      // Where an example has an element is where it is used.
      companions.append((i, isMask: true))
      values.append(input)
      continue
    }
    guard let (companion, isMask) = input.value.companion else { continue }
    companions.append((i, isMask))
    values.append(BatchedValue(value: companion, isBatched: input.isBatched))
  }
  for value in values where value.isFailed { if let error = value.value.content.error { throw error } }
  var resultCompanions: [(of: Int, isMask: Bool)] = [], resultCount = 0, summing = sums
  let trace = try Trace(
    ofExample: values.map { ($0.exampleShape, $0.scalarType, $0.isVaried) }
  ) { examples in
    var arguments = Array(examples.prefix(inputs.count))
    for (companion, (i, isMask)) in zip(examples.dropFirst(inputs.count), companions) {
      arguments[i] = arguments[i].with(companion, isMask: isMask)
    }
    var results = try function(arguments)
    resultCount = results.count
    summing += Array(repeating: false, count: resultCount - sums.count)
    for (i, result) in results.enumerated() {
      // A sum is used where one of its terms is: its mask is the sum of theirs. A sum of sigmoids has no logits.
      guard let (companion, isMask) = result.companion, isMask || !summing[i] else { continue }
      resultCompanions.append((i, isMask))
      results.append(companion)
      summing.append(summing[i])
    }
    return results
  }
  // The arguments are the trace's first nodes; nothing else is known yet.
  var replayed = values.map(Optional.some) + Array(repeating: nil, count: trace.nodes.count - values.count)
  var results = trace.batchedResults(on: &replayed, count: count, summing: summing)
  // What the function cannot go on without, the batch cannot either.
  for index in trace.required {
    trace.replay([index], on: &replayed, count: count)
    let value = trace.operand(index, replayed).value
    if let error = value.content.error { throw error }
    value.require()
  }
  for (number, (i, isMask)) in resultCompanions.enumerated() {
    let companion = results[resultCount + number]
    let (result, other) =
      results[i].isBatched == companion.isBatched
      ? (results[i].value, companion.value) : (results[i].repeated(count), companion.repeated(count))
    results[i] = BatchedValue(
      value: result.with(other, isMask: isMask), isBatched: results[i].isBatched || companion.isBatched)
  }
  return Array(results.prefix(resultCount))
}

extension Value {
  /// What the value carries beside its numbers: the logits of a sigmoid, or where a cotangent was used.
  fileprivate var companion: (value: Value, isMask: Bool)? {
    switch content {
    case .sigmoid(let output): (output.logits, false)
    case .masked(let output): (output.mask, true)
    case .array, .traced, .parts, .failed, .released: nil
    }
  }

  fileprivate func with(_ companion: Value, isMask: Bool) -> Value {
    if isMask { return masked(by: companion) }
    var value = self
    if content.error == nil { value.content = .sigmoid(SigmoidOutput(content.bare, logits: companion)) }
    return value
  }
}
