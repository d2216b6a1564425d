// Why a caller never waits for a thread that has not begun. The usual pool gives each thread its part and waits for all
// of them. Where another process has a thread's processor, everybody then waits for the scheduler, some milliseconds for
// work of some microseconds. Here an offered share can be taken back:
//
//   ticket of thread 2     4   nothing on offer
//                          5   a share is on offer: thread 2 may claim it, and so may anybody who has nothing to do
//                          6   claimed: somebody does it, or has done it
//
// The caller claims what nobody has begun and does it itself. So it waits only for shares that a running thread is in the
// middle of, and on a busy machine the work takes about as long as on one thread.
//
// What one thread writes and another reads goes through an atomic in between, and these pairs make it visible:
//
//   offer    the caller writes piece, shares and body; stores the odd ticket, releasing    →  claim, acquiring
//   finish   a thread does a share; adds to finished, releasing                             →  wait, acquiring
//   leave    the caller gives the team back, releasing                                      →  enter, acquiring

internal import CTapeGradKernels
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A caller and the threads that help it, who work on one piece of work after the other.
///
/// A piece of work has as many shares as the team has members. Share 0 is the caller's, share i is offered to thread i, which
/// so finds in its cache what it wrote before. Whoever has done a share goes on with those that nobody has started: the caller
/// never waits for a thread that has not begun, only for shares that are being done.
///
/// ```
///             caller                     thread 1                   thread 2, away from its processor
/// offer       tickets 6 → 7, 4 → 5
/// claim       does share 0               7 → 8, does share 1
///             thread 1's is 8: claimed
///             thread 2's is 5:           finds nothing else
///             5 → 6, does share 2        finished: 1
/// wait        until finished is 1
/// later                                                             back: its ticket is 6, nothing to do
/// ```
///
/// Every thread has a ticket, which only grows: it is odd while a share is on offer. Who claims a share turns it from the odd
/// number that it saw to the next, in one atomic step. So a thread that looked long ago can't claim what was offered since, or
/// what was done by another; and a piece of work cannot end before all its claimed shares are done. What the work reads and
/// writes is looked up after the claim only, while it certainly exists; all that a thread touches without a claim is the team,
/// which is never freed while it has threads.
///
/// `@unchecked Sendable`: `isTaken` gives the team to one caller at a time, which alone changes what is not atomic, and an
/// offer only while it is not out.
package final class Team: @unchecked Sendable {
  /// Does a share of the piece of work with a number.
  package typealias Body = (Int, Share) -> Void

  private let isTaken = Atomic<Bool>(false)
  /// The offer to each thread; the caller's place, the first, is not used.
  private let offers = UnsafeMutablePointer<Offer>.allocate(capacity: ThreadCount.limit)
  /// How many members there are, running or asleep, and how many of them this call may use.
  private var memberCount = 1
  private var size = 1
  /// What this call does.
  var body: UnsafePointer<Body>?
  /// How many shares of this piece of work the threads have done, and where the caller waits for them.
  private let finished = Atomic<Int>(0)
  private let returned = EventCount()

  /// Takes the team for a call, and starts the threads that are not there yet.
  ///
  /// - Returns: false where another call has it, or where the system has no threads.
  func enter(upTo count: Int) -> Bool {
    // Acquiring, and releasing in `leave`: a caller finds the team as the last one left it.
    if isTaken.exchange(true, ordering: .acquiring) { return false }
    while memberCount < count, startThread(memberCount) { memberCount += 1 }
    size = min(count, memberCount)
    return true
  }

  /// Gives it back.
  func leave() { isTaken.store(false, ordering: .releasing) }

  /// From here on the caller works alone: in a forked child, where the threads do not exist.
  func dismiss() { size = 1 }

  /// Does a piece of work in `count` shares, in fewer where the team is smaller.
  package func share(_ piece: Int, upTo count: Int) {
    let count = min(count, size)
    guard let body else { fatalError("a team works between enter and leave") }
    // Relaxed: nobody counts before the first offer.
    finished.store(0, ordering: .relaxed)
    for member in 1..<count { offers[member].make(piece, shares: count, body) }
    for member in 1..<count { offers[member].wakeUp.notify() }
    let others = count - work(as: 0, piece, count, body)
    guard others > 0 else { return }
    // Acquiring: what the others wrote is read after this.
    returned.wait(spinCount: Team.spinCount(count)) { finished.load(ordering: .acquiring) == others }
  }

  /// Does share `first`, which is claimed, and then all that nobody has started.
  ///
  /// - Returns: how many shares.
  private func work(as first: Int, _ piece: Int, _ count: Int, _ body: UnsafePointer<Body>) -> Int {
    var done = 0
    for step in 0..<count {
      let index = first + step < count ? first + step : first + step - count
      guard step == 0 || index > 0 && offers[index].claim() else { continue }
      body.pointee(piece, Share(index: index, count: count))
      done += 1
    }
    return done
  }

  /// What thread `member` does as long as the process lives.
  private func serve(as member: Int) -> Never {
    var spinCount = 0
    while true {
      offers[member].wakeUp.wait(spinCount: spinCount) { offers[member].isOut }
      guard offers[member].claim() else { continue }
      let (piece, count, body) = offers[member].content
      let done = work(as: member, piece, count, body)
      spinCount = Team.spinCount(count)
      // Releasing: what this thread wrote is there for who sees the count. From here on nothing of the work is touched.
      finished.wrappingAdd(done, ordering: .releasing)
      returned.notify()
    }
  }

  /// How many times a waiting thread looks before it sleeps: for some 40 µs, and not at all where threads share processors.
  private static func spinCount(_ count: Int) -> Int { count > ThreadCount.processors ? 0 : 1000 }

  /// Starts a thread as a member; false where the system has none left.
  private func startThread(_ member: Int) -> Bool {
    #if os(WASI)
      return false
    #else
      (offers + member).initialize(to: Offer())
      let context = Unmanaged.passRetained(Start(team: self, member: member)).toOpaque()
      #if canImport(Darwin)
        var thread: pthread_t?
        let status = pthread_create(&thread, nil, { Start.run($0) }, context)
      #elseif canImport(Musl)
        var thread: pthread_t?
        let status = pthread_create(&thread, nil, { $0.flatMap(Start.run) }, context)
      #else
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { $0.flatMap(Start.run) }, context)
      #endif
      guard status == 0 else {
        Unmanaged<Start>.fromOpaque(context).release()
        (offers + member).deinitialize(count: 1)
        return false
      }
      #if canImport(Glibc)
        pthread_detach(thread)
      #else
        if let thread { pthread_detach(thread) }
      #endif
      return true
    #endif
  }

  /// What a new thread is told: whose member it is.
  private final class Start {
    let team: Team
    let member: Int

    init(team: Team, member: Int) { (self.team, self.member) = (team, member) }

    static func run(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
      let start = Unmanaged<Start>.fromOpaque(context).takeUnretainedValue()
      start.team.serve(as: start.member)
    }
  }
}

