// The gradient of a single number with respect to any number of tensors or groups of tensors.

/// The value of a function and its gradient, at groups of tensors. Gradients come back in the groups' own structure,
/// as plain values; nest calls for higher orders.
///
/// - Parameters:
///   - x: where. An argument that the result does not depend on has gradient 0.
///   - function: gives a single number (any shape with one element).
/// - Throws: what `function` throws; the `TensorError` of an operation that did not fit; or one that says that the
///   result is no single number.
@_disfavoredOverload
public func valueWithGradient<each G: TensorGroup, S>(
  at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: (repeat each G)) {
  var recording = try Recording(at: repeat each x, of: function)
  let shape = recording.value.shape
  guard shape.count == 1 else { throw TensorError.notScalar(shape) }
  let one = Value(repeating: 1, shape: shape, scalarType: S.scalarType)
  let cotangents = recording.cotangents(of: one, consuming: true)
  return (Tensor(recording.value), try groups(like: repeat each x, from: cotangents))
}

/// The gradient of a function at groups of tensors; see `valueWithGradient`.
@_disfavoredOverload
public func gradient<each G: TensorGroup, S>(
  at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> (repeat each G) {
  try valueWithGradient(at: repeat each x, of: function).gradient
}

// For one, two and three tensors the parameter types of the closure are known before its body is solved. Without these
// the type checker takes 0.4 s for a formula in a one-expression closure, or fails.

/// The value of a function and its gradient, at one tensor.
public func valueWithGradient<S>(
  at x: Tensor<S>, of function: (Tensor<S>) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: Tensor<S>) {
  var recording = try Recording(at: x, of: function)
  let shape = recording.value.shape
  guard shape.count == 1 else { throw TensorError.notScalar(shape) }
  let one = Value(repeating: 1, shape: shape, scalarType: S.scalarType)
  let cotangent = Tensor<S>(recording.cotangents(of: one, consuming: true)[0])
  return (Tensor(recording.value), try cotangent.validated())
}

/// The value of a function and its gradient, at two tensors.
public func valueWithGradient<S>(
  at x: Tensor<S>, _ y: Tensor<S>, of function: (Tensor<S>, Tensor<S>) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: (Tensor<S>, Tensor<S>)) {
  let (value, gradient) = try valueWithGradient(at: [x, y]) { try function($0[0], $0[1]) }
  return (value, (gradient[0], gradient[1]))
}

/// The value of a function and its gradient, at three tensors.
public func valueWithGradient<S>(
  at x: Tensor<S>, _ y: Tensor<S>, _ z: Tensor<S>,
  of function: (Tensor<S>, Tensor<S>, Tensor<S>) throws -> Tensor<S>
) throws -> (value: Tensor<S>, gradient: (Tensor<S>, Tensor<S>, Tensor<S>)) {
  let (value, gradient) = try valueWithGradient(at: [x, y, z]) { try function($0[0], $0[1], $0[2]) }
  return (value, (gradient[0], gradient[1], gradient[2]))
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
