// The blocks of the page "Training over ranks", word for word: a test compares them.

#if MPI
  import Foundation
  import TapeGradCore
  import TapeGradFormats
  import TapeGradMPI
  import TapeGradNetworks

  typealias Network = MultilayerNetwork<Float>

  func newNetwork() -> Network {
    var generator = SeededGenerator(seed: 1)
    return Network(inputs: 30, hidden: [16, 8], using: &generator)
  }

  func fit(_ x: Tensor<Float>, _ y: Tensor<Float>) throws {
    var network = newNetwork()
    try withMPI { world in
      try network.fit(x, labels: y, optimizer: .adam(rate: 0.01), epochs: 100, batchSize: 64, over: world)
    }
  }

  func train(to path: String, epochs: Int) throws {
    let data = try DataSet<Float>.breastCancer().standardized().dataSet
    let network = newNetwork()
    var training = TrainingState(network, by: Adam(for: network, rate: 0.01), seed: 1)
    if FileManager.default.fileExists(atPath: path) {
      let file = try ModelFile(contentsOf: path)
      training = try TrainingState(network, by: training.optimizer, metadata: file.metadata)
      try file.load(into: &training)
    }
    try withMPI { world in
      let examples = try Examples(data.features, labels: data.labels)
      try training.fit(examples, epochs: epochs - training.epoch, batchSize: 64, over: world) { state in
        var file = ModelFile(metadata: state.metadata)
        try file.add(state)
        try file.write(to: path)
        return true
      }
    }
  }

  /// The loss of each step of a training on shards.
  func trainOnShards(_ world: MPIWorld, _ x: Tensor<Float>, _ y: Tensor<Float>) throws -> [Float] {
    var losses: [Float] = []
    var network = try world.broadcast(newNetwork())
    var optimizer = Adam(for: network, rate: 0.01)
    let share = try Float(world.share(of: x.shape[1]))
    let evaluate = compiled { (network: Network, x: Tensor<Float>, y: Tensor<Float>) in
      let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) * share }
      return (loss, gradient)
    }
    for _ in 0..<20 {
      let (loss, gradient) = try world.sum(evaluate(network, x, y))
      optimizer.update(&network, along: gradient)
      losses.append(try loss.item)
    }
    return losses
  }
#endif
