import Foundation

/// A function of an eval, which takes its input as JSON, runs as often as is asked for, and times each run.
struct Function: Sendable {
  /// Answers an `evaluate` message.
  let evaluate: @Sendable (Data) throws -> (output: any Encodable, timings: [Timing])

  /// - Parameters:
  ///   - prepare: makes tensors of the input; what it returns is timed. Programs are compiled in their first run.
  ///   - report: what is answered, outside the time.
  init<Input: Decodable & SendableMetatype, Result, Output: Encodable & SendableMetatype>(
    prepare: @escaping @Sendable (Input) throws -> () throws -> Result,
    report: @escaping @Sendable (Result) throws -> Output
  ) {
    evaluate = { line in
      let decoder = JSONDecoder()
      let repetition = try decoder.decode(Argument<Repetition>.self, from: line).input
      let run = try prepare(decoder.decode(Argument<Input>.self, from: line).input)
      let clock = ContinuousClock()
      var timings: [Timing] = [], elapsed = Duration.zero, result: Result
      repeat {
        let start = clock.now
        result = try run()
        let duration = start.duration(to: clock.now)
        elapsed += duration
        timings.append(Timing(nanoseconds: Int64(duration / .nanoseconds(1))))
      } while timings.count < repetition.minRuns || elapsed < .seconds(repetition.minSeconds)
      return (try report(result), timings)
    }
  }
}
