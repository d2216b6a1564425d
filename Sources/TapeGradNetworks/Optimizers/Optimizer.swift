import TapeGradCore

/// A method that moves a model along its gradient, step after step, as a value: its state is a group of tensors, so that a
/// step can be part of a program, and be saved.
/// ```swift
/// var optimizer = Adam(for: network, rate: 0.01)
/// let step = compiled { (network: Network, optimizer: Adam<Network>, x: Tensor<Float>, y: Tensor<Float>) in
///   let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
///   return (optimizer.updated(network, along: gradient), loss)
/// }
/// let (next, loss) = try step(network, optimizer, x, y)
/// (network, optimizer) = (next.model, next.optimizer)
/// ```
/// A method of your own says its rule in `move`, and visits its tensors.
public protocol Optimizer<Model>: TensorGroup where Scalar == Model.Scalar {
  /// What is trained: its tensors are the parameters.
  associatedtype Model: TensorGroup

  /// What all methods have in common: rate, schedule, clipping, weight decay, and the number of steps so far.
  var settings: OptimizerSettings<Scalar> { get set }

  /// The model after one step by the rule of this method, whose state moves on too.
  ///
  /// - Parameters:
  ///   - model: the parameters θ.
  ///   - gradient: ∂J by each parameter, clipped and with the decay that belongs to it.
  ///   - rate: the learning rate of this step, one number.
  mutating func move(_ model: Model, along gradient: Model, rate: Tensor<Scalar>) -> Model

  /// Whether a step looks at the loss in several places, so that what it computes depends on numbers: no program holds such a
  /// step. By default it does not.
  var searchesLine: Bool { get }

  /// The model and this optimizer after one step, with the loss before it. By default loss and gradient are asked for once,
  /// and the step goes along that gradient.
  ///
  /// - Parameters:
  ///   - model: the parameters θ.
  ///   - evaluate: gives J and ∂J at other parameters.
  func updated(
    _ model: Model, evaluating evaluate: (Model) throws -> (Tensor<Scalar>, Model)
  ) throws -> (next: Optimized<Self>, loss: Tensor<Scalar>)
}

/// A model and the optimizer that trains it: what a step gives.
public struct Optimized<Method: Optimizer>: TensorGroup {
  /// The model.
  public var model: Method.Model
  /// The optimizer with its state.
  public var optimizer: Method

  /// A model with its optimizer.
  public init(_ model: Method.Model, by optimizer: Method) { (self.model, self.optimizer) = (model, optimizer) }

  /// Visits `model` and `optimizer`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Method.Scalar>) throws -> Void) rethrows {
    try model.visitTensors(in: "model", visit)
    try optimizer.visitTensors(in: "optimizer", visit)
  }

  /// What the two store beside tensors.
  public func hashConfiguration(into hasher: inout Hasher) {
    model.hashConfiguration(into: &hasher)
    optimizer.hashConfiguration(into: &hasher)
  }

  /// The two after one step along a gradient: for loops by `repeated`.
  public func updated(along gradient: Method.Model) -> Self { optimizer.updated(model, along: gradient) }
}

extension Optimizer {
  /// It does not.
  public var searchesLine: Bool { false }

  /// The step along the gradient at the model.
  public func updated(
    _ model: Model, evaluating evaluate: (Model) throws -> (Tensor<Scalar>, Model)
  ) throws -> (next: Optimized<Self>, loss: Tensor<Scalar>) {
    let (loss, gradient) = try evaluate(model)
    return (updated(model, along: gradient), loss)
  }

  /// The model and this optimizer after one step along a gradient: the gradient is clipped, weights decay, the method moves.
  public func updated(_ model: Model, along gradient: Model) -> Optimized<Self> {
    let rate = settings.currentRate, start = settings.decayed(model, rate: rate)
    var next = self
    let moved = next.move(start, along: settings.shaped(gradient, at: model), rate: rate)
    next.settings.stepsTaken = settings.stepsTaken + 1
    return Optimized(moved, by: next)
  }

  /// Takes one step along a gradient, in place.
  public mutating func update(_ model: inout Model, along gradient: Model) {
    let next = updated(model, along: gradient)
    (model, self) = (next.model, next.optimizer)
  }
}

extension TensorGroup {
  /// Visits the tensors under names that begin with the group's own: `mean.weight`.
  mutating func visitTensors(
    in group: String, _ visit: (String, inout Tensor<Scalar>) throws -> Void
  ) rethrows {
    try visitTensors { name, tensor in try visit(name.isEmpty ? group : "\(group).\(name)", &tensor) }
  }

  /// The group with zeros in its tensors' shapes.
  var zeros: Self { mapTensors { .zeros($0.shape) } }

  /// `Σ a·b` over all elements of all tensors.
  func dot(_ other: Self) -> Tensor<Scalar> {
    var sum = Tensor<Scalar>(0)
    _ = zipTensors(other) { a, b in
      sum = sum + (a * b).sum()
      return a
    }
    return sum
  }
}
