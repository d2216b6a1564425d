import Testing

@testable import TapeGradBenchmarks

struct StopwatchTests {
  /// Work that takes no time never makes a batch long enough, so it sleeps.
  private func work(_ counts: inout [Int], _ count: Int) throws {
    counts.append(count)
    let end = ContinuousClock.now + .microseconds(200 * count)
    while ContinuousClock.now < end {}
  }

  @Test("batches grow until they are long enough")
  func batches() throws {
    var counts: [Int] = []
    let times = try Stopwatch(runs: 4, batch: 1e-3, limit: 10).time { try work(&counts, $0) }
    #expect(times.count == 4)
    let batch = try #require(counts.last)
    #expect(counts.suffix(4).allSatisfy { $0 == batch } && batch <= 8, "\(counts)")
    // A busy machine lengthens some batches, hardly all of them.
    #expect(times.allSatisfy { $0 >= 200e-6 } && times.contains { $0 < 20e-3 }, "\(times)")
  }

  @Test("after the limit no batch begins, but three are always taken")
  func limit() throws {
    var counts: [Int] = []
    #expect(try Stopwatch(runs: 50, batch: 0, limit: 0).time { try work(&counts, $0) }.count == 3)
    #expect(try Stopwatch(runs: 2, batch: 0, limit: 0).time { try work(&counts, $0) }.count == 2)
  }
}
