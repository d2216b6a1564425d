/// One element of a gradient: what the tape says, and what finite differences say.
public struct ElementCheck: Sendable {
  /// Which element: one index for each axis.
  public let index: [Int]
  /// What the tape says.
  public let automatic: Double
  /// What finite differences say, with an estimate of their error.
  public let numerical: NumericalDerivative
  /// Whether the two agree.
  public private(set) var verdict = Verdict.undecided
  /// The distance of the two, in units of what is allowed.
  let excess: Double
  private let differences: Differences
  private let tolerance: Double
  /// What rounding may have done to the gradient; infinite next to a step.
  private let rounding: Double
  /// Whether the differences settled.
  private let isDecided: Bool

  /// The distance of the two.
  public var difference: Double { abs(automatic - numerical.value) }

  /// Compares `automatic` with finite differences of `f` at `x`.
  ///
  /// - Parameters:
  ///   - magnitude: the size of the numbers around: differences have settled where their error is small beside it.
  ///   - rounding: what rounding may have done, to the gradient and to the values of `f`.
  ///   - isDoubted: whether another number is to be judged too: then agreement with the first is not enough. Steps across
  ///     several kinks may agree with either by accident.
  init(
    index: [Int], automatic: Double, at x: Double, tolerance: Double, magnitude: Double,
    rounding: (gradient: Double, value: Double), isDoubted: Bool = false, of f: (Double) throws -> Double
  ) rethrows {
    self.index = index
    self.automatic = automatic
    self.tolerance = tolerance
    self.rounding = rounding.gradient
    let slack = rounding.gradient.isFinite ? rounding.gradient : 0
    func excess(_ numerical: NumericalDerivative) -> Double {
      let allowed = tolerance * max(abs(automatic), abs(numerical.value)) + numerical.error + slack
      return abs(automatic - numerical.value) / max(allowed, .leastNormalMagnitude)
    }
    differences =
      automatic.isFinite
      ? try Differences(at: x, rounding: rounding.value, expecting: automatic, of: f) {
        !isDoubted && excess($0) <= 1
          && $0.error <= max(0.1 * tolerance * max(abs(automatic), abs($0.value)), 1e-12 * magnitude)
      } : Differences()
    numerical = differences.best
    self.excess = excess(numerical)
    isDecided = numerical.error <= 1e-5 * (abs(numerical.value) + magnitude)
    if automatic.isFinite { verdict = verdict(on: automatic) }
  }

  /// Whether another number for this element agrees with the differences: one derived by hand.
  ///
  /// Nobody is wrong where differences do not settle.
  func verdict(on number: Double) -> Verdict {
    guard isDecided else { return .undecided }
    let allowed = tolerance * max(abs(number), abs(numerical.value)) + numerical.error
    let distance = abs(number - numerical.value)
    if distance <= allowed + (rounding.isFinite ? rounding : 0) { return .right }
    return rounding.isFinite && (!number.isFinite || differences.exclude(number)) ? .wrong : .undecided
  }
}
