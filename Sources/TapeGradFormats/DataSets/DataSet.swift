import TapeGradCore

/// Examples to learn from: features, labels and their names.
///
/// ```swift
/// let data = try DataSet<Float>(csv: CSVTable(contentsOf: "measurements.csv"), labels: "diagnosis")
/// let (training, test) = try data.split(fraction: 0.8, using: &generator)
/// let (standardized, standardization) = try training.standardized()
/// let x = standardization.applied(to: test.features)
/// ```
public struct DataSet<Scalar: TensorScalar>: Sendable {
  /// What is known of the examples, shape (n_x, m): a feature is a row, an example is a column.
  public let features: Tensor<Scalar>
  /// What is to be predicted, shape (1, m): numbers, or indices into `classNames`.
  public let labels: Tensor<Scalar>
  /// The names of the n_x features.
  public let featureNames: [String]
  /// What the labels are called.
  public let labelName: String
  /// The names of the classes: label k means class k. Empty where the labels are numbers to be approximated.
  public let classNames: [String]

  /// A data set of these tensors.
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
      throw DataSetError("features of shape \(features.shape), expected (\(featureNames.count), m): a row a name")
    }
    guard labels.shape == [1, features.shape[1]] else {
      throw DataSetError("labels of shape \(labels.shape), expected (1, \(features.shape[1])): one an example")
    }
    self.init(
      checkedFeatures: features, labels: labels, featureNames: featureNames, labelName: labelName,
      classNames: classNames)
  }

  init(
    checkedFeatures features: Tensor<Scalar>, labels: Tensor<Scalar>, featureNames: [String], labelName: String,
    classNames: [String]
  ) {
    self.features = features
    self.labels = labels
    self.featureNames = featureNames
    self.labelName = labelName
    self.classNames = classNames
  }

  /// The number of examples, m.
  public var count: Int { labels.shape[1] }

  /// The same examples with other values of their features, in the same shape.
  func replacing(features: Tensor<Scalar>) -> DataSet {
    DataSet(
      checkedFeatures: features, labels: labels, featureNames: featureNames, labelName: labelName,
      classNames: classNames)
  }
}
