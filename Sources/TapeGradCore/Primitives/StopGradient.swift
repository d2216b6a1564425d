/// `y = x`, treated as a constant: its derivative is taken to be 0.
struct StopGradient: PiecewiseConstant, Computed {
  static let name = "stopGradient"

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    x[0]
  }
}

/// `x`, treated as a constant by every gradient.
public func stopGradient<S>(_ x: Tensor<S>) -> Tensor<S> { x.applying(StopGradient()) }

extension Tensor {
  /// The tensor, treated as a constant by every gradient.
  public func stopGradient() -> Tensor { applying(StopGradient()) }
}
