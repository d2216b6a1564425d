internal import CTapeGradKernels
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many threads an operation or a program may use: at first the environment variable `TAPEGRAD_THREADS`, or as many
/// as the process has processors. Results are the same, bit by bit, for any number.
///
/// Threads are started when they are first needed, and sleep while there is nothing to do. Operations that run at the
/// same time, on threads or tasks of your own, do not share them: one gets them, the others work on their own thread.
public var threadCount: Int {
  get { ThreadCount.current.load(ordering: .relaxed) }
  set { ThreadCount.current.store(min(max(newValue, 1), ThreadCount.limit), ordering: .relaxed) }
}

enum ThreadCount {
  /// More than this are not used.
  static let limit = 256
  static let current = Atomic<Int>(min(fromEnvironment ?? processors, limit))
  static let processors = tg_processor_count()

  private static var fromEnvironment: Int? {
    guard let text = getenv("TAPEGRAD_THREADS"), let count = Int(String(cString: text)), count > 0 else { return nil }
    return count
  }
}
