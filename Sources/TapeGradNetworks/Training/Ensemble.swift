// K-fold cross-validation and training in one. The examples are dealt into K folds, and each of K networks learns from
// all folds but one, which validates it. So every example is learned from, and every example also judges a network that
// has not seen it: the validation loss is a mean over all of them, and says when to stop with far less noise than a
// fifth of them would. Afterwards the networks are averaged, which takes most of what each has learned by accident out
// of the prediction. (Leo Breiman: Bagging predictors, Machine Learning 24, 1996; Anders Krogh, Jesper Vedelsby: Neural
// network ensembles, cross validation, and active learning, NIPS 1994.)
//
// The mean of K networks is one network again, K times as wide: see `merged()`.

import TapeGradCore

/// Networks of one kind that learn together, each without one fold of the examples, which validates it. What is used
/// afterwards is their mean, as one network.
///
/// ```swift
/// let ensemble = Ensemble(like: network, count: 5, seed: 1)
/// var training = TrainingState(ensemble, by: Adam(for: ensemble, rate: 0.01), seed: 1)
/// let examples = try Examples(x, labels: y).inFolds(5, seed: 1)
/// try training.fit(examples, epochs: 500, batchSize: 32, validation: examples, patience: 30)
/// let network = try training.best.merged()
/// ```
/// Its labels have one row more than those of a network, the last: the fold of each example, from 0. See
/// ``Examples/inFolds(_:seed:)``.
public struct Ensemble<Scalar: TensorScalar>: TensorGroup {
  /// The networks; network k does not learn from fold k.
  public var members: [MultilayerNetwork<Scalar>]

  /// An ensemble of networks that have the same layers.
  public init(_ members: [MultilayerNetwork<Scalar>]) { self.members = members }

  /// An ensemble of a network and others like it, with random weights that depend on the seed.
  public init(like network: MultilayerNetwork<Scalar>, count: Int, seed: UInt64) {
    members = (0..<max(count, 1)).map { k in
      var generator = SeededGenerator(seed: seed, epoch: k)
      return k == 0 ? network : network.withNewWeights(using: &generator)
    }
  }

  /// Visits the networks' tensors: `members.0.layers.0.weight`.
  public mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try members.visitTensors { try visit("members.\($0)", &$1) }
  }

  /// What the networks are beside their tensors.
  public func hashConfiguration(into hasher: inout Hasher) { members.hashConfiguration(into: &hasher) }
}

extension Ensemble: Trainable {
  /// The loss of each example for the network that does not learn from it, the mean over the examples.
  public func loss(_ x: Tensor<Scalar>, labels: Tensor<Scalar>) -> Tensor<Scalar> {
    let (labels, folds) = Self.parts(labels)
    var sum = Tensor<Scalar>(0)
    for (k, member) in members.enumerated() {
      let losses = member.task.losses(logits: member.logits(x), labels: labels)
      sum = sum + select(folds .== Scalar(k), losses, 0).sum()
    }
    return (sum / Scalar(max(x.shape[1], 1))).named("J")
  }

  /// The mean of the networks' losses, each on the examples outside of its fold. Its gradient is that of their sum, so that a
  /// network learns at the same pace as it would alone.
  public func learningLoss(_ x: Tensor<Scalar>, labels: Tensor<Scalar>, noise: [Tensor<Scalar>]) -> Tensor<Scalar> {
    let (labels, folds) = Self.parts(labels)
    var sum = Tensor<Scalar>(0)
    for (k, member) in members.enumerated() {
      let isLearned = 1 - (folds .== Scalar(k))
      let losses = member.task.losses(
        logits: member.learningLogits(x, noise: self.noise(noise, of: k)), labels: labels)
      // A small batch may be of one fold; its network then learns nothing from it.
      sum = sum + select(isLearned, losses, 0).sum() / maximum(isLearned.sum(), Tensor(1))
    }
    return (sum - stopGradient(sum) * Scalar(1 - 1 / Double(max(members.count, 1)))).named("J")
  }

  /// The shapes of all networks' random numbers, one network after the other.
  public func noiseShapes(examples: Int) -> [Shape] { members.flatMap { $0.noiseShapes(examples: examples) } }

  /// The networks with the running means of a batch.
  public func observing(_ x: Tensor<Scalar>, noise: [Tensor<Scalar>], by previous: Self) -> Self {
    Ensemble(
      members.indices.map { k in
        members[k].observing(x, noise: self.noise(noise, of: k), by: previous.members[k])
      })
  }

  /// The random numbers of network k.
  private func noise(_ all: [Tensor<Scalar>], of k: Int) -> [Tensor<Scalar>] {
    let count = all.count / max(members.count, 1)
    return Array(all[k * count..<(k + 1) * count])
  }

