import CTapeGradKernels

extension NDArray {
  /// Reduces every axis along which `target` is shorter than this array (aligned at the last axis); the result has
  /// shape `target`.
  private func reduced(_ f: TGReduction, to target: Shape) -> NDArray {
    guard target.broadcasts(to: shape) else { fatalError("shape \(shape) does not reduce to \(target)") }
    var result = self
    // Runs of neighbouring axes that vanish are one axis; from the last run to the first.
    var end = shape.rank
    while end > 0 {
      let isReduced = { axis in target.length(axis, ofRank: self.shape.rank) != self.shape[axis] }
      guard isReduced(end - 1) else {
        end -= 1
        continue
      }
      var start = end - 1
      while start > 0, isReduced(start - 1) || shape[start - 1] == 1 { start -= 1 }
      let outer = shape.count(of: 0..<start), length = shape.count(of: start..<end)
      let inner = target.count == 0 ? 0 : result.count / max(outer * length, 1)
      let innerCount = length == 0 ? target.count / max(outer, 1) : inner
      let source = result
      result = NDArray(shape: [outer, innerCount]) {
        Kernels.reduce(f, source.pointer, $0, outer: outer, length: length, inner: innerCount)
      }
      end = start
    }
    return NDArray(buffer: result.buffer, shape: target)
  }

  /// The sum over every axis along which `target` is shorter: the transpose of broadcasting. An empty sum is 0.
  public func sum(to target: Shape = Shape()) -> NDArray { reduced(.sum, to: target) }
  /// The largest element along every axis along which `target` is shorter; NaN if any is NaN.
  public func maximum(to target: Shape = Shape()) -> NDArray { reduced(.maximum, to: target) }
  /// The smallest element along every axis along which `target` is shorter; NaN if any is NaN.
  public func minimum(to target: Shape = Shape()) -> NDArray { reduced(.minimum, to: target) }

  /// `max x` and `log Σ exp(x − max x)` along one axis, which stays with length 1. Their sum is `log Σ exp x`;
  /// apart, differences to the maximum keep their accuracy.
  public func logSumExpParts(axis: Int) -> (maximum: NDArray, remainder: NDArray) {
    let target = shape.replacing(axis: axis, with: 1)
    let maximum = NDArray(buffer: Buffer(byteCount: target.count * MemoryLayout<Scalar>.stride), shape: target)
    let remainder = NDArray(shape: target) {
      Kernels.logSumExp(
        pointer, maximum.buffer.pointer(), $0, outer: shape.count(of: 0..<axis), length: shape[axis],
        inner: shape.count(of: axis + 1..<shape.rank))
    }
    return (maximum, remainder)
  }
}
