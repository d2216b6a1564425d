#if MPI
  internal import CMPI

  /// MPI in this process, from its beginning to its end.
  ///
  /// ```swift
  /// try withMPI { world in
  ///   try training.fit(examples, epochs: 100, over: world)
  /// }
  /// ```
  /// Where the body throws, MPI is not ended, since that would wait for ranks which wait for this one: the error is thrown on,
  /// and when the process ends, `mpirun` ends the others.
  ///
  /// A process may call it once. Where something else has begun MPI, that is used, and left running; errors are thrown where
  /// it has set `MPI_ERRORS_RETURN`.
  ///
  /// - Parameter body: what to do; gets all processes as a communicator.
  /// - Throws: ``MPIError``; what the body throws.
  @discardableResult public func withMPI<Result>(_ body: (MPIWorld) throws -> Result) throws -> Result {
    if MPIProcess.isRunning { return try body(MPIWorld()) }
    try MPIProcess.begin()
    let result = try body(MPIWorld())
    try MPIError.check(cmpi_end(), "MPI_Finalize")
    return result
  }

  enum MPIProcess {
    /// Whether MPI has begun and not ended.
    static var isRunning: Bool {
      var (hasBegun, hasEnded): (Int32, Int32) = (0, 0)
      return cmpi_has_begun(&hasBegun) == 0 && cmpi_has_ended(&hasEnded) == 0 && hasBegun != 0 && hasEnded == 0
    }

    static func begin() throws(MPIError) {
      var hasEnded: Int32 = 0, threads: Int32 = 0
      if cmpi_has_ended(&hasEnded) != 0 || hasEnded != 0 { throw .notRunning }
      try MPIError.check(cmpi_begin(&threads), "MPI_Init_thread")
      if cmpi_is_serialized(threads) == 0 { throw .noThreads }
    }
  }
#endif
