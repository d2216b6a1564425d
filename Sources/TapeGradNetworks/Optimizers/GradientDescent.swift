import TapeGradCore

/// Gradient descent as an optimizer, with no memory of earlier steps: `θ ← θ − rate·g`.
public struct GradientDescent<Model: TensorGroup>: Optimizer {
  /// Rate, schedule, clipping, weight decay, and the number of steps so far.
  public var settings: OptimizerSettings<Model.Scalar>

  /// Descent with a rate.
  public init(for _: Model, rate: Double) { settings = OptimizerSettings(rate: rate) }

  /// Visits the settings' tensors.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Model.Scalar>) throws -> Void) rethrows {
    try settings.visitTensors(visit)
  }

  /// The settings.
  public func hashConfiguration(into hasher: inout Hasher) {
    settings.hashConfiguration(into: &hasher)
  }

  /// `θ − rate·g`.
  public mutating func move(_ model: Model, along gradient: Model, rate: Tensor<Model.Scalar>) -> Model {
    model.moved(along: gradient, by: -rate)
  }
}
