import Synchronization

@testable import TapeGradArrays

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A thread of this process, as a test tells it from others.
struct ThreadName: Equatable, @unchecked Sendable {
  // `@unchecked`: a thread's identifier may be a pointer, which is not followed.
  private let thread: pthread_t

  static var current: ThreadName { ThreadName(thread: pthread_self()) }

  /// A thread of the team that is not the caller, once one has done a share.
  static var ofOther: ThreadName {
    let caller = pthread_self(), other = Atomic<UInt>(0)
    while true {
      ThreadPool.run(upTo: 2) { _ in
        if pthread_equal(pthread_self(), caller) == 0 {
          other.store(bits(of: pthread_self()), ordering: .relaxed)
        } else {
          usleep(100)  // time for the other to claim its share
        }
      }
      let found = other.load(ordering: .relaxed)
      if found != 0 { return ThreadName(thread: thread(of: found)) }
    }
  }

  /// Starts a thread.
  static func start(_ body: @escaping @Sendable () -> Void) -> ThreadName {
    final class Start {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let context = Unmanaged.passRetained(Start(body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      pthread_create(
        &thread, nil,
        {
          Unmanaged<Start>.fromOpaque($0).takeRetainedValue().body(); return nil
        }, context)
      guard let thread else { fatalError("no thread") }
    #else
      var thread = pthread_t()
      pthread_create(
        &thread, nil,
        { context in
          if let context { Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body() }
          return nil
        }, context)
    #endif
    return ThreadName(thread: thread)
  }

  func join() { pthread_join(thread, nil) }
  func signal(_ number: Int32) { pthread_kill(thread, number) }

  static func == (a: ThreadName, b: ThreadName) -> Bool { pthread_equal(a.thread, b.thread) != 0 }

  #if canImport(Darwin)
    private static func bits(of thread: pthread_t) -> UInt { UInt(bitPattern: thread) }
    private static func thread(of bits: UInt) -> pthread_t {
      guard let thread = pthread_t(bitPattern: bits) else { fatalError("no thread") }
      return thread
    }
  #else
    private static func bits(of thread: pthread_t) -> UInt { UInt(thread) }
    private static func thread(of bits: UInt) -> pthread_t { pthread_t(bits) }
  #endif
}
