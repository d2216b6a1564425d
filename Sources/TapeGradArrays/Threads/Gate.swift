internal import CTapeGradKernels
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A counter that threads wait on: for a short time awake, since the next piece of work is often microseconds away, then
/// asleep.
///
/// `@unchecked Sendable`: the mutex and the condition are reached through their own functions only.
final class Gate: @unchecked Sendable {
  private let count = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    guard pthread_mutex_init(mutex, nil) == 0, pthread_cond_init(condition, nil) == 0 else {
      fatalError("no mutex is left")
    }
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// The count now. What other threads wrote before they advanced to it can be read.
  var current: Int { count.load(ordering: .acquiring) }

  /// Counts one on, and lets go whoever waits for that.
  func advance() {
    count.wrappingAdd(1, ordering: .sequentiallyConsistent)
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Waits until the count is no longer `old`.
  ///
  /// - Parameter patience: how many times to look before going to sleep.
  func wait(past old: Int, patience: Int) {
    for _ in 0..<patience {
      if count.load(ordering: .acquiring) != old { return }
      tg_pause()
    }
    pthread_mutex_lock(mutex)
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while count.load(ordering: .sequentiallyConsistent) == old { pthread_cond_wait(condition, mutex) }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }
}
