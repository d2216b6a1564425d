import TapeGradCore

/// How the learning rate changes: a factor of the optimizer's rate for each step t, which counts from 0.
public indirect enum LearningRateSchedule: Hashable, Sendable {
  /// It does not: 1.
  case constant
  /// `factorⁿ`, with n the number of milestones that t has reached.
  case step(at: [Int], factor: Double = 0.1)
  /// `end + (1 − end)·(1 + cos(π·t/n))/2` in n steps, and `end` from then on.
  ///
  /// Ilya Loshchilov, Frank Hutter: SGDR, ICLR 2017, arXiv:1608.03983, equation 5.
  case cosine(steps: Int, end: Double = 0)
  /// From `start` to 1 in equal parts over n steps; then another schedule, which counts from there.
  case warmUp(steps: Int, start: Double = 0.1, then: LearningRateSchedule = .constant)
  /// Up from `start` to 1 in a share of the n steps and down to `end` in the others, each along half a cosine.
  ///
  /// Leslie N. Smith, Nicholay Topin: Super-convergence, arXiv:1708.07120.
  case oneCycle(steps: Int, rising: Double = 0.3, start: Double = 1 / 25, end: Double = 1 / 25e4)

  /// The factor after t steps. Made of operations on tensors, so that it can be part of a program.
  public func factor<S>(afterSteps t: Tensor<S>) -> Tensor<S> {
    switch self {
    case .constant:
      return Tensor(1)
    case .step(let milestones, let factor):
      let reached = milestones.reduce(Tensor<S>(0)) { $0 + (1 - (t .< S($1))) }
      return pow(Tensor(S(factor)), reached)
    case .cosine(let steps, let end):
      return halfCosine(from: 1, to: end, t / S(max(steps, 1)))
    case .warmUp(let steps, let start, let next):
      let passed = minimum(t / S(max(steps, 1)), Tensor(1))
      return (S(start) + S(1 - start) * passed) * next.factor(afterSteps: maximum(t - S(steps), Tensor(0)))
    case .oneCycle(let steps, let rising, let start, let end):
      let last = Double(max(steps - 1, 1)), top = max(rising * Double(steps) - 1, 0)
      let up = halfCosine(from: start, to: 1, t / S(max(top, 1e-9)))
      let down = halfCosine(from: 1, to: end, (t - S(top)) / S(max(last - top, 1e-9)))
      return select(t .> S(top), down, up)
    }
  }

  /// From one number to another along half a cosine, as `share` goes from 0 to 1; the numbers themselves outside.
  private func halfCosine<S>(from start: Double, to end: Double, _ share: Tensor<S>) -> Tensor<S> {
    let angle = S(Double.pi) * maximum(minimum(share, Tensor(1)), Tensor(0))
    return S(end) + S((start - end) / 2) * (1 + cos(angle))
  }
}
