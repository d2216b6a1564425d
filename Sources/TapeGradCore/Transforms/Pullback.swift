// The two directions in which a derivative carries: cotangents back (vjp), tangents forward (jvp).
//
//   f: R³ → R²,  J a 2 × 3 matrix
//   pullback      ȳ, 2 numbers  ↦  Jᵀ·ȳ, 3 numbers      one reverse sweep
//   pushforward   ẋ, 3 numbers  ↦  J·ẋ,  2 numbers      the reverse sweep of a reverse sweep

/// The value of a function and its pullback `ȳ ↦ Jᵀȳ`: the map from a cotangent of the result to those of the
/// arguments. The pullback may be called any number of times, and differentiated.
///
/// - Throws: what `function` throws, or the `TensorError` of an operation that did not fit. The pullback throws where
///   the cotangent does not have the result's shape.
public func valueWithPullback<each G: TensorGroup, S>(
  at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> (value: Tensor<S>, pullback: (Tensor<S>) throws -> (repeat each G)) {
  let recording = try Recording(at: repeat each x, of: function)
  let pullback: (Tensor<S>) throws -> (repeat each G) = { cotangent in
    try cotangent.validated()
    guard cotangent.shape == recording.value.shape else {
      throw TensorError("a cotangent of shape \(cotangent.shape) for a result of shape \(recording.value.shape)")
        .within(operation: "pullback", operands: [])
    }
    var copy = recording
    return try groups(like: repeat each x, from: copy.cotangents(of: cotangent.value))
  }
  return (Tensor(recording.value), pullback)
}

/// The value of a function and the tangent `J·ẋ` of its result, for tangents of its arguments (jvp).
///
/// The pullback is linear in the cotangent, so its own pullback is the pushforward: no second set of rules exists.
///
/// - Parameters:
///   - x: where.
///   - tangents: in which direction: groups of the same structure and shapes as `x`.
///   - function: gives a tensor of any shape.
/// - Throws: what `function` throws, or the `TensorError` of an operation that did not fit.
public func valueWithPushforward<each G: TensorGroup, S>(
  at x: repeat each G, along tangents: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> (value: Tensor<S>, tangent: Tensor<S>) {
  var directions: [Value] = []
  for (group, tangent) in repeat (each x, each tangents) {
    try group.validate(direction: tangent, for: "pushforward")
    directions.append(contentsOf: tangent.values)
  }
  let recording = try Recording(at: repeat each x, of: function)
  // ⟨Jᵀu, ẋ⟩ = ⟨u, J·ẋ⟩ for a u that is then differentiated away; its value does not matter.
  let zero = Value(repeating: 0, shape: recording.value.shape, scalarType: S.scalarType)
  var product = try Recording(of: [zero]) { u in
    var copy = recording
    let cotangents = copy.cotangents(of: u[0]).map { Tensor<S>($0) }
    return zip(cotangents, directions).reduce(Tensor<S>(0)) { sum, pair in
      sum + (Tensor<S>(pair.1) * pair.0).sum()
    }.value
  }
  let one = Value(repeating: 1, shape: Shape(), scalarType: S.scalarType)
  let tangent = Tensor<S>(product.cotangents(of: one, consuming: true)[0])
  return (Tensor(recording.value), try tangent.validated())
}

/// The tangent `J·ẋ` of a function's result; see `valueWithPushforward`.
public func pushforward<each G: TensorGroup, S>(
  at x: repeat each G, along tangents: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> Tensor<S> {
  try valueWithPushforward(at: repeat each x, along: repeat each tangents, of: function).tangent
}
