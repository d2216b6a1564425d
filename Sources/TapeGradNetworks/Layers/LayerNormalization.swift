import TapeGradCore

/// Each example shifted and scaled to mean 0 and variance 1 over its features: `Y = γ ⊙ (X − μ)/√(v + ε) + β`, with μ and v
/// of each column.
///
/// Jimmy Lei Ba, Jamie Ryan Kiros, Geoffrey E. Hinton: Layer normalization, arXiv:1607.06450.
public struct LayerNormalization<Scalar: TensorScalar>: TensorGroup {
  /// γ, (n, 1); 1 to begin with.
  public var scale: Tensor<Scalar>
  /// β, (n, 1); 0 to begin with.
  public var shift: Tensor<Scalar>
  /// ε, which keeps the root away from 0.
  public var epsilon = 1e-5

  /// A normalization of n features.
  public init(features: Int) { (scale, shift) = (.ones([features, 1]), .zeros([features, 1])) }

  /// Visits `scale` and `shift`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try visit("scale", &scale)
    try visit("shift", &shift)
  }

  /// ε.
  public func hashConfiguration(into hasher: inout Hasher) { hasher.combine(epsilon) }

  /// Y, in the shape (n, m) of X.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let deviation = x - x.mean(axis: 0, keepingDimensions: true)
    let variance = square(deviation).mean(axis: 0, keepingDimensions: true)
    return scale * (deviation / sqrt(variance + Scalar(epsilon))) + shift
  }
}
