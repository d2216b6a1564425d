import TapeGradCore
import TapeGradNetworks
import Testing

/// Every metric against scikit-learn; see `Golden/metrics.py`. A null of the file is NaN.
struct MetricsTests {
  private struct Numbers: Decodable {
    struct Classes: Decodable {
      let labels, predictions: [Int]
      let classes: Int
      let matrix: [[Int]]
      let accuracy, balancedAccuracy: Double
      let precision, recall, f1: [Double]
    }
    struct Scores: Decodable {
      let labels: [Double]
      let scores, thresholds, precisions, recalls: [Double]
      let falsePositiveRates, truePositiveRates: [Double?]
      let area: Double?
      let averagePrecision, logLoss, brierScore: Double
      let calibration: [[Double]]
    }
    struct Probabilities: Decodable {
      let labels: [Double]
      let probabilities: [[Double]]
      let logLoss, brierScore: Double
    }
    struct Reals: Decodable {
      let labels, predictions: [Double]
      let values: [Double?]
    }
    let classes: [Classes]
    let scores: [Scores]
    let probabilities: [Probabilities]
    let numbers: [Reals]
  }

  private func expect(_ found: [Double], _ expected: [Double?], _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    for (a, b) in zip(found, expected) {
      #expect(b.map { abs(a - $0) <= 1e-12 * max(1, abs($0)) } ?? a.isNaN, "\(what): \(a), not \(b ?? .nan)")
    }
  }

  @Test("fifty confusion matrices are scikit-learn's, and what follows from them")
  func confusion() throws {
    let numbers: Numbers = try golden("metrics.json")
    for (k, row) in numbers.classes.enumerated() {
      let matrix = try ConfusionMatrix(labels: row.labels, predictions: row.predictions, classes: row.classes)
      #expect(matrix.counts == row.matrix)
      expect([matrix.accuracy, matrix.balancedAccuracy], [row.accuracy, row.balancedAccuracy], "accuracy, case \(k)")
      expect(matrix.precision + [matrix.precision(.macro), matrix.precision(.micro)], row.precision, "precision \(k)")
      expect(matrix.recall + [matrix.recall(.macro), matrix.recall(.micro)], row.recall, "recall \(k)")
      expect(matrix.f1 + [matrix.f1(.macro), matrix.f1(.micro)], row.f1, "F1 \(k)")
    }
    #expect(numbers.classes.count == 50)
  }

  @Test("fifty rankings are scikit-learn's, ties and rows of one class among them")
  func rankings() throws {
    let numbers: Numbers = try golden("metrics.json")
    for (k, row) in numbers.scores.enumerated() {
      let scores = Tensor([row.scores]), labels = Tensor([row.labels])
      let roc = try ROCCurve(scores, labels: labels)
      expect(Array(roc.thresholds.dropFirst()), row.thresholds, "thresholds, case \(k)")
      expect(Array(roc.falsePositiveRates.dropFirst()), row.falsePositiveRates, "false positives, case \(k)")
      expect(Array(roc.truePositiveRates.dropFirst()), row.truePositiveRates, "true positives, case \(k)")
      expect([roc.area], [row.area], "area, case \(k)")
      let curve = try PrecisionRecallCurve(scores, labels: labels)
      expect(curve.precisions, row.precisions, "precisions, case \(k)")
      expect(curve.recalls, row.recalls, "recalls, case \(k)")
      expect([curve.averagePrecision], [row.averagePrecision], "average precision, case \(k)")
      expect([try logLoss(scores, labels: labels)], [row.logLoss], "log loss, case \(k)")
      expect([try brierScore(scores, labels: labels)], [row.brierScore], "Brier score, case \(k)")
      let calibration = try CalibrationCurve(scores, labels: labels, bins: 5)
      expect(calibration.probabilities, row.calibration[0], "calibration, case \(k)")
      expect(calibration.shares, row.calibration[1], "calibration, case \(k)")
    }
    #expect(numbers.scores.count == 50)
    #expect(numbers.scores.count { $0.area == nil } >= 5)
    #expect(numbers.scores.count { Set($0.scores).count < $0.scores.count } >= 20)
  }

  @Test("fifty tables of probabilities have scikit-learn's log loss and Brier score")
  func probabilities() throws {
    let numbers: Numbers = try golden("metrics.json")
    for (k, row) in numbers.probabilities.enumerated() {
      let probabilities = Tensor(row.probabilities), labels = Tensor([row.labels])
      expect([try logLoss(probabilities, labels: labels)], [row.logLoss], "log loss, case \(k)")
      expect([try brierScore(probabilities, labels: labels)], [row.brierScore], "Brier score, case \(k)")
    }
    #expect(numbers.probabilities.count == 50)
  }

  @Test("fifty regressions have scikit-learn's R², MAE and RMSE")
  func regressions() throws {
    let numbers: Numbers = try golden("metrics.json")
    for (k, row) in numbers.numbers.enumerated() {
      let found = try RegressionMetrics(Tensor(row.predictions), labels: Tensor(row.labels))
      expect([found.rSquared, found.meanAbsoluteError, found.rootMeanSquaredError], row.values, "case \(k)")
    }
    #expect(numbers.numbers.count == 50)
  }

  @Test("probabilities are taken for the most probable class, in Float too")
  func mostProbable() throws {
    let several = Tensor<Float>([[0.2, 0.4, 0.1], [0.5, 0.4, 0.2], [0.3, 0.2, 0.7]])
    let matrix = try ConfusionMatrix(several, labels: Tensor([[1, 1, 2]]))
    #expect(matrix.counts == [[0, 0, 0], [1, 1, 0], [0, 0, 1]])
    let two = try ConfusionMatrix(Tensor<Float>([[0.5, 0.6, 0.1]]), labels: Tensor([[1, 1, 0]]))
    #expect(two.counts == [[1, 0], [1, 1]])
    #expect("\(two)".hasPrefix("class  as 0  as 1  recall  precision  F1"))
  }

  @Test("what is no probability, no class or no single row throws")
  func refusals() {
    let p = Tensor<Double>([[0.5, 0.25]])
    for (p, y) in [
      (p, Tensor([[0, 2]])), (p, Tensor([[0.5, 1]])), (Tensor([[0.5, 1.5]]), p), (p, Tensor([[.nan, 0]])),
    ] {
      #expect(throws: TensorError.self) { try ConfusionMatrix(p, labels: y) }
      #expect(throws: TensorError.self) { try logLoss(p, labels: y) }
    }
    #expect(throws: TensorError.self) { try ROCCurve(p, labels: Tensor([[0, 2]])) }
    #expect(throws: TensorError.self) { try ROCCurve(p, labels: Tensor([[0], [1]])) }
    #expect(throws: TensorError.self) { try ROCCurve(Tensor([[0.5, .nan]]), labels: Tensor([[0, 1]])) }
    #expect(throws: TensorError.self) { try CalibrationCurve(Tensor([[0.5, 2]]), labels: Tensor([[0, 1]])) }
    #expect(throws: TensorError.self) { try RegressionMetrics(p, labels: Tensor([[1, .nan]])) }
    #expect(throws: TensorError.self) { try RegressionMetrics(Tensor<Double>.zeros([0]), labels: .zeros([0])) }
    #expect(throws: TensorError.self) { try ConfusionMatrix(labels: [0], predictions: [0, 1], classes: 2) }
    #expect(throws: TensorError.self) { try ConfusionMatrix(labels: [0, 2], predictions: [0, 1], classes: 2) }
  }
}
