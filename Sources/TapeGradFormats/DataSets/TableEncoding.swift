// In a model file the encoding is one object of JSON:
//
//     {"task":"regression","labels":["price"],"classes":[],
//      "features":[{"name":"color","kind":"one-hot","categories":["blue","red"]},
//                  {"name":"size","kind":"number","mean":2}],
//      "missing":"mean","unseen":"missing"}
//
// Columns are found by name, so that a later file may have them in another order, and others beside them.

/// How the columns of a table become features and labels: what was found in one table, and is applied to others.
///
/// It travels with a model: a new file is read by the same columns, categories and classes, whatever their order there.
public struct TableEncoding: Hashable, Sendable {
  /// The columns that are features, in their order.
  public let features: [FeatureColumn]
  /// The names of the columns that are labels.
  public let labelNames: [String]
  /// The names of the classes: label k means class k. Empty where labels are numbers or several properties.
  public let classNames: [String]
  /// What is predicted.
  public let task: PredictionTask
  /// What becomes of missing values.
  public let missing: MissingValuePolicy
  /// What becomes of categories that are not among the known ones.
  public let unseen: UnseenCategoryPolicy

  init(
    features: [FeatureColumn], labelNames: [String], classNames: [String], task: PredictionTask,
    missing: MissingValuePolicy = .error, unseen: UnseenCategoryPolicy = .missing
  ) {
    self.features = features
    self.labelNames = labelNames
    self.classNames = classNames
    self.task = task
    self.missing = missing
    self.unseen = unseen
  }

  /// The same encoding with other policies; nil keeps one.
  public func following(missing: MissingValuePolicy? = nil, unseen: UnseenCategoryPolicy? = nil) -> TableEncoding {
    TableEncoding(
      features: features, labelNames: labelNames, classNames: classNames, task: task, missing: missing ?? self.missing,
      unseen: unseen ?? self.unseen)
  }

  /// The names of all features: of a column of categories, one for each.
  public var featureNames: [String] { features.flatMap(\.featureNames) }
}

extension TableEncoding {
  /// The encoding as JSON, for the metadata of a model file.
  public var json: String { jsonValue.description }

  /// The encoding that ``json`` describes.
  ///
  /// - Throws: ``DataSetError`` where it describes none.
  public init(json: String) throws(DataSetError) {
    let value: JSONValue
    do { value = try JSONParser.value(json.utf8) } catch {
      throw DataSetError("an encoding that is not JSON, \(error)")
    }
    try self.init(jsonValue: value)
  }

  var jsonValue: JSONValue {
    .object([
      .init("task", .string(task.rawValue)),
      .init("labels", .array(labelNames.map(JSONValue.string))),
      .init("classes", .array(classNames.map(JSONValue.string))),
      .init("features", .array(features.map(\.json))),
      .init("missing", .string(missing.rawValue)),
      .init("unseen", .string(unseen.rawValue)),
    ])
  }

  init(jsonValue json: JSONValue) throws(DataSetError) {
    guard let task = json["task"]?.string.flatMap(PredictionTask.init),
      let labels = json["labels"]?.strings, let classes = json["classes"]?.strings,
      let columns = json["features"]?.array,
      let missing = json["missing"]?.string.flatMap(MissingValuePolicy.init),
      let unseen = json["unseen"]?.string.flatMap(UnseenCategoryPolicy.init)
    else { throw DataSetError("an encoding without task, labels, classes, features, missing or unseen") }
    let features = columns.compactMap(FeatureColumn.init)
    guard features.count == columns.count else {
      throw DataSetError("an encoding with a column of which name, kind, categories or mean are not given")
    }
    self.init(
      features: features, labelNames: labels, classNames: classes, task: task, missing: missing, unseen: unseen)
  }
}
