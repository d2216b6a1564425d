import TapeGradCore

/// Losses at growing learning rates, by which to choose one: too small a rate does not move the loss, too large a one makes
/// it rise.
///
/// Leslie N. Smith: Cyclical learning rates for training neural networks, WACV 2017, arXiv:1506.01186.
public struct LearningRateSearch: Sendable {
  /// The rate of each step, in equal ratios.
  public let rates: [Double]
  /// The loss before each step.
  public let losses: [Double]

  /// A tenth of the rate at which the smoothed loss was lowest: a rate at which it still fell fast.
  public var suggestion: Double {
    let smoothed = smoothedLosses
    guard let lowest = smoothed.indices.min(by: { smoothed[$0] < smoothed[$1] }) else { return 0 }
    return rates[lowest] / 10
  }

  /// The losses, each averaged with those before it: `s ← 0.9·s + 0.1·J`, divided by what s lacks because it began at 0.
  public var smoothedLosses: [Double] {
    var sum = 0.0, weight = 0.0
    return losses.map { loss in
      sum = 0.9 * sum + 0.1 * loss
      weight = 0.9 * weight + 0.1
      return sum / weight
    }
  }
}

extension Trainable {
  /// Trains a copy of the network with rates that grow from step to step, until the loss is four times the lowest one.
  ///
  /// - Parameters:
  ///   - x: features, (n_x, m).
  ///   - labels: their labels, as the network's loss wants them.
  ///   - optimizer: how to train; its own rate does not count.
  ///   - rates: the first rate and the last one.
  ///   - steps: how many steps, at most.
  ///   - batchSize: how many examples a step sees; by default all.
  ///   - seed: what the order of mini-batches and the random numbers of dropout depend on.
  /// - Throws: ``TrainingError/unusable(_:)``; what the loss throws.
  public func learningRates(
    _ x: Tensor<Scalar>, labels: Tensor<Scalar>, optimizer: OptimizerChoice = .adam(),
    rates: ClosedRange<Double> = 1e-6...10, steps: Int = 100, batchSize: Int? = nil, seed: UInt64 = 0
  ) throws -> LearningRateSearch {
    let examples = try Examples(x, labels: labels)
    guard rates.lowerBound > 0, rates.upperBound.isFinite, steps > 1, batchSize ?? 1 > 0 else {
      throw TrainingError.unusable("\(steps) steps with rates \(rates) in batches of \(batchSize ?? examples.count)")
    }
    // rᵢ = r₀·(r₁/r₀)^(i/(n−1)), by the logarithms of the two.
    let ends = log(NDArray([rates.lowerBound, rates.upperBound])).scalars
    let exponents = (0..<steps).map { ends[0] + (ends[1] - ends[0]) * Double($0) / Double(steps - 1) }
    return try search(
      by: optimizer.optimizer(for: self), examples, exp(NDArray(exponents)).scalars, batchSize ?? examples.count, seed)
  }

  private func search<Method: Optimizer<Self>>(
    by optimizer: Method, _ examples: Examples<Scalar>, _ rates: [Double], _ batchSize: Int, _ seed: UInt64
  ) throws -> LearningRateSearch {
    let losses = try TrainingState(self, by: optimizer, seed: seed)
      .losses(examples, rates: rates, batchSize: batchSize)
    return LearningRateSearch(rates: Array(rates.prefix(losses.count)), losses: losses)
  }
}
