// What turns a right gradient into a wrong one. With [0.5, −1] right, after a mean over 400:
//
//   by hand          slip
//   [200, −400]      1/400 missing: a mean over 400 stands on the way
//   [3.5, −7]        7 × too large: nothing on the tape divides by 7, so no cause is named
//   [−0.5, 1]        sign flipped
//   [0.3, −0.6]      none: too small by no whole number
//
// Cheap and certain explanations come first. A slip must explain every element, to rounding.

import TapeGradCore

/// What the tape knows around a node, from which a slip can be explained.
struct Surroundings<S: TensorScalar> {
  /// The means taken after the node.
  var means: Set<RecordedMean> = []
  /// The shapes of the results that were computed from the node.
  var resultShapes: [Shape] = []
  /// Gradients that a slip at the function applied to the node would give.
  var slips: [(slip: Slip, gradient: NDArray<S>)] = []
}

extension Slip {
  /// The slip that turns a right gradient into the one derived by hand; nil where none explains every element.
  init?<S>(from right: NDArray<S>, to byHand: NDArray<S>, near surroundings: Surroundings<S> = Surroundings()) {
    if right.shape != byHand.shape {
      if right.transposed.isClose(to: byHand) {
        self = .transposed
      } else if surroundings.isNotSummed(byHand, right) {
        self = .notSummed
      } else {
        return nil
      }
    } else if (-right).isClose(to: byHand) {
      self = .signFlipped
    } else if let factor = right.factor(to: byHand),
      surroundings.means.contains(where: { $0.divides(by: factor.number) })
    {
      self = factor.isTimes ? .meanMissing(factor.number) : .meanTwice(factor.number)
    } else if let known = surroundings.slips.first(where: { $0.gradient.isClose(to: byHand) }) {
      self = known.slip
    } else if let factor = right.factor(to: byHand) {
      self = factor.isTimes ? .tooLarge(factor.number) : .tooSmall(factor.number)
    } else if right.shape.rank == 2, right.shape[0] == right.shape[1], right.transposed.isClose(to: byHand) {
      self = .transposed
    } else {
      return nil
    }
  }
}

extension Surroundings {
  /// Whether this is the gradient by what the node was broadcast to: its sum is the right one, perhaps but for a mean.
  fileprivate func isNotSummed(_ byHand: NDArray<S>, _ right: NDArray<S>) -> Bool {
    guard resultShapes.contains(byHand.shape), right.shape.isReduction(of: byHand.shape) else { return false }
    let sum = byHand.sum(to: right.shape)
    if sum.isClose(to: right) { return true }
    return right.factor(to: sum).map { factor in means.contains { $0.divides(by: factor.number) } } ?? false
  }
}

/// A whole number that something was multiplied with, or divided by.
private struct Factor {
  let number: Int
  let isTimes: Bool
}

extension NDArray {
  /// How close is close: as far as rounding may have gone in a gradient of this type.
  private static var closeness: Double { max(1e-7, 1000 * Double(Scalar.ulpOfOne)) }

  /// Whether the shapes agree and no element is farther from its counterpart than rounding, beside the largest.
  fileprivate func isClose(to other: NDArray) -> Bool {
    guard shape == other.shape, count > 0 else { return false }
    let distance = abs(self - other).maximum().scalars[0].doubleValue
    let largest = abs(other).maximum().scalars[0].doubleValue
    return distance <= Self.closeness * largest
  }

  /// The whole number n ≥ 2 such that `other` is n or 1/n times this array.
  fileprivate func factor(to other: NDArray) -> Factor? {
    let (a, b) = (scalars, other.scalars)
    guard let k = a.indices.max(by: { abs(a[$0]) < abs(a[$1]) }), a[k] != 0 else { return nil }
    let ratio = b[k].doubleValue / a[k].doubleValue
    let (n, isTimes) = ratio > 1 ? (ratio.rounded(), true) : ((1 / ratio).rounded(), false)
    // A number so large that its neighbors are as close says nothing.
    guard n >= 2, n * Self.closeness < 0.01, let whole = Int(exactly: n) else { return nil }
    guard (isTimes ? self * Scalar(n) : self / Scalar(n)).isClose(to: other) else { return nil }
    return Factor(number: whole, isTimes: isTimes)
  }
}

extension Shape {
  /// Whether a sum over some axes of `larger` has this shape.
  fileprivate func isReduction(of larger: Shape) -> Bool {
    let axes = zip(dimensions.reversed(), larger.dimensions.reversed())
    return rank <= larger.rank && axes.allSatisfy { $0 == $1 || $0 == 1 }
  }
}
