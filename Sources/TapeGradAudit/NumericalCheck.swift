import TapeGradCore

/// What a comparison comes to.
public enum Verdict: String, Sendable {
  /// The two agree.
  case right
  /// The two disagree.
  case wrong
  /// There is nothing to hold on to: a kink, a jump or the border of the domain, where differences do not settle.
  case undecided
}

/// One element of a gradient: what the tape says, and what differences say.
public struct ElementCheck: Sendable {
  /// Which element: one index for each axis.
  public let index: [Int]
  /// What the tape says.
  public let automatic: Double
  /// What differences say, with an estimate of their error.
  public let numerical: NumericalDerivative
  /// Whether the two agree.
  public let verdict: Verdict
  /// The distance of the two, in units of what is allowed.
  let excess: Double

  /// The distance of the two.
  public var difference: Double { abs(automatic - numerical.value) }
}

/// A gradient held against differences, element by element.
public struct NumericalCheck: Sendable {
  /// The elements that were checked, in row-major order.
  public let elements: [ElementCheck]
  /// How many elements there are.
  public let count: Int

  /// Wrong where an element is; undecided where all are; right otherwise.
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

  /// Holds the gradient of `f` at `point` against differences.
  ///
  /// An element is right where it agrees to `tolerance` times itself, the error estimate, and the rounding of the largest
  /// element.
  init(
    _ gradient: NDArray<Double>, at point: NDArray<Double>, elements offsets: [Int], tolerance: Double,
    of f: (NDArray<Double>) throws -> Double
  ) rethrows {
    let (slopes, numbers, shape) = (gradient.scalars, point.scalars, point.shape)
    let largest = slopes.reduce(0) { max($0, abs($1)) }
    let height = abs(try f(point))
    count = shape.count
    elements = try offsets.map { offset in
      let (automatic, x) = (slopes[offset], numbers[offset])
      let along = { (moved: Double) in
        var point = point
        point.withUnsafeMutableBufferPointer { $0[offset] = moved }
        return try f(point)
      }
      func scale(_ numerical: NumericalDerivative) -> Double { max(abs(automatic), abs(numerical.value)) }
      func excess(_ numerical: NumericalDerivative) -> Double {
        let allowed = tolerance * scale(numerical) + numerical.error + 64 * .ulpOfOne * largest
        return abs(automatic - numerical.value) / max(allowed, .leastNormalMagnitude)
      }
      let natural = height / max(1, abs(x)) + largest
      let numerical = try NumericalDerivative(at: x, of: along) {
        excess($0) <= 1 && $0.error <= max(0.1 * tolerance * scale($0), 1e-12 * natural)
      }
      let verdict: Verdict
      if !(numerical.error <= 1e-5 * (abs(numerical.value) + natural)) {
        verdict = .undecided
      } else if excess(numerical) <= 1 {
        verdict = .right
      } else {
        verdict = try isKink(at: x, of: along) ? .undecided : .wrong
      }
      return ElementCheck(
        index: shape.indices(at: offset), automatic: automatic, numerical: numerical, verdict: verdict,
        excess: excess(numerical))
    }
  }
}

extension Verdict {
  fileprivate var severity: Int {
    switch self {
    case .undecided: 0
    case .right: 1
    case .wrong: 2
    }
  }
}

extension Shape {
  /// The indices of the element at `offset` in row-major order.
  func indices(at offset: Int) -> [Int] {
    var (rest, indices) = (offset, [Int]())
    for length in dimensions.reversed() {
      indices.append(rest % length)
      rest /= length
    }
    return indices.reversed()
  }
}

/// All of `0..<count`, or `limit` of them, always the same, in ascending order.
func sampled(_ count: Int, limit: Int) -> [Int] {
  if count <= limit { return Array(0..<count) }
  var generator = SeededGenerator(seed: UInt64(count))
  return (0..<count).shuffled(using: &generator).prefix(limit).sorted()
}
