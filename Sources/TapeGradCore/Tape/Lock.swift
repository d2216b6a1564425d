// What several threads change (the nodes of a shared tape, a program's plans) is reached through a lock:
// `nodes.withLock { $0.append(node) }`. Nothing that may lock again or call user code runs inside: a `Mutex` that its
// own thread enters twice stops the process.

#if TAPEGRAD_PTHREAD_LOCK
  #if canImport(Darwin)
    import Darwin
  #else
    import Glibc
  #endif

  /// A value behind a lock that the thread sanitizer understands; see `.ci/run`.
  package struct Lock<State>: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the state is reached only between lock and unlock.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let state: UnsafeMutablePointer<State>

    package init(_ initial: sending State) {
      mutex = .allocate(capacity: 1)
      mutex.initialize(to: pthread_mutex_t())
      pthread_mutex_init(mutex, nil)
      state = .allocate(capacity: 1)
      state.initialize(to: initial)
    }

    deinit {
      state.deinitialize(count: 1)
      state.deallocate()
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    package borrowing func withLock<R>(_ body: (inout State) -> R) -> R {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return body(&state.pointee)
    }
  }
#else
  package import Synchronization

  /// A value behind a lock. (The thread sanitizer cannot see into `Mutex`: it runs with another `Lock`.)
  package typealias Lock = Mutex
#endif
