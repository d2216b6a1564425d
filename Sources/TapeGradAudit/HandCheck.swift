import TapeGradCore

/// A gradient derived by hand, compared with the tape's in every element.
///
/// An element that is off by more than rounding explains is compared with finite differences. Where they side with
/// the tape, what was derived by hand is wrong. Where they do not settle, or cannot tell the two apart, nobody is.
public struct HandCheck: Sendable {
  /// Whether the two agree.
  public let verdict: Verdict
  /// How many elements disagree; all, where the shapes do.
  public let wrongCount: Int
  /// The shape of what was derived by hand.
  public let shape: Shape
  /// The likely slip, where it is wrong and one explains the numbers.
  public let slip: Slip?
  /// m, where the gradient is right in the notes' convention, as `m·∂J/∂v`; nil where it is `∂J/∂v`.
  public let exampleCount: Int?
  /// The element that is farthest from the tape's, in row-major order; nil where the shapes differ or are empty.
  let worst: Int?
}

/// How far a gradient derived by hand is from the tape's, before anybody says who is wrong.
struct HandDistance<S: TensorScalar> {
  let byHand: NDArray<S>
  /// For each element the distance, in units of what rounding explains; nil where the shapes differ.
  private let excesses: [Double]?

  /// - Parameter bounds: what rounding may have done to each element.
  init(_ byHand: NDArray<S>, from automatic: NDArray<S>, bounds: NDArray<S>, tolerance: Double) {
    self.byHand = byHand
    guard byHand.shape == automatic.shape else {
      excesses = nil
      return
    }
    let bounds = bounds.scalars
    excesses = zip(byHand.scalars, automatic.scalars).enumerated().map { offset, pair in
      let (a, b) = (pair.0.doubleValue, pair.1.doubleValue)
      guard a.isFinite, b.isFinite else { return .infinity }
      if a == b { return 0 }
      let bound = bounds[offset].doubleValue
      let allowed = tolerance * max(abs(a), abs(b)) + (bound.isFinite ? bound : 0)
      return abs(a - b) / max(allowed, .leastNormalMagnitude)
    }
  }

  /// The elements that rounding does not explain, the worst ones first.
  var doubtful: [Int] {
    guard let excesses else { return [] }
    return excesses.indices.filter { excesses[$0] > 1 }.sorted { excesses[$0] > excesses[$1] }
  }

  /// The element that is farthest off.
  private var worst: Int? { excesses.flatMap { excesses in excesses.indices.max { excesses[$0] < excesses[$1] } } }

  /// Who is right where the two differ, by finite differences.
  ///
  /// - Parameter slip: looks for what explains a wrong gradient.
  func check(
    against numerical: NumericalCheck?, exampleCount: Int?, slip: (NDArray<S>) -> Slip?
  ) -> HandCheck {
    func result(_ verdict: Verdict, wrongCount: Int = 0, worst: Int?) -> HandCheck {
      HandCheck(
        verdict: verdict, wrongCount: wrongCount, shape: byHand.shape, slip: verdict == .wrong ? slip(byHand) : nil,
        exampleCount: exampleCount, worst: worst)
    }
    guard excesses != nil else { return result(.wrong, wrongCount: byHand.count, worst: nil) }
    let doubtful = self.doubtful
    let numbers = byHand.scalars
    var verdicts: [Int: Verdict] = [:]
    for element in numerical?.elements ?? [] {
      let offset = byHand.shape.offset(of: element.index)
      verdicts[offset] = element.verdict(on: numbers[offset].doubleValue)
    }
    if let wrong = doubtful.first(where: { verdicts[$0] == .wrong }) {
      return result(.wrong, wrongCount: doubtful.count, worst: wrong)
    }
    let isSettled = doubtful.prefix(Self.limit).allSatisfy { verdicts[$0] == .right }
    return result(isSettled ? .right : .undecided, worst: worst)
  }

  /// How many doubtful elements are compared with finite differences.
  static var limit: Int { 16 }
}

extension Shape {
  /// Where the element with these indices is in row-major order.
  func offset(of indices: [Int]) -> Int { zip(indices, dimensions).reduce(0) { $0 * $1.1 + $1.0 } }
}
