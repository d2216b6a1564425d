import TapeGradCore

/// Each parameter at a pace of its own, by a running mean of its squared gradient: `s ← α·s + (1 − α)·g²`,
/// `θ ← θ − rate·g/(√s + ε)`.
///
/// Tijmen Tieleman, Geoffrey Hinton: Lecture 6.5, Neural networks for machine learning, 2012.
public struct RMSProp<Model: TensorGroup>: Optimizer {
  /// Rate, schedule, clipping, weight decay, and the number of steps so far.
  public var settings: OptimizerSettings<Model.Scalar>
  /// s, for each parameter; 0 to begin with.
  public var meanSquare: Model
  /// α, the share of the mean that a step keeps.
  public var smoothing: Double
  /// ε, which keeps the quotient finite.
  public var epsilon: Double

  /// The method with its usual numbers.
  public init(for model: Model, rate: Double, smoothing: Double = 0.99, epsilon: Double = 1e-8) {
    settings = OptimizerSettings(rate: rate)
    meanSquare = model.zeros
    (self.smoothing, self.epsilon) = (smoothing, epsilon)
  }

  /// Visits the settings' tensors, then `meanSquare`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Model.Scalar>) throws -> Void) rethrows {
    try settings.visitTensors(visit)
    try meanSquare.visitTensors(in: "meanSquare", visit)
  }

  /// The settings, α and ε.
  public func hashConfiguration(into hasher: inout Hasher) {
    settings.hashConfiguration(into: &hasher)
    hasher.combine([smoothing, epsilon])
  }

  /// The model after one step.
  public mutating func move(_ model: Model, along gradient: Model, rate: Tensor<Model.Scalar>) -> Model {
    meanSquare = meanSquare.averaged(with: gradient.mapTensors { square($0) }, keeping: smoothing)
    let direction = gradient.zipTensors(meanSquare) { g, s in g / (sqrt(s) + Model.Scalar(epsilon)) }
    return model.moved(along: direction, by: -rate)
  }
}

extension TensorGroup {
  /// `share·self + (1 − share)·other`: a running mean.
  func averaged(with other: Self, keeping share: Double) -> Self {
    zipTensors(other) { Scalar(share) * $0 + Scalar(1 - share) * $1 }
  }
}
