/// Among how many threads work is shared. The measured numbers are all here.
package enum WorkShare {
  /// Among how many threads to share so many nanoseconds W of work; no more than may be used.
  ///
  /// n threads need W/n, and about c·n to wait for each other, which is least for n = √(W/c). For c, measured: two threads in
  /// a program wait for each other in about 0.3 µs, and what one has written reaches another at some 10 bytes a nanosecond.
  ///
  /// - Parameter inProgram: whether the team is at work already, and its members find there what they wrote themselves.
  ///   An operation by itself calls the team first.
  package static func threads(_ nanoseconds: Double, inProgram: Bool = false) -> Int {
    let waiting = inProgram ? 500.0 : 2000
    return max(1, Int(min((nanoseconds / waiting).squareRoot(), Double(threadCount))))
  }

  /// About how many nanoseconds a matrix product takes: for its multiply-adds, and for reading the factors.
  package static func cost(product m: Int, _ k: Int, _ n: Int, _ type: ScalarType) -> Double {
    let (m, k, n) = (Double(m), Double(k), Double(n))
    return (m * k * n / 60 + (m + n) * k / 10) * Double(type.byteCount) / 4
  }

  /// How many threads work on elements is worth, at so many nanoseconds for each.
  package static func threads(elements: Int, cost: Double) -> Int { threads(Double(elements) * cost) }

  /// About how many nanoseconds an element takes that is folded.
  package static let foldCost = 0.25

  /// About how many nanoseconds an element takes that is copied in a run of neighbors; and one that is not.
  package static let copyCost = 0.15
  package static let stridedCost = 0.5
}
