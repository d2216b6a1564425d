import TapeGradCore

/// A gradient derived by hand, held against the tape's: every element, to rounding.
public struct HandCheck: Sendable {
  /// Whether the two agree.
  public let verdict: Verdict
  /// How many elements disagree; all, where the shapes do.
  public let wrongCount: Int
  /// The shape of what was derived by hand.
  public let shape: Shape
  /// The likely slip, where it is wrong and one is recognised.
  public let slip: Slip?
  /// The element that is farthest from the tape's, in row-major order; nil where the shapes differ or are empty.
  let worst: Int?

  /// An element is right where it agrees to `tolerance` times itself and the rounding of the largest element.
  init<S>(_ byHand: NDArray<S>, against automatic: NDArray<S>, tolerance: Double, lengths: [Int]) {
    shape = byHand.shape
    guard byHand.shape == automatic.shape else {
      (verdict, wrongCount, worst) = (.wrong, byHand.count, nil)
      slip = Slip(from: automatic, to: byHand, lengths: lengths)
      return
    }
    let largest = automatic.scalars.reduce(0) { max($0, abs($1.doubleValue)) }
    let excesses = zip(byHand.scalars, automatic.scalars).map { a, b in
      let (a, b) = (a.doubleValue, b.doubleValue)
      if a == b || a.isNaN && b.isNaN { return 0.0 }
      let allowed = tolerance * max(abs(a), abs(b)) + 64 * Double(S.ulpOfOne) * largest
      let excess = abs(a - b) / max(allowed, .leastNormalMagnitude)
      return excess.isNaN ? .infinity : excess
    }
    worst = excesses.indices.max { excesses[$0] < excesses[$1] }
    wrongCount = excesses.count { $0 > 1 }
    verdict = wrongCount == 0 ? .right : .wrong
    slip = wrongCount == 0 ? nil : Slip(from: automatic, to: byHand, lengths: lengths)
  }
}
