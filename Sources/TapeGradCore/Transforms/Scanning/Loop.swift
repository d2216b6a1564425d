// The part of a scan that has to be done step by step, and its derivative, which is such a loop again. Of s ← tanh(W·s + u),
//
//   forward     s₁ = tanh(W·s₀ + u₁), s₂ = tanh(W·s₁ + u₂), …                     the rows of the result
//   reverse     c ← Wᵀ·(d ⊙ (c + ȳ)),  d = 1 − tanh²(W·s + u)                     from the last step to the first
//
// What a step of the reverse loop needs of the forward one, d, depends on s and u only, which are all there: so d is
// computed for all steps at once, before the loop, with one product for all the W·s. And the cotangent of W is the sum
// of (d ⊙ (c + ȳ))·sᵀ over all steps, which is one product behind it. Neither is said here: Scan.swift finds it, in this
// loop as in any other.

/// A loop's states, from the first to the last: for each of them a block with a row before the first step and one after each
/// (StateRows.swift). Operands are the states at the beginning, the stacked arguments with a row for each step, and what is the
/// same in every step.
struct Loop: TakesIndices, Worded, CustomStringConvertible {
  static let name = "scan"
  static var derivativeRule: DerivativeRule { .joint }

  let body: LoopBody
  let count: Int
  /// Whether the last row is the first step's.
  let isReversed: Bool
  /// Which operands anything is differentiated by.
  let isVaried: [Bool]
  var word: ArrayWord {
    .loop(
      LoopWord(body.trace, count: count, isReversed: isReversed, states: body.states, stacked: body.stacked))
  }

  static func == (a: Loop, b: Loop) -> Bool { a.body === b.body && a.count == b.count && a.isReversed == b.isReversed }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(body)) }

  /// Whether two loops do the same.
  func isSame(as other: Loop) -> Bool {
    count == other.count && isReversed == other.isReversed && isVaried == other.isVaried
      && body.states == other.body.states && body.stacked == other.body.stacked
      && body.trace.isSame(as: other.body.trace)
  }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    // Operands: states · stacked · constants. The result has a row before each step, and one after the last.
    for i in body.states..<body.states + body.stacked where operands[i].rank == 0 || operands[i][0] != count {
      throw TensorError("operand \(i) of shape \(operands[i]) has no row for each of \(count) steps")
    }
    var length = 0
    for i in 0..<body.states { length += operands[i].count }
    return [(count + 1) * length]
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    let values = operands.detached
    // A trace knows the type of each value; a loop that was traced in Double does not run in Float.
    for (i, value) in values.enumerated() where value.scalarType != body.trace.nodes[i].value.scalarType {
      throw TensorError("operand \(i) is not of the scalar type that the step was traced with")
    }
    let rows = ArrayStorage(
      shape: [(count + 1) * values.prefix(body.states).reduce(0) { $0 + $1.shape.count }], scalarType: S.scalarType)
    try body.run(values, count: count, isReversed: isReversed, into: rows)
    return NDArray(storage: rows)
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { vjps(cotangent: cotangent, operands: operands, result: result)[i] }

  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> [Tensor<S>] {
    let values = operands.values
    do { return try cotangents(cotangent.value, values, result.value).map { Tensor($0) } } catch {
      let failed = Tensor<S>(failing: TensorError.of(error), self, [])
      return values.map { _ in failed }
    }
  }

  /// The loop in reverse. Its states are the cotangents of the states: what a step gets is the cotangent of its next states,
  /// and what it makes that of the states before it.
  private func cotangents(_ cotangent: Value, _ operands: [Value], _ result: Value) throws -> [Value] {
    let states = body.states, stacked = body.stacked
    let initial = Array(operands.prefix(states)), shapes = initial.map(\.shape)
    let parts = parts(of: cotangent, shapes)
    let after = initial.indices.map { parts[$0, .after] }, before = initial.indices.map { parts[$0, .before] }
    let last = initial.indices.map { parts[$0, .last] ?? initial[$0].zeros }
    let rows = operands[states..<states + stacked], constants = Array(operands[(states + stacked)...])
    let variedRows = rows.indices.filter { isVaried[$0] },
      variedConstants = constants.indices.filter {
        isVaried[states + stacked + $0]
      }
    // A sum or a mean over the rows gives all of them the same number, which need not be read from memory.
    let numbers = after.map { $0?.onlyNumber }
    // A row of the loop in reverse: cotangents from outside, where there are any, then what the step began with.
    let given = zip(after, numbers).compactMap { $1 == nil ? $0 : nil } + before.compactMap { $0 }
    let begun = result.stateRows(.before, of: shapes, count: count, isReversed: isReversed)
    let reverse = try scanned(
      last, over: given + begun + rows, count: count, isReversed: !isReversed, isRule: true
    ) { cotangents, row in
      var given = row.prefix(given.count)
      let x = Array(row.dropFirst(given.count))
      // A state's cotangent: what later steps hand back, and what the state itself was used for.
      let total = zip(cotangents, zip(after, numbers)).map { cotangent, outside in
        if let number = outside.1 {
          let row = Value(repeating: number, shape: cotangent.shape, scalarType: cotangent.scalarType ?? .double)
          return apply(Add(), cotangent, row)
        }
        return outside.0 == nil ? cotangent : apply(Add(), cotangent, given.removeFirst())
      }
      var recording = try Recording(of: x + variedConstants.map { constants[$0] }) { varied in
        var arguments = Array(varied.prefix(states + stacked)) + constants
        for (number, constant) in zip(variedConstants, varied.dropFirst(states + stacked)) {
          arguments[states + stacked + number] = constant
        }
        return body(arguments).inOneRow
      }
      // One step's rule: a reverse sweep through the step, traced once, and run for each.
      let back = recording.cotangents(of: total.inOneRow, consuming: true)
      return (
        states: zip(back, before).map { $1 == nil ? $0 : apply(Add(), $0, given.removeFirst()) },
        outputs: variedRows.map { back[$0] }, sums: Array(back.dropFirst(states + stacked))
      )
    }
    // Operands by which nothing is differentiated keep zeros.
    var all = operands.map(\.zeros)
    all.replaceSubrange(0..<states, with: reverse.states)
    for (index, rows) in zip(variedRows, reverse.outputs) { all[index] = rows }
    for (number, sum) in zip(variedConstants, reverse.sums) { all[states + stacked + number] = sum }
    return all
  }

  /// A cotangent by parts. One that came as a whole has what belongs to the states before the steps, and to the last ones.
  private func parts(of cotangent: Value, _ shapes: [Shape]) -> CotangentParts {
    if case .parts(let parts) = cotangent.content { return parts }
    let parts = [StateRows.Part.before, .last].flatMap { part in
      StateRows.all(part, of: shapes, count: count, isReversed: isReversed).map { ($0, apply($0, cotangent)) }
    }
    return CotangentParts(parts, shape: cotangent.shape, cotangent.scalarType ?? .double)
  }

  var description: String { "scan[\(count) steps\(isReversed ? ", reversed" : "")]" }
}

