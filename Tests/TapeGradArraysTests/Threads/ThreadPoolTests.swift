import Synchronization
import Testing

@testable import TapeGradArrays

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The threads and the work they share. One test after the other, since the number of threads is the process's.
@Suite(.serialized)
struct ThreadPoolTests {
  @Test("every share is done once, after all shares of the piece before", arguments: [1, 2, 3, 5, 8])
  func sharesAreDoneOnce(_ count: Int) {
    withThreads(count) {
      for _ in 0..<100 { #expect(Chain(pieces: 20).run(upTo: count)) }
    }
  }

  @Test("several callers at once get right results from 8 threads, on any number of processors")
  func manyCallers() async {
    let previous = threadCount
    threadCount = 8
    defer { threadCount = previous }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var isRight = true
          for count in 0..<2000 { isRight = Chain(pieces: 3).run(upTo: count % 8 + 1) && isRight }
          return isRight
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test("a call inside a share has one thread")
  func nested() {
    withThreads(3) {
      let outer = Atomic<Int>(0), inner = Atomic<Int>(0)
      ThreadPool.run(upTo: 3) { _ in
        outer.wrappingAdd(1, ordering: .relaxed)
        ThreadPool.run(upTo: 3) { inner.wrappingAdd($0.count, ordering: .relaxed) }
      }
      #expect(outer.load(ordering: .relaxed) > 0)
      #expect(inner.load(ordering: .relaxed) == outer.load(ordering: .relaxed))
    }
  }

  @Test("a thread that is away is not waited for, and joins in when it is back")
  func absentThread() async {
    await #expect(processExitsWith: .success) {
      alarm(60)  // whoever waits for the thread is ended
      threadCount = 2
      let caller = ThreadName.current
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGUSR1)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)  // new threads inherit it; the threads of tasks block signals
      // The thread is stopped in a signal's handler, wherever it is: asleep, or awake and looking for work.
      let thread = ThreadName.ofOther
      signal(SIGUSR1) { _ in while isAway.load(ordering: .relaxed) { usleep(100) } }
      for delay in [0, 20, 1000] {
        ThreadPool.run(upTo: 2) { _ in }
        usleep(useconds_t(delay))
        isAway.store(true, ordering: .relaxed)
        thread.signal(SIGUSR1)
        usleep(10_000)
        for _ in 0..<100 {
          precondition(Chain(pieces: 20).run(upTo: 2))
          ThreadPool.run(upTo: 2) { _ in precondition(ThreadName.current == caller) }
        }
        isAway.store(false, ordering: .relaxed)
        precondition(ThreadName.ofOther == thread)
      }
    }
  }

  @Test("a forked child has threads of its own")
  func forkedChild() async {
    await #expect(processExitsWith: .success) {
      threadCount = 3
      precondition(Chain(pieces: 10).run(upTo: 3))
      typealias Fork = @convention(c) () -> pid_t
      let fork = unsafeBitCast(dlsym(dlopen(nil, RTLD_NOW), "fork"), to: Fork.self)
      // Also while other threads of the parent are at work, whose team the child finds half way through a piece.
      let isDone = Atomic<Bool>(false), hasRun = Atomic<Bool>(false)
      withUnsafePointer(to: isDone) { isDone in
        withUnsafePointer(to: hasRun) { hasRun in
          nonisolated(unsafe) let isDone = isDone, hasRun = hasRun
          let other = ThreadName.start {
            while !isDone.pointee.load(ordering: .relaxed) {
              _ = Chain(pieces: 10).run(upTo: 3)
              hasRun.pointee.store(true, ordering: .relaxed)
            }
          }
          // What a thread does for the first time, it does under locks of Swift's runtime, which a child finds taken for ever.
          while !hasRun.pointee.load(ordering: .relaxed) { usleep(100) }
          for _ in 0..<20 {
            let child = fork()
            if child == 0 {
              endAfter20Seconds()
              _ = ThreadName.ofOther  // until there is one
              _exit(Chain(pieces: 100).run(upTo: 3) ? 0 : 1)
            }
            var status: Int32 = 0
            precondition(child > 0 && waitpid(child, &status, 0) == child && status == 0, "status \(status)")
          }
          isDone.pointee.store(true, ordering: .relaxed)
          other.join()
        }
      }
    }
  }

  @Test("a child that is forked in the middle of a call goes on alone")
  func forkInside() async {
    await #expect(processExitsWith: .success) {
      threadCount = 2
      typealias Fork = @convention(c) () -> pid_t
      let fork = unsafeBitCast(dlsym(dlopen(nil, RTLD_NOW), "fork"), to: Fork.self)
      let caller = ThreadName.current
      var child: pid_t = 0
      let shares = Atomic<Int>(0)
      ThreadPool.withTeam(upTo: 2, sharing: { _, _ in shares.wrappingAdd(1, ordering: .relaxed) }) { team in
        child = fork()
        if child == 0 { endAfter20Seconds() }
        for _ in 0..<100 { team?.share(0, upTo: 2) }
      }
      if child == 0 { _exit(shares.load(ordering: .relaxed) == 100 && ThreadName.current == caller ? 0 : 1) }
      var status: Int32 = 0
      precondition(waitpid(child, &status, 0) == child && status == 0 && shares.load(ordering: .relaxed) == 200)
    }
  }

  @Test("sleeping threads take no processor time")
  func idle() async {
    await #expect(processExitsWith: .success) {
      threadCount = 3
      ThreadPool.run(upTo: 3) { _ in usleep(1000) }
      usleep(100_000)
      let before = clock()
      usleep(300_000)
      precondition(Double(clock() - before) / Double(CLOCKS_PER_SEC) < 0.1)
    }
  }

  @Test("the number of threads is at least 1 and at most 256")
  func threadCountIsClamped() {
    withThreads(-3) { #expect(threadCount == 1) }
    withThreads(1000) { #expect(threadCount == 256) }
  }

  @Test("results have the same bits for any number of threads")
  func sameBits() throws {
    var generator = SeededGenerator(seed: 2)
    for (m, k, n) in [(300, 300, 300), (1000, 20, 700), (3, 5000, 400), (4000, 100, 5)] {
      let a = NDArray<Float>.randomUniform([m, k], in: -1...1, using: &generator)
      let b = NDArray<Float>.randomUniform([k, n], in: -1...1, using: &generator)
      let column = NDArray<Float>.randomUniform([m, 1], in: -1...1, using: &generator)
      let results = [1, 2, 3, 8].map { count in
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

  @Test("shares cover everything once", arguments: [0, 1, 13, 64, 1000], [1, 2, 3, 7])
  func parts(_ total: Int, _ count: Int) {
    for unit in [1, 14, 64] {
      let parts = (0..<count).map { Share(index: $0, count: count).part(of: total, unit: unit) }
      #expect(parts.flatMap(Array.init) == Array(0..<total))
    }
  }
}

/// Whether a thread is to stay away.
private let isAway = Atomic<Bool>(false)

/// Ends a child that hangs. (The threads of tasks block signals, and a child inherits that.)
private func endAfter20Seconds() {
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGALRM)
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  alarm(20)
}

/// Pieces of work, each of which needs all of the one before: every share adds 1 to the sum of all numbers, in the other of
/// two rows. A share that is left out, done twice or done too early shows in the numbers; one that does not see what another
/// thread wrote shows under the thread sanitizer.
private struct Chain {
  let pieces: Int

  /// Runs it; false where a number came out wrong.
  func run(upTo count: Int) -> Bool {
    let width = 8, rows = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * width)
    defer { rows.deallocate() }
    rows.initialize(repeating: 1, count: 2 * width)
    nonisolated(unsafe) let numbers = rows
    let body = { (piece: Int, share: Share) in
      let from = numbers + piece % 2 * width, to = numbers + (piece + 1) % 2 * width
      for index in share.part(of: width) { to[index] = (0..<width).reduce(1) { $0 &+ from[$1] } &+ UInt64(index) }
    }
    ThreadPool.withTeam(upTo: count, sharing: body) { team in
      for piece in 0..<pieces {
        if let team { team.share(piece, upTo: count) } else { body(piece, .whole) }
      }
    }
    var expected = [UInt64](repeating: 1, count: width)
    for _ in 0..<pieces {
      let sum = expected.reduce(1, &+)
      expected = (0..<UInt64(width)).map { sum &+ $0 }
    }
    return (0..<width).allSatisfy { rows[pieces % 2 * width + $0] == expected[$0] }
  }
}

/// Runs `body` with another number of threads.
private func withThreads<R>(_ count: Int, _ body: () -> R) -> R {
  let previous = threadCount
  threadCount = count
  defer { threadCount = previous }
  return body()
}
