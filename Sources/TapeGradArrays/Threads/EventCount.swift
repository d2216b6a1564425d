// How one thread waits for another without a lock on the fast path, and without missing the moment. The danger is a
// waiter that looks, sees nothing, and falls asleep just after the other one looked whether anybody sleeps:
//
//   waiter                              notifier
//   isAsleep = true                     the condition becomes true (finished = 2, say)
//   fence                               fence
//   looks at the condition              looks at isAsleep
//
// Each writes first, then reads what the other writes. With the fences between, at least one of the two sees the other's
// write: the waiter sees that it need not sleep, or the notifier sees that it must wake it. (Both may happen; then the
// signal meets nobody.) Without the fences a processor may read before its own write has left for the others, and both
// may miss.
//
// Where nobody sleeps, notifying is a fence and a read: no system call.

internal import CTapeGradKernels
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if os(WASI)
  /// Nobody waits where there is one thread.
  struct EventCount: ~Copyable, Sendable {
    func wait(spinCount: Int, until holds: () -> Bool) {}
    func notify() {}
  }
#else
  /// Where one thread waits for what others bring about: for a short time awake, since the next piece of work is often
  /// microseconds away, then asleep.
  ///
  /// What is waited for is any condition on atomic variables. Whoever may have made it hold calls `notify`, which costs next to
  /// nothing while nobody sleeps.
  ///
  /// `@unchecked Sendable`: the mutex and the condition variable are reached through their own functions only.
  struct EventCount: ~Copyable, @unchecked Sendable {
    private let isAsleep = Atomic<Bool>(false)
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

    /// Waits until a condition holds. Only one thread waits at a time.
    ///
    /// - Parameter spinCount: how many times to look before going to sleep.
    func wait(spinCount: Int, until holds: () -> Bool) {
      for _ in 0..<spinCount {
        if holds() { return }
        tg_pause()
      }
      pthread_mutex_lock(mutex)
      while true {
        isAsleep.store(true, ordering: .relaxed)
        // Either this thread sees the change, or who made it sees this thread asleep: the fence here and the one in `notify`
        // stand between the write and the read of each side. Without them both could read old values, and it would sleep on.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        if holds() { break }
        pthread_cond_wait(condition, mutex)
      }
      isAsleep.store(false, ordering: .relaxed)
      pthread_mutex_unlock(mutex)
    }

    /// Wakes the thread that waits, where it is asleep. What it waits for was written before.
    ///
    /// The thread counts as awake from here on, though it may begin to run much later: it is woken once.
    func notify() {
      atomicMemoryFence(ordering: .sequentiallyConsistent)
      guard isAsleep.load(ordering: .relaxed), isAsleep.exchange(false, ordering: .relaxed) else { return }
      // It says that it is asleep before it is, but it holds the mutex from the one to the other.
      pthread_mutex_lock(mutex)
      pthread_cond_signal(condition)
      pthread_mutex_unlock(mutex)
    }
  }
#endif
