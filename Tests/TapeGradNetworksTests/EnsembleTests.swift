import TapeGradCore
import TapeGradNetworks
import Testing

struct EnsembleTests {
  private typealias Network = MultilayerNetwork<Double>

  private static func network(
    _ task: LearningTask, hidden: [Int], normalization: NormalizationKind? = nil
  ) -> Network {
    var generator = SeededGenerator(seed: 1)
    return Network(
      inputs: 3, hidden: hidden, outputs: task == .classification ? 3 : 2, hiddenActivation: .tanh,
      normalization: normalization, task: task, using: &generator)
  }

  /// 24 examples; labels in the form that the task wants.
  private static func examples(_ task: LearningTask) throws -> Examples<Double> {
    var generator = SeededGenerator(seed: 2)
    let x = Tensor<Double>.randomNormal([3, 24], using: &generator)
    switch task {
    case .classification: return try Examples(x, labels: Tensor((0..<24).map { Double($0 % 3) }, shape: [1, 24]))
    case .binaryClassification: return try Examples(x, labels: x[0..<2] .> 0)
    case .regression: return try Examples(x, labels: x[0..<2] * x[1..<3])
    }
  }

  @Test("the merged network's logits are the mean of the members'", arguments: [[], [5], [5, 4]])
  func merging(hidden: [Int]) throws {
    let normalization = hidden.isEmpty ? nil : NormalizationKind.batch
    var ensemble = Ensemble(
      like: Self.network(.regression, hidden: hidden, normalization: normalization), count: 3, seed: 4)
    let examples = try Self.examples(.regression).inFolds(3, seed: 1)
    // Some training, so that biases and running means are not what they begin with.
    try ensemble.fit(examples.features, labels: examples.labels, optimizer: .adam(rate: 0.05), epochs: 20)
    let merged = try ensemble.merged(), x = examples.features
    #expect(merged.layers.map { $0.bias.shape[0] } == hidden.map { 3 * $0 } + [2])
    let outputs = try ensemble.members.map { try $0.logits(x).scalars }
    let mean = outputs[0].indices.map { i in outputs.reduce(0) { $0 + $1[i] } / 3 }
    #expect(relativeDistance(try merged.logits(x).scalars, mean) <= 1e-13)
    #expect(outputs[0] != outputs[1])
  }

  @Test("a mean of networks has no larger loss than they have in the mean", arguments: LearningTask.allCases)
  func convexity(task: LearningTask) throws {
    let ensemble = Ensemble(like: Self.network(task, hidden: [6]), count: 5, seed: 3)
    let examples = try Self.examples(task)
    func loss(_ network: Network) throws -> Double {
      try network.loss(examples.features, labels: examples.labels).item
    }
    let losses = try ensemble.members.map(loss)
    #expect(try loss(ensemble.merged()) < losses.reduce(0, +) / 5)
  }

  @Test("each network learns from all folds but its own, which judges it", arguments: LearningTask.allCases)
  func folds(task: LearningTask) throws {
    let plain = try Self.examples(task), examples = try plain.inFolds(4, seed: 7)
    let ensemble = Ensemble(like: Self.network(task, hidden: [6]), count: 4, seed: 3)
    let folds = try examples.labels[examples.labels.shape[0] - 1].scalars
    let (loss, slopes) = try valueWithGradient(at: ensemble) {
      $0.learningLoss(examples.features, labels: examples.labels, noise: [])
    }
    var losses = 0.0, judged = 0.0
    for (k, member) in ensemble.members.enumerated() {
      let learned = plain[folds.indices.filter { folds[$0] != Double(k) }]
      let other = plain[folds.indices.filter { folds[$0] == Double(k) }]
      let own = try gradient(at: member) { $0.loss(learned.features, labels: learned.labels) }
      for (a, b) in zip(slopes.members[k].tensors, own.tensors) {
        #expect(relativeDistance(try a.tensor.scalars, try b.tensor.scalars) <= 1e-13)
      }
      losses += try member.loss(learned.features, labels: learned.labels).item
      judged += try member.loss(other.features, labels: other.labels).item * Double(other.count)
    }
    #expect(abs(try loss.item - losses / 4) <= 1e-13)
    #expect(abs(try ensemble.loss(examples.features, labels: examples.labels).item - judged / 24) <= 1e-13)
  }

  @Test("every fold has its share of every class, and of small and large labels")
  func shares() throws {
    let classes = try Self.examples(.classification).inFolds(4, seed: 5)
    for fold in 0..<4 {
      let members = try classes.labels[1].scalars.indices.filter { try classes.labels[1].scalars[$0] == Double(fold) }
      let labels = try members.map { try classes.labels[0].scalars[$0] }
      #expect(labels.sorted() == [0, 0, 1, 1, 2, 2])
    }
    let numbers = try Examples(
      Tensor<Double>.zeros([1, 12]), labels: Tensor((0..<12).map { Double($0 * 5 % 12) }, shape: [1, 12]))
    let found = try numbers.inFolds(3, seed: 1).labels
    for third in 0..<4 {
      let folds = try (0..<12).filter { try Int(found[0].scalars[$0]) / 3 == third }.map { try found[1].scalars[$0] }
      #expect(folds.sorted() == [0, 1, 2])
    }
    #expect(try numbers.inFolds(3, seed: 1).labels.scalars != numbers.inFolds(3, seed: 2).labels.scalars)
    for count in [0, 13, -1] { #expect(throws: TrainingError.self) { try numbers.inFolds(count, seed: 1) } }
  }

  @Test("one network with a fold of its own is trained as alone")
  func one() throws {
    let examples = try Self.examples(.regression), network = Self.network(.regression, hidden: [6])
    var alone = network, ensemble = Ensemble(like: network, count: 1, seed: 1)
    let folded = try examples.inFold(1), other = try examples.inFold(0)
    let expected = try alone.fit(
      examples.features, labels: examples.labels, epochs: 5, batchSize: 8,
      validation: .examples(examples.features, labels: examples.labels))
    let found = try ensemble.fit(
      folded.features, labels: folded.labels, epochs: 5, batchSize: 8,
      validation: .examples(other.features, labels: other.labels))
    let merged = try ensemble.merged()
    for (a, b) in zip(merged.tensors, alone.tensors) {
      #expect(relativeDistance(try a.tensor.scalars, try b.tensor.scalars) <= 1e-12)
    }
    #expect(relativeDistance(found.validationLosses, expected.validationLosses) <= 1e-12)
  }

  @Test("layer normalization sees all units, so that such networks are not merged")
  func layerNormalization() throws {
    let network = Self.network(.regression, hidden: [4], normalization: .layer)
    #expect(throws: TrainingError.self) { try Ensemble(like: network, count: 2, seed: 1).merged() }
    #expect(try Ensemble(like: network, count: 1, seed: 1).merged().layers.count == 2)
    #expect(throws: TrainingError.self) { try Ensemble<Double>([]).merged() }
  }
}
