import TapeGradCore

extension TrainingState {
  /// Makes the training of every rank that of rank 0: tensors, seed and history. So only rank 0 needs to have read a file.
  ///
  /// - Returns: how many epochs rank 0 was told to train for.
  /// - Throws: ``TrainingError/unusable(_:)``, on every rank, where the ranks were given different things: they would wait for
  ///   each other's numbers for ever, or learn from wrong ones.
  mutating func begin(
    _ batches: Batches<Method.Scalar>, epochs: Int, validation: Examples<Method.Scalar>?, _ division: Division
  ) throws -> Int {
    guard let ranks = division.communicator else { return epochs }
    var tensors = Fingerprint(), size = Fingerprint()
    for (name, tensor) in self.tensors { tensors.combine("\(name) \(try tensor.validated().shape)") }
    size.combine("\(batches.size)")
    try division.checkSame([
      ("tensors", tensors.value), ("batch sizes", size.value),
      ("examples", batches.examples.fingerprint()), ("validation examples", validation?.fingerprint() ?? 0),
    ])
    self = try ranks.broadcast(self)
    seed = try UInt64(ranks.broadcast("\(seed)")) ?? seed
    history = try TrainingHistory(csv: ranks.broadcast(history.csv)) ?? history
    return try Int(ranks.broadcast("\(epochs)")) ?? epochs
  }

  /// The tensors that steps change without a gradient, running means, as indices among the model's. The same on all ranks.
  func observed(_ examples: Examples<Method.Scalar>, _ division: Division) throws -> Set<Int> {
    if division.communicator == nil { return [] }
    let few = examples[0..<min(2, examples.count)]
    let noise = model.noiseShapes(examples: few.count).map { Tensor<Method.Scalar>.zeros($0) }
    let pairs = zip(model.tensors, model.observing(few.features, noise: noise, by: model).tensors)
    return try Set(pairs.enumerated().filter { try $1.0.tensor.array != $1.1.tensor.array }.map(\.offset))
  }

  /// Puts the mean over all ranks in the place of such tensors: each rank has seen other examples.
  mutating func average(_ observed: Set<Int>, _ division: Division) throws {
    guard let ranks = division.communicator, !observed.isEmpty else { return }
    let zero = Tensor<Method.Scalar>(0), size = Method.Scalar(ranks.size)
    var index = 0
    try model.visitTensors { _, tensor in
      if observed.contains(index) { tensor = try ranks.sum((zero, tensor)).gradient / size }
      index += 1
    }
  }
}

extension Examples {
  /// A number made of all features and labels.
  fileprivate func fingerprint() throws -> UInt64 {
    var fingerprint = Fingerprint()
    for tensor in [features, labels] { fingerprint.combine(try tensor.array) }
    return fingerprint.value
  }
}
