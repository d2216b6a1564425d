extension NDArray {
  /// Reduces every axis along which `target` is shorter than this array (aligned at the last axis); the result has
  /// shape `target`. Where an axis of length 0 is reduced, the result is that of an empty reduction: 0, 1 or ±∞.
  package func reduced(_ f: Reduction, to target: Shape) -> NDArray {
    guard target.broadcasts(to: shape) else { fatalError("shape \(shape) does not reduce to \(target)") }
    let shape = shape, rank = shape.rank
    let isReduced = { (axis: Int) in shape[axis] != target.length(axis, ofRank: rank) }
    guard let last = (0..<rank).last(where: isReduced) else { return reshaped(to: target) }
    // Neighboring reduced axes count as one (an axis of length 1 between them makes no difference), the last
    // such run first.
    var first = last
    while first > 0, isReduced(first - 1) || shape[first - 1] == 1 { first -= 1 }
    let isLastRun = !(0..<first).contains(where: isReduced)
    let y = NDArray(uninitialized: isLastRun ? target : Shape(rank: rank) { first...last ~= $0 ? 1 : shape[$0] })
    let length = shape.count(of: first..<last + 1)
    let outer = shape.count(of: 0..<first), inner = shape.count(of: last + 1..<rank)
    ThreadPool.run(upTo: WorkShare.threads(elements: count, cost: WorkShare.foldCost)) { share in
      Kernels.reduce(
        f, Scalar.scalarType, bytes(at: 0), y.bytes(at: 0), outer: outer, length: length, inner: inner, share: share)
    }
    return y.reduced(f, to: target)
  }

  /// The sum over every axis along which `target` is shorter: the transpose of broadcasting. An empty sum is 0.
  ///
  /// The order of summation depends on the shapes only: bits are the same wherever a reduced axis lies. The error is at
  /// most `(68 + ⌈log₂ blocks⌉)·u·Σ|x|` for each run of neighboring axes, with blocks of 1024 elements and u half an
  /// ULP of 1.
  public func sum(to target: Shape = Shape()) -> NDArray { reduced(.sum, to: target) }
  /// The largest element along every axis along which `target` is shorter; NaN if any is NaN. Stops the process where
  /// there is none.
  public func maximum(to target: Shape = Shape()) -> NDArray { nonempty(for: target).reduced(.maximum, to: target) }
  /// The smallest element along every axis along which `target` is shorter; NaN if any is NaN. Stops the process where
  /// there is none.
  public func minimum(to target: Shape = Shape()) -> NDArray { nonempty(for: target).reduced(.minimum, to: target) }

  /// This array, which has an element for each of a target shape's to be chosen from.
  private func nonempty(for target: Shape) -> NDArray {
    guard count > 0 || target.count == 0 else { fatalError("no element to choose from in shape \(shape)") }
    return self
  }

  /// `max x` and `log Σ exp(x − max x)` along one axis, which stays with length 1. Their sum is `log Σ exp x`;
  /// apart, differences to the maximum keep their accuracy. Where the maximum is ±∞ the remainder is 0.
  ///
  /// Stops the process where the axis is empty, since there is no maximum then.
  public func logSumExpParts(axis: Int) -> (maximum: NDArray, remainder: NDArray) {
    let axis = existing(axis), target = shape.replacing(axis: axis, with: 1), length = shape[axis]
    guard length > 0 || target.count == 0 else { fatalError("no element along axis \(axis) of shape \(shape)") }
    let maximum = NDArray(uninitialized: target), remainder = NDArray(uninitialized: target)
    Kernels.logSumExp(
      Scalar.scalarType, bytes, maximum.bytes, remainder.bytes, outer: shape.count(of: 0..<axis), length: length,
      inner: shape.count(of: axis + 1..<shape.rank))
    return (maximum, remainder)
  }
}
