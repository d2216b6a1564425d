import TapeGradCore
import TapeGradNetworks
import Testing

struct MultilayerNetworkTests {
  private typealias Network = MultilayerNetwork<Double>

  private func network(
    hidden: [Int] = [4, 3], outputs: Int = 1, normalization: NormalizationKind? = nil, dropoutRate: Double = 0,
    task: LearningTask = .binaryClassification
  ) -> Network {
    var generator = SeededGenerator(seed: 3)
    return Network(
      inputs: 2, hidden: hidden, outputs: outputs, hiddenActivation: .tanh, normalization: normalization,
      dropoutRate: dropoutRate, task: task, using: &generator)
  }

  @Test("one hidden layer is the notes' network")
  func twoLayers() throws {
    let network = network(hidden: [4])
    let notes = TwoLayerNetwork(
      W1: network.layers[0].weight, b1: network.layers[0].bias, W2: network.layers[1].weight,
      b2: network.layers[1].bias, hiddenActivation: .tanh)
    let x = grid([2, 5], 1), y = Tensor<Double>([[1, 0, 0, 1, 1]])
    #expect(try network(x).scalars == notes(x).scalars)
    let found = try gradient(at: network) { $0.loss(x, labels: y) }.tensors.map { try $0.tensor.scalars }
    let expected = try gradient(at: notes) { $0.loss(x, labels: y) }.tensors.map { try $0.tensor.scalars }
    for (a, b) in zip(found, expected) { #expect(relativeDistance(a, b) <= 1e-15) }
  }

  @Test("no hidden layer is a linear model")
  func linear() throws {
    let network = network(hidden: [], task: .regression)
    #expect(network.tensors.map(\.name) == ["layers.0.weight", "layers.0.bias"])
    let x = grid([2, 5], 1)
    #expect(try network(x).scalars == (matmul(network.layers[0].weight, x) + network.layers[0].bias).scalars)
  }

  @Test("tensors have names by layer")
  func names() {
    let names = network(hidden: [4], normalization: .batch).tensors.map(\.name)
    #expect(
      names == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "normalizations.0.scale",
        "normalizations.0.shift", "normalizations.0.mean", "normalizations.0.variance",
      ])
    #expect(network(normalization: .layer).tensors.map(\.tensor.shape).suffix(2) == [[3, 1], [3, 1]])
  }

  @Test("a program is traced again for another activation, normalization, dropout or task")
  func configuration() throws {
    var leaky = network(), epsilon = network(normalization: .batch)
    leaky.layers[0].activation = .leakyRelu()
    var normalization = BatchNormalization<Double>(features: 4)
    normalization.epsilon = 0.1
    epsilon.normalizations[0] = .batch(normalization)
    let networks = [
      network(), leaky, network(normalization: .batch), epsilon, network(normalization: .layer),
      network(dropoutRate: 0.1), network(task: .regression),
    ]
    let found = networks.map { network in
      var hasher = Hasher()
      network.hashConfiguration(into: &hasher)
      return hasher.finalize()
    }
    #expect(Set(found).count == networks.count)
  }

  @Test("a network says what it is")
  func description() {
    #expect("\(network(hidden: [4, 3]))" == "2 → 4 tanh → 3 tanh → 1 sigmoid, 31 weights and biases")
    let network = network(hidden: [4], outputs: 3, normalization: .batch, dropoutRate: 0.2, task: .classification)
    #expect(
      "\(network)" == "2 → 4 tanh → 3 softmax, batch normalization, dropout of 0.2, 27 weights and biases")
  }

  @Test("probabilities of classes sum to 1, and numbers of classes are labels as their columns are")
  func classes() throws {
    let network = network(outputs: 3, task: .classification), x = grid([2, 4], 1)
    let sums = try network(x).sum(axis: 0).scalars
    #expect(sums.allSatisfy { abs($0 - 1) <= 1e-15 })
    let labels = Tensor<Double>([[2, 0, 1, 1]])
    let loss = try network.loss(x, labels: labels).item
    #expect(try loss == network.loss(x, labels: oneHot(labels, classes: 3)).item)
    #expect(try loss == softmaxCrossEntropy(logits: network.logits(x), labels: [2, 0, 1, 1]).item)
    let outputs = try LearningTask.classification.loss(network(x), labels: labels).item
    #expect(abs(outputs - loss) <= 1e-15)
  }

  @Test("several sigmoids answer several questions")
  func multiLabel() throws {
    let network = network(outputs: 2), x = grid([2, 3], 1), y = Tensor<Double>([[1, 0, 1], [0, 0, 1]])
    let a = network(x)
    let byHand = -(y * log(a) + (1 - y) * log(1 - a)).mean()
    #expect(abs(try network.loss(x, labels: y).item - byHand.item) <= 1e-15)
  }

  @Test("without random numbers nothing is dropped; with them the learning loss is that of the units kept")
  func dropping() throws {
    let network = network(hidden: [4], dropoutRate: 0.5, task: .regression), x = grid([2, 3], 1)
    let y = grid([1, 3], 2)
    #expect(network.noiseShapes(examples: 3) == [[4, 3]])
    #expect(try network.learningLoss(x, labels: y, noise: []).item == network.loss(x, labels: y).item)
    let noise = Tensor((0..<12).map { Double($0 % 2) }, shape: [4, 3])
    let kept = 2 * tanh(network.layers[0].logits(x)) * noise
    let byHand = try meanSquaredError(network.layers[1](kept), y).item
    #expect(abs(try network.learningLoss(x, labels: y, noise: [noise]).item - byHand) <= 1e-15)
    #expect(throws: TensorError.self) { try network.learningLoss(x, labels: y, noise: [.zeros([1])]).item }
  }

  @Test("running means are those of the batches seen, whatever the optimizer did to the others")
  func observing() throws {
    var network = network(hidden: [4], normalization: .batch), moved = network
    moved.move(along: moved.mapTensors { .ones($0.shape) }, by: 5)
    let x = grid([2, 6], 1)
    let next = moved.observing(x, noise: [], by: network)
    guard case .batch(let seen) = next.normalizations[0], case .batch(let before) = network.normalizations[0] else {
      Issue.record("no batch normalization")
      return
    }
    let expected = before.observing(network.layers[0].logits(x))
    #expect(try seen.mean.scalars == expected.mean.scalars)
    #expect(try seen.variance.scalars == expected.variance.scalars)
    #expect(try seen.scale.scalars == [6, 6, 6, 6])
    // Then an example's result does not depend on its neighbors.
    network = next
    let (all, one) = (try network(x).scalars, try network(x.sliced(2..<3, axis: 1)).scalars)
    #expect(abs(all[2] - one[0]) <= 1e-15)
  }

  @Test("shapes that do not fit give a failed tensor, which names the product")
  func failures() {
    #expect { try network()(.ones([3, 5])).scalars } throws: { "\($0)".contains("matmul") }
    #expect(throws: TensorError.self) { try Network(layers: [])(.ones([3, 5])).scalars }
    #expect(throws: TensorError.self) { try network().loss(.ones([2, 5]), labels: .ones([5, 1])).item }
  }
}
