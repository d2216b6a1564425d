internal import CTapeGradKernels
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(WASILibc)
  import WASILibc
#endif

/// How many threads an operation or a program may use, from 1 to 256: at first the environment variable
/// `TAPEGRAD_THREADS`, or as many as the process has processors. Results are the same, bit by bit, for any number.
///
/// A variable that is not such a number is passed over, with a line on standard error; one that is larger counts as 256.
///
/// Threads are started when they are first needed, and sleep while there is nothing to do. A call never waits for one that
/// has not begun its share, so that other processes on the same processors delay it little more than they delay one thread.
/// Operations that run at the same time, on threads or tasks of your own, do not share the threads: one gets them, the
/// others work on their own thread. A forked child starts threads of its own.
public var threadCount: Int {
  get { ThreadCount.current.load(ordering: .relaxed) }
  set { ThreadCount.current.store(min(max(newValue, 1), ThreadCount.limit), ordering: .relaxed) }
}

package enum ThreadCount {
  /// The environment variable that sets the number.
  package static let variable = "TAPEGRAD_THREADS"
  /// More than this are not used.
  package static let limit = 256
  static let processors = tg_processor_count()
  /// Read once, when it is first asked for.
  static let current = {
    let (count, complaint) = initial(getenv(variable).map { String(cString: $0) })
    if let complaint {
      let line = Array("\(complaint)\n".utf8)
      _ = write(STDERR_FILENO, line, line.count)
    }
    return Atomic<Int>(count)
  }()

  /// The number of threads that a value of the environment variable asks for, and what is wrong with it.
  static func initial(_ text: String?) -> (count: Int, complaint: String?) {
    let standard = min(processors, limit)
    guard let text else { return (standard, nil) }
    let asked = Int(text)
    if let asked, 1...limit ~= asked { return (asked, nil) }
    let count = asked.map { $0 > limit ? limit : standard } ?? standard
    return (
      count,
      "\(variable) is '\(text)', which is not a whole number from 1 to \(limit); \(count) "
        + (count == 1 ? "thread is used" : "threads are used")
    )
  }
}
