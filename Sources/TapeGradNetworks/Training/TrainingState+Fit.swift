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
  ///   - communicator: the ranks that train together, all with the same examples. Each takes its part of every batch, so that
  ///     losses are those of one rank, to rounding, where the network's loss is a mean over its examples. All begin as rank 0
  ///     does.
  ///   - shouldContinue: called after each epoch, on rank 0 only; false ends the training.
  /// - Throws: ``TrainingError``; what a loss, `shouldContinue` or the communicator throws. The state is then that of the last
  ///   whole epoch.
  public mutating func fit(
    _ examples: Examples<Method.Scalar>, epochs: Int, batchSize: Int? = nil,
    validation: Examples<Method.Scalar>? = nil, patience: Int? = nil, isCompiled: Bool = true,
    over communicator: (any Communicator)? = nil, shouldContinue: (Self) throws -> Bool = { _ in true }
  ) throws {
    let size = batchSize ?? examples.count, division = Division(among: communicator)
    guard size > 0 else { throw TrainingError.unusable("batches of \(size) examples, expected at least 1") }
    guard epochs >= 0 else { throw TrainingError.unusable("\(epochs) epochs, expected at least 0") }
    let batches = Batches(of: examples, size: size, division)
    let epochs = try begin(batches, epochs: epochs, validation: validation, division)
    let step = step(isCompiled: isCompiled, division), observed = try observed(examples, division)
    let judges = validation.map { $0[division.part(of: $0.count)] }, validationProgram = compiled(Self.validationLoss)
    let validate = { (model: Method.Model, x: Numbers, labels: Numbers) in
      isCompiled ? try validationProgram(model, x, labels) : model.loss(x, labels: labels)
    }
    for _ in 0..<epochs {
      var next = self
      let loss = try next.passThrough(batches, step)
      try next.average(observed, division)
      let validationLoss = try judges.map { judges in
        try division.mean(of: validation?.count ?? 0) { _ in try validate(next.model, judges.features, judges.labels) }
      }
      try next.record(loss: loss, validationLoss: validationLoss, examples, after: model)
      self = next
      let isWorthwhile = patience.map { history.epochsSinceLowest < $0 } ?? true
      if try !division.agreed({ try shouldContinue(self) && isWorthwhile }) { return }
    }
  }

  private typealias Numbers = Tensor<Method.Scalar>

  @Sendable private static func validationLoss(
    _ model: Method.Model, _ x: Numbers, _ labels: Numbers
  ) throws -> Numbers { model.loss(x, labels: labels) }

  /// Takes the steps of one epoch, and gives the mean of its losses.
  private mutating func passThrough(_ batches: Batches<Method.Scalar>, _ step: Step) throws -> Double {
    var state = Optimized(model, by: optimizer), sum = 0.0
    try batches.forEach(epoch: epoch + 1, seed: seed, shapes: model.noiseShapes) { batch in
      let (next, loss) = try step(state, batch)
      state = next
      sum += try loss.item.doubleValue * Double(batch.count)
    }
    (model, optimizer) = (state.model, state.optimizer)
    return sum / Double(batches.examples.count)
  }

  /// The losses of steps with these rates, up to the first that is not finite, or four times the lowest.
  func losses(_ examples: Examples<Method.Scalar>, rates: [Double], batchSize: Int) throws -> [Double] {
    let alone = Division(among: nil), step = step(isCompiled: true, alone)
    let batches = Batches(of: examples, size: batchSize, alone)
    var state = Optimized(model, by: optimizer), losses: [Double] = [], isDone = false
    for epoch in 1...rates.count where !isDone {
      try batches.forEach(epoch: epoch, seed: seed, shapes: model.noiseShapes) { batch in
        if isDone { return }
        state.optimizer.rate = Tensor(Method.Scalar(rates[losses.count]))
        let (next, loss) = try step(state, batch)
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
