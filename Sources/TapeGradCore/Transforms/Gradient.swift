// The gradient of a single number with respect to any number of tensors or groups of tensors.

/// The value of a function and its gradient, at groups of tensors. Gradients come back in the groups' own structure,
/// as plain values; nest calls for higher orders.
///
/// - Parameters:
///   - x: where. An argument that the result does not depend on has gradient 0.
///   - function: gives a single number (any shape with one element).
/// - Throws: what `function` throws; the `TensorError` of an operation that did not fit; or one that says that the
///   result is not a single number.
@_disfavoredOverload
public func valueWithGradient<each G: TensorGroup, S>(
  at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: (repeat each G)) {
  var recording = try Recording(at: repeat each x, of: function)
  let gradient = try recording.gradient()
  return (Tensor(recording.value), try groups(like: repeat each x, from: gradient))
}

/// The gradient of a function at groups of tensors; see `valueWithGradient`.
@_disfavoredOverload
public func gradient<each G: TensorGroup, S>(
  at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> (repeat each G) {
  try valueWithGradient(at: repeat each x, of: function).gradient
}

/// The value of a function and its gradient, at one group of tensors.
@_disfavoredOverload
public func valueWithGradient<G: TensorGroup, S>(
  at x: G, of function: (G) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: G) {
  var recording = try Recording(at: x, of: function)
  let gradient = try recording.gradient()
  return (Tensor(recording.value), try groups(like: x, from: gradient))
}

/// The gradient of a function at one group of tensors.
@_disfavoredOverload
public func gradient<G: TensorGroup, S>(at x: G, of function: (G) throws -> Tensor<S>) throws -> G {
  try valueWithGradient(at: x, of: function).gradient
}

// For one, two and three tensors the parameter types of the closure are known before its body is solved. Without these
// the type checker takes 0.4 s for a formula in a one-expression closure, or fails.

/// The value of a function and its gradient, at one tensor.
public func valueWithGradient<S>(
  at x: Tensor<S>, of function: (Tensor<S>) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: Tensor<S>) {
  var recording = try Recording(of: [x.value]) { try function(Tensor($0[0])).value }
  let gradient = try recording.gradient()
  return (Tensor(recording.value), Tensor(gradient[0]))
}

/// The value of a function and its gradient, at two tensors.
public func valueWithGradient<S>(
  at x: Tensor<S>, _ y: Tensor<S>, of function: (Tensor<S>, Tensor<S>) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: (Tensor<S>, Tensor<S>)) {
  var recording = try Recording(of: [x.value, y.value]) { try function(Tensor($0[0]), Tensor($0[1])).value }
  let gradient = try recording.gradient()
  return (Tensor(recording.value), (Tensor(gradient[0]), Tensor(gradient[1])))
}

/// The value of a function and its gradient, at three tensors.
public func valueWithGradient<S>(
  at x: Tensor<S>, _ y: Tensor<S>, _ z: Tensor<S>,
  of function: (Tensor<S>, Tensor<S>, Tensor<S>) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: (Tensor<S>, Tensor<S>, Tensor<S>)) {
  var recording = try Recording(of: [x.value, y.value, z.value]) {
    try function(Tensor($0[0]), Tensor($0[1]), Tensor($0[2])).value
  }
  let gradient = try recording.gradient()
  return (Tensor(recording.value), (Tensor(gradient[0]), Tensor(gradient[1]), Tensor(gradient[2])))
}

extension Recording {
  /// The gradient of a result that is a single number, as the recording's last use.
  ///
  /// - Throws: `TensorError` where the result is not a single number, or a rule failed.
  fileprivate mutating func gradient() throws(TensorError) -> [Value] {
    guard value.shape.count == 1 else { throw .notScalar(value.shape) }
    let one = Value(repeating: 1, shape: value.shape, scalarType: value.scalarType ?? .double)
    let gradient = cotangents(of: one, consuming: true)
    for cotangent in gradient { if let error = cotangent.content.error { throw error } }
    return gradient
  }
}

/// The gradient of a function at one tensor.
public func gradient<S>(
  at x: Tensor<S>, of function: (Tensor<S>) throws -> Tensor<S>
) throws -> Tensor<S> {
  try valueWithGradient(at: x, of: function).gradient
}

/// The gradient of a function at two tensors.
public func gradient<S>(
  at x: Tensor<S>, _ y: Tensor<S>, of function: (Tensor<S>, Tensor<S>) throws -> Tensor<S>
) throws -> (Tensor<S>, Tensor<S>) {
  try valueWithGradient(at: x, y, of: function).gradient
}

/// The gradient of a function at three tensors.
public func gradient<S>(
  at x: Tensor<S>, _ y: Tensor<S>, _ z: Tensor<S>,
  of function: (Tensor<S>, Tensor<S>, Tensor<S>) throws -> Tensor<S>
) throws -> (Tensor<S>, Tensor<S>, Tensor<S>) {
  try valueWithGradient(at: x, y, z, of: function).gradient
}
