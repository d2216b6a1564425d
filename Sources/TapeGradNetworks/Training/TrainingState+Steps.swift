import TapeGradCore

extension TrainingState {
  private typealias Numbers = Tensor<Method.Scalar>
  typealias Step = (Optimized<Method>, Batch<Method.Scalar>) throws -> (Optimized<Method>, Tensor<Method.Scalar>)

  /// How a step is taken: as one program, or, where it searches along a line, with a program for the loss and its gradient.
  func step(isCompiled: Bool, _ division: Division) -> Step {
    if let ranks = division.communicator { return step(isCompiled: isCompiled, over: ranks) }
    if !isCompiled { return { try Self.step($0, $1.own.features, $1.own.labels, $1.noise) } }
    guard optimizer.searchesLine else {
      let program = compiled(Self.step)
      return { try program($0, $1.own.features, $1.own.labels, $1.noise) }
    }
    let evaluation = compiled(Self.evaluation)
    return { state, batch in
      let (x, labels, noise) = (batch.own.features, batch.own.labels, batch.noise)
      let (next, loss) = try state.optimizer.updated(state.model) { try evaluation($0, x, labels, noise) }
      return (next.observing(x, noise, by: state.model), loss)
    }
  }

  /// A step of several ranks: a program for this rank's share of loss and gradient, their sum over all ranks, and a program for
  /// the optimizer's move, which is the same on all.
  private func step(isCompiled: Bool, over ranks: any Communicator) -> Step {
    let shareProgram = compiled(Self.share), moveProgram = compiled(Self.move), observation = compiled(Self.observation)
    let evaluate = isCompiled ? { try shareProgram($0, $1, $2, $3, $4) } : Self.share
    let move = isCompiled ? { try moveProgram($0, $1, $2, $3) } : Self.move
    let observe = isCompiled ? { try observation($0, $1, $2, $3) } : Self.observation
    return { state, batch in
      let (x, labels, noise) = (batch.own.features, batch.own.labels, batch.noise)
      let share = Tensor(Method.Scalar(Double(batch.own.count) / Double(batch.count)))
      func sum(_ model: Method.Model) throws -> (Numbers, Method.Model) {
        // A rank without examples has no loss; a mean of nothing is no number.
        try ranks.sum(batch.own.count == 0 ? (Numbers(0), model.zeros) : evaluate(model, x, labels, noise, share))
      }
      if state.optimizer.searchesLine {
        let (next, loss) = try state.optimizer.updated(state.model, evaluating: sum)
        return (try observe(next, state.model, x, noise), loss)
      }
      let (loss, gradient) = try sum(state.model)
      return (try move(state, gradient, x, noise), loss)
    }
  }

  /// The loss of a batch and its gradient.
  @Sendable private static func evaluation(
    _ model: Method.Model, _ x: Numbers, _ labels: Numbers, _ noise: [Numbers]
  ) throws -> (Numbers, Method.Model) {
    try valueWithGradient(at: model) { $0.learningLoss(x, labels: labels, noise: noise) }
  }

  /// The loss of a part of a batch and its gradient, weighted by its share.
  @Sendable private static func share(
    _ model: Method.Model, _ x: Numbers, _ labels: Numbers, _ noise: [Numbers], _ share: Numbers
  ) throws -> (Numbers, Method.Model) {
    try valueWithGradient(at: model) { $0.learningLoss(x, labels: labels, noise: noise) * share }
  }

  /// One step, as it is compiled: the loss, its gradient, the optimizer's move, and the running means of the batch.
  @Sendable private static func step(
    _ state: Optimized<Method>, _ x: Numbers, _ labels: Numbers, _ noise: [Numbers]
  ) throws -> (Optimized<Method>, Numbers) {
    let (next, loss) = try state.optimizer.updated(state.model) { try evaluation($0, x, labels, noise) }
    return (next.observing(x, noise, by: state.model), loss)
  }

  /// The optimizer's move along a gradient, and the running means of this rank's part of the batch.
  @Sendable private static func move(
    _ state: Optimized<Method>, _ gradient: Method.Model, _ x: Numbers, _ noise: [Numbers]
  ) throws -> Optimized<Method> {
    state.updated(along: gradient).observing(x, noise, by: state.model)
  }

  /// The running means of this rank's part of a batch, after a step that searched a line.
  @Sendable private static func observation(
    _ next: Optimized<Method>, _ before: Method.Model, _ x: Numbers, _ noise: [Numbers]
  ) throws -> Optimized<Method> { next.observing(x, noise, by: before) }
}

extension Optimized where Method.Model: Trainable {
  /// The model with what it keeps of a batch, where the batch has an example.
  fileprivate func observing(
    _ x: Tensor<Method.Scalar>, _ noise: [Tensor<Method.Scalar>], by before: Method.Model
  ) -> Self {
    var next = self
    if x.shape.rank == 2, x.shape[1] > 0 { next.model = model.observing(x, noise: noise, by: before) }
    return next
  }
}
