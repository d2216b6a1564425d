import TapeGradCore

/// Descent of a ball that keeps rolling: `v ← μ·v + g`, `θ ← θ − rate·v`; by Nesterov, `θ ← θ − rate·(g + μ·v)`.
///
/// Steps in a steady direction add up, those that change direction cancel.
///
/// Ilya Sutskever, James Martens, George Dahl, Geoffrey Hinton: On the importance of initialization and momentum in deep
/// learning, ICML 2013. The formulas are PyTorch's.
public struct Momentum<Model: TensorGroup>: Optimizer {
  /// Rate, schedule, clipping, weight decay, and the number of steps so far.
  public var settings: OptimizerSettings<Model.Scalar>
  /// v, for each parameter; 0 to begin with.
  public var velocity: Model
  /// μ, the share of the velocity that a step keeps.
  public var momentum: Double
  /// Whether a step looks ahead along the velocity, by Nesterov.
  public var isNesterov: Bool

  /// Descent with momentum.
  public init(for model: Model, rate: Double, momentum: Double = 0.9, isNesterov: Bool = false) {
    settings = OptimizerSettings(rate: rate)
    velocity = model.zeros
    (self.momentum, self.isNesterov) = (momentum, isNesterov)
  }

  /// Visits the settings' tensors, then `velocity`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Model.Scalar>) throws -> Void) rethrows {
    try settings.visitTensors(visit)
    try velocity.visitTensors(in: "velocity", visit)
  }

  /// The settings, μ, and whether a step looks ahead.
  public func hashConfiguration(into hasher: inout Hasher) {
    settings.hashConfiguration(into: &hasher)
    hasher.combine(momentum)
    hasher.combine(isNesterov)
  }

  /// The model after one step.
  public mutating func move(_ model: Model, along gradient: Model, rate: Tensor<Model.Scalar>) -> Model {
    let momentum = Model.Scalar(momentum)
    velocity = gradient.moved(along: velocity, by: momentum)
    return model.moved(along: isNesterov ? gradient.moved(along: velocity, by: momentum) : velocity, by: -rate)
  }
}
