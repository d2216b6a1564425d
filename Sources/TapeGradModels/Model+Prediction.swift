import TapeGradCore
import TapeGradFormats
import TapeGradNetworks

extension Model {
  /// What the network gives for examples: probabilities (K, m), of class 1 of two (1, m), or numbers in the labels' unit.
  ///
  /// - Throws: `DataSetError` where the examples have other features, labels or classes; `TensorError` where they have no
  ///   numbers.
  public func predict(_ data: DataSet<Scalar>) throws -> Tensor<Scalar> {
    try checkMeaning(of: data)
    return try preparation.labels(from: network(preparation.prepared(data).features)).validated()
  }

  /// What the network gives for the rows of a table, which need no labels.
  ///
  /// - Parameters:
  ///   - table: The rows.
  ///   - missing: What becomes of missing values; nil as in the training.
  ///   - unseen: What becomes of categories that the training did not have; nil as was said there.
  /// - Throws: `CSVError` with all that is wrong: columns that the table does not have, text among numbers, and, as the
  ///   encoding says, missing values and unseen categories.
  public func predict(
    _ table: CSVTable, missing: MissingValuePolicy? = nil, unseen: UnseenCategoryPolicy? = nil
  ) throws -> Predictions<Scalar> {
    let (features, rows) = try preparation.features(of: table, missing: missing, unseen: unseen)
    let outputs = try preparation.labels(from: network(features)).validated()
    return Predictions(outputs: outputs, rows: rows, encoding: preparation.encoding)
  }

  /// How good the model is on examples that it has not seen.
  ///
  /// - Throws: as `predict` does; `TensorError` where there is no example.
  public func evaluate(_ data: DataSet<Scalar>) throws -> Evaluation {
    try Evaluation(outputs: predict(data), labels: data.labels, encoding: preparation.encoding)
  }
}

/// What a model says of the rows of a table.
public struct Predictions<Scalar: TensorScalar>: Sendable {
  /// Probabilities (K, m), of class 1 of two (1, m), or numbers in the labels' unit: a column for each row of the table.
  public let outputs: Tensor<Scalar>
  /// Which rows of the table they are, from 0: all, unless those with missing values are left out.
  public let rows: [Int]
  private let encoding: TableEncoding

  init(outputs: Tensor<Scalar>, rows: [Int], encoding: TableEncoding) {
    (self.outputs, self.rows, self.encoding) = (outputs, rows, encoding)
  }

  /// The most probable class of each row; empty where no classes are predicted.
  public var classes: [String] {
    guard !encoding.classNames.isEmpty, let scalars = try? outputs.scalars else { return [] }
    let m = rows.count
    if encoding.task == .binary { return scalars.map { encoding.classNames[$0 > 0.5 ? 1 : 0] } }
    return (0..<m).map { k in
      let best = encoding.classNames.indices.max { (scalars[$0 * m + k], -$0) < (scalars[$1 * m + k], -$1) }
      return encoding.classNames[best ?? 0]
    }
  }

  /// The predictions as a table's columns: the titles, and a line for each row. Of classes, the most probable one and the
  /// probability of each; of numbers and properties, one column each.
  public var columns: [(title: String, values: [String])] {
    guard let scalars = try? outputs.scalars else { return [] }
    let m = rows.count, count = outputs.shape[0]
    let numbers = (0..<count).map { row in scalars[row * m..<(row + 1) * m] }
    let name = encoding.labelNames.first ?? "label"
    switch encoding.task {
    case .regression: return zip(encoding.labelNames, numbers).map { ($0, $1.map { "\($0)" }) }
    case .multiLabel: return zip(encoding.labelNames, numbers).map { ("p(\($0))", $1.map { "\($0)" }) }
    case .binary:
      return [
        (name, classes), ("p(\(encoding.classNames[0]))", numbers[0].map { "\(1 - $0)" }),
        ("p(\(encoding.classNames[1]))", numbers[0].map { "\($0)" }),
      ]
    case .classes:
      return [(name, classes)] + zip(encoding.classNames, numbers).map { ("p(\($0))", $1.map { "\($0)" }) }
    }
  }
}
