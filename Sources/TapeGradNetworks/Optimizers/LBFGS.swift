import TapeGradCore

/// Quasi-Newton steps for small problems, on all examples at once: the direction is −H·g, with H the inverse of the second
/// derivatives as far as the last steps s and the changes y of the gradient along them tell it.
///
/// H is never written down: two loops over the remembered pairs apply it to g. A pair is remembered where `s·y > 10⁻¹⁰`. The
/// first step goes along −g and is at most `rate` long in the sum of its elements.
///
/// By itself a step has the length that H gives it, times the rate; where it overshoots, a smaller rate helps. With a
/// ``LineSearch`` its length is found by looking at the loss: no step makes it rise. Such a step cannot be part of a program;
/// `fit` and ``Optimizer/minimize(_:epochs:observe:of:)`` take it.
///
/// Dong C. Liu, Jorge Nocedal: On the limited memory BFGS method, Mathematical Programming 45, 1989.
public struct LBFGS<Model: TensorGroup>: Optimizer {
  /// Rate, schedule, clipping, weight decay, and the number of steps so far.
  public var settings: OptimizerSettings<Model.Scalar>
  /// The last gradient, and the last step.
  public var lastGradient, lastStep: Model
  /// The remembered pairs s and y, the oldest first; zeros where there is none yet.
  public var steps, changes: [Model]
  /// `1/(s·y)` of each pair; 0 where there is none yet.
  public var curvatures: [Tensor<Model.Scalar>]
  /// `s·y/y·y` of the last pair: the inverse of the second derivatives before any pair is applied.
  public var scale = Tensor<Model.Scalar>(1)

  /// How the length of a step is found.
  public var lineSearch: LineSearch

  /// The method with a number of remembered pairs.
  public init(for model: Model, rate: Double = 1, memory: Int = 10, lineSearch: LineSearch = .none) {
    settings = OptimizerSettings(rate: rate)
    self.lineSearch = lineSearch
    (lastGradient, lastStep) = (model.zeros, model.zeros)
    steps = Array(repeating: model.zeros, count: max(memory, 1))
    changes = steps
    curvatures = Array(repeating: Tensor(0), count: steps.count)
  }

  /// Visits the settings' tensors, then the state.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Model.Scalar>) throws -> Void) rethrows {
    try settings.visitTensors(visit)
    try lastGradient.visitTensors(in: "lastGradient", visit)
    try lastStep.visitTensors(in: "lastStep", visit)
    try steps.visitTensors(in: "steps", visit)
    try changes.visitTensors(in: "changes", visit)
    try curvatures.visitTensors(in: "curvatures", visit)
    try scale.visitTensors(in: "scale", visit)
  }

  /// The settings, how many pairs are remembered, and how the length of a step is found.
  public func hashConfiguration(into hasher: inout Hasher) {
    settings.hashConfiguration(into: &hasher)
    hasher.combine(steps.count)
    hasher.combine(lineSearch)
  }

  /// The model after one step, whose length is not searched.
  public mutating func move(_ model: Model, along gradient: Model, rate: Tensor<Model.Scalar>) -> Model {
    let (direction, size) = next(gradient, rate: rate)
    lastStep = direction.mapTensors { $0 * size }
    return model.moved(along: lastStep, by: 1)
  }

  /// Whether the length of a step is searched.
  public var searchesLine: Bool { lineSearch != .none }

  /// The model and this optimizer after one step, whose length is searched where ``lineSearch`` says so; with the loss before.
  public func updated(
    _ model: Model, evaluating evaluate: (Model) throws -> (Tensor<Model.Scalar>, Model)
  ) throws -> (next: Optimized<Self>, loss: Tensor<Model.Scalar>) {
    let (loss, gradient) = try evaluate(model)
    guard searchesLine else { return (updated(model, along: gradient), loss) }
    let rate = settings.currentRate, start = settings.decayed(model, rate: rate)
    var method = self
    let (direction, size) = method.next(settings.shaped(gradient, at: model), rate: rate)
    /// The loss and its slope at a step of length t.
    func point(_ t: Double, _ loss: Tensor<Scalar>, _ gradient: Model, at model: Model) throws -> LineSearch.Point {
      LineSearch.Point(
        t: t, loss: try settings.shaped(loss, at: model).item.doubleValue,
        slope: try settings.shaped(gradient, at: model).dot(direction).item.doubleValue)
    }
    let origin = try point(0, loss, gradient, at: model)
    // Where the slope is not below 0, the loss is at its minimum as far as numbers tell.
    let length =
      origin.slope < 0
      ? try LineSearch.strongWolfe(
        from: origin, firstLength: size.item.doubleValue,
        longest: direction.tensors.map { try abs($0.tensor).max().item.doubleValue }.max() ?? 0
      ) { t in
        let there = start.moved(along: direction, by: Scalar(t))
        let (loss, gradient) = try evaluate(there)
        return try point(t, loss, gradient, at: there)
      } : 0
    method.lastStep = direction.mapTensors { $0 * Scalar(length) }
    method.settings.stepsTaken = settings.stepsTaken + 1
    return (Optimized(start.moved(along: method.lastStep, by: 1), by: method), loss)
  }

  /// The direction −H·g after the memory has taken in the last step, and the length of a step along it before any search.
  private mutating func next(
    _ gradient: Model, rate: Tensor<Scalar>
  ) -> (direction: Model, size: Tensor<Scalar>) {
    remember(change: gradient.moved(along: lastGradient, by: -1))
    let length = gradient.mapTensors { abs($0) }.dot(gradient.mapTensors { .ones($0.shape) })
    let isFirst = settings.stepsTaken .== 0
    lastGradient = gradient
    return (direction(gradient), rate * select(isFirst, minimum(Tensor(1), 1 / length), Tensor(1)))
  }

  /// Takes the last step and the change of the gradient along it into the memory, in the place of the oldest pair.
  private mutating func remember(change: Model) {
    let product = change.dot(lastStep)
    let isKept = product .> 1e-10
    func shifted<G: TensorGroup>(_ groups: [G], _ new: G) -> [G] where G.Scalar == Model.Scalar {
      zip(groups, groups.dropFirst() + [new]).map { old, next in
        next.zipTensors(old) { select(isKept, $0, $1) }
      }
    }
    steps = shifted(steps, lastStep)
    changes = shifted(changes, change)
    curvatures = shifted(curvatures, 1 / product)
    scale = select(isKept, product / change.dot(change), scale)
  }

  /// −H·g: from the newest pair to the oldest, and back.
  private func direction(_ gradient: Model) -> Model {
    var direction = gradient.mapTensors { -$0 }
    var shares = curvatures
    for i in steps.indices.reversed() {
      shares[i] = curvatures[i] * steps[i].dot(direction)
      direction = direction.moved(along: changes[i], by: -shares[i])
    }
    direction = direction.mapTensors { $0 * scale }
    for i in steps.indices {
      direction = direction.moved(along: steps[i], by: shares[i] - curvatures[i] * changes[i].dot(direction))
    }
    return direction
  }
}
