// Which numbers judge a model, by what it predicts. Each comes with what it must be compared with: an accuracy of 0.95
// is nothing where 95 of 100 examples are of one class, so that the accuracy of the most frequent class stands below
// it.
//
//   let evaluation = try model.evaluate(test)
//   print(evaluation)                        // a table
//   evaluation["ROC area"]                   // one number; nil where the task has no such metric

import TapeGradCore
import TapeGradFormats
import TapeGradNetworks

/// How good predictions are. Prints as a table.
public struct Evaluation: Sendable {
  /// The number of examples.
  public let count: Int
  /// How often each class was taken for each; nil where no classes are predicted.
  public let confusion: ConfusionMatrix?
  /// The names of the classes, in the order of the confusion matrix.
  public let classNames: [String]
  /// The numbers by name: `accuracy`, `ROC area`, `R²`. What is not defined, such as the ROC area where all examples are of
  /// one class, is NaN.
  public let metrics: [Metric]

  /// A number that says how good predictions are.
  public struct Metric: Hashable, Sendable {
    /// What it is called.
    public let name: String
    /// The number.
    public let value: Double
  }

  /// Compares outputs with labels.
  init<Scalar>(outputs: Tensor<Scalar>, labels: Tensor<Scalar>, encoding: TableEncoding) throws {
    count = labels.shape.rank == 2 ? labels.shape[1] : 0
    classNames = encoding.classNames
    switch encoding.task {
    case .binary, .classes:
      let confusion = try ConfusionMatrix(outputs, labels: labels)
      self.confusion = confusion
      var metrics = [
        Metric(name: "accuracy", value: confusion.accuracy),
        // What a model without features would reach.
        Metric(name: "accuracy of the most frequent class", value: Self.largestShare(confusion)),
        Metric(name: "balanced accuracy", value: confusion.balancedAccuracy),
        Metric(name: "F1, mean of the classes", value: confusion.f1(.macro)),
        Metric(name: "log loss", value: try logLoss(outputs, labels: labels)),
        Metric(name: "Brier score", value: try brierScore(outputs, labels: labels)),
      ]
      if encoding.task == .binary {
        metrics.insert(Metric(name: "ROC area", value: try ROCCurve(outputs, labels: labels).area), at: 4)
      }
      self.metrics = metrics
    case .multiLabel:
      confusion = nil
      metrics = try encoding.labelNames.indices.flatMap { row in
        let (scores, truths) = (outputs.gathered([row], axis: 0), labels.gathered([row], axis: 0))
        let name = encoding.labelNames[row]
        return [
          Metric(name: "accuracy of \(name)", value: try binaryAccuracy(scores, truths)),
          Metric(name: "ROC area of \(name)", value: try ROCCurve(scores, labels: truths).area),
        ]
      }
    case .regression:
      confusion = nil
      let names = encoding.labelNames
      metrics = try names.indices.flatMap { row in
        let metrics = try RegressionMetrics(
          outputs.gathered([row], axis: 0), labels: labels.gathered([row], axis: 0))
        let suffix = names.count == 1 ? "" : " of \(names[row])"
        return [
          Metric(name: "R²" + suffix, value: metrics.rSquared),
          Metric(name: "mean absolute error" + suffix, value: metrics.meanAbsoluteError),
          Metric(name: "root mean squared error" + suffix, value: metrics.rootMeanSquaredError),
        ]
      }
    }
  }

  /// The accuracy of always saying the most frequent class. A row of the matrix has the examples of one class.
  private static func largestShare(_ confusion: ConfusionMatrix) -> Double {
    let counts = confusion.counts.map { $0.reduce(0, +) }
    return Double(counts.max() ?? 0) / Double(counts.reduce(0, +))
  }

  /// The number of this name; nil where there is none.
  public subscript(name: String) -> Double? { metrics.first { $0.name == name }?.value }
}

extension Evaluation: CustomStringConvertible {
  /// The metrics, and where there are classes, a row for each: what it was taken for, recall, precision, F1.
  public var description: String {
    let numbers = TextTable.text(of: metrics.map { [$0.name, short($0.value, digits: 4)] })
    guard let confusion else { return numbers }
    // Beyond some classes, the counts would be wider than a terminal.
    let isWide = classNames.count > 8
    let titles = ["class"] + (isWide ? [] : classNames.map { "as \($0)" }) + ["recall", "precision", "F1"]
    let rows = classNames.indices.map { k in
      [classNames[k]] + (isWide ? [] : confusion.counts[k].map(String.init))
        + [confusion.recall[k], confusion.precision[k], confusion.f1[k]].map { short($0, digits: 4) }
    }
    return numbers + "\n\n" + TextTable.text(of: [titles] + rows)
  }
}
