/// `y = x`, with derivative 0 by decree.
struct StopGradient: Primitive {
  static let name = "stopGradient"
  static var isDifferentiable: Bool { false }

  func shape(_ operands: borrowing OperandShapes) -> Shape { operands[0] }
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> { operands.array(0) }
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { .zeros(operands.shape(0)) }
}

/// `x`, treated as a constant by every gradient.
public func stopGradient<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(StopGradient()) }
