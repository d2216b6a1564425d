import TapeGradCore

/// How often each class was taken for each, and the shares that follow from it.
///
/// A share of nothing is 0, as scikit-learn has it: the precision of a class that was never predicted, the recall of one that
/// never occurs.
public struct ConfusionMatrix: Hashable, Sendable, CustomStringConvertible {
  /// How many examples of class i were taken for class j: row i, column j.
  public let counts: [[Int]]

  /// How shares of classes become one number.
  public enum Average: Sendable {
    /// The mean over the classes that occur, in labels or predictions.
    case macro
    /// The share of all examples together: the accuracy, where each belongs to one class.
    case micro
  }

  /// The matrix of predicted classes.
  ///
  /// - Throws: `TensorError` where the two differ in number, there is none, or one is not below the number of classes.
  public init(labels: [Int], predictions: [Int], classes: Int) throws(TensorError) {
    guard labels.count == predictions.count, !labels.isEmpty else {
      throw TensorError("\(labels.count) labels for \(predictions.count) predictions")
    }
    if let wrong = (labels + predictions).first(where: { $0 < 0 || $0 >= classes }) {
      throw TensorError("\(wrong) is not one of the \(classes) classes")
    }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for (label, prediction) in zip(labels, predictions) { counts[label][prediction] += 1 }
    self.counts = counts
  }

  /// The matrix of the most probable classes, the first of equal ones: probabilities (K, m), or (1, m) of class 1 of two,
  /// and labels (1, m), numbers of classes.
  ///
  /// - Throws: `TensorError` where the shapes do not fit, there is no example, a number is not a probability, or a label not
  ///   the number of a class.
  public init<S>(_ probabilities: Tensor<S>, labels: Tensor<S>) throws(TensorError) {
    let examples = try classProbabilities(probabilities, labels)
    let predictions = examples.map { example in
      example.probabilities.indices.max {
        (example.probabilities[$0], -$0) < (example.probabilities[$1], -$1)
      } ?? 0
    }
    try self.init(
      labels: examples.map(\.label), predictions: predictions, classes: examples[0].probabilities.count)
  }

  private var right: [Int] { counts.indices.map { counts[$0][$0] } }
  private var truths: [Int] { counts.map { $0.reduce(0, +) } }
  private var predictions: [Int] { counts.indices.map { j in counts.reduce(0) { $0 + $1[j] } } }

  /// The share of examples whose class was found.
  public var accuracy: Double { share(right.reduce(0, +), of: truths.reduce(0, +)) }

  /// The mean of the recalls of the classes that occur among the labels: a class counts as much as another, however many
  /// examples it has.
  public var balancedAccuracy: Double { zip(recall, truths).filter { $1 > 0 }.map(\.0).mean }

  /// For each class, the share of those taken for it that belong to it.
  public var precision: [Double] { zip(right, predictions).map { share($0, of: $1) } }

  /// For each class, the share of those in it that were found.
  public var recall: [Double] { zip(right, truths).map { share($0, of: $1) } }

  /// For each class, the harmonic mean of precision and recall, `2·right/(truths + predictions)`.
  public var f1: [Double] { counts.indices.map { share(2 * right[$0], of: truths[$0] + predictions[$0]) } }

  /// The precision of all classes as one number.
  public func precision(_ average: Average) -> Double { averaged(precision, average) }

  /// The recall of all classes as one number.
  public func recall(_ average: Average) -> Double { averaged(recall, average) }

  /// F1 of all classes as one number.
  public func f1(_ average: Average) -> Double { averaged(f1, average) }

  private func averaged(_ shares: [Double], _ average: Average) -> Double {
    switch average {
    case .macro: counts.indices.filter { truths[$0] + predictions[$0] > 0 }.map { shares[$0] }.mean
    case .micro: accuracy
    }
  }

  /// A table: a row for each class, with the counts of what it was taken for, its recall, precision and F1.
  public var description: String {
    let titles = ["class"] + counts.indices.map { "as \($0)" } + ["recall", "precision", "F1"]
    let rows = counts.indices.map { i in
      ["\(i)"] + counts[i].map(String.init) + [recall[i], precision[i], f1[i]].map { short($0, places: 4) }
    }
    return TextTable.text(of: [titles] + rows)
  }
}
