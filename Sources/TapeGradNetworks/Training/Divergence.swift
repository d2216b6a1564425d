import TapeGradCore

/// How a training diverged: it has no finite loss, a step left a parameter that is not finite, or the loss is a million times
/// the first one. No step after it can mend that.
public struct Divergence: Hashable, Sendable {
  /// The epoch that failed, from 1.
  public let epoch: Int
  /// The loss of that epoch.
  public let loss: Double
  /// The learning rate of that epoch.
  public let rate: Double
  /// Whether there was no loss to go down from: then data or first parameters are to blame, and no rate.
  public let isAtStart: Bool
  /// The epochs before; none where the training kept no history.
  public let history: TrainingHistory
  /// The first number that is NaN or infinite, where one is found: of the loss's computation, of the gradients, or of the
  /// parameters after the step.
  public let firstNonFinite: NonFiniteNumber?
  /// What may help.
  public let advice: [String]

  /// What came of an epoch; nil where all is finite and nothing is lost.
  ///
  /// - Parameters:
  ///   - loss: the loss of the epoch; where it is not at hand, that of the model before it.
  ///   - isClipped: whether gradients are clipped already.
  ///   - isLost: whether the training diverged though every number may be finite.
  ///   - advice: what may help beside a smaller rate.
  ///   - model: the model before the epoch.
  ///   - next: the model after it.
  ///   - f: the loss of a model, which is recorded once more to find where it went wrong.
  package init?<Model: TensorGroup>(
    epoch: Int, loss: Double? = nil, rate: Double, isClipped: Bool = false, isLost: Bool = false,
    history: TrainingHistory = TrainingHistory(), advice: [String] = [], from model: Model, to next: Model,
    of f: (Model) throws -> Tensor<Model.Scalar>
  ) throws {
    let broken = try next.tensors.lazy.compactMap { try NonFiniteNumber(in: $1, named: $0) }.first
    if !isLost, broken == nil, loss?.isFinite ?? true { return nil }
    let tape = Tape()
    let J = try f(tape.variables(of: model)).named("J"), before = try J.item.doubleValue
    (self.epoch, self.loss, self.rate, self.history) = (epoch, loss ?? before, rate, history)
    firstNonFinite = (J.isRecorded ? try Snapshot(of: J, on: tape).firstNonFinite : nil) ?? broken
    isAtStart = epoch == 1 && !before.isFinite
    let slower = isAtStart ? [] : ["a rate of \(short(rate / 10))"]
    self.advice = slower + advice + (isAtStart || isClipped ? [] : ["clipping of the gradient, .norm(1)"])
  }
}

extension Divergence: CustomStringConvertible {
  /// `training diverged in epoch 7: the loss is inf at the rate 0.5; the first number that is not finite: Z2[0, 2] is inf;
  /// what may help: a rate of 0.05, standardized features`.
  public var description: String {
    let cause = firstNonFinite.map { "; the first number that is not finite: \($0)" } ?? ""
    let help = advice.isEmpty ? "" : "; what may help: " + advice.joined(separator: ", ")
    if isAtStart { return "the loss before the first step is \(short(loss))\(cause); no rate helps\(help)" }
    return "training diverged in epoch \(epoch): the loss is \(short(loss)) at the rate \(short(rate))\(cause)\(help)"
  }
}
