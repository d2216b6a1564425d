import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One thread's view of the team that it works in.
package struct TeamMember: ~Copyable {
  /// Which member it is, from 0, and of how many.
  package let index: Int
  package let count: Int
  private let meeting: Meeting

  init(index: Int, count: Int, meeting: Meeting) {
    (self.index, self.count, self.meeting) = (index, count, meeting)
  }

  /// Waits until every member has come here. What they wrote before can be read behind it.
  package func barrier() {
    if count > 1 { meeting.meet(count) }
  }

  /// This member's share of `total` pieces of work.
  package func share(of total: Int) -> Range<Int> {
    total * index / count..<total * (index + 1) / count
  }

  /// This member's part of a row of elements, in whole cache lines.
  package func part(of elements: Int) -> Range<Int> {
    WorkShare.part(index, of: count, length: elements, unit: 64)
  }
}

/// Where the members of a team wait for each other.
final class Meeting: Sendable {
  private let arrived = Atomic<Int>(0)
  private let gate = Gate()

  func meet(_ count: Int) {
    let phase = gate.current
    if arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == count {
      arrived.store(0, ordering: .relaxed)
      gate.advance()
    } else {
      gate.wait(past: phase, patience: ThreadPool.patience(count))
    }
  }
}

/// Threads that work together for the length of a call, and sleep in between.
package enum ThreadPool {
  /// What a team does. Every member calls it, at the same time: it writes only what is its own.
  package typealias Body = (borrowing TeamMember) -> Void

  /// Whether a team is at work: there is one team, and who finds it busy works alone.
  private static let isTaken = Atomic<Bool>(false)
  private static let meeting = Meeting()
  /// The threads started so far. Only who took the team looks.
  nonisolated(unsafe) private static var workers: [Worker] = []

  /// How many times a waiting thread looks before it sleeps: some 40 µs, and not at all where threads share processors.
  static func patience(_ count: Int) -> Int { count > ThreadCount.processors ? 0 : 1000 }

  /// Runs `body` on `count` threads at once, of which the caller is member 0; on fewer where ``threadCount`` is lower, on
  /// the caller's alone where the team is busy.
  package static func run(upTo count: Int, _ body: Body) {
    let count = min(count, threadCount)
    guard count > 1, !isTaken.exchange(true, ordering: .acquiring) else {
      return body(TeamMember(index: 0, count: 1, meeting: meeting))
    }
    defer { isTaken.store(false, ordering: .releasing) }
    while workers.count < count - 1, let worker = Worker(index: workers.count + 1, meeting) { workers.append(worker) }
    let team = min(count, workers.count + 1)
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { body in
        for worker in workers.prefix(team - 1) { worker.begin(body, count: team) }
        body.pointee(TeamMember(index: 0, count: team, meeting: meeting))
        for worker in workers.prefix(team - 1) { worker.finish(patience: patience(team)) }
      }
    }
  }
}

/// One thread of the pool, which lives as long as the process.
///
/// `@unchecked Sendable`: the job is written before `called` advances, and read by the thread after it; the next one is
/// written after `done` has advanced.
private final class Worker: @unchecked Sendable {
  private let index: Int
  private let meeting: Meeting
  private let called = Gate()
  private let done = Gate()
  private var jobs = 0
  private var body: UnsafePointer<ThreadPool.Body>?
  private var count = 1

  /// Starts the thread; nil where the system has none left.
  init?(index: Int, _ meeting: Meeting) {
    self.index = index
    self.meeting = meeting
    let context = Unmanaged.passRetained(self).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { Worker.main($0) }, context)
      guard status == 0, let thread else { return nil }
    #else
      var thread = pthread_t()
      guard pthread_create(&thread, nil, { $0.flatMap(Worker.main) }, context) == 0 else { return nil }
    #endif
    pthread_detach(thread)
  }

  private static func main(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Worker>.fromOpaque(context).takeUnretainedValue().work()
  }

  private func work() -> Never {
    var jobs = 0, patience = 0
    while true {
      called.wait(past: jobs, patience: patience)
      jobs += 1
      patience = ThreadPool.patience(count)
      body?.pointee(TeamMember(index: index, count: count, meeting: meeting))
      done.advance()
    }
  }

  /// Hands the thread a job.
  func begin(_ body: UnsafePointer<ThreadPool.Body>, count: Int) {
    self.body = body
    self.count = count
    jobs += 1
    called.advance()
  }

  /// Waits until it has done it.
  func finish(patience: Int) { done.wait(past: jobs - 1, patience: patience) }
}
