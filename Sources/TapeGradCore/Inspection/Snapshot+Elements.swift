// Elements of a snapshot that reports name: the first that is not finite, say element (0, 17) of A2, and what it was
// computed from.

extension Snapshot {
  /// `f′(point)`, by the rule of node `user`, if that is an element-wise `f` of one operand.
  package func derivative<S>(ofFunctionAt user: Int, at point: NDArray<S>) -> NDArray<S>? {
    guard let primitive = nodes[user].primitive as? any Elementwise else { return nil }
    let x = Tensor(point)
    return try? primitive.derivative(at: x, result: Tensor(apply(primitive, x.value))).array
  }
}
