// From a table to a prediction, with a model that was trained on prices with mean 200 and deviation 50:
//
//     size 120        the encoding makes it the feature 120
//     120             the scaling of features, mean 100 and deviation 20, makes it (120 − 100) / 20 = 1
//     1               the network makes it 0.5
//     0.5             the scaling of labels makes it 200 + 50 · 0.5 = 225, a price
//
// The numbers 100, 20, 200 and 50 come from the training examples only. Were the test examples part of them, then
// the test would no longer show how the model does on data that it has not seen.

import TapeGradCore

/// Everything that was learned of the data before a network learns: how columns are encoded, how features are scaled, and, in
/// regression, how labels are. It travels with the model, in the metadata of its file.
///
/// ```swift
/// let preparation = try Preparation(fittedTo: training)
/// let x = preparation.prepared(training)                       // scaled features, and scaled labels in regression
/// let (features, rows) = try preparation.features(of: newTable)
/// let prices = preparation.labels(from: network(features))     // in the units of the table
/// ```
public struct Preparation<Scalar: TensorScalar>: Sendable {
  /// How a table becomes features and labels.
  public let encoding: TableEncoding
  /// The shift and scale of each feature.
  public let featureScaling: Standardization<Scalar>
  /// The shift and scale of the labels in regression; nil where they are not scaled.
  public let labelScaling: Standardization<Scalar>?

  /// Takes means and deviations from the examples to train with.
  ///
  /// - Throws: `TensorError` where the data have no numbers.
  public init(fittedTo training: DataSet<Scalar>) throws {
    encoding = training.encoding
    featureScaling = try Standardization(of: training.features)
    labelScaling = training.task == .regression ? try Standardization(of: training.labels) : nil
  }

  /// A data set with scaled features, and scaled labels in regression. One of other features fails.
  public func prepared(_ data: DataSet<Scalar>) -> DataSet<Scalar> {
    data.replacing(
      features: featureScaling.applied(to: data.features),
      labels: labelScaling.map { $0.applied(to: data.labels) })
  }

  /// The scaled features of a table's rows, and which rows they are, from 0.
  ///
  /// - Parameters:
  ///   - table: The rows.
  ///   - missing: What becomes of missing values; nil as in the training.
  ///   - unseen: What becomes of categories that the training did not have; nil as was said there.
  /// - Throws: ``CSVError`` where the table does not have the columns, or not as the encoding says.
  public func features(
    of table: CSVTable, missing: MissingValuePolicy? = nil, unseen: UnseenCategoryPolicy? = nil
  ) throws(CSVError) -> (features: Tensor<Scalar>, rows: [Int]) {
    let (features, rows): (Tensor<Scalar>, [Int]) =
      try encoding.following(missing: missing, unseen: unseen).features(of: table)
    return (featureScaling.applied(to: features), rows)
  }

  /// A network's outputs in the units of the labels; probabilities are left as they are.
  public func labels(from outputs: Tensor<Scalar>) -> Tensor<Scalar> {
    labelScaling?.reverted(from: outputs) ?? outputs
  }
}

extension Preparation {
  /// All of it as JSON, for the metadata of a model file. Numbers keep every bit.
  ///
  /// - Throws: `TensorError` where a scaling has no numbers.
  public func json() throws -> String {
    var members: [JSONValue.Member] = [
      .init("encoding", encoding.jsonValue), .init("features", try Self.json(featureScaling)),
    ]
    if let labelScaling { members.append(.init("labels", try Self.json(labelScaling))) }
    return JSONValue.object(members).description
  }

  /// The preparation that ``json()`` describes.
  ///
  /// - Throws: ``DataSetError`` where it describes none.
  public init(json: String) throws(DataSetError) {
    let value: JSONValue
    do { value = try JSONParser.value(json.utf8) } catch {
      throw DataSetError("a preparation that is not JSON, \(error)")
    }
    guard let encoding = value["encoding"], let features = value["features"] else {
      throw DataSetError("a preparation without encoding or features")
    }
    self.encoding = try TableEncoding(jsonValue: encoding)
    featureScaling = try Self.scaling(features, count: self.encoding.featureNames.count)
    if let labels = value["labels"] {
      labelScaling = try Self.scaling(labels, count: self.encoding.labelNames.count)
    } else {
      labelScaling = nil
    }
  }

  private static func json(_ scaling: Standardization<Scalar>) throws -> JSONValue {
    .object([
      .init("means", .array(try scaling.means.scalars.map { .number($0.doubleValue) })),
      .init("deviations", .array(try scaling.deviations.scalars.map { .number($0.doubleValue) })),
    ])
  }

  private static func scaling(_ json: JSONValue, count: Int) throws(DataSetError) -> Standardization<Scalar> {
    guard let means = json["means"]?.numbers, let deviations = json["deviations"]?.numbers, means.count == count,
      deviations.count == count
    else { throw DataSetError("a scaling without \(count) means and deviations") }
    return Standardization(
      means: Tensor(means.map { Scalar($0) }, shape: [count, 1]),
      deviations: Tensor(deviations.map { Scalar($0) }, shape: [count, 1]))
  }
}
