import Foundation
import TapeGradCore
import TapeGradNetworks
import Testing

/// The page "Fitting a network" of the catalogue: its blocks, word for word, and that they do what it says.
struct FittingTests {
  private static let examples: (x: Tensor<Float>, y: Tensor<Float>) = {
    var generator = SeededGenerator(seed: 3)
    let x = Tensor<Float>.randomNormal([2, 120], using: &generator)
    return (x, ((x[0] .> 0) + (x[1] .> 0)).reshaped(to: [1, 120]))  // in how many directions it is above 0
  }()

  @Test("fitting, searching a rate, resuming, judging, and a loop by hand")
  func page() throws {
    let (x, y) = Self.examples
    var generator = SeededGenerator(seed: 1)
    var network = MultilayerNetwork<Float>(
      inputs: 2, hidden: [16, 8], outputs: 3, task: .classification, using: &generator)
    let history = try network.fit(
      x, labels: y, optimizer: .adam(rate: 0.01), epochs: 200, batchSize: 16, validation: .share(0.2), patience: 30)
    print(history)
    #expect(history.records.count > 30)
    #expect("\(history)".contains("best"))

    let search = try network.learningRates(x, labels: y, optimizer: .adamW())
    var choice = OptimizerChoice.adamW(rate: search.suggestion)
    choice.schedule = .warmUp(steps: 20, then: .cosine(steps: 500))
    choice.clipping = .norm(1)
    #expect((1e-4...1).contains(search.suggestion))
    var chosen = network
    try chosen.fit(x, labels: y, optimizer: choice, epochs: 10)
    #expect(try chosen.loss(x, labels: y).item.isFinite)

    var training = TrainingState(network, by: Adam(for: network, rate: 0.01), seed: 1)
    try training.fit(Examples(x, labels: y), epochs: 20, batchSize: 16)
    let (tensors, metadata) = (training.tensors, training.metadata)  // what a file holds

    var resumed = try TrainingState(network, by: Adam(for: network, rate: 0.01), metadata: metadata)
    resumed.visitTensors { name, tensor in tensor = tensors.first { $0.name == name }?.tensor ?? tensor }
    try resumed.fit(Examples(x, labels: y), epochs: 20, batchSize: 16)
    var whole = TrainingState(network, by: Adam(for: network, rate: 0.01), seed: 1)
    try whole.fit(Examples(x, labels: y), epochs: 40, batchSize: 16)
    for (a, b) in zip(resumed.tensors, whole.tensors) { #expect(try a.tensor.scalars == b.tensor.scalars) }

    let matrix = try ConfusionMatrix(network(x), labels: y)
    print(matrix)
    print(matrix.balancedAccuracy, try logLoss(network(x), labels: y))
    #expect(matrix.accuracy > 0.9)

    let before = try network.loss(x, labels: y).item
    typealias Network = MultilayerNetwork<Float>
    var optimizer = Adam(for: network, rate: 0.01)
    let step = compiled { (network: Network, optimizer: Adam<Network>, x: Tensor<Float>, y: Tensor<Float>) in
      let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
      return (optimizer.updated(network, along: gradient), loss)
    }
    for _ in 0..<100 {
      let (next, _) = try step(network, optimizer, x, y)
      (network, optimizer) = (next.model, next.optimizer)
    }
    #expect(try network.loss(x, labels: y).item < before)
  }

  struct Exponential: Trainable {
    var height = Tensor<Double>(1), pace = Tensor<Double>(0)

    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      try visit("height", &height)
      try visit("pace", &pace)
    }

    func loss(_ x: Tensor<Double>, labels: Tensor<Double>) -> Tensor<Double> {
      meanSquaredError(height * exp(pace * x), labels)
    }
  }

  @Test("a network of one's own is fitted")
  func own() throws {
    var curve = Exponential()
    let x = Tensor((0..<20).map { Double($0) / 10 }, shape: [1, 20])
    try curve.fit(x, labels: 3 * exp(-0.5 * x), optimizer: .adam(rate: 0.05), epochs: 1000)
    #expect(abs(try curve.height.item - 3) < 1e-3)
    #expect(abs(try curve.pace.item + 0.5) < 1e-3)
  }

  @Test("an ensemble learns in folds, and is merged into one network")
  func folds() throws {
    let (x, y) = Self.examples
    var generator = SeededGenerator(seed: 1)
    let network = MultilayerNetwork<Float>(
      inputs: 2, hidden: [16, 8], outputs: 3, task: .classification, using: &generator)

    let ensemble = Ensemble(like: network, count: 5, seed: 1)
    var together = TrainingState(ensemble, by: Adam(for: ensemble, rate: 0.003), seed: 1)
    let folded = try Examples(x, labels: y).inFolds(5, seed: 1)
    try together.fit(folded, epochs: 300, batchSize: 16, validation: folded, patience: 30)
    let mean = try together.best.merged()
    #expect(mean.layers.map { $0.bias.shape[0] } == [80, 40, 3])
    #expect(try ConfusionMatrix(mean(x), labels: y).accuracy > 0.9)
  }

  @Test("L-BFGS with a line search is far ahead of gradient descent after twenty steps")
  func quasiNewton() throws {
    var generator = SeededGenerator(seed: 1)
    let points = Tensor<Double>.randomNormal([2, 50], using: &generator)
    let heights = 3 * points[0..<1] - 2 * points[1..<2] + 1

    let start = MultilayerNetwork<Double>(inputs: 2, hidden: [], task: .regression, using: &generator)
    var (quasiNewton, descent) = (start, start)
    try quasiNewton.fit(points, labels: heights, optimizer: .lbfgs(), epochs: 20)
    try descent.fit(points, labels: heights, optimizer: .gradientDescent(rate: 0.1), epochs: 20)
    let losses = try [quasiNewton, descent].map { try $0.loss(points, labels: heights).item }
    // below 1e-20, and above 1e-6
    #expect(losses[0] < 1e-20 && losses[1] > 1e-6, "\(losses)")
  }

  @Test("every block of the page stands here")
  func blocks() throws { try expectBlocks(of: "Fitting.md", in: #filePath, count: 8) }
}
