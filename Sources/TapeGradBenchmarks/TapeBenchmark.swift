import TapeGrad

extension BenchmarkChoice {
  /// What the tape itself costs: a chain of additions of single numbers, whose arithmetic takes next to nothing.
  ///
  /// The figures are seconds for one node: for recording it, and for the reverse sweep over it and freeing it. For
  /// comparison, the addition alone. A chain of 1000 fits in the cache, one of a million does not.
  ///
  /// y = x, then 1000 times y = y + x: no kernel could be smaller, so nearly all of the time is the tape's.
  func measureTape(_ report: (Figure) throws -> Void) throws {
    let one = NDArray<Float>(1)
    let sums = stopwatch.time { count in
      var sum = one
      for _ in 0..<count { sum = sum + one }
    }
    try report(Figure(.tape, "add two numbers, recording nothing", sums))
    for (length, repetitions) in isQuick ? [(1000, 1)] : [(1000, 1000), (1_000_000, 1)] {
      let (recording, reverse) = try measureChain(length, repetitions)
      try report(Figure(.tape, "record a node, one of \(length)", recording))
      try report(Figure(.tape, "sweep back over a node and free it, one of \(length)", reverse))
    }
    try measureErrors(report)
  }

  /// What an operation that does not fit costs: its failed tensor, which keeps the call stack as addresses, and the
  /// printing of its error, which looks up the line of the call.
  private func measureErrors(_ report: (Figure) throws -> Void) throws {
    let two = Tensor<Float>([1, 2]), three = Tensor<Float>([1, 2, 3])
    let failing = stopwatch.time { count in
      for _ in 0..<count { _ = two + three }
    }
    try report(Figure(.tape, "fail to add shapes that do not fit", failing))
    let failed = two + three
    let printing = stopwatch.time { count in
      for _ in 0..<count { _ = failed.description }
    }
    try report(Figure(.tape, "print the error", printing))
  }

  /// The seconds for recording a node, and for the rest of a gradient, of each run.
  ///
  /// Both are taken from the same calls of `gradient`: the closure times the recording, and what is left of the whole
  /// call is the sweep and the freeing.
  private func measureChain(_ length: Int, _ repetitions: Int) throws -> (recording: [Double], reverse: [Double]) {
    var recording: [Double] = [], reverse: [Double] = []
    for _ in 0...min(runs, 5) {
      var recorded = 0.0
      let whole = try seconds {
        for _ in 0..<repetitions {
          _ = try gradient(at: Tensor<Float>(1)) { x in
            var y = x
            recorded += seconds { for _ in 0..<length { y = y + x } }
            return y
          }
        }
      }
      let nodes = Double(length * repetitions)
      recording.append(recorded / nodes)
      reverse.append((whole - recorded) / nodes)
    }
    // The first run fills the buffer pool, and is not counted.
    return (Array(recording.dropFirst()), Array(reverse.dropFirst()))
  }
}