extension Loop: Batchable {
  /// A loop whose every step is done for all examples.
  func batched(_ x: [BatchedValue], count examples: Int) -> Value? {
    let states = body.states, stacked = body.stacked
    let operands = x.enumerated().map { i, x in
      i < states
        ? x.repeated(examples) : x.isBatched && i < states + stacked ? x.value.moved(axis: 1, to: 0) : x.value
    }
    // The steps stay the first axis, the examples become the second; states always have examples, since they come to differ.
    let isBatched = x.indices.map { $0 < states || x[$0].isBatched }
    let arguments = operands.enumerated().map { i, operand in
      let isRow = i >= states && i < states + stacked
      return (
        shape: isRow ? Shape(operand.shape.dimensions.dropFirst()) : operand.shape, type: operand.scalarType ?? .double,
        isVaried: false
      )
    }
    // The step for one example, replayed on the batch, is the step of the new loop.
    let one = body.trace
    let step = try? Trace(ofExample: arguments) { arguments in
      var values: [BatchedValue?] = zip(arguments, isBatched).map { BatchedValue(value: $0, isBatched: $1) }
      values += Array(repeating: nil, count: one.nodes.count - values.count)
      return one.batchedResults(on: &values, count: examples).map { $0.repeated(examples) }
    }
    guard let step else { return nil }
    let loop = Loop(
      body: LoopBody(step, states: states, stacked: stacked), count: count, isReversed: isReversed, isVaried: isVaried)
    // The examples first again, and in each of them the blocks of the states.
    let shapes = operands.prefix(states).map(\.shape)
    let blocks = apply(loop, operands).stateRows(.all, of: shapes, count: count, isReversed: isReversed).map { block in
      let rows = block.moved(axis: 1, to: 0)
      return rows.reshaped(to: [examples, rows.shape.count(of: 1..<rows.shape.rank)])
    }
    return blocks.count == 1 ? blocks[0] : apply(Concatenate(axis: 1), blocks)
  }
}

extension [Value] {
  // A recording has one result, however many states there are: they lie side by side.
  /// All elements in one axis, or the only value as it is.
  fileprivate var inOneRow: Value {
    count == 1 ? self[0] : apply(Concatenate(axis: 0), map { $0.reshaped(to: [$0.shape.count]) })
  }
}

extension Value {
  /// The number that all elements are, where that is known.
  fileprivate var onlyNumber: Double? { isPlain ? content.storage?.onlyNumber : nil }

  /// Zeros of this shape and type.
  fileprivate var zeros: Value { Value(repeating: 0, shape: shape, scalarType: scalarType ?? .double) }

  /// Of a loop's result, the same part of all states.
  func stateRows(_ part: StateRows.Part, of shapes: [Shape], count: Int, isReversed: Bool) -> [Value] {
    StateRows.all(part, of: shapes, count: count, isReversed: isReversed).map { apply($0, self) }
  }
}
