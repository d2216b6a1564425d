// Gradients as functions: `let df = gradient(of: f)`, for which other systems say `grad(f)`.

/// The gradient of a function of a tensor, as a function; see ``gradient(at:of:)->Tensor<S>``.
/// ```swift
/// let second = gradient(of: { x in try gradient(of: { sin($0).sum() })(x).sum() })
/// ```
public func gradient<S>(
  of function: @escaping (Tensor<S>) throws -> Tensor<S>
) -> (Tensor<S>) throws -> Tensor<S> {
  { try gradient(at: $0, of: function) }
}

/// The gradient of a function of two tensors, as a function.
public func gradient<S>(
  of function: @escaping (Tensor<S>, Tensor<S>) throws -> Tensor<S>
) -> (Tensor<S>, Tensor<S>) throws -> (Tensor<S>, Tensor<S>) {
  { try gradient(at: $0, $1, of: function) }
}

/// The gradient of a function of a group of tensors, as a function.
@_disfavoredOverload
public func gradient<G: TensorGroup, S>(of function: @escaping (G) throws -> Tensor<S>) -> (G) throws -> G {
  { try gradient(at: $0, of: function) }
}
