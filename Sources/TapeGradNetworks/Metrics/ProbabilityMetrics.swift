import TapeGradCore

/// The cross-entropy of probabilities: `−(1/m)·Σ ln p`, of each example the probability that its class was given.
///
/// Probabilities are (K, m), or (1, m) of class 1 of two; labels (1, m) numbers of classes. Probabilities are clamped to
/// 2⁻⁵²…1 − 2⁻⁵², as scikit-learn does it, so that a class which was ruled out costs 36.04.
///
/// - Throws: `TensorError` where the shapes do not fit, there is no example, a number is not a probability, or a label not
///   the number of a class.
public func logLoss<S>(_ probabilities: Tensor<S>, labels: Tensor<S>) throws(TensorError) -> Double {
  let epsilon = Double.ulpOfOne
  let chosen = try classProbabilities(probabilities, labels).map {
    min(max($0.probabilities[$0.label], epsilon), 1 - epsilon)
  }
  return -log(NDArray(chosen)).scalars.mean
}

/// The mean squared distance of probabilities from what happened: `(1/m)·Σ (p − y)²` for the probability of class 1 of two,
/// (1, m); `(1/m)·ΣΣ (pₖ − yₖ)²` for those of K classes, (K, m), with y = 1 for the example's class and 0 for the others.
///
/// Glenn W. Brier: Verification of forecasts expressed in terms of probability, Monthly Weather Review 78, 1950.
/// - Throws: as `logLoss(_:labels:)` does.
public func brierScore<S>(_ probabilities: Tensor<S>, labels: Tensor<S>) throws(TensorError) -> Double {
  let isBinary = probabilities.shape.rank == 1 || probabilities.shape[0] == 1
  return try classProbabilities(probabilities, labels).map { example in
    let distances = example.probabilities.enumerated().map { k, p in k == example.label ? 1 - p : p }
    return distances.reduce(0) { $0 + $1 * $1 } / (isBinary ? 2 : 1)
  }.mean
}

/// Whether probabilities mean what they say: of the examples given about 80 %, do 80 % happen?
public struct CalibrationCurve: Hashable, Sendable {
  /// The mean probability of each bin that has examples.
  public let probabilities: [Double]
  /// The share of the bin's examples that are labelled 1.
  public let shares: [Double]
  /// The number of the bin's examples.
  public let counts: [Int]

  /// The curve of probabilities, (m) or (1, m), with labels 0 or 1, in bins of equal width. A probability on the border of
  /// two bins belongs to the lower one.
  ///
  /// - Throws: `TensorError` where the shapes do not fit, there is no example, a number is not a probability, or a label
  ///   neither 0 nor 1.
  public init<S>(_ probabilities: Tensor<S>, labels: Tensor<S>, bins: Int = 10) throws(TensorError) {
    let examples = try binaryScores(probabilities, labels)
    if let wrong = examples.first(where: { !(0...1).contains($0.score) }) {
      throw TensorError("\(wrong.score) is not a probability")
    }
    let borders = (1..<max(bins, 1)).map { Double($0) / Double(bins) }
    let binned = Dictionary(grouping: examples) { example in borders.count { $0 < example.score } }
    let filled = binned.sorted { $0.key < $1.key }.map(\.value)
    self.probabilities = filled.map { $0.map(\.score).mean }
    shares = filled.map { bin in share(bin.count { $0.isTrue }, of: bin.count) }
    counts = filled.map(\.count)
  }

  /// The mean distance of probability and share, weighted by the number of examples.
  public var error: Double {
    let distances = zip(zip(probabilities, shares), counts).map { abs($0.0 - $0.1) * Double($1) }
    return distances.reduce(0, +) / Double(counts.reduce(0, +))
  }
}
