import TapeGradCore

/// What all optimizers have in common. Rate and steps are tensors, so that a program does not depend on their numbers.
public struct OptimizerSettings<Scalar: TensorScalar>: TensorGroup {
  /// The learning rate, one number, which the schedule multiplies.
  public var rate: Tensor<Scalar>
  /// How many steps were taken, one number.
  public var stepsTaken = Tensor<Scalar>(0)
  /// How the rate changes from step to step.
  public var schedule = LearningRateSchedule.constant
  /// What becomes of large gradients.
  public var clipping = GradientClipping.none
  /// Whether weights shrink.
  public var weightDecay = WeightDecay.none

  /// Settings with a rate.
  public init(rate: Double) { self.rate = Tensor(Scalar(rate)) }

  /// Visits `rate` and `stepsTaken`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try visit("rate", &rate)
    try visit("stepsTaken", &stepsTaken)
  }

  /// Schedule, clipping and weight decay.
  public func hashConfiguration(into hasher: inout Hasher) {
    hasher.combine(schedule)
    hasher.combine(clipping)
    hasher.combine(weightDecay)
  }

  /// The learning rate of the next step: `rate` times the schedule's factor.
  public var currentRate: Tensor<Scalar> {
    schedule == .constant ? rate : rate * schedule.factor(afterSteps: stepsTaken)
  }
}

extension OptimizerSettings {
  /// A gradient at a model as the method gets it: clipped, and with the decay that belongs to the loss.
  func shaped<Model: TensorGroup>(_ gradient: Model, at model: Model) -> Model where Model.Scalar == Scalar {
    let clipped = clipping.clipped(gradient)
    guard case .l2(let lambda, let spared) = weightDecay else { return clipped }
    return clipped.moved(along: WeightDecay.decaying(model, sparing: spared), by: Scalar(lambda))
  }

  /// A loss at a model, with the decay that belongs to it.
  func shaped<Model: TensorGroup>(_ loss: Tensor<Scalar>, at model: Model) -> Tensor<Scalar>
  where Model.Scalar == Scalar {
    guard case .l2(let lambda, let spared) = weightDecay else { return loss }
    let decaying = WeightDecay.decaying(model, sparing: spared)
    return loss + Scalar(lambda / 2) * decaying.dot(decaying)
  }

  /// A model after the decay that is apart from the loss.
  func decayed<Model: TensorGroup>(_ model: Model, rate: Tensor<Scalar>) -> Model where Model.Scalar == Scalar {
    guard case .decoupled(let lambda, let spared) = weightDecay else { return model }
    // mapTensors refuses a class, of which a copy would be the model itself.
    var decayed = model.mapTensors { $0 }
    decayed.visitTensors { name, tensor in
      if !WeightDecay.spares(name, spared) { tensor = tensor * (1 - rate * Scalar(lambda)) }
    }
    return decayed
  }
}

/// Whether weights shrink as they are trained, which keeps them small where the data do not ask for more.
///
/// All parameters of a model decay, except those that are spared by the last part of their name: `["bias"]` spares
/// `layers.0.bias`. A bias only moves what a layer computes, so a large one does not mean that a table is learned by heart.
public enum WeightDecay: Hashable, Sendable {
  /// They do not.
  case none
  /// `λ/2·Σ θ²` is added to the loss: `λ·θ` to the gradient.
  case l2(Double, sparing: Set<String> = [])
  /// `θ ← (1 − rate·λ)·θ` before each step, beside the gradient: with Adam, this is AdamW.
  ///
  /// Ilya Loshchilov, Frank Hutter: Decoupled weight decay regularization, ICLR 2019, arXiv:1711.05101.
  case decoupled(Double, sparing: Set<String> = [])

  fileprivate static func spares(_ name: String, _ spared: Set<String>) -> Bool {
    spared.contains(String(name.split(separator: ".").last ?? ""))
  }

  /// A model with zeros for what is spared.
  fileprivate static func decaying<Model: TensorGroup>(_ model: Model, sparing spared: Set<String>) -> Model {
    if spared.isEmpty { return model }
    var decaying = model.mapTensors { $0 }
    decaying.visitTensors { name, tensor in
      if spares(name, spared) { tensor = .zeros(tensor.shape) }
    }
    return decaying
  }
}

/// What becomes of large gradients, which would throw a model far away.
public enum GradientClipping: Hashable, Sendable {
  /// Nothing.
  case none
  /// The gradient is shortened to this length where it is longer: `g·min(1, c/(‖g‖ + 10⁻⁶))`, over all parameters together.
  case norm(Double)
  /// Each element is moved into `−c…c`.
  case value(Double)

  /// A gradient, clipped.
  public func clipped<Model: TensorGroup>(_ gradient: Model) -> Model {
    typealias S = Model.Scalar
    switch self {
    case .none: return gradient
    case .norm(let largest):
      let share = minimum(Tensor(1), S(largest) / (sqrt(gradient.dot(gradient)) + S(1e-6)))
      return gradient.mapTensors { $0 * share }
    case .value(let largest):
      let bound = Tensor(S(largest))
      return gradient.mapTensors { maximum(minimum($0, bound), -bound) }
    }
  }
}

extension Optimizer {
  /// The learning rate, which the schedule multiplies.
  public var rate: Tensor<Scalar> {
    get { settings.rate }
    set { settings.rate = newValue }
  }

  /// How the rate changes from step to step.
  public var schedule: LearningRateSchedule {
    get { settings.schedule }
    set { settings.schedule = newValue }
  }

  /// What becomes of large gradients.
  public var clipping: GradientClipping {
    get { settings.clipping }
    set { settings.clipping = newValue }
  }

  /// Whether weights shrink.
  public var weightDecay: WeightDecay {
    get { settings.weightDecay }
    set { settings.weightDecay = newValue }
  }
}
