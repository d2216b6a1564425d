import TapeGradCore

/// What a network is validated with while it learns.
public enum Validation<Scalar: TensorScalar>: Sendable {
  /// Nothing: the weights of the last epoch are taken.
  case none
  /// These examples, which are not among those to learn from.
  case examples(_ features: Tensor<Scalar>, labels: Tensor<Scalar>)
  /// A share of the examples, drawn at random as the seed says.
  case share(Double)
}

extension Trainable {
  /// Trains the network, and leaves it with the best weights that were met; see ``TrainingState/fit(_:epochs:batchSize:validation:patience:isCompiled:over:shouldContinue:)``.
  /// ```swift
  /// let history = try network.fit(x, labels: y, optimizer: .adam(rate: 0.01), epochs: 100, validation: .share(0.2), patience: 10)
  /// ```
  /// - Parameters:
  ///   - x: features, (n_x, m).
  ///   - labels: their labels, as the network's loss wants them.
  ///   - optimizer: how to train.
  ///   - epochs: how many passes through the examples, at most.
  ///   - batchSize: how many examples a step sees; by default all.
  ///   - validation: what says which weights are the best.
  ///   - patience: after how many epochs without a lower loss training ends.
  ///   - seed: what the order of mini-batches, the random numbers of dropout and a validation share depend on.
  ///   - communicator: the ranks that train together, all with the same examples.
  ///   - shouldContinue: gets each epoch's record, on rank 0 only; false ends the training.
  /// - Throws: ``TrainingError``; what the loss or `shouldContinue` throws. The network then has the best weights so far.
  @discardableResult public mutating func fit(
    _ x: Tensor<Scalar>, labels: Tensor<Scalar>, optimizer: OptimizerChoice = .adam(), epochs: Int,
    batchSize: Int? = nil, validation: Validation<Scalar> = .none, patience: Int? = nil, seed: UInt64 = 0,
    over communicator: (any Communicator)? = nil, shouldContinue: (EpochRecord) throws -> Bool = { _ in true }
  ) throws -> TrainingHistory {
    var examples = try Examples(x, labels: labels), others: Examples<Scalar>?
    switch validation {
    case .none: break
    case .examples(let features, let labels): others = try Examples(features, labels: labels)
    case .share(let share): (examples, others) = try examples.split(validation: share, seed: seed)
    }
    return try fit(
      by: optimizer.optimizer(for: self), examples, epochs, batchSize, others, patience, seed, communicator,
      shouldContinue)
  }

  /// The same with an optimizer whose type is known.
  private mutating func fit<Method: Optimizer<Self>>(
    by optimizer: Method, _ examples: Examples<Scalar>, _ epochs: Int, _ batchSize: Int?,
    _ validation: Examples<Scalar>?, _ patience: Int?, _ seed: UInt64,
    _ communicator: (any Communicator)?, _ shouldContinue: (EpochRecord) throws -> Bool
  ) throws -> TrainingHistory {
    var training = TrainingState(self, by: optimizer, seed: seed)
    defer { self = training.best }
    try training.fit(
      examples, epochs: epochs, batchSize: batchSize, validation: validation, patience: patience, over: communicator
    ) {
      try $0.history.records.last.map(shouldContinue) ?? true
    }
    return training.history
  }
}
