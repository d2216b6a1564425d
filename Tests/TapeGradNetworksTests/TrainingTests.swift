import Foundation
import TapeGradCore
import TapeGradNetworks
import Testing

struct TrainingTests {
  private typealias Network = MultilayerNetwork<Double>

  /// 30 examples of three classes around three points.
  private static func blobs(seed: UInt64 = 5) throws -> Examples<Double> {
    var generator = SeededGenerator(seed: seed)
    let labels = (0..<30).map { Double($0 % 3) }
    let centers = Tensor<Double>([[2, -2, 0], [0, 0, 2]]).gathered(labels.map { Int($0) }, axis: 1)
    return try Examples(
      centers + .randomNormal([2, 30], scale: 0.5, using: &generator), labels: Tensor(labels, shape: [1, 30]))
  }

  private static func network(seed: UInt64 = 1) -> Network {
    var generator = SeededGenerator(seed: seed)
    return Network(
      inputs: 2, hidden: [5, 4], outputs: 3, normalization: .batch, dropoutRate: 0.25, task: .classification,
      using: &generator)
  }

  private func bits<G: TensorGroup>(_ group: G) throws -> [[UInt64]] where G.Scalar == Double {
    try group.tensors.map { try $0.tensor.scalars.map(\.bitPattern) }
  }

  @Test(
    "k epochs, saved and resumed for k more, have the bits of 2k epochs", arguments: OptimizerChoice.Method.allCases)
  func resuming(method: OptimizerChoice.Method) throws {
    var choice = OptimizerChoice(method, rate: 0.01)
    (choice.schedule, choice.clipping) = (.cosine(steps: 40), .norm(1))
    try expectResumable(by: choice.optimizer(for: Self.network()))
  }

  private func expectResumable<Method: Optimizer<Network>>(by optimizer: Method) throws {
    let examples = try Self.blobs(), others = try Self.blobs(seed: 6)
    var whole = TrainingState(Self.network(), by: optimizer, seed: 3), half = whole
    try whole.fit(examples, epochs: 8, batchSize: 8, validation: others)
    try half.fit(examples, epochs: 4, batchSize: 8, validation: others)
    // What a file would hold: tensors by name, and a small text.
    let saved = Dictionary(uniqueKeysWithValues: half.tensors.map { ($0.name, $0.tensor) }), text = half.metadata
    var resumed = try TrainingState(Self.network(seed: 9), by: optimizer, metadata: text)
    try resumed.visitTensors { name, tensor in tensor = try #require(saved[name]) }
    #expect(resumed.epoch == 4 && resumed.seed == 3)
    try resumed.fit(examples, epochs: 4, batchSize: 8, validation: others)
    #expect(try bits(resumed) == bits(whole))
    #expect(resumed.history == whole.history)
    #expect(try whole.optimizer.settings.stepsTaken.item == 32)
    #expect(try bits(whole.model) != bits(half.model))
  }

  @Test("metadata without a seed or a history are refused")
  func metadata() throws {
    let adam = Adam(for: Self.network()), right = TrainingState(Self.network(), by: adam, seed: 5).metadata
    #expect(try TrainingState(Self.network(), by: adam, metadata: right).seed == 5)
    for (key, value) in [("seed", nil), ("seed", "x"), ("history", nil), ("history", "epoch\n1")] {
      var wrong = right
      wrong[key] = value
      #expect(throws: TrainingError.self) { try TrainingState(Self.network(), by: adam, metadata: wrong) }
    }
  }

  @Test("eager training has the bits of compiled training")
  func sameBits() throws {
    let examples = try Self.blobs()
    var compiled = TrainingState(Self.network(), by: Adam(for: Self.network(), rate: 0.01), seed: 2), eager = compiled
    try compiled.fit(examples, epochs: 3, batchSize: 7, validation: examples)
    try eager.fit(examples, epochs: 3, batchSize: 7, validation: examples, isCompiled: false)
    #expect(try bits(compiled) == bits(eager))
  }

  @Test("the order of mini-batches depends on the seed, full batches do not")
  func seeds() throws {
    var generator = SeededGenerator(seed: 1)
    let network = Network(inputs: 2, hidden: [4], outputs: 3, task: .classification, using: &generator)
    let examples = try Self.blobs()
    func trained(_ seed: UInt64, _ batchSize: Int?) throws -> [[UInt64]] {
      var network = network
      try network.fit(
        examples.features, labels: examples.labels, epochs: 3, batchSize: batchSize, seed: seed)
      return try bits(network)
    }
    #expect(try trained(1, 10) == trained(1, 10))
    #expect(try trained(1, 10) != trained(2, 10))
    #expect(try trained(1, nil) == trained(2, nil))
    #expect(try trained(1, nil) == trained(1, 30))
  }

  @Test("every example is met once an epoch, the last ones in a smaller batch")
  func batches() throws {
    /// Its gradient is the number of examples that it met; the loss the mean of their numbers.
    struct Counter: Trainable {
      var met = Tensor<Double>(0)
      mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
        try visit("met", &met)
      }
      func loss(_ x: Tensor<Double>, labels: Tensor<Double>) -> Tensor<Double> {
        x.mean() + (met - stopGradient(met)) * Double(x.shape[1])
      }
    }
    let numbers = Tensor((0..<10).map { Double($0 * $0) }, shape: [1, 10])
    var counter = Counter()
    let history = try counter.fit(
      numbers, labels: numbers, optimizer: .gradientDescent(rate: 1), epochs: 2, batchSize: 4)
    #expect(try counter.met.item == -20)
    #expect(history.losses.allSatisfy { abs($0 - 28.5) <= 1e-12 })
  }

