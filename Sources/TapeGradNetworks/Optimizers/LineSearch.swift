// A step along a direction d may be too short or too long. Two conditions say that its length t is right, on the line
// φ(t) = J(θ + t·d), with φ′(0) < 0:
//
//     φ(t) ≤ φ(0) + c₁·t·φ′(0)     the loss falls by a share of what the slope at the start promises
//     |φ′(t)| ≤ −c₂·φ′(0)          and the slope is mostly used up
//
// Together they are the strong Wolfe conditions. First the length grows until a minimum must lie before it; then that
// interval is narrowed, each time by the minimum of the cubic through values and slopes at its ends.
//
// Jorge Nocedal, Stephen J. Wright: Numerical Optimization, 2nd edition, 2006, algorithms 3.5 and 3.6. Where those leave
// a choice, it is PyTorch's, so that both take the same steps.

import TapeGradCore

/// How the length of a step is found along its direction.
public enum LineSearch: Hashable, Sendable {
  /// It is not: the method's own length is taken.
  case none
  /// By the strong Wolfe conditions, with c₁ = 10⁻⁴ and c₂ = 0.9, in 25 looks at the loss at most.
  case strongWolfe

  /// What is seen at the length t: φ(t) and φ′(t).
  struct Point {
    var t, loss, slope: Double
  }

  /// A length that satisfies the strong Wolfe conditions; the best one that was met where 25 looks find none.
  ///
  /// - Parameters:
  ///   - origin: φ at 0, where it falls.
  ///   - firstLength: the length that is tried first.
  ///   - longest: the largest element of the direction: an interval is small enough where it moves nothing by 10⁻⁹.
  ///   - evaluate: φ and φ′ at a length.
  static func strongWolfe(
    from origin: Point, firstLength: Double, longest: Double, evaluate: (Double) throws -> Point
  ) rethrows -> Double {
    let limit = 25
    func isTooHigh(_ p: Point) -> Bool { !(p.loss <= origin.loss + 1e-4 * p.t * origin.slope) }
    func isFlat(_ p: Point) -> Bool { p.slope.magnitude <= -0.9 * origin.slope }

    // Longer and longer, until a minimum lies between two lengths.
    var before = origin, here = try evaluate(firstLength), looks = 0
    var low = origin, high = here
    search: while true {
      if looks == limit { (low, high) = (origin, here); break }
      if isTooHigh(here) || (looks > 1 && here.loss >= before.loss) { (low, high) = (before, here); break search }
      if isFlat(here) { return here.t }
      if here.slope >= 0 { (low, high) = (before, here); break search }
      let next = minimum(
        of: before, here, within: here.t + 0.01 * (here.t - before.t)...10 * here.t)
      before = here
      here = try evaluate(next)
      looks += 1
    }

    // Narrower and narrower. The minimum lies between `low`, the better end, and `high`.
    if !(low.loss <= high.loss) { swap(&low, &high) }
    var wasCloseToEnd = false
    while looks < limit, (high.t - low.t).magnitude * longest >= 1e-9 {
      let (start, end) = (min(low.t, high.t), max(low.t, high.t))
      var t = minimum(of: low, high, within: start...end)
      // A length that hardly differs from an end is moved inside, unless this is the first time and it lies within.
      let margin = 0.1 * (end - start)
      if min(end - t, t - start) < margin {
        let isMoved = wasCloseToEnd || t >= end || t <= start
        if isMoved { t = (t - end).magnitude < (t - start).magnitude ? end - margin : start + margin }
        wasCloseToEnd = !isMoved
      } else {
        wasCloseToEnd = false
      }
      let found = try evaluate(t)
      looks += 1
      if isTooHigh(found) || found.loss >= low.loss {
        high = found
        if high.loss < low.loss { swap(&low, &high) }
      } else {
        if isFlat(found) { return found.t }
        if found.slope * (high.t - low.t) >= 0 { high = low }
        low = found
      }
    }
    return low.t
  }

  /// Where the cubic through the values and slopes of two points is lowest, within bounds; their middle where it has no
  /// minimum.
  private static func minimum(of a: Point, _ b: Point, within bounds: ClosedRange<Double>) -> Double {
    let d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    let square = d1 * d1 - a.slope * b.slope
    guard square >= 0 else { return (bounds.lowerBound + bounds.upperBound) / 2 }
    let d2 = square.squareRoot()
    let t =
      a.t <= b.t
      ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
      : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2))
    return min(max(t, bounds.lowerBound), bounds.upperBound)
  }
}
