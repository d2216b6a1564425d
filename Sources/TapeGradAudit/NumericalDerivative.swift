/// A derivative found from a function's values alone, with an estimate of its own error.
///
/// Six values give `f′(x) ≈ (45·d₁ − 9·d₂ + d₃)/60h` with `d_k = f(x + kh) − f(x − kh)`, right to h⁶f⁽⁷⁾/140. The estimate
/// is the distance to the four-value form `(8·d₁ − d₂)/12h`, which is right to h⁴ only, so it is a cautious one, and what
/// rounding may do. The step goes from 2⁻⁷ down to 2⁻²² times x (or 1, where |x| < 1), and the one with the smallest
/// estimate counts: large steps for smooth functions, small ones near a kink. A smooth function's derivative comes out
/// right to about 1e-13.
public struct NumericalDerivative: Hashable, Sendable {
  /// The derivative; NaN where the function has no values around the point.
  public let value: Double
  /// How far the value is from the truth, about; infinite where nothing can be said.
  public let error: Double

  /// The derivative of `f` at `x`.
  public init(at x: Double, of f: (Double) throws -> Double) rethrows {
    self = try Differences(at: x, of: f) { _ in false }.best
  }

  init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }

  /// Where nothing can be said.
  static let none = NumericalDerivative(value: .nan, error: .infinity)
}

/// A function's differences around a point, with steps from wide to narrow.
struct Differences {
  /// What the best of them says.
  private(set) var best = NumericalDerivative.none
  /// Those that have numbers: a step that leaves the domain has none.
  private var stencils: [Stencil] = []
  /// Whether one was good enough.
  private var isEnough = false

  /// None at all.
  init() {}

  /// Takes differences of `f` at `x`, down to the first step that is good enough, or as far as rounding lets them tell
  /// the derivative from `expected`.
  ///
  /// - Parameter rounding: how far rounding may put a value of `f` off, beyond its last digits.
  init(
    at x: Double, rounding: Double = 0, expecting expected: Double? = nil, of f: (Double) throws -> Double,
    until isEnough: (NumericalDerivative) -> Bool
  ) rethrows {
    let middle = try f(x)
    guard middle.isFinite else { return }
    for exponent in stride(from: -7, through: -67, by: -3) {
      let h = Double(sign: .plus, exponent: exponent, significand: max(1, abs(x)).binade)
      if h < 4 * x.ulp { return }
      let stencil = try Stencil(at: x, value: middle, step: h, rounding: rounding, of: f)
      guard stencil.derivative.value.isFinite else { continue }
      if isEnough(stencil.derivative) {
        (best, self.isEnough) = (stencil.derivative, true)
        return
      }
      if let wider = stencils.last {
        let derivative = stencil.derivative
        let error = max(derivative.error, abs(derivative.value - wider.derivative.value), stencil.kink(beside: wider))
        if error < best.error { best = NumericalDerivative(value: derivative.value, error: error) }
      }
      stencils.append(stencil)
      if exponent <= -22 {
        guard let expected, stencil.rounding < abs(expected - best.value) / 4 else { return }
      }
    }
  }

  /// Whether the differences deny that the derivative is `number`, which is far from the best of them.
  ///
  /// The derivative is the limit of narrow steps: agreement among wide ones, which may step over all that happens near
  /// the point, is not a proof. So the narrowest that rounding lets speak must deny it too, unless one was good enough.
  func exclude(_ number: Double) -> Bool {
    if isEnough || best.error == .infinity { return isEnough }
    let telling = stencils.filter { $0.rounding < abs(number - best.value) / 4 }
    guard let narrowest = telling.last, telling.count > 1 else { return false }
    let wider = telling[telling.count - 2]
    return !narrowest.isKink(beside: wider)
      && abs(narrowest.derivative.value - best.value) < abs(number - best.value) / 2
      && telling.suffix(2).allSatisfy { abs($0.derivative.value - number) > $0.derivative.error }
  }
}

/// What the values around a point say of the slope there, for one step.
private struct Stencil {
  let derivative: NumericalDerivative
  /// What rounding may have done to the derivative.
  let rounding: Double
  /// The slope on the right less the slope on the left.
  private let bend: Double

  init(at x: Double, value middle: Double, step h: Double, rounding: Double, of f: (Double) throws -> Double) rethrows {
    var differences: [Double] = []
    var largest = abs(middle), bend = 0.0
    for k in [1.0, 2, 3] {
      let (above, below) = (try f(x + k * h), try f(x - k * h))
      differences.append(above - below)
      largest = max(largest, abs(above), abs(below))
      if k == 1 { bend = (above - 2 * middle + below) / h }
    }
    let (d1, d2, d3) = (differences[0], differences[1], differences[2])
    let value = (45 * d1 - 9 * d2 + d3) / (60 * h)
    self.rounding = (4 * .ulpOfOne * largest + 2 * rounding) / h
    derivative = NumericalDerivative(value: value, error: abs(value - (8 * d1 - d2) / (12 * h)) + self.rounding)
    self.bend = bend
  }

  /// How far a kink nearby may put the slope off: half its angle.
  ///
  /// Where f is smooth the bend is `h·f″`, an eighth of that for a step eight times as wide. A kink adds its angle to
  /// both, so among kinks the two forms may agree and be wrong.
  func kink(beside wider: Stencil) -> Double { abs(8 * bend - wider.bend) / 14 }

  /// Whether the slopes on both sides differ, where the narrower step does not bring them together.
  func isKink(beside wider: Stencil) -> Bool { abs(bend) > 4 * rounding && abs(bend) > abs(wider.bend) / 3 }
}
