// Memory for time. A chain of 100 layers keeps 100 values for its reverse sweep; cut into 10 checkpoints of 10 layers,
// it keeps
//
//   forward      the 10 results of the checkpoints; the 9 values within each are forgotten
//   reverse      one checkpoint at a time: its 10 layers are computed again, recorded on a tape of their own, and swept
//
// that is, some 20 values at a time instead of 100, for one more forward pass.

/// A function recorded as one node: its inner values are forgotten, and computed again in the reverse sweep.
struct Checkpoint: Primitive {
  static let name = "checkpoint"
  static var derivativeRule: DerivativeRule { .joint }
  let function: @Sendable ([Value]) throws -> Value

  /// Closures have no equality: each checkpoint is its own.
  private let identity = Identity()
  private final class Identity: Sendable {}

  init(_ function: @escaping @Sendable ([Value]) throws -> Value) { self.function = function }

  static func == (a: Checkpoint, b: Checkpoint) -> Bool { a.identity === b.identity }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(identity)) }

  /// The shape that the function gives, found by tracing it.
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try run(operands.traced).shape
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    try run(operands.detached).array()
  }

  /// Calls the function, and refuses a result that no rule here could differentiate: failed, of another scalar type, or
  /// recorded on a tape that the arguments do not stand on.
  private func run(_ inputs: [Value]) throws(TensorError) -> Value {
    let result: Value
    do { result = try function(inputs) } catch {
      throw error as? TensorError ?? TensorError("the function threw \(error)")
    }
    if let error = result.content.error { throw error }
    if let type = inputs.first?.scalarType, let other = result.scalarType, other != type {
      throw TensorError("the function turns \(type) into \(other)")
    }
    if result.onLiveTapes.position.generation != 0 {
      throw TensorError("the function captures a recorded tensor", suggestion: "pass it as an argument")
    }
    return result
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    cotangents(cotangent, operands)[i]
  }

  /// One run of the function serves the rules of all operands.
  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> [Tensor<S>] {
    cotangents(cotangent, operands)
  }

  /// Runs the function again, recorded, and sweeps back through it. A failure comes back as failed cotangents, one for
  /// each operand.
  private func cotangents<S>(_ cotangent: Tensor<S>, _ operands: borrowing Operands<S>) -> [Tensor<S>] {
    let inputs = operands.values
    do {
      var recording = try Recording(of: inputs, function)
      return recording.cotangents(of: cotangent.value, consuming: true, keepsMasks: true).map { Tensor($0) }
    } catch {
      let error = error as? TensorError ?? TensorError("the function threw \(error)")
      return inputs.map { _ in Tensor(failing: error, self, []) }
    }
  }
}

/// `function(x…)`, recorded as one node that keeps the arguments and the result. The values in between are forgotten,
/// and computed again when a gradient passes: memory for time.
///
/// The function gets its tensors as arguments; one that captures a recorded tensor gives a failed tensor, since no
/// derivative could reach what was captured. It is traced for its shape, so it cannot branch on numbers.
public func checkpoint<each G: TensorGroup, S>(
  _ x: repeat each G, of function: @escaping @Sendable (repeat each G) throws -> Tensor<S>
) -> Tensor<S> {
  var inputs: [Value] = [], defect: TensorError?
  for group in repeat each x {
    do throws(TensorError) { try group.validateStructure() } catch { defect = error }
    inputs.append(contentsOf: group.values)
  }
  let primitive = Checkpoint { values in
    var next = values.makeIterator()
    let groups = (repeat (each x).taking(&next))
    return try function(repeat each groups).value
  }
  if let defect { return Tensor(failing: defect, primitive, []) }
  guard !inputs.isEmpty else {
    return Tensor(failing: TensorError("there is no tensor among the arguments"), primitive, [])
  }
  return Tensor(apply(primitive, inputs))
}
