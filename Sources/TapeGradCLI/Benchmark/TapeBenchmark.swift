import TapeGrad

extension BenchmarkChoice {
  /// A chain of additions: recorded, and swept back over and freed; by node.
  func measureTape(_ report: (Figure) -> Void) throws {
    let length = isQuick ? 1000 : 1_000_000
    var recording: [Double] = [], whole: [Double] = []
    for _ in 0...min(stopwatch.runs, 5) {
      let time = try seconds {
        _ = try gradient(at: Tensor<Float>(1)) { x in
          var y = x
          recording.append(seconds { for _ in 0..<length { y = y + x } })
          return y
        }
      }
      whole.append(time)
    }
    // The first of each is not counted.
    let reverse = zip(whole, recording).dropFirst().map { $0 - $1 }
    report(Figure("tape", "record a node", recording.dropFirst().map { $0 / Double(length) }))
    report(Figure("tape", "sweep back over a node and free it", reverse.map { $0 / Double(length) }))
  }
}
