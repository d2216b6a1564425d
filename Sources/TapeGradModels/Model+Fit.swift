import TapeGradCore
import TapeGradFormats
import TapeGradNetworks

extension Model {
  /// Trains the network, and leaves it with the best weights that were met: those of the lowest validation loss, or the last
  /// ones where nothing is validated.
  ///
  /// - Parameters:
  ///   - training: the examples to learn from.
  ///   - optimizer: how to train.
  ///   - epochs: how many passes through the examples, at most.
  ///   - batchSize: how many examples a step sees; by default all.
  ///   - validation: examples that are not learned from.
  ///   - patience: after how many epochs without a lower loss training ends.
  ///   - seed: what the order of mini-batches and the random numbers of dropout depend on.
  ///   - communicator: the ranks that train together, all with the same examples.
  ///   - shouldContinue: gets each epoch's record, on rank 0 only; false ends the training.
  /// - Throws: `DataSetError` where a data set has other features, labels or classes than the model; `TrainingError`; what
  ///   `shouldContinue` throws. The network then has the best weights so far.
  @discardableResult public mutating func fit(
    _ training: DataSet<Scalar>, optimizer: OptimizerChoice = .adam(rate: 0.01), epochs: Int, batchSize: Int? = nil,
    validation: DataSet<Scalar>? = nil, patience: Int? = nil, seed: UInt64 = 0,
    over communicator: (any Communicator)? = nil, shouldContinue: (EpochRecord) throws -> Bool = { _ in true }
  ) throws -> TrainingHistory {
    let examples = try examples(of: training), others = try validation.map { try self.examples(of: $0) }
    history = try network.fit(
      examples.features, labels: examples.labels, optimizer: optimizer, epochs: epochs, batchSize: batchSize,
      validation: others.map { .examples($0.features, labels: $0.labels) } ?? .none, patience: patience, seed: seed,
      over: communicator, shouldContinue: shouldContinue)
    return history
  }

  /// Trains an `Ensemble`: as many networks as folds, each without one fold of the examples, which validates it. The model is
  /// left with the mean of the networks of the best epoch, as one network that is as many times as wide.
  ///
  /// All examples are learned from, and all of them say when to stop. For tables of up to some ten thousand rows that gives
  /// better models than a single network and a share of the examples to validate with.
  ///
  /// - Parameters:
  ///   - training: the examples to learn from.
  ///   - folds: the number of folds, at least 2.
  ///   - optimizer: how to train.
  ///   - epochs: how many passes through the examples, at most.
  ///   - batchSize: how many examples a step sees; by default all.
  ///   - patience: after how many epochs without a lower loss training ends.
  ///   - seed: what folds, weights, the order of mini-batches and the random numbers of dropout depend on.
  /// - Throws: `DataSetError` where the data set has other features, labels or classes than the model; `TrainingError`, also for
  ///   fewer examples than folds, or layer normalization.
  @discardableResult public mutating func fit(
    _ training: DataSet<Scalar>, folds: Int, optimizer: OptimizerChoice = .adam(rate: 0.003), epochs: Int,
    batchSize: Int? = nil, patience: Int? = nil, seed: UInt64 = 0
  ) throws -> TrainingHistory {
    guard folds > 1 else { throw TrainingError.unusable("training in \(counted(folds, "fold")), expected at least 2") }
    let examples = try examples(of: training).inFolds(folds, seed: seed)
    var ensemble = Ensemble(like: network, count: folds, seed: seed)
    history = try ensemble.fit(
      examples.features, labels: examples.labels, optimizer: optimizer, epochs: epochs, batchSize: batchSize,
      validation: .examples(examples.features, labels: examples.labels), patience: patience, seed: seed)
    network = try ensemble.merged()
    return history
  }

  /// A data set as the network sees it: features scaled, and labels too in regression.
  ///
  /// - Throws: `DataSetError` where it has other features, labels or classes than the model; `TrainingError` where it has no
  ///   examples.
  public func examples(of data: DataSet<Scalar>) throws -> Examples<Scalar> {
    try checkMeaning(of: data)
    let prepared = preparation.prepared(data)
    return try Examples(prepared.features, labels: prepared.labels)
  }

  /// Checks that features, labels and classes of a data set are those of the model.
  func checkMeaning(of data: DataSet<Scalar>) throws(DataSetError) {
    let own = preparation.encoding, other = data.encoding
    func check<T: Equatable>(_ what: String, _ own: T, _ other: T) throws(DataSetError) {
      guard own == other else { throw DataSetError("\(what) \(other), and those of the model are \(own)") }
    }
    try check("labels", own.labelNames, other.labelNames)
    try check("classes", own.classNames, other.classNames)
    try check("features", own.featureNames, data.featureNames)
  }
}
