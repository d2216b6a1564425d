import TapeGradCore

extension TrainingState {
  /// Trains for some epochs more. Each step is a compiled program, unless told otherwise.
  ///
  /// - Parameters:
  ///   - examples: what to learn from.
  ///   - epochs: how many passes through the examples, at most.
  ///   - batchSize: how many examples a step sees. They come in an order that depends on seed and epoch; the last batch may
  ///     be smaller. By default each step sees all examples.
  ///   - validation: examples that are not learned from. Their loss after each epoch says which weights are the best.
  ///   - patience: after how many epochs without a lower loss (of validation, where there is one) training ends.
  ///   - isCompiled: whether steps are compiled. A loss that looks at numbers cannot be.
  ///   - shouldContinue: called after each epoch; false ends the training.
  /// - Throws: ``TrainingError``; what a loss or `shouldContinue` throws. The state is then that of the last whole epoch.
  public mutating func fit(
    _ examples: Examples<Method.Scalar>, epochs: Int, batchSize: Int? = nil,
    validation: Examples<Method.Scalar>? = nil, patience: Int? = nil, isCompiled: Bool = true,
    shouldContinue: (Self) throws -> Bool = { _ in true }
  ) throws {
    let size = batchSize ?? examples.count
    guard size > 0 else { throw TrainingError.unusable("batches of \(size) examples, expected at least 1") }
    guard epochs >= 0 else { throw TrainingError.unusable("\(epochs) epochs, expected at least 0") }
    let step = step(isCompiled: isCompiled), validationProgram = compiled(Self.validationLoss)
    let validate = { (model: Method.Model, x: Numbers, labels: Numbers) in
      isCompiled ? try validationProgram(model, x, labels) : model.loss(x, labels: labels)
    }
    for _ in 0..<epochs {
      var next = self
      let loss = try next.passThrough(examples, batchSize: size, step)
      let validationLoss = try validation.map { try validate(next.model, $0.features, $0.labels) }
      try next.record(loss: loss, validationLoss: validationLoss?.item.doubleValue, examples, after: model)
      self = next
      let isWorthwhile = patience.map { history.epochsSinceLowest < $0 } ?? true
      if !(try shouldContinue(self)) || !isWorthwhile { return }
    }
  }

  private typealias Numbers = Tensor<Method.Scalar>
  private typealias Step = (Optimized<Method>, Numbers, Numbers, [Numbers]) throws -> (Optimized<Method>, Numbers)

  /// How a step is taken: as one program, or, where it searches along a line, with a program for the loss and its gradient.
  private func step(isCompiled: Bool) -> Step {
    if !isCompiled { return Self.step }
    guard optimizer.searchesLine else {
      let program = compiled(Self.step)
      return { try program($0, $1, $2, $3) }
    }
    let evaluation = compiled(Self.evaluation)
    return { state, x, labels, noise in
      try Self.step(state, x, labels, noise) { try evaluation($0, x, labels, noise) }
    }
  }

  /// The loss of a batch and its gradient.
  @Sendable private static func evaluation(
    _ model: Method.Model, _ x: Numbers, _ labels: Numbers, _ noise: [Numbers]
  ) throws -> (Numbers, Method.Model) {
    try valueWithGradient(at: model) { $0.learningLoss(x, labels: labels, noise: noise) }
  }

  /// One step, as it is compiled: the loss, its gradient, the optimizer's move, and the running means of the batch.
  @Sendable private static func step(
    _ state: Optimized<Method>, _ x: Numbers, _ labels: Numbers, _ noise: [Numbers]
  ) throws -> (Optimized<Method>, Numbers) {
    try step(state, x, labels, noise) { try evaluation($0, x, labels, noise) }
  }

  private static func step(
    _ state: Optimized<Method>, _ x: Numbers, _ labels: Numbers, _ noise: [Numbers],
    evaluating evaluate: (Method.Model) throws -> (Numbers, Method.Model)
  ) throws -> (Optimized<Method>, Numbers) {
    var (next, loss) = try state.optimizer.updated(state.model, evaluating: evaluate)
    next.model = next.model.observing(x, noise: noise, by: state.model)
    return (next, loss)
  }

  @Sendable private static func validationLoss(
    _ model: Method.Model, _ x: Numbers, _ labels: Numbers
  ) throws -> Numbers { model.loss(x, labels: labels) }

