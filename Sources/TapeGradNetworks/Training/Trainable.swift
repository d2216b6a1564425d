import TapeGradCore

/// A network that `fit` can train. Only its loss is asked for:
/// ```swift
/// extension Regressor: Trainable {
///   func loss(_ x: Tensor<Scalar>, labels: Tensor<Scalar>) -> Tensor<Scalar> { meanSquaredError(self(x), labels) }
/// }
/// ```
/// A network that behaves differently while it learns says so in the other requirements.
public protocol Trainable: TensorGroup {
  /// J of m examples, the columns of x, for the network as it is used: one number.
  func loss(_ x: Tensor<Scalar>, labels: Tensor<Scalar>) -> Tensor<Scalar>

  /// J of m examples for the network as it learns; by default as it is used. The noise are numbers drawn evenly from 0 to 1,
  /// in the shapes that the network asks for.
  func learningLoss(_ x: Tensor<Scalar>, labels: Tensor<Scalar>, noise: [Tensor<Scalar>]) -> Tensor<Scalar>

  /// The shapes of the random numbers for a batch of m examples, with the examples along one axis; by default none.
  func noiseShapes(examples: Int) -> [Shape]

  /// This network, after a step, with what it keeps of the batch that `previous`, before the step, has seen: running means.
  /// By default it keeps nothing.
  func observing(_ x: Tensor<Scalar>, noise: [Tensor<Scalar>], by previous: Self) -> Self
}

extension Trainable {
  /// The loss of the network as it is used.
  public func learningLoss(
    _ x: Tensor<Scalar>, labels: Tensor<Scalar>, noise: [Tensor<Scalar>]
  ) -> Tensor<Scalar> { loss(x, labels: labels) }

  /// None.
  public func noiseShapes(examples: Int) -> [Shape] { [] }

  /// The network itself.
  public func observing(_ x: Tensor<Scalar>, noise: [Tensor<Scalar>], by previous: Self) -> Self { self }
}
