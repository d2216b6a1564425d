import TapeGrad

extension BenchmarkChoice {
  /// A chain of additions of one number: recorded, and swept back over and freed; by node. Beside it the addition itself.
  func measureTape(_ report: (Figure) -> Void) throws {
    let one = NDArray<Float>(1)
    let sums = stopwatch.time { count in
      var sum = one
      for _ in 0..<count { sum = sum + one }
    }
    report(Figure("tape", "add two numbers, recording nothing", sums))
    for (length, repetitions) in isQuick ? [(1000, 1)] : [(1000, 1000), (1_000_000, 1)] {
      let (recording, reverse) = try measureChain(length, repetitions)
      report(Figure("tape", "record a node, one of \(length)", recording))
      report(Figure("tape", "sweep back over a node and free it, one of \(length)", reverse))
    }
  }

  /// The seconds for recording a node, and for the rest of a gradient.
  private func measureChain(_ length: Int, _ repetitions: Int) throws -> (recording: [Double], reverse: [Double]) {
    var recording: [Double] = [], reverse: [Double] = []
    for _ in 0...min(stopwatch.runs, 5) {
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
    return (Array(recording.dropFirst()), Array(reverse.dropFirst()))  // the first of each is not counted
  }
}
