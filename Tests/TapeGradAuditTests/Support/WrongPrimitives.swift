import TapeGradCore

/// tanh whose rule is wrong by a factor.
struct WrongTanh: Elementwise {
  static let name = "wrongTanh"
  /// What the derivative is multiplied with; 1 would be right.
  let factor: Double

  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { tanh(x) }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { S(factor) * (1 - y * y) }
}

func wrongTanh<S>(_ x: Tensor<S>, factor: Double = 0.5) -> Tensor<S> { x.applying(WrongTanh(factor: factor)) }

/// The identity, whose rule is not linear in the cotangent: it passes back the square.
struct SquaringIdentity: Primitive {
  static let name = "squaringIdentity"

  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> { operands[0] }
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { cotangent * cotangent }
}
