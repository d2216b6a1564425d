/// Times work that is repeated: batches long enough to be timed, each figure the mean over a batch.
struct Stopwatch {
  /// How many batches are timed, at most.
  let runs: Int
  /// The least seconds that a batch takes.
  let batch: Double
  /// The seconds after which no further batch begins, once three were timed.
  let limit: Double

  /// The seconds that the work takes once, by each batch.
  ///
  /// - Parameter work: does the work so many times. The first calls, which find the length of a batch, are not counted.
  func time(_ work: (Int) throws -> Void) rethrows -> [Double] {
    var count = 1
    try work(count)
    // Doubled until a batch is long enough. These calls also warm up caches, buffers and branch predictors.
    while try seconds({ try work(count) }) < batch { count *= 2 }
    var times: [Double] = [], total = 0.0
    while times.count < runs, times.count < 3 || total < limit {
      let time = try seconds { try work(count) }
      times.append(time / Double(count))
      total += time
    }
    return times
  }
}

/// The seconds that something takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let (whole, fraction) = try ContinuousClock().measure(body).components
  return Double(whole) + Double(fraction) * 1e-18
}
