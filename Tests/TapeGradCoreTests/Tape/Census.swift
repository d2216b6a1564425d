@testable import TapeGradCore

/// Counts how many of the arrays it was shown are alive.
final class Census: Sendable {
  private struct Resident {
    weak var storage: ArrayStorage?
  }
  private let state = Lock<(residents: [Resident], counts: [Int])>(([], []))

  /// How many are alive now.
  var alive: Int { state.withLock { $0.residents.count { $0.storage != nil } } }

  /// How many were alive each time a rule was asked, in the order of the reverse sweep.
  var countsInSweep: [Int] { state.withLock { $0.counts } }

  /// How many were alive at the most when another came.
  var peak: Int { peakCount.withLock { $0 } }
  private let peakCount = Lock(0)

  func watch<S>(_ array: NDArray<S>) {
    let alive = state.withLock { state in
      state.residents.append(Resident(storage: array.storage))
      return state.residents.count { $0.storage != nil }
    }
    peakCount.withLock { $0 = max($0, alive) }
  }

  func count() { state.withLock { state in state.counts.append(state.residents.count { $0.storage != nil }) } }
}

/// `y = tanh x`, whose results a census watches.
struct Watched: Elementwise {
  static let name = "watched"
  let census: Census

  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> {
    let y = tanh(x)
    census.watch(y)
    return y
  }

  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> {
    census.count()
    return x.applying(TanhDerivative())
  }

  static func == (a: Watched, b: Watched) -> Bool { a.census === b.census }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(census)) }
}

extension Tensor {
  /// `count` watched operations one after the other.
  func chain(_ count: Int, _ census: Census) -> Tensor {
    (0..<count).reduce(self) { y, _ in y.applying(Watched(census: census)) }
  }
}
