import TapeGradCore

/// Each parameter at a pace that falls with all that it has moved: `s ← s + g²`, `θ ← θ − rate·g/(√s + ε)`.
///
/// John Duchi, Elad Hazan, Yoram Singer: Adaptive subgradient methods, JMLR 12, 2011.
public struct Adagrad<Model: TensorGroup>: Optimizer {
  /// Rate, schedule, clipping, weight decay, and the number of steps so far.
  public var settings: OptimizerSettings<Model.Scalar>
  /// s, for each parameter; 0 to begin with.
  public var sumOfSquares: Model
  /// ε, which keeps the quotient finite.
  public var epsilon: Double

  /// The method with its usual numbers.
  public init(for model: Model, rate: Double, epsilon: Double = 1e-10) {
    settings = OptimizerSettings(rate: rate)
    sumOfSquares = model.zeros
    self.epsilon = epsilon
  }

  /// Visits the settings' tensors, then `sumOfSquares`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Model.Scalar>) throws -> Void) rethrows {
    try settings.visitTensors(visit)
    try sumOfSquares.visitTensors(in: "sumOfSquares", visit)
  }

  /// The settings and ε.
  public func hashConfiguration(into hasher: inout Hasher) {
    settings.hashConfiguration(into: &hasher)
    hasher.combine(epsilon)
  }

  /// The model after one step.
  public mutating func move(_ model: Model, along gradient: Model, rate: Tensor<Model.Scalar>) -> Model {
    sumOfSquares = sumOfSquares.zipTensors(gradient) { s, g in s + square(g) }
    let direction = gradient.zipTensors(sumOfSquares) { g, s in g / (sqrt(s) + Model.Scalar(epsilon)) }
    return model.moved(along: direction, by: -rate)
  }
}
