import TapeGradCore

/// How the shares of true and of false alarms grow together as the threshold falls: the receiver operating characteristic.
public struct ROCCurve: Hashable, Sendable {
  /// Scores at and above the threshold count as yes. The first is ∞, the others are the scores, falling, each once.
  public let thresholds: [Double]
  /// The share of the examples labelled 0 that count as yes; NaN where there are none.
  public let falsePositiveRates: [Double]
  /// The share of the examples labelled 1 that count as yes; NaN where there are none.
  public let truePositiveRates: [Double]

  /// The curve of scores, (m) or (1, m), with labels 0 or 1 in the same shape.
  ///
  /// - Throws: `TensorError` where the shapes do not fit, there is no example, a score is NaN or a label another number.
  public init<S>(_ scores: Tensor<S>, labels: Tensor<S>) throws(TensorError) {
    let counts = try ThresholdCounts(binaryScores(scores, labels))
    thresholds = [.infinity] + counts.thresholds
    falsePositiveRates = [0] + counts.falsePositives.map { Double($0) / Double(counts.negatives) }
    truePositiveRates = [0] + counts.truePositives.map { Double($0) / Double(counts.positives) }
    // 0/0 in every point, the first one too.
    undefined = counts.positives == 0 || counts.negatives == 0
  }

  private let undefined: Bool

  /// The area under the curve: how often an example labelled 1 has a higher score than one labelled 0, ties counted as
  /// halves. NaN where all labels are the same.
  public var area: Double {
    if undefined { return .nan }
    return thresholds.indices.dropFirst().reduce(0) { sum, k in
      let width = falsePositiveRates[k] - falsePositiveRates[k - 1]
      return sum + width * (truePositiveRates[k] + truePositiveRates[k - 1]) / 2
    }
  }
}

/// How precision changes with recall as the threshold falls.
public struct PrecisionRecallCurve: Hashable, Sendable {
  /// Scores at and above the threshold count as yes. The first is ∞, the others are the scores, falling, each once.
  public let thresholds: [Double]
  /// The share of those that count as yes which are labelled 1; 1 where none does.
  public let precisions: [Double]
  /// The share of those labelled 1 that count as yes. Where there are none, it is 1 from the first score on.
  public let recalls: [Double]

  /// The curve of scores, (m) or (1, m), with labels 0 or 1 in the same shape.
  ///
  /// - Throws: `TensorError` where the shapes do not fit, there is no example, a score is NaN or a label another number.
  public init<S>(_ scores: Tensor<S>, labels: Tensor<S>) throws(TensorError) {
    let counts = try ThresholdCounts(binaryScores(scores, labels))
    thresholds = [.infinity] + counts.thresholds
    precisions = [1] + zip(counts.truePositives, counts.falsePositives).map { share($0, of: $0 + $1) }
    recalls = [0] + counts.truePositives.map { counts.positives == 0 ? 1 : share($0, of: counts.positives) }
  }

  /// `Σ (recallₖ − recallₖ₋₁)·precisionₖ`, the area under the steps of the curve.
  public var averagePrecision: Double {
    recalls.indices.dropFirst().reduce(0) { $0 + (recalls[$1] - recalls[$1 - 1]) * precisions[$1] }
  }
}

/// How many examples of each label count as yes, for each threshold that changes it.
private struct ThresholdCounts {
  var thresholds: [Double] = []
  var truePositives: [Int] = []
  var falsePositives: [Int] = []
  let positives, negatives: Int

  init(_ examples: [(score: Double, isTrue: Bool)]) {
    positives = examples.count { $0.isTrue }
    negatives = examples.count - positives
    var (right, wrong) = (0, 0)
    for (score, isTrue) in examples.sorted(by: { $0.score > $1.score }) {
      if score != thresholds.last {
        thresholds.append(score)
        truePositives.append(right)
        falsePositives.append(wrong)
      }
      if isTrue { right += 1 } else { wrong += 1 }
      truePositives[truePositives.count - 1] = right
      falsePositives[falsePositives.count - 1] = wrong
    }
  }
}
