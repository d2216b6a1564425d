import TapeGrad

extension BenchmarkChoice {
  /// Functions of every element: seconds for one element.
  ///
  /// In the cache, the time is that of the arithmetic; outside it, that of fetching and storing the numbers.
  ///
  /// A line of the result: `exp of an element, in cache, Float` with the time of one element, and how many elements
  /// that is in a second.
  func measureFunctions(_ report: (Figure) throws -> Void) throws {
    for scalar in scalars { try measureFunctions(scalar.type, report) }
  }

  private func measureFunctions<Scalar: TensorScalar>(
    _: Scalar.Type, _ report: (Figure) throws -> Void
  ) throws {
    // The functions whose kernels are the most work, and two that are next to none.
    let functions: [(String, (Tensor<Scalar>) -> Tensor<Scalar>)] = [
      ("exp", { exp($0) }), ("log", { log($0) }), ("expm1", { expm1($0) }), ("log1p", { log1p($0) }),
      ("sqrt", { sqrt($0) }), ("tanh", { tanh($0) }), ("sigmoid", { sigmoid($0) }), ("softplus", { softplus($0) }),
      ("relu", { relu($0) }), ("add", { $0 + $0 }),
    ]
    // 64 KiB fit in the second-level cache of today's processors, 128 MiB in no cache.
    let places = [("in cache", 64 << 10), ("out of cache", isQuick ? 1 << 20 : 128 << 20)]
    for (place, bytes) in places {
      let count = bytes / MemoryLayout<Scalar>.stride
      var generator = SeededGenerator(seed: 1)
      let x = Tensor<Scalar>.randomUniform([count], in: 0.01...4, using: &generator)
      for (name, function) in functions {
        // `validated` throws the error of a tensor that failed, which would otherwise be the fastest of all.
        let times = try stopwatch.time { for _ in 0..<$0 { try function(x).validated() } }
        try report(
          Figure(
            .function, "\(name) of an element, \(place), \(Scalar.self)", times.map { $0 / Double(count) },
            rate: Figure.Rate(value: 1e-9, unit: "G elements/s")))
      }
    }
  }
}
