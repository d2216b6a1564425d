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
    try self.init(at: x, of: f) { _ in false }
  }

  /// The derivative of `f` at `x`, from the first step that is good enough, or else from the best.
  init(
    at x: Double, of f: (Double) throws -> Double, until isEnough: (NumericalDerivative) -> Bool
  ) rethrows {
    let middle = try f(x)
    var best = NumericalDerivative(value: .nan, error: .infinity)
    var wider: Stencil?
    for exponent in stride(from: -7, through: -22, by: -3) {
      let stencil = try Stencil(at: x, value: middle, step: step(at: x, exponent), of: f)
      if isEnough(stencil.derivative) {
        best = stencil.derivative
        break
      }
      if let wider {
        let error = max(
          stencil.derivative.error, abs(stencil.derivative.value - wider.derivative.value), stencil.kink(beside: wider))
        if error < best.error { best = NumericalDerivative(value: stencil.derivative.value, error: error) }
      }
      wider = stencil
    }
    self = best
  }

  fileprivate init(value: Double, error: Double) {
    self.value = value
    self.error = error
  }
}

/// What the values around a point say of the slope there, for one step.
private struct Stencil {
  let derivative: NumericalDerivative
  /// The slope on the right less the slope on the left.
  private let bend: Double

  init(at x: Double, value middle: Double, step h: Double, of f: (Double) throws -> Double) rethrows {
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
    let error = abs(value - (8 * d1 - d2) / (12 * h)) + 4 * .ulpOfOne * largest / h
    derivative = NumericalDerivative(value: value, error: error)
    self.bend = bend
  }

  /// How far a kink nearby may put the slope off: half its angle.
  ///
  /// Where f is smooth the bend is `h·f″`, an eighth of that for a step eight times as wide. A kink adds its angle to
  /// both, so among kinks the two forms may agree and be wrong.
  func kink(beside wider: Stencil) -> Double { abs(8 * bend - wider.bend) / 14 }
}

/// Whether the slopes of `f` on both sides of `x` differ, where nearer differences do not bring them together.
func isKink(at x: Double, of f: (Double) throws -> Double) rethrows -> Bool {
  let middle = try f(x)
  func gap(_ h: Double) throws -> (size: Double, noise: Double) {
    let (above, below) = (try f(x + h), try f(x - h))
    return (abs(above - 2 * middle + below) / h, 16 * .ulpOfOne * max(abs(above), abs(middle), abs(below)) / h)
  }
  // Where f is smooth the gap is h·|f″|: eight times as small.
  let (wide, narrow) = (try gap(step(at: x, -17)), try gap(step(at: x, -20)))
  return narrow.size > narrow.noise && narrow.size > wide.size / 3
}

/// `2^exponent`, relative to x, or to 1 where |x| < 1: a power of two, so that x + h is rounded no more than x is.
private func step(at x: Double, _ exponent: Int) -> Double {
  Double(sign: .plus, exponent: exponent, significand: max(1, abs(x)).binade)
}
