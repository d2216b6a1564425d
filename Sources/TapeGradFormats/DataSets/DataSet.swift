// Labels and targets are two things. The labels 2 and 0 of two examples in three classes are one row of indices,
// which is short and easy to count. A network has an output for each class, and is compared with one column for
// each example:
//
//     labels    2 0        targets   0 1     class 0
//                                    0 0     class 1
//                                    1 0     class 2

import TapeGradCore

/// Examples to learn from: features, labels and their names.
///
/// ```swift
/// let table = try CSVTable(contentsOf: "patients.csv")
/// let data = try DataSet<Float>(csv: table, labels: "diagnosis")
/// let (training, test) = try data.split(test: 0.2, seed: 1)
/// let preparation = try Preparation(fittedTo: training)
/// let x = preparation.prepared(test).features
/// ```
public struct DataSet<Scalar: TensorScalar>: Sendable {
  /// What is known of the examples, shape (n_x, m): a feature is a row, an example is a column.
  public let features: Tensor<Scalar>
  /// What is to be predicted, shape (1, m): numbers, or indices into `classNames`. Where there are several columns of labels,
  /// a row for each.
  public let labels: Tensor<Scalar>
  /// The names of the n_x features.
  public let featureNames: [String]
  /// How a table becomes such features and labels.
  public let encoding: TableEncoding
  /// What was decided while the data were read, a sentence each: columns that are left out, what labels were taken for.
  public let notes: [String]
  /// The rows of the table, where the examples are of one and have not been changed since.
  let source: TableRows?

  /// A data set of these tensors. Labels are numbers to be approximated unless there are classes.
  ///
  /// - Throws: ``DataSetError`` unless `features` has the shape (n_x, m), with n_x names, and `labels` (1, m); the
  ///   `TensorError` of a failed tensor.
  public init(
    features: Tensor<Scalar>, labels: Tensor<Scalar>, featureNames: [String], labelName: String,
    classNames: [String] = []
  ) throws {
    try features.validated()
    try labels.validated()
    guard features.shape.rank == 2, features.shape[0] == featureNames.count else {
      throw DataSetError(
        "features of shape \(features.shape), expected (\(featureNames.count), m): one row for each name")
    }
    guard labels.shape == [1, features.shape[1]] else {
      throw DataSetError("labels of shape \(labels.shape), expected (1, \(features.shape[1])): one for each example")
    }
    let task: PredictionTask = classNames.isEmpty ? .regression : classNames.count > 2 ? .classes : .binary
    self.init(
      checkedFeatures: features, labels: labels,
      encoding: TableEncoding(
        features: featureNames.map { FeatureColumn($0, .number(mean: 0)) }, labelNames: [labelName],
        classNames: classNames, task: task))
  }

  /// A data set of tensors whose shapes are known to fit.
  init(
    checkedFeatures features: Tensor<Scalar>, labels: Tensor<Scalar>, encoding: TableEncoding, notes: [String] = [],
    source: TableRows? = nil
  ) {
    self.features = features
    self.labels = labels
    self.encoding = encoding
    self.notes = notes
    self.source = source
    featureNames = encoding.featureNames
  }

  /// The number of examples, m.
  public var count: Int { labels.shape[1] }

  /// What is to be predicted.
  public var task: PredictionTask { encoding.task }

  /// What the labels are called: the name of their column, or of the first of several.
  public var labelName: String { encoding.labelNames.first ?? "" }

  /// The names of the classes: label k means class k. Empty where the labels are not classes.
  public var classNames: [String] { encoding.classNames }

  /// The labels as indices of classes, for `softmaxCrossEntropy` and embeddings.
  ///
  /// - Throws: ``DataSetError`` where the labels are not classes, `TensorError` where they have no numbers.
  public func classIndices() throws -> [Int] {
    guard !classNames.isEmpty else { throw DataSetError("labels \(labelName.quoted) are not classes") }
    return try labels.scalars.map { Int($0.doubleValue) }
  }

  /// What a network's outputs are compared with: a row of 0 and 1 for each of three or more classes, shape (C, m), and the
  /// labels themselves otherwise.
  ///
  /// - Throws: `TensorError` where the labels have no numbers.
  public func targets() throws -> Tensor<Scalar> {
    guard task == .classes else { return labels }
    var targets = [Scalar](repeating: 0, count: classNames.count * count)
    for (example, label) in try classIndices().enumerated() { targets[label * count + example] = 1 }
    return Tensor(targets, shape: [classNames.count, count])
  }

  /// The same examples with other values in the same shapes.
  func replacing(features: Tensor<Scalar>, labels: Tensor<Scalar>? = nil) -> DataSet {
    DataSet(checkedFeatures: features, labels: labels ?? self.labels, encoding: encoding, notes: notes)
  }
}
