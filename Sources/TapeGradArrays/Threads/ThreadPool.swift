#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One share of a piece of work.
package struct Share {
  /// Which share it is, from 0, and of how many.
  package let index, count: Int

  /// The whole work as one share.
  package static let whole = Share(index: 0, count: 1)

  /// What belongs to it of so many things, cut at multiples of `unit`.
  ///
  /// Of 150 elements in units of 64, which are three, share 0 of 2 gets 0..<64 and share 1 the rest, 64..<150.
  /// Neighbors differ by one unit at most.
  package func part(of total: Int, unit: Int = 1) -> Range<Int> {
    if count == 1 { return 0..<total }
    let units = (total + unit - 1) / unit
    return min(units * index / count * unit, total)..<min(units * (index + 1) / count * unit, total)
  }

  /// What belongs to it of a row of elements, in whole cache lines.
  package func elements(of total: Int) -> Range<Int> { part(of: total, unit: 64) }
}

/// Threads that share work for the length of a call, and sleep in between.
package enum ThreadPool {
  /// The process's team. Only a forked child replaces it, while it has one thread.
  nonisolated(unsafe) private static var team: Team = {
    #if !os(WASI)
      pthread_atfork(nil, nil) { ThreadPool.renewTeam() }
    #endif
    return Team()
  }()

  /// A forked child has one thread only, so it begins with a new team. Where that thread is at work in the old one, it does
  /// the rest alone.
  ///
  /// (fork copies the memory of a process, but only the thread that called it. A pool that did not know this would wait
  /// in the child for threads that are not there.)
  private static func renewTeam() {
    team.dismiss()
    team = Team()
  }

  /// Does one piece of work in `count` shares; in fewer where ``threadCount`` is lower, and in one where another call has
  /// the team.
  ///
  /// - Parameter body: does a share. Others do other shares at the same time, each on a thread of its own: it writes only what
  ///   belongs to its share.
  package static func run(upTo count: Int, _ body: (Share) -> Void) {
    withTeam(upTo: count, sharing: { _, share in body(share) }) { team in
      if let team { team.share(0, upTo: count) } else { body(.whole) }
    }
  }

  /// Calls the team once for many pieces of work.
  ///
  /// - Parameters:
  ///   - count: the most shares of a piece.
  ///   - body: does a share of the piece of work with a number, as in `run`.
  ///   - work: has the team do one piece after the other; does everything itself where it gets none.
  package static func withTeam(
    upTo count: Int, sharing body: Team.Body, _ work: (Team?) -> Void
  ) {
    let count = min(count, threadCount)
    guard count > 1 else { return work(nil) }
    let team = team
    guard team.enter(upTo: count) else { return work(nil) }
    defer { team.leave() }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { body in
        team.body = body
        work(team)
      }
    }
  }
}
