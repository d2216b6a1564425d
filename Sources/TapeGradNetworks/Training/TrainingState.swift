import TapeGradCore

/// A training as it stands after an epoch: weights, optimizer, best weights, history, seed. It can be saved, and goes on
/// where it stood: k epochs, and k more of a copy, give the bits of 2k epochs.
/// ```swift
/// var training = TrainingState(network, by: Adam(for: network, rate: 0.01), seed: 1)
/// try training.fit(examples, epochs: 100, batchSize: 32, validation: others, patience: 10)
/// print(training.history)
/// network = training.best
/// ```
/// It is a group of tensors, saved under their names (`model.…`, `optimizer.…`, `best.…`); what else it holds is a small
/// text, `metadata`. The order of mini-batches and all random numbers depend on seed and epoch alone, so that there is no
/// other random state.
public struct TrainingState<Method: Optimizer>: TensorGroup where Method.Model: Trainable {
  /// The network after the last epoch.
  public var model: Method.Model
  /// The optimizer after the last epoch.
  public var optimizer: Method
  /// The network of the epoch with the lowest validation loss; the last one where nothing is validated.
  public var best: Method.Model
  /// What the order of the examples and the random numbers depend on.
  public var seed: UInt64
  /// The epochs so far.
  public internal(set) var history = TrainingHistory()

  /// A training that has not begun.
  public init(_ model: Method.Model, by optimizer: Method, seed: UInt64 = 0) {
    (self.model, self.optimizer, best, self.seed) = (model, optimizer, model, seed)
  }

  /// A training that was saved: with the seed and history of its metadata, and weights and optimizer that its tensors are
  /// still to be put into, by their names.
  ///
  /// - Throws: ``TrainingError/unusable(_:)`` where the metadata lack a seed or a history, or hold something else there.
  public init(_ model: Method.Model, by optimizer: Method, metadata: [String: String]) throws {
    guard let seed = metadata["seed"].flatMap(UInt64.init) else {
      throw TrainingError.unusable("the metadata hold no seed")
    }
    guard let history = metadata["history"].flatMap(TrainingHistory.init(csv:)) else {
      throw TrainingError.unusable("the metadata hold no history of epochs")
    }
    self.init(model, by: optimizer, seed: seed)
    self.history = history
  }

  /// Visits the tensors of `model`, `optimizer` and `best`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Method.Scalar>) throws -> Void) rethrows {
    try model.visitTensors(in: "model", visit)
    try optimizer.visitTensors(in: "optimizer", visit)
    try best.visitTensors(in: "best", visit)
  }

  /// The number of epochs so far.
  public var epoch: Int { history.records.count }

  /// What a file holds of the training beside its tensors: seed and history.
  public var metadata: [String: String] { ["seed": "\(seed)", "history": history.csv] }
}
