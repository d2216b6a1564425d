import TapeGradCore

/// A gradient compared with finite differences, element by element.
public struct NumericalCheck: Sendable {
  /// The elements that were checked, in row-major order.
  public let elements: [ElementCheck]
  /// How many elements there are.
  public let count: Int

  /// Wrong where an element is; right where at least one is and none is wrong, or where there is no element at all;
  /// undecided otherwise.
  public var verdict: Verdict {
    if elements.contains(where: { $0.verdict == .wrong }) { return .wrong }
    return elements.isEmpty || elements.contains { $0.verdict == .right } ? .right : .undecided
  }

  /// The element that is most wrong, or, where none is, farthest from its numerical value; nil where there is none.
  public var worst: ElementCheck? {
    elements.max { a, b in
      (a.verdict.severity, a.excess) < (b.verdict.severity, b.excess)
    }
  }

  /// How many elements came to this verdict.
  public func count(_ verdict: Verdict) -> Int { elements.count { $0.verdict == verdict } }

  /// Compares the gradient of `f` at `point` with finite differences.
  ///
  /// An element is right where it agrees to `tolerance` times itself, the differences' error estimate, and what rounding
  /// may have done.
  ///
  /// - Parameters:
  ///   - bounds: what rounding may have done to each element; where nobody knows, some last digits of the largest.
  ///   - unit: the rounding unit of the type that the gradient was computed in.
  ///   - rounding: what rounding may have done to a value of `f`, beyond its last digits.
  ///   - doubted: elements for which another number is to be judged too.
  init(
    _ gradient: NDArray<Double>, at point: NDArray<Double>, elements offsets: [Int], tolerance: Double,
    bounds: NDArray<Double>? = nil, unit: Double = .ulpOfOne, rounding: Double = 0, doubted: Set<Int> = [],
    of f: (NDArray<Double>) throws -> Double
  ) rethrows {
    let (slopes, numbers, shape) = (gradient.scalars, point.scalars, point.shape)
    let largest = slopes.reduce(0) { max($0, abs($1)) }
    let bounds = bounds?.scalars ?? [Double](repeating: 64 * .ulpOfOne * largest, count: slopes.count)
    let height = abs(try f(point))
    count = shape.count
    elements = try offsets.map { offset in
      let x = numbers[offset]
      // Where all cancels to 0, the terms that did so are the measure: their rounding tells how large they were.
      let terms = bounds[offset].isFinite ? bounds[offset] / (64 * unit) : 0
      return try ElementCheck(
        index: shape.indices(at: offset), automatic: slopes[offset], at: x, tolerance: tolerance,
        magnitude: height / max(1, abs(x)) + largest + terms, rounding: (bounds[offset], rounding),
        isDoubted: doubted.contains(offset)
      ) { moved in
        var point = point
        point.withUnsafeMutableBufferPointer { $0[offset] = moved }
        return try f(point)
      }
    }
  }
}

/// All of `0..<count`, or `limit` of them, always the same, in ascending order.
///
/// - Throws: `TensorError` where the limit is below 1: nothing would be checked.
func sampled(_ count: Int, limit: Int) throws(TensorError) -> [Int] {
  if limit < 1 { throw TensorError("a limit of \(limit) elements leaves none to check") }
  if count <= limit { return Array(0..<count) }
  var generator = SeededGenerator(seed: UInt64(count))
  return (0..<count).shuffled(using: &generator).prefix(limit).sorted()
}