/// A share of a piece of work, on offer to one thread, or to whoever has nothing else to do.
///
/// All of it is atomic, since its thread may look at the ticket at any time: Swift takes a structure that a `mutating`
/// method changes for changed as a whole.
private struct Offer: ~Copyable {
  /// Odd while the share is on offer. It only grows: 64 bits are enough for centuries.
  private let ticket = Atomic<UInt64>(0)
  /// What is offered. Relaxed: the ticket makes it visible.
  private let piece = Atomic<Int>(0), shares = Atomic<Int>(1)
  private let body = Atomic<UnsafePointer<Team.Body>?>(nil)
  /// Where the thread waits for the next offer.
  let wakeUp = EventCount()
  /// Keeps two threads' offers in cache lines of their own, so that one does not slow down the other.
  private let padding = SIMD8<Int>()

  var isOut: Bool { ticket.load(ordering: .relaxed) % 2 == 1 }

  /// Offers a share. The caller does, after everybody has finished the last piece of work.
  func make(_ piece: Int, shares: Int, _ body: UnsafePointer<Team.Body>) {
    self.piece.store(piece, ordering: .relaxed)
    self.shares.store(shares, ordering: .relaxed)
    self.body.store(body, ordering: .relaxed)
    // Releasing: who claims the share sees what is written above, and all that the work reads. Nobody else changes an even
    // ticket, so that no atomic addition is needed.
    ticket.store(ticket.load(ordering: .relaxed) + 1, ordering: .releasing)
  }

  /// Takes the share, where it is still on offer.
  func claim() -> Bool {
    let seen = ticket.load(ordering: .relaxed)
    // Acquiring: see `make`. It fails where the ticket is no longer the one that was seen.
    return seen % 2 == 1 && ticket.compareExchange(expected: seen, desired: seen + 1, ordering: .acquiring).exchanged
  }

  /// What is offered: for whoever has claimed it.
  var content: (piece: Int, shares: Int, body: UnsafePointer<Team.Body>) {
    guard let body = body.load(ordering: .relaxed) else { fatalError("nothing was offered") }
    return (piece.load(ordering: .relaxed), shares.load(ordering: .relaxed), body)
  }
}
