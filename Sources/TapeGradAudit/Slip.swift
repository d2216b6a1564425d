import TapeGradCore

/// What is likely wrong with a gradient derived by hand.
public enum Slip: Hashable, Sendable {
  /// It is n times too large, with n the length of an axis: a factor 1/n is missing.
  case meanMissing(Int)
  /// It is n times too small: a factor 1/n stands twice.
  case meanTwice(Int)
  /// It is the negative.
  case signFlipped
  /// It is the transpose.
  case transposed
  /// It was not summed over the axes along which the node was broadcast: a bias has one gradient for all examples.
  case notSummed

  /// The slip that turns a right gradient into the one derived by hand; nil where none is recognised.
  ///
  /// - Parameter lengths: of the axes that a mean may have been taken over.
  init?<S>(from right: NDArray<S>, to byHand: NDArray<S>, lengths: [Int]) {
    func matches(_ candidate: NDArray<S>) -> Bool { candidate.isClose(to: byHand, tolerance: 1e-4) }
    if right.shape != byHand.shape {
      if matches(right.transposed) {
        self = .transposed
      } else if right.shape.isReduction(of: byHand.shape), byHand.sum(to: right.shape).isParallel(to: right, lengths) {
        self = .notSummed
      } else {
        return nil
      }
    } else if matches(-right) {
      self = .signFlipped
    } else if right.shape.rank == 2, right.shape[0] == right.shape[1], matches(right.transposed) {
      self = .transposed
    } else if let n = lengths.first(where: { matches(right * S($0)) }) {
      self = .meanMissing(n)
    } else if let n = lengths.first(where: { matches(right / S($0)) }) {
      self = .meanTwice(n)
    } else {
      return nil
    }
  }
}

extension Slip: CustomStringConvertible {
  /// `1/400 missing`.
  public var description: String {
    switch self {
    case .meanMissing(let n): "1/\(n) missing"
    case .meanTwice(let n): "1/\(n) twice"
    case .signFlipped: "sign flipped"
    case .transposed: "transposed"
    case .notSummed: "not summed over the broadcast axis"
    }
  }
}

extension NDArray {
  /// Whether the shapes agree and no element is farther from its counterpart than `tolerance` times the largest.
  fileprivate func isClose(to other: NDArray, tolerance: Double) -> Bool {
    guard shape == other.shape, count > 0 else { return false }
    let distance = abs(self - other).maximum().scalars[0].doubleValue
    return distance <= tolerance * abs(other).maximum().scalars[0].doubleValue
  }

  /// Whether this array is the other, with a mean over one of the `lengths` missing or not.
  fileprivate func isParallel(to other: NDArray, _ lengths: [Int]) -> Bool {
    ([1] + lengths).contains { isClose(to: other * Scalar($0), tolerance: 1e-4) }
  }
}

extension Shape {
  /// Whether a sum over some axes of `larger` has this shape.
  fileprivate func isReduction(of larger: Shape) -> Bool {
    let axes = zip(dimensions.reversed(), larger.dimensions.reversed())
    return rank <= larger.rank && axes.allSatisfy { $0 == $1 || $0 == 1 }
  }
}
