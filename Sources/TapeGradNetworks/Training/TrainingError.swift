import TapeGradCore

/// Why a training ended without a trained network.
public enum TrainingError: Error, Sendable {
  /// Data or numbers that nothing can be learned from.
  case unusable(String)
  /// Losses or parameters that are not finite any more, or a loss that is a million times the first one. The training's
  /// state is that of the last epoch before.
  case diverged(Divergence)
  /// Rank 0 of several ended the training with an error, which it has thrown.
  case stopped
}

extension TrainingError: CustomStringConvertible {
  /// `training diverged in epoch 7: the loss is inf at the rate 0.5; what may help: a rate of 0.05, standardized features`.
  public var description: String {
    switch self {
    case .unusable(let what): return "cannot learn from this: \(what)"
    case .diverged(let divergence): return divergence.description
    case .stopped: return "rank 0 ended the training with an error"
    }
  }
}