  /// The labels of the networks, and the folds.
  private static func parts(_ labels: Tensor<Scalar>) -> (labels: Tensor<Scalar>, folds: Tensor<Scalar>) {
    let last = max((labels.shape.rank == 2 ? labels.shape[0] : 1) - 1, 0)
    return (labels.sliced(0..<last), labels.sliced(last..<last + 1))
  }
}

extension Ensemble {
  /// One network whose logits are the mean of all networks' logits. Its hidden layers stand side by side:
  /// ```
  /// W[1] = [W₁[1]; W₂[1]; …]      the units of all networks, one after the other
  /// W[l] = diag(W₁[l], W₂[l], …)  each sees its own network's units only
  /// W[L] = [W₁[L], W₂[L], …]/K    b[L] = (b₁[L] + b₂[L] + …)/K
  /// ```
  /// - Throws: ``TrainingError/unusable(_:)`` where there is no network, or several with layer normalization, which looks at
  ///   all units of a layer together.
  public func merged() throws -> MultilayerNetwork<Scalar> {
    guard let first = members.first else { throw TrainingError.unusable("an ensemble without networks") }
    if members.count == 1 { return first }
    var merged = first
    let count = Scalar(members.count), last = first.layers.count - 1
    for l in first.layers.indices {
      let weights = members.map(\.layers[l].weight), biases = members.map(\.layers[l].bias)
      if l == last {
        // A network without hidden layers sees the features themselves: the means are those of the weights.
        let sum = weights.dropFirst().reduce(weights[0]) { $0 + $1 }
        merged.layers[l].weight = (l == 0 ? sum : concatenate(weights, axis: 1)) / count
        merged.layers[l].bias = biases.dropFirst().reduce(biases[0]) { $0 + $1 } / count
      } else {
        merged.layers[l].weight = l == 0 ? concatenate(weights) : Self.diagonal(weights)
        merged.layers[l].bias = concatenate(biases)
      }
    }
    for l in first.normalizations.indices {
      merged.normalizations[l] = .batch(try Self.joined(members.map(\.normalizations[l])))
    }
    return merged
  }

  /// The blocks along the diagonal, zeros elsewhere.
  private static func diagonal(_ blocks: [Tensor<Scalar>]) -> Tensor<Scalar> {
    concatenate(
      blocks.enumerated().map { k, block in
        concatenate(
          blocks.enumerated().map { other, columns in
            other == k ? block : .zeros([block.shape[0], columns.shape[1]])
          }, axis: 1)
      })
  }

  /// A normalization of the units of all networks: batch normalization takes each unit by itself.
  private static func joined(_ normalizations: [Normalization<Scalar>]) throws -> BatchNormalization<Scalar> {
    let batches = normalizations.compactMap { normalization -> BatchNormalization<Scalar>? in
      guard case .batch(let batch) = normalization else { return nil }
      return batch
    }
    guard batches.count == normalizations.count else {
      throw TrainingError.unusable("networks with layer normalization cannot be merged into one")
    }
    var joined = batches[0]
    joined.scale = concatenate(batches.map(\.scale))
    joined.shift = concatenate(batches.map(\.shift))
    joined.mean = concatenate(batches.map(\.mean))
    joined.variance = concatenate(batches.map(\.variance))
    return joined
  }
}

extension Examples {
  /// The examples for an ``Ensemble``: the labels have a row more, the fold of each example, from 0 to `count` − 1.
  ///
  /// Examples with equal or neighboring labels are dealt to different folds, so that each fold has its share of every class,
  /// or of small and large labels; which one gets which depends on the seed.
  ///
  /// - Throws: ``TrainingError/unusable(_:)`` where there are fewer examples than folds, or no fold; the error of a failed
  ///   tensor.
  public func inFolds(_ count: Int, seed: UInt64) throws -> Examples {
    guard count > 0, count <= self.count else {
      throw TrainingError.unusable("\(self.count) examples in \(count) folds")
    }
    let scalars = try labels.scalars, m = self.count
    var generator = SeededGenerator(seed: seed)
    let byLabel = generator.order(of: m).enumerated().sorted { a, b in
      for row in stride(from: 0, to: scalars.count, by: m) where scalars[row + a.element] != scalars[row + b.element] {
        return scalars[row + a.element] < scalars[row + b.element]
      }
      return a.offset < b.offset
    }
    var folds = [Scalar](repeating: 0, count: m)
    for start in stride(from: 0, to: m, by: count) {
      let order = generator.order(of: count)
      for i in start..<min(start + count, m) { folds[byLabel[i].element] = Scalar(order[i - start]) }
    }
    return try inFolds(folds)
  }

  /// The examples, all of one fold. Those of fold 1 are learned from by an ensemble of one network, those of fold 0 validate it.
  public func inFold(_ fold: Int) throws -> Examples { try inFolds([Scalar](repeating: Scalar(fold), count: count)) }

  private func inFolds(_ folds: [Scalar]) throws -> Examples {
    try Examples(features, labels: concatenate([labels, Tensor(folds, shape: [1, count])]))
  }
}
