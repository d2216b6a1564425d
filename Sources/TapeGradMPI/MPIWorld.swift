#if MPI
  internal import CMPI
  import TapeGradCore
  import TapeGradNetworks

  /// All processes that `mpirun` started, as ranks that train together.
  ///
  /// ``withMPI(_:)`` has it. Its methods are collective: all ranks call the same ones in the same order, each on one thread at a
  /// time, and a call comes back when all have made it. An error of MPI is thrown, and the numbers are then whatever was there.
  public struct MPIWorld: Communicator {
    /// The number of this process, from 0.
    public let rank: Int
    /// How many processes there are.
    public let size: Int
    /// How many numbers or bytes a call of MPI gets at most: its counts have 32 bits.
    package var chunk = Int(Int32.max)

    init() throws(MPIError) {
      var (rank, size): (Int32, Int32) = (0, 0)
      try MPIError.check(cmpi_rank(&rank), "MPI_Comm_rank")
      try MPIError.check(cmpi_size(&size), "MPI_Comm_size")
      (self.rank, self.size) = (Int(rank), Int(size))
    }

    /// Puts in the place of each number its sum over all ranks, by `MPI_Allreduce`, in 2³¹ − 1 numbers at a time.
    ///
    /// - Throws: ``MPIError``.
    public func sum<Scalar: TensorScalar>(_ numbers: UnsafeMutableBufferPointer<Scalar>) throws {
      try forEachChunk(of: UnsafeMutableRawBufferPointer(numbers), stride: MemoryLayout<Scalar>.stride) {
        start, count in
        let code =
          switch Scalar.scalarType {
          case .float: cmpi_sum_float(start.assumingMemoryBound(to: Float.self), count)
          case .double: cmpi_sum_double(start.assumingMemoryBound(to: Double.self), count)
          }
        try MPIError.check(code, "MPI_Allreduce")
      }
    }

    /// Puts rank 0's bytes in the place of these, by `MPI_Bcast`, 2³¹ − 1 at a time.
    ///
    /// - Throws: ``MPIError``.
    public func broadcast(_ bytes: UnsafeMutableRawBufferPointer) throws {
      try forEachChunk(of: bytes, stride: 1) { try MPIError.check(cmpi_broadcast($0, $1), "MPI_Bcast") }
    }

    /// The parts of a buffer that one call of MPI can count.
    private func forEachChunk(
      of bytes: UnsafeMutableRawBufferPointer, stride: Int, _ body: (UnsafeMutableRawPointer, Int32) throws -> Void
    ) throws {
      guard MPIProcess.isRunning else { throw MPIError.notRunning }
      let count = bytes.count / stride
      for start in Swift.stride(from: 0, to: count, by: chunk) {
        guard let first = bytes.baseAddress else { return }
        try body(first + start * stride, Int32(min(chunk, count - start)))
      }
    }
  }
#endif
