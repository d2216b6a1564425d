#if MPI
  import TapeGradCore
  import TapeGradFormats
  import TapeGradMPI
  import TapeGradNetworks

  /// Prints the shortest time of a sum of so many Float numbers over all ranks.
  func measureSums() throws {
    try withMPI { world in
      for power in stride(from: 0, through: 24, by: 2) {
        var numbers = [Float](repeating: 0, count: 1 << power)
        let rounds = max(20, min(2000, (1 << 24) >> power))
        let seconds = try shortest(of: rounds) { try numbers.withUnsafeMutableBufferPointer { try world.sum($0) } }
        if world.rank == 0 { print(1 << power, seconds) }
      }
    }
  }

  /// Prints the number of parameters of a network, and the shortest time of a step of `fit`, with batches of so many examples
  /// for all ranks together, by epochs of 8 steps.
  func measureSteps(layers: [Int], batch: Int) throws {
    guard layers.count > 1, batch > 0 else { throw Failure() }
    var generator = SeededGenerator(seed: 1)
    let network = Network(
      inputs: layers[0], hidden: Array(layers[1..<layers.count - 1]), outputs: layers[layers.count - 1],
      task: .regression, using: &generator)
    let x = Tensor<Float>.randomNormal([layers[0], 8 * batch], using: &generator)
    let examples = try Examples(x, labels: .randomNormal([layers[layers.count - 1], 8 * batch], using: &generator))
    var training = TrainingState(network, by: GradientDescent(for: network, rate: 1e-3), seed: 1)
    let shortest = try withMPI { world in
      // The first epoch compiles.
      try training.fit(examples, epochs: 1, batchSize: batch, over: world)
      var last = ContinuousClock.now, shortest = Duration.seconds(1000)
      let budget = last + .seconds(4)
      try training.fit(examples, epochs: 1000, batchSize: batch, over: world) { _ in
        let now = ContinuousClock.now
        shortest = min(shortest, now - last)
        last = now
        return now < budget
      }
      return world.rank == 0 ? shortest / 8 : nil
    }
    let count = network.tensors.reduce(0) { $0 + $1.tensor.shape.count }
    if let shortest { print(count, shortest / .seconds(1)) }
  }

  /// Prints the shortest time in which a rank draws the order of so many examples.
  func measureOrders() {
    for power in [14, 18, 22] {
      var generator = SeededGenerator(seed: 1), sum = 0
      let seconds = shortest(of: 10) { sum += generator.order(of: 1 << power)[0] }
      if sum >= 0 { print(1 << power, seconds) }
    }
  }

  private func shortest(of rounds: Int, _ body: () throws -> Void) rethrows -> Double {
    var shortest = Duration.seconds(1000)
    for _ in 0..<rounds {
      let start = ContinuousClock.now
      try body()
      shortest = min(shortest, ContinuousClock.now - start)
    }
    return shortest / .seconds(1)
  }
#endif
