import TapeGradCore

/// Which optimizer to make for a model: `.adam(rate: 0.01)`.
/// ```swift
/// var choice = OptimizerChoice.adam(rate: 0.01)
/// choice.schedule = .cosine(steps: 1000)
/// ```
public struct OptimizerChoice: Hashable, Sendable {
  /// The methods, by name.
  public enum Method: String, CaseIterable, Sendable {
    /// ``GradientDescent``.
    case gradientDescent
    /// ``Momentum`` of 0.9.
    case momentum
    /// ``Momentum`` of 0.9, by Nesterov.
    case nesterov
    /// ``RMSProp``.
    case rmsProp
    /// ``Adam``.
    case adam
    /// ``Adam`` with a decoupled weight decay, of 0.01 unless told otherwise.
    case adamW
    /// ``Adagrad``.
    case adagrad
    /// ``LBFGS``, with a line search.
    case lbfgs
  }

  /// The method.
  public var method: Method
  /// The learning rate, which the schedule multiplies.
  public var rate: Double
  /// How the rate changes from step to step.
  public var schedule = LearningRateSchedule.constant
  /// What becomes of large gradients.
  public var clipping = GradientClipping.none
  /// Whether weights shrink.
  public var weightDecay = WeightDecay.none

  /// A method with a rate.
  public init(_ method: Method, rate: Double) {
    (self.method, self.rate) = (method, rate)
    if method == .adamW { weightDecay = .decoupled(0.01) }
  }

  /// `θ ← θ − rate·g`.
  public static func gradientDescent(rate: Double) -> Self { Self(.gradientDescent, rate: rate) }
  /// Descent with momentum.
  public static func momentum(rate: Double) -> Self { Self(.momentum, rate: rate) }
  /// Descent with momentum that looks ahead.
  public static func nesterov(rate: Double) -> Self { Self(.nesterov, rate: rate) }
  /// By a running mean of squared gradients.
  public static func rmsProp(rate: Double = 0.01) -> Self { Self(.rmsProp, rate: rate) }
  /// By running means of gradients and their squares.
  public static func adam(rate: Double = 0.001) -> Self { Self(.adam, rate: rate) }
  /// Adam with decoupled weight decay.
  public static func adamW(rate: Double = 0.001) -> Self { Self(.adamW, rate: rate) }
  /// By the sum of squared gradients.
  public static func adagrad(rate: Double = 0.01) -> Self { Self(.adagrad, rate: rate) }
  /// Quasi-Newton steps, for small problems on all examples at once.
  public static func lbfgs(rate: Double = 1) -> Self { Self(.lbfgs, rate: rate) }

  /// An optimizer of this kind for a model.
  public func optimizer<Model: TensorGroup>(for model: Model) -> any Optimizer<Model> {
    switch method {
    case .gradientDescent: configured(GradientDescent(for: model, rate: rate))
    case .momentum: configured(Momentum(for: model, rate: rate))
    case .nesterov: configured(Momentum(for: model, rate: rate, isNesterov: true))
    case .rmsProp: configured(RMSProp(for: model, rate: rate))
    case .adam, .adamW: configured(Adam(for: model, rate: rate))
    case .adagrad: configured(Adagrad(for: model, rate: rate))
    case .lbfgs: configured(LBFGS(for: model, rate: rate, lineSearch: .strongWolfe))
    }
  }

  private func configured<Method: Optimizer>(_ optimizer: Method) -> Method {
    var optimizer = optimizer
    (optimizer.schedule, optimizer.clipping, optimizer.weightDecay) = (schedule, clipping, weightDecay)
    return optimizer
  }
}
