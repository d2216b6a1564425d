#if MPI
  import TapeGradCore
  import TapeGradFormats
  import TapeGradMPI
  import TapeGradNetworks

  /// Prints, on rank 0, the losses of a training of all examples at once, of one by mini-batches with dropout, and of one on
  /// shards of uneven sizes.
  func printLosses() throws {
    let data = try DataSet<Float>.breastCancer().standardized().dataSet
    let (x, y) = (data.features, data.labels)
    try withMPI { world in
      var network = newNetwork()
      let whole = try network.fit(x, labels: y, optimizer: .adam(rate: 0.01), epochs: 200, over: world)
      network = newNetwork()
      network.dropoutRate = 0.1
      let batches = try network.fit(
        x, labels: y, optimizer: .adam(rate: 0.01), epochs: 10, batchSize: 64, validation: .share(0.2), over: world)
      // Each rank but the last has half of what is left.
      var start = 0, count = x.shape[1]
      for rank in 0..<world.size where rank <= world.rank {
        start = x.shape[1] - count
        count = rank == world.size - 1 ? 0 : count / 2
      }
      let shard = start..<x.shape[1] - count
      let shards = try trainOnShards(world, x.sliced(shard, axis: 1), y.sliced(shard, axis: 1))
      if world.rank == 0 {
        for loss in whole.losses + batches.losses + batches.validationLosses + shards.map(Double.init) { print(loss) }
      }
    }
  }

  /// Sums and copies that take several calls, and what MPI refuses.
  func checkCalls() throws {
    try withMPI { world in
      var world = world
      world.chunk = 7
      var numbers = (0..<50).map { Float($0 * (world.rank + 1)) }
      try numbers.withUnsafeMutableBufferPointer { try world.sum($0) }
      let factor = world.size * (world.size + 1) / 2
      guard numbers == (0..<50).map({ Float($0 * factor) }) else { throw Failure() }
      var bytes = (0..<50).map { UInt8($0 + world.rank) }
      try bytes.withUnsafeMutableBytes { try world.broadcast($0) }
      guard bytes == Array(0..<50) else { throw Failure() }
      guard try world.sum(0.5) == Double(world.size) / 2 else { throw Failure() }

      // Rank 0 sends more than the others want.
      do {
        var some = [UInt8](repeating: 1, count: world.rank == 0 ? 7 : 3)
        try some.withUnsafeMutableBytes { try world.broadcast($0) }
        if world.rank != 0 { throw Failure() }
      } catch let error as MPIError {
        guard world.rank != 0, "\(error)".hasPrefix("MPI_Bcast failed with code") else { throw error }
        print("rank \(world.rank): \(error)")
      }
    }
    // MPI has ended.
    do {
      try withMPI { _ in }
      throw Failure()
    } catch MPIError.notRunning {}
  }
#endif
