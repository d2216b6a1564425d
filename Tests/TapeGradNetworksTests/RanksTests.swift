import Foundation
import TapeGradCore
import TapeGradNetworks
import Testing

/// Training over ranks, here threads of one process.
struct RanksTests {
  private typealias Network = MultilayerNetwork<Double>

  private static func examples(_ count: Int = 37, seed: UInt64 = 5) throws -> Examples<Double> {
    var generator = SeededGenerator(seed: seed)
    let x = Tensor<Double>.randomNormal([3, count], using: &generator)
    return try Examples(x, labels: ((x[0] .> 0) + (x[1] .> 0)).reshaped(to: [1, count]))
  }

  private static func network(
    seed: UInt64 = 1, normalization: NormalizationKind? = nil, dropoutRate: Double = 0
  ) -> Network {
    var generator = SeededGenerator(seed: seed)
    return Network(
      inputs: 3, hidden: [6, 4], outputs: 3, normalization: normalization, dropoutRate: dropoutRate,
      task: .classification, using: &generator)
  }

  private static func bits<G: TensorGroup>(_ group: G) throws -> [[UInt64]] where G.Scalar == Double {
    try group.tensors.map { try $0.tensor.scalars.map(\.bitPattern) }
  }

  private static func expectClose(_ a: some TensorGroup, _ b: some TensorGroup, _ tolerance: Double) throws {
    for ((name, a), (_, b)) in zip(a.tensors, b.tensors) {
      for (a, b) in zip(try a.scalars, try b.scalars) {
        #expect(abs(a.doubleValue - b.doubleValue) <= tolerance * max(1, abs(b.doubleValue)), "\(name): \(a), \(b)")
      }
    }
  }

  @Test(
    "any number of ranks takes the steps of one, to rounding, and all have the same bits",
    arguments: zip([2, 3, 4, 5, 5, 4, 3, 2], OptimizerChoice.Method.allCases))
  func sameSteps(size: Int, method: OptimizerChoice.Method) throws {
    var choice = OptimizerChoice(method, rate: 0.01)
    (choice.clipping, choice.weightDecay) = (.norm(1), .l2(0.01))
    try Self.expectSameSteps(size, by: choice.optimizer(for: Self.network(dropoutRate: 0.25)))
  }

  /// Batches of 16, 16 and 5 examples, which no number of ranks but one divides evenly.
  private static func expectSameSteps<Method: Optimizer<Network>>(_ size: Int, by optimizer: Method) throws {
    let examples = try examples(), others = try Self.examples(9, seed: 6)
    var alone = TrainingState(network(dropoutRate: 0.25), by: optimizer, seed: 3)
    let start = alone
    try alone.fit(examples, epochs: 3, batchSize: 16, validation: others)
    let states = try ThreadRank.run(size) { rank in
      var state = start
      try state.fit(examples, epochs: 3, batchSize: 16, validation: others, over: rank)
      return state
    }
    for state in states {
      #expect(try bits(state) == bits(states[0]))
      #expect(state.history == states[0].history)
    }
    try expectClose(states[0], alone, 1e-9)
    for (a, b) in zip(states[0].history.records, alone.history.records) {
      #expect(abs(a.loss - b.loss) <= 1e-10)
      #expect(abs(try #require(a.validationLoss) - #require(b.validationLoss)) <= 1e-9)
    }
  }

  @Test("ranks without an example, a batch of all examples, and eager steps", arguments: [true, false])
  func fewExamples(isCompiled: Bool) throws {
    let examples = try Self.examples(3), network = Self.network()
    var alone = TrainingState(network, by: Adam(for: network, rate: 0.01)), start = alone
    try alone.fit(examples, epochs: 4, validation: examples, isCompiled: isCompiled)
    start.seed = 0
    let states = try ThreadRank.run(5) { [start] rank in
      var state = start
      try state.fit(examples, epochs: 4, validation: examples, isCompiled: isCompiled, over: rank)
      return state
    }
    try Self.expectClose(states[4], alone, 1e-12)
  }

  @Test("one rank has the bits of a training without ranks")
  func oneRank() throws {
    let examples = try Self.examples(), network = Self.network(normalization: .batch, dropoutRate: 0.2)
    let start = TrainingState(network, by: Adam(for: network, rate: 0.01), seed: 3)
    var alone = start
    try alone.fit(examples, epochs: 2, batchSize: 8)
    let states = try ThreadRank.run(1) { rank in
      var state = start
      try state.fit(examples, epochs: 2, batchSize: 8, over: rank)
      return state
    }
    #expect(try Self.bits(states[0]) == Self.bits(alone))
  }

  @Test("all ranks go on from rank 0's weights, optimizer, seed and history, for as many epochs")
  func start() throws {
    let examples = try Self.examples()
    let states = try ThreadRank.run(3) { rank in
      let network = Self.network(seed: UInt64(rank.rank + 1))
      var state = TrainingState(network, by: Adam(for: network, rate: 0.01), seed: UInt64(rank.rank + 1))
      if rank.rank == 0 { try state.fit(examples, epochs: 2, batchSize: 8) }
      try state.fit(examples, epochs: rank.rank == 0 ? 2 : 4, batchSize: 8, over: rank)
      return state
    }
    var alone = TrainingState(Self.network(seed: 1), by: Adam(for: Self.network(), rate: 0.01), seed: 1)
    try alone.fit(examples, epochs: 4, batchSize: 8)
    for state in states {
      #expect(state.epoch == 4 && state.seed == 1)
      #expect(try Self.bits(state) == Self.bits(states[0]))
    }
    try Self.expectClose(states[2], alone, 1e-9)
  }