  /// Takes the steps of one epoch, and gives the mean of its losses.
  private mutating func passThrough(
    _ examples: Examples<Method.Scalar>, batchSize: Int, _ step: Step
  ) throws -> Double {
    var state = Optimized(model, by: optimizer), sum = 0.0
    try forEachBatch(of: examples, size: batchSize, epoch: epoch + 1) { batch, noise in
      let (next, loss) = try step(state, batch.features, batch.labels, noise)
      state = next
      sum += try loss.item.doubleValue * Double(batch.count)
    }
    (model, optimizer) = (state.model, state.optimizer)
    return sum / Double(examples.count)
  }

  /// Hands out the batches of an epoch with their random numbers, which depend on seed and epoch alone.
  private func forEachBatch(
    of examples: Examples<Method.Scalar>, size: Int, epoch: Int,
    _ body: (Examples<Method.Scalar>, [Numbers]) throws -> Void
  ) rethrows {
    var generator = SeededGenerator(seed: seed, epoch: epoch)
    let order = size < examples.count ? generator.order(of: examples.count) : []
    for start in stride(from: 0, to: examples.count, by: size) {
      let batch = order.isEmpty ? examples : examples[Array(order[start..<min(start + size, examples.count)])]
      try body(batch, model.noiseShapes(examples: batch.count).map { .randomUniform($0, using: &generator) })
    }
  }

  /// The losses of steps with these rates, up to the first that is not finite, or four times the lowest.
  func losses(_ examples: Examples<Method.Scalar>, rates: [Double], batchSize: Int) throws -> [Double] {
    let step = step(isCompiled: true)
    var state = Optimized(model, by: optimizer), losses: [Double] = [], isDone = false
    for epoch in 1...rates.count where !isDone {
      try forEachBatch(of: examples, size: batchSize, epoch: epoch) { batch, noise in
        if isDone { return }
        state.optimizer.rate = Tensor(Method.Scalar(rates[losses.count]))
        let (next, loss) = try step(state, batch.features, batch.labels, noise)
        state = next
        losses.append(try loss.item.doubleValue)
        let last = losses[losses.count - 1], lowest = losses.min() ?? last
        isDone = losses.count == rates.count || !last.isFinite || last > 4 * lowest
      }
    }
    return losses.filter(\.isFinite)
  }

  /// Takes an epoch down, and its weights where they are the best.
  ///
  /// - Parameters:
  ///   - loss: the training loss of the epoch.
  ///   - validationLoss: that of validation after it.
  ///   - examples: what it learned from.
  ///   - before: the network before the epoch.
  private mutating func record(
    loss: Double, validationLoss: Double?, _ examples: Examples<Method.Scalar>, after before: Method.Model
  ) throws {
    var last = optimizer.settings
    last.stepsTaken = last.stepsTaken - 1
    let rate = try last.currentRate.item.doubleValue
    let losses = [loss, validationLoss ?? 0]
    let isFinite =
      try losses.allSatisfy(\.isFinite) && model.tensors.allSatisfy { try $0.tensor.scalars.allSatisfy(\.isFinite) }
    let isLost = !isFinite || loss > 1e6 * max(history.losses.first ?? loss, 1)
    if isLost,
      let divergence = try Divergence(
        epoch: epoch + 1, loss: loss, rate: rate, isClipped: optimizer.clipping != .none, isLost: true,
        history: history, advice: try advice(on: examples), from: before, to: model,
        of: { $0.loss(examples.features, labels: examples.labels) })
    {
      throw TrainingError.diverged(divergence)
    }
    history.append(EpochRecord(epoch: epoch + 1, rate: rate, loss: loss, validationLoss: validationLoss))
    if history.best?.epoch == epoch { best = model }
  }

  /// What of the data may help a training that diverged.
  private func advice(on examples: Examples<Method.Scalar>) throws -> [String] {
    func reach(_ tensor: Tensor<Method.Scalar>) throws -> Double { try abs(tensor).max().item.doubleValue }
    var advice: [String] = []
    let (features, labels) = (try reach(examples.features), try reach(examples.labels))
    if features > 30 { advice.append("standardized features (they reach \(short(features)))") }
    if labels > 30 { advice.append("standardized labels (they reach \(short(labels)))") }
    return advice
  }
}
