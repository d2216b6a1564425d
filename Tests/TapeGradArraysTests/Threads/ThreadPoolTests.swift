import Synchronization
import Testing

@testable import TapeGradArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The pool and what works on it. One after the other, since the number of threads is the process's.
@Suite(.serialized)
struct ThreadPoolTests {
  @Test("every member of a team runs once, and barriers hold", arguments: [1, 2, 3, 5, 8])
  func team(_ count: Int) {
    withThreads(count) {
      for _ in 0..<200 {
        let arrived = Atomic<Int>(0), wrong = Atomic<Int>(0), members = Atomic<Int>(0)
        ThreadPool.run(upTo: count) { member in
          members.bitwiseOr(1 << member.index, ordering: .relaxed)
          for round in 1...5 {
            arrived.wrappingAdd(1, ordering: .relaxed)
            member.barrier()
            if arrived.load(ordering: .relaxed) != round * member.count { wrong.wrappingAdd(1, ordering: .relaxed) }
            member.barrier()
          }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
        #expect((members.load(ordering: .relaxed) + 1).nonzeroBitCount == 1)
      }
    }
  }

  @Test("a team inside a team is one thread")
  func nested() {
    withThreads(3) {
      let teams = Atomic<Int>(0), inner = Atomic<Int>(0)
      ThreadPool.run(upTo: 3) { member in
        if member.index == 0 { teams.wrappingAdd(member.count, ordering: .relaxed) }
        ThreadPool.run(upTo: 3) { inner.wrappingAdd($0.count, ordering: .relaxed) }
      }
      #expect(inner.load(ordering: .relaxed) == teams.load(ordering: .relaxed))
    }
  }

  @Test("teams from many tasks at once all do their work")
  func manyTasks() async {
    let previous = threadCount
    threadCount = 3
    defer { threadCount = previous }
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let sum = Atomic<Int>(0)
          for _ in 0..<200 {
            ThreadPool.run(upTo: 3) { member in
              for piece in member.share(of: 10) { sum.wrappingAdd(piece, ordering: .relaxed) }
            }
          }
          return sum.load(ordering: .relaxed)
        }
      }
      for await sum in group { #expect(sum == 200 * 45) }
    }
  }

  @Test("sleeping threads take no processor time")
  func idle() async {
    await #expect(processExitsWith: .success) {
      threadCount = 3
      ThreadPool.run(upTo: 3) { $0.barrier() }
      usleep(100_000)
      let before = clock()
      usleep(300_000)
      precondition(Double(clock() - before) / Double(CLOCKS_PER_SEC) < 0.1)
    }
  }

  @Test("the number of threads is at least one")
  func threadCountIsClamped() {
    withThreads(-3) { #expect(threadCount == 1) }
  }

  @Test("the same bits for any number of threads")
  func sameBits() throws {
    var generator = SeededGenerator(seed: 2)
    for (m, k, n) in [(300, 300, 300), (1000, 20, 700), (3, 5000, 400), (4000, 100, 5)] {
      let a = NDArray<Float>.randomUniform([m, k], in: -1...1, using: &generator)
      let b = NDArray<Float>.randomUniform([k, n], in: -1...1, using: &generator)
      let column = NDArray<Float>.randomUniform([m, 1], in: -1...1, using: &generator)
      let results = [1, 2, 3, 5].map { count in
        withThreads(count) { () -> [NDArray<Float>] in
          let c = matmul(a, b)
          return [
            c, matmul(c, b, transposingSecond: true), matmul(a, c, transposingFirst: true), tanh(c), c + column, c * c,
            c.sum(to: [m, 1]), c.sum(to: [1, n]), c.sum(), c.maximum(to: [m, 1]),
          ]
        }
      }
      for other in results.dropFirst() {
        for (x, y) in zip(results[0], other) { #expect(x.scalars.map(\.bitPattern) == y.scalars.map(\.bitPattern)) }
      }
    }
  }

  @Test("parts cover a row once", arguments: [0, 1, 13, 64, 1000], [1, 2, 3, 7])
  func parts(_ length: Int, _ count: Int) {
    let parts = (0..<count).map { WorkShare.part($0, of: count, length: length, unit: 14) }
    #expect(parts.flatMap(Array.init) == Array(0..<length))
  }
}

/// Runs `body` with another number of threads.
private func withThreads<R>(_ count: Int, _ body: () -> R) -> R {
  let previous = threadCount
  threadCount = count
  defer { threadCount = previous }
  return body()
}
