import TapeGradCore

/// Each feature shifted and scaled to mean 0 and variance 1: `Y = γ ⊙ (X − μ)/√(v + ε) + β`, with μ and v of each row.
///
/// While the network learns, μ and v are those of the batch, and derivatives pass through them. When it is used, they are
/// running means of what was seen, so that an example's result does not depend on its neighbors.
///
/// Sergey Ioffe, Christian Szegedy: Batch normalization, ICML 2015, arXiv:1502.03167.
public struct BatchNormalization<Scalar: TensorScalar>: TensorGroup {
  /// γ, (n, 1); 1 to begin with.
  public var scale: Tensor<Scalar>
  /// β, (n, 1); 0 to begin with.
  public var shift: Tensor<Scalar>
  /// The running mean of each feature, (n, 1); 0 to begin with. No parameter: its gradient is 0.
  public var mean: Tensor<Scalar>
  /// The running variance of each feature, (n, 1), divided by m − 1; 1 to begin with. No parameter: its gradient is 0.
  public var variance: Tensor<Scalar>
  /// How much of the running numbers a batch replaces.
  public var momentum = 0.1
  /// ε, which keeps the root away from 0.
  public var epsilon = 1e-5

  /// A normalization of n features.
  public init(features: Int) {
    (scale, shift) = (.ones([features, 1]), .zeros([features, 1]))
    (mean, variance) = (.zeros([features, 1]), .ones([features, 1]))
  }

  /// Visits `scale`, `shift`, `mean` and `variance`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try visit("scale", &scale)
    try visit("shift", &shift)
    try visit("mean", &mean)
    try visit("variance", &variance)
  }

  /// `momentum` and ε.
  public func hashConfiguration(into hasher: inout Hasher) { hasher.combine([momentum, epsilon]) }

  /// Y by the running mean and variance, in the shape (n, m) of X: for a network that is used.
  public func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { normalized(x, mean: mean, variance: variance) }

  /// Y by mean and variance of this batch: for a network that learns.
  public func learning(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let (mean, variance) = Self.moments(of: x)
    return normalized(x, mean: mean, variance: variance)
  }

  /// This normalization after it has seen a batch: `mean ← (1 − momentum)·mean + momentum·μ`, and the variance likewise.
  public func observing(_ x: Tensor<Scalar>) -> Self {
    let (batchMean, batchVariance) = Self.moments(of: x)
    let examples = x.shape.rank == 2 ? x.shape[1] : 0
    let unbiased = batchVariance * Scalar(Double(examples) / Double(max(examples - 1, 1)))
    var next = self
    next.mean = mean * Scalar(1 - momentum) + batchMean * Scalar(momentum)
    next.variance = variance * Scalar(1 - momentum) + unbiased * Scalar(momentum)
    return next
  }

  private func normalized(_ x: Tensor<Scalar>, mean: Tensor<Scalar>, variance: Tensor<Scalar>) -> Tensor<Scalar> {
    scale * ((x - mean) / sqrt(variance + Scalar(epsilon))) + shift
  }

  private static func moments(of x: Tensor<Scalar>) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    let mean = x.mean(axis: 1, keepingDimensions: true)
    return (mean, square(x - mean).mean(axis: 1, keepingDimensions: true))
  }
}
