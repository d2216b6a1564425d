import TapeGradCore

/// Running means of the gradient and of its square, `m ← β₁·m + (1 − β₁)·g` and `v ← β₂·v + (1 − β₂)·g²`, each divided by
/// what it lacks after t steps because it began at 0: `θ ← θ − rate·m/(1 − β₁ᵗ)/(√(v/(1 − β₂ᵗ)) + ε)`.
///
/// With decoupled weight decay it is AdamW.
///
/// Diederik P. Kingma, Jimmy Ba: Adam, ICLR 2015, arXiv:1412.6980.
public struct Adam<Model: TensorGroup>: Optimizer {
  /// Rate, schedule, clipping, weight decay, and the number of steps so far.
  public var settings: OptimizerSettings<Model.Scalar>
  /// m, for each parameter; 0 to begin with.
  public var mean: Model
  /// v, for each parameter; 0 to begin with.
  public var meanSquare: Model
  /// β₁ and β₂, the shares of the means that a step keeps.
  public var beta1, beta2: Double
  /// ε, which keeps the quotient finite.
  public var epsilon: Double

  /// The method with its usual numbers.
  public init(
    for model: Model, rate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: WeightDecay = .none
  ) {
    settings = OptimizerSettings(rate: rate)
    settings.weightDecay = weightDecay
    (mean, meanSquare) = (model.zeros, model.zeros)
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
  }

  /// Visits the settings' tensors, then `mean` and `meanSquare`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Model.Scalar>) throws -> Void) rethrows {
    try settings.visitTensors(visit)
    try mean.visitTensors(in: "mean", visit)
    try meanSquare.visitTensors(in: "meanSquare", visit)
  }

  /// The settings, β₁, β₂ and ε.
  public func hashConfiguration(into hasher: inout Hasher) {
    settings.hashConfiguration(into: &hasher)
    hasher.combine([beta1, beta2, epsilon])
  }

  /// The model after one step.
  public mutating func move(_ model: Model, along gradient: Model, rate: Tensor<Model.Scalar>) -> Model {
    let t = settings.stepsTaken + 1
    mean = mean.averaged(with: gradient, keeping: beta1)
    meanSquare = meanSquare.averaged(with: gradient.mapTensors { square($0) }, keeping: beta2)
    let root = sqrt(Self.weight(of: beta2, after: t))
    let direction = mean.zipTensors(meanSquare) { m, v in m / (sqrt(v) / root + Model.Scalar(epsilon)) }
    return model.moved(along: direction, by: -rate / Self.weight(of: beta1, after: t))
  }

  /// `1 − βᵗ`, as `−(e^(t·ln β) − 1)`: in Float, 1 − 0.999 keeps four digits only.
  private static func weight(of beta: Double, after t: Tensor<Model.Scalar>) -> Tensor<Model.Scalar> {
    -expm1(t * Model.Scalar(log(NDArray<Double>(beta)).scalars[0]))
  }
}