  @Test("each epoch has an order of its own, the same for the same seed")
  func orders() throws {
    /// Its loss is the number of the batch's first example.
    struct First: Trainable {
      var unused = Tensor<Double>(0)
      mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
        try visit("unused", &unused)
      }
      func loss(_ x: Tensor<Double>, labels: Tensor<Double>) -> Tensor<Double> { x.sliced(0..<1, axis: 1).sum() }
    }
    let numbers = Tensor((0..<50).map { Double($0 * $0) }, shape: [1, 50])
    func losses(_ seed: UInt64) throws -> [Double] {
      var first = First()
      let history = try first.fit(numbers, labels: numbers, epochs: 8, batchSize: 20, seed: seed)
      return history.losses
    }
    #expect(try Set(losses(1)).count == 8)
    #expect(try losses(1) == losses(1))
    #expect(try Set(losses(1)).isDisjoint(with: losses(2)))
  }

  @Test("a batch normalization keeps the means of the batches that it has met")
  func runningMeans() throws {
    var generator = SeededGenerator(seed: 1)
    let network = Network(
      inputs: 2, hidden: [4], outputs: 3, normalization: .batch, task: .classification, using: &generator)
    let examples = try Self.blobs()
    var trained = network
    try trained.fit(examples.features, labels: examples.labels, epochs: 1)
    guard case .batch(let found) = trained.normalizations[0], case .batch(let before) = network.normalizations[0]
    else { throw TensorError("no batch normalization") }
    let expected = before.observing(network.layers[0].logits(examples.features))
    #expect(try found.mean.scalars == expected.mean.scalars)
    #expect(try found.variance.scalars == expected.variance.scalars)
  }

  @Test("validation says which weights are the best, and early stopping gives them back")
  func earlyStopping() throws {
    // Labels that are noise: what is learned of them does not hold for others.
    var generator = SeededGenerator(seed: 4)
    let x = Tensor<Double>.randomNormal([4, 24], using: &generator)
    let y = Tensor<Double>.randomUniform([1, 24], using: &generator) .> 0.5
    var network = Network(inputs: 4, hidden: [16], using: &generator)
    let examples = try Examples(x, labels: y).split(validation: 0.5, seed: 7)
    #expect(examples.training.count == 12 && examples.validation.count == 12)
    let history = try network.fit(
      x, labels: y, optimizer: .adam(rate: 0.02), epochs: 500, validation: .share(0.5), patience: 20, seed: 7)
    let best = try #require(history.best)
    #expect(history.records.count == best.epoch + 20)
    #expect(best.validationLoss == history.validationLosses.min())
    let validation = examples.validation
    let found = try network.loss(validation.features, labels: validation.labels).item
    #expect(found == best.validationLoss)
  }

  @Test("a training that diverges says when and what helps, and leaves finite weights")
  func divergence() throws {
    var generator = SeededGenerator(seed: 1)
    var network = Network(inputs: 1, hidden: [], task: .regression, using: &generator)
    let x = Tensor<Double>([[100, 200, 300]]), y = Tensor<Double>([[1e3, 2e3, 3e3]])
    let error = #expect(throws: TrainingError.self) {
      try network.fit(x, labels: y, optimizer: .gradientDescent(rate: 0.5), epochs: 500)
    }
    guard case .diverged(let divergence) = try #require(error) else { throw try #require(error) }
    #expect(divergence.epoch == divergence.history.records.count + 1)
    #expect(divergence.rate == 0.5)
    #expect(divergence.loss.isFinite && divergence.loss > 1e6 * divergence.history.losses[0])
    #expect(divergence.firstNonFinite == nil)
    let text = "\(try #require(error))"
    for part in ["in epoch \(divergence.epoch)", "rate of 0.05", "standardized features", "standardized labels"] {
      #expect(text.contains(part), "\(text)")
    }
    #expect(try network.tensors.allSatisfy { try $0.tensor.scalars.allSatisfy(\.isFinite) })
    // The advice helps.
    var another = Network(inputs: 1, hidden: [], task: .regression, using: &generator)
    try another.fit(x / 200, labels: y / 2e3, optimizer: .gradientDescent(rate: 0.05), epochs: 500)
    #expect(try another.loss(x / 200, labels: y / 2e3).item < 1e-3)
  }

  @Test("the first number that is not finite is named")
  func firstNonFinite() throws {
    /// Its loss is a logarithm, and the first step goes below 0.
    struct Root: Trainable {
      var w = Tensor<Double>(1)
      mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows { try visit("w", &w) }
      func loss(_ x: Tensor<Double>, labels: Tensor<Double>) -> Tensor<Double> { 2 * log(w).named("L") }
    }
    var root = Root()
    let error = #expect(throws: TrainingError.self) {
      try root.fit(.ones([1, 1]), labels: .ones([1, 1]), optimizer: .gradientDescent(rate: 2), epochs: 5)
    }
    guard case .diverged(let divergence) = try #require(error) else { throw try #require(error) }
    #expect(divergence.epoch == 2)
    #expect(divergence.firstNonFinite?.name == "L")
    #expect(try root.w.item == -3)
  }

  @Test("data that nothing can be learned from are named")
  func unusable() throws {
    var network = Self.network()
    func message(
      _ x: Tensor<Double>, _ y: Tensor<Double>, epochs: Int = 1, batchSize: Int? = nil, share: Double = 0.5
    ) -> String {
      let error = #expect(throws: TrainingError.self) {
        try network.fit(x, labels: y, epochs: epochs, batchSize: batchSize, validation: .share(share))
      }
      return error.map { "\($0)" } ?? ""
    }
    let x = grid([2, 4], 1), y = Tensor<Double>([[0, 1, 2, 0]])
    let broken = Tensor([[1, 2, 3, 4], [5, .nan, 7, 8]])
    #expect(message(broken, y).contains("row 1 of the features is nan in example 1"))
    #expect(message(x, Tensor([[0, 1, 2, .infinity]])).contains("row 0 of the labels is inf in example 3"))
    #expect(message(x, Tensor([[0, 1, 2]])).contains("(1, 3)"))
    #expect(message(x, Tensor([0, 1, 2, 0])).contains("labels of shape (4)"))
    #expect(message(x, y, epochs: -1).contains("-1 epochs"))
    #expect(message(x, y, batchSize: 0).contains("batches of 0"))
    #expect(message(x, y, share: 1).contains("nothing to validate with"))
    #expect(throws: TensorError.self) { try network.fit(.ones([3, 4]), labels: y, epochs: 1) }
  }

  @Test("a closure sees each epoch, and ends the training by false")
  func callbacks() throws {
    var network = Self.network(), epochs: [Int] = []
    let examples = try Self.blobs()
    let history = try network.fit(examples.features, labels: examples.labels, epochs: 10) {
      epochs.append($0.epoch)
      return $0.epoch < 3
    }
    #expect(epochs == [1, 2, 3])
    #expect(history.records.count == 3)
  }

  @Test("a history prints as a table, and exports")
  func history() throws {
    var network = Self.network()
    let examples = try Self.blobs()
    let history = try network.fit(
      examples.features, labels: examples.labels, epochs: 45, batchSize: 15, validation: .share(0.2))
    #expect(TrainingHistory(csv: history.csv) == history)
    #expect(TrainingHistory(csv: "a,b") == nil)
    let objects = try history.jsonLines.split(separator: "\n").map {
      try JSONDecoder().decode([String: Double].self, from: Data($0.utf8))
    }
    #expect(objects.map { $0["loss"] } == history.losses)
    #expect(objects.map { $0["validationLoss"] } == history.validationLosses)
    let lines = "\(history)".split(separator: "\n")
    #expect(lines[0].split(separator: " ") == ["epoch", "rate", "loss", "validation"])
    #expect((17...23).contains(lines.count))
    #expect(lines.contains { $0.hasSuffix("best") })
    #expect(lines.last?.hasPrefix("45 ") == true)
  }

  @Test("the suggested rate learns, and a hundred times as much diverges")
  func rateSearch() throws {
    var generator = SeededGenerator(seed: 8)
    let x = Tensor<Double>.randomNormal([3, 40], using: &generator)
    let y = matmul(Tensor([[1, -2, 3]]), x)
    let network = Network(inputs: 3, hidden: [], task: .regression, using: &generator)
    let search = try network.learningRates(x, labels: y, optimizer: .gradientDescent(rate: 1))
    #expect(search.rates.count == search.losses.count)
    #expect(abs(search.rates[1] / search.rates[0] - search.rates[9] / search.rates[8]) < 1e-12)
    var trained = network
    try trained.fit(x, labels: y, optimizer: .gradientDescent(rate: search.suggestion), epochs: 200)
    #expect(try trained.loss(x, labels: y).item < 0.01 * network.loss(x, labels: y).item)
    #expect(throws: TrainingError.self) {
      try trained.fit(x, labels: y, optimizer: .gradientDescent(rate: 100 * search.suggestion), epochs: 200)
    }
  }

  @Test("three classes are learned with batch normalization and dropout, in Float")
  func classes() throws {
    var generator = SeededGenerator(seed: 1)
    var network = MultilayerNetwork<Float>(
      inputs: 2, hidden: [16, 16], outputs: 3, normalization: .batch, dropoutRate: 0.1, task: .classification,
      using: &generator)
    let examples = try Self.blobs(), (x, y) = (try examples.features.converted(to: Float.self), examples.labels)
    try network.fit(x, labels: y.converted(), optimizer: .adam(rate: 0.02), epochs: 100, batchSize: 10)
    let p = network(x), largest = p.max(axis: 0, keepingDimensions: true)
    let right = try ((p .== largest) * oneHot(y.converted(), classes: 3)).sum().item
    #expect(right >= 29)
  }
}
