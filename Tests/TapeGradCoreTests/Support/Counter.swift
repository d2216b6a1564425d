@testable import TapeGradCore

/// Counts calls.
final class Counter: Sendable {
  private let state = Lock(0)
  var count: Int { state.withLock { $0 } }
  func add() { state.withLock { $0 += 1 } }
}
