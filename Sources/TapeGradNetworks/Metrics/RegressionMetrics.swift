import TapeGradCore

/// How far predicted numbers y are from labels t.
public struct RegressionMetrics: Hashable, Sendable, CustomStringConvertible {
  /// `√((1/m)·Σ (y − t)²)`, in the labels' unit.
  public let rootMeanSquaredError: Double
  /// `(1/m)·Σ |y − t|`, in the labels' unit.
  public let meanAbsoluteError: Double
  /// R², `1 − Σ (y − t)²/Σ (t − mean t)²`: 1 for perfect predictions, 0 for those that are no better than the mean. Where all
  /// labels are equal, 1 or 0, as they are met or not; NaN for one example.
  public let rSquared: Double

  /// The metrics of predictions, (m) or (1, m), with labels in the same shape.
  ///
  /// - Throws: `TensorError` where the shapes differ or are no single row, there is no example, or a number is NaN.
  public init<S>(_ predictions: Tensor<S>, labels: Tensor<S>) throws(TensorError) {
    let pairs = try singleRow(predictions, labels)
    let errors = pairs.map { $0.prediction - $0.label }
    rootMeanSquaredError = errors.map { $0 * $0 }.mean.squareRoot()
    meanAbsoluteError = errors.map { abs($0) }.mean
    let mean = pairs.map(\.label).mean
    let total = pairs.reduce(0) { $0 + ($1.label - mean) * ($1.label - mean) }
    let rest = errors.reduce(0) { $0 + $1 * $1 }
    // Not by the total being 0: rounding of the mean makes it 1e-30 or so.
    let isConstant = pairs.allSatisfy { $0.label == pairs[0].label }
    rSquared = pairs.count < 2 ? .nan : isConstant ? (rest == 0 ? 1 : 0) : 1 - rest / total
  }

  /// The three as a table.
  public var description: String {
    let rows = [("R²", rSquared), ("MAE", meanAbsoluteError), ("RMSE", rootMeanSquaredError)]
    return TextTable.text(of: rows.map { [$0, short($1)] })
  }
}
