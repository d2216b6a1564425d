import TapeGradCore

/// A layer of units that are each connected to all inputs: `Z = W·X + b`, `A = g(Z)`.
///
/// Examples are columns: X is (n_in, m), and Z and A are (n_out, m).
public struct Dense<Scalar: TensorScalar>: TensorGroup {
  /// W, (n_out, n_in).
  public var weight: Tensor<Scalar>
  /// b, (n_out, 1): one number for each unit, added in every example.
  public var bias: Tensor<Scalar>
  /// g.
  public var activation: Activation

  /// A layer of these parameters.
  public init(weight: Tensor<Scalar>, bias: Tensor<Scalar>, activation: Activation = .identity) {
    (self.weight, self.bias, self.activation) = (weight, bias, activation)
  }

  /// A layer with random weights and biases of 0. By default the weights begin as it suits the activation.
  public init(
    inputs: Int, outputs: Int, activation: Activation = .identity, initializer: Initializer? = nil,
    using generator: inout some RandomNumberGenerator
  ) {
    let initializer = initializer ?? .recommended(for: activation)
    self.init(
      weight: initializer.weights(outputs: outputs, inputs: inputs, using: &generator), bias: .zeros([outputs, 1]),
      activation: activation)
  }

  /// Visits `weight` and `bias`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try visit("weight", &weight)
    try visit("bias", &bias)
  }

  /// The activation.
  public func hashConfiguration(into hasher: inout Hasher) { hasher.combine(activation) }

  /// Z: `W·X + b`. An X with another number of rows than n_in gives a failed tensor.
  public func logits(_ x: Tensor<Scalar>) -> Tensor<Scalar> { matmul(weight, x) + bias }

  /// A: `g(W·X + b)`.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { activation(logits(x)) }
}