  @Test("running means are the mean of what all ranks have seen")
  func runningMeans() throws {
    // Without hidden weights that change, each rank's normalization sees its own columns.
    let examples = try Self.examples(8), network = Self.network(normalization: .batch)
    let networks = try ThreadRank.run(2) { rank in
      var own = network
      try own.fit(
        examples.features, labels: examples.labels, optimizer: .gradientDescent(rate: 0), epochs: 1, over: rank)
      return own
    }
    func mean(_ network: Network) throws -> [Double] {
      guard case .batch(let normalization) = network.normalizations[0] else { return [] }
      return try normalization.mean.scalars
    }
    let halves = try [0..<4, 4..<8].map { columns in
      try mean(
        network.observing(examples.features.sliced(columns, axis: 1), noise: [], by: network))
    }
    for own in networks {
      for (found, (a, b)) in zip(try mean(own), zip(halves[0], halves[1])) {
        #expect(abs(found - (a + b) / 2) <= 1e-15)
      }
    }
  }

  @Test("ranks with other examples, batches or models than rank 0 are told so, on every rank")
  func differences() throws {
    let examples = try Self.examples(), others = try Self.examples(seed: 8), network = Self.network()
    func messages(_ change: @escaping @Sendable (ThreadRank) throws -> Void) throws -> Set<String> {
      Set(
        try ThreadRank.run(3) { rank in
          do { try change(rank) } catch let error as TrainingError { return "\(error)" }
          return "no error"
        })
    }
    func message(_ what: String) -> Set<String> {
      ["cannot learn from this: 1 of 3 ranks have other \(what) than rank 0; all must be given the same"]
    }
    let start = TrainingState(network, by: Adam(for: network))
    #expect(
      try messages { rank in
        var state = start
        try state.fit(rank.rank == 1 ? others : examples, epochs: 1, over: rank)
      } == message("examples"))
    #expect(
      try messages { rank in
        var state = start
        try state.fit(examples, epochs: 1, validation: rank.rank == 2 ? others : examples, over: rank)
      } == message("validation examples"))
    #expect(
      try messages { rank in
        var state = start
        try state.fit(examples, epochs: 1, batchSize: rank.rank == 2 ? 8 : 9, over: rank)
      } == message("batch sizes"))
    #expect(
      try messages { rank in
        var own = network
        if rank.rank == 1 { own.layers.swapAt(0, 1) }
        try own.fit(examples.features, labels: examples.labels, epochs: 1, over: rank)
      } == message("tensors"))
  }

  @Test("rank 0 alone is asked whether to go on, and its answer and its error hold for all")
  func decisions() throws {
    struct Full: Error {}
    let examples = try Self.examples(), network = Self.network()
    let epochs = try ThreadRank.run(3) { rank in
      var own = network
      return try own.fit(examples.features, labels: examples.labels, epochs: 9, over: rank) { record in
        #expect(rank.rank == 0)
        return record.epoch < 4
      }.records.count
    }
    #expect(epochs == [4, 4, 4])
    let errors = try ThreadRank.run(3) { rank in
      var own = network
      do {
        try own.fit(examples.features, labels: examples.labels, epochs: 9, over: rank) { _ in throw Full() }
      } catch is Full { return "full" } catch TrainingError.stopped { return "stopped" }
      return "no error"
    }
    #expect(errors == ["full", "stopped", "stopped"])
  }

  @Test("losses weighted by their rows give loss and gradient of all rows, however uneven the shards")
  func shards() throws {
    let examples = try Self.examples(), network = Self.network(), shards = [0..<20, 20..<21, 21..<37]
    let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(examples.features, labels: examples.labels) }
    let found = try ThreadRank.run(3) { world in
      let (x, y) = (
        examples.features.sliced(shards[world.rank], axis: 1), examples.labels.sliced(shards[world.rank], axis: 1)
      )
      let share = try world.share(of: x.shape[1])
      let own = try world.broadcast(world.rank == 0 ? network : Self.network(seed: 9))
      return try world.sum(valueWithGradient(at: own) { $0.loss(x, labels: y) * share })
    }
    for (value, sum) in found {
      #expect(abs(try value.item - loss.item) <= 1e-15)
      try Self.expectClose(sum, gradient, 1e-15)
    }
    #expect(try ThreadRank.run(2) { try $0.share(of: 0) } == [0, 0])
  }

  @Test("every block of the pages of TapeGradMPI stands in the program that runs over MPI")
  func blocks() throws {
    let program = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../TapeGradRanks/Page.swift")
    try expectBlocks(of: "TrainingOverRanks.md", module: "TapeGradMPI", in: program.path, count: 3)
    try expectBlocks(of: "TapeGradMPI.md", module: "TapeGradMPI", in: program.path, count: 1)
  }
}
