// How one-hot encoding travels. The column color of the training table had the values red, blue and red. It is
// saved as
//
//     {"name":"color","kind":"one-hot","categories":["blue","red"]}
//
// and gives two features, color=blue with 0 1 0 and color=red with 1 0 1. The order of the categories is what gives
// the features their meaning, and so it is part of the model file: a later table is encoded by this list, whatever
// it holds. One number for each color would tell the network that one color is larger than another; where
// categories do have an order, `ordinal` makes one feature of them.

/// A column of a table, and how it becomes features.
public struct FeatureColumn: Hashable, Sendable {
  /// How the values of a column become numbers.
  public enum Kind: Hashable, Sendable {
    /// They are numbers. The mean takes the place of missing ones.
    case number(mean: Double)
    /// A feature for each category: 1 where the value is that category, 0 elsewhere.
    case oneHot([String])
    /// One feature, the index of the category, from 0. The mean takes the place of missing ones.
    case ordinal([String], mean: Double)
    /// They are dates: the days from the mean date, which is given in days since 2000-01-01. It takes the place of missing
    /// ones.
    case date(DateNotation, mean: Double)
  }

  /// The name of the column.
  public let name: String
  /// How its values become numbers.
  public let kind: Kind

  init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// The names of the features: that of the column, or `color=red` for each category.
  public var featureNames: [String] {
    if case .oneHot(let categories) = kind { return categories.map { "\(name)=\($0)" } }
    return [name]
  }

  /// How many features the column has.
  var featureCount: Int {
    if case .oneHot(let categories) = kind { categories.count } else { 1 }
  }
}

extension FeatureColumn {
  /// The column as a member of the metadata of a model file.
  var json: JSONValue {
    switch kind {
    case .number(let mean):
      .object([.init("name", .string(name)), .init("kind", .string("number")), .init("mean", .number(mean))])
    case .oneHot(let categories):
      .object([
        .init("name", .string(name)), .init("kind", .string("one-hot")),
        .init("categories", .array(categories.map(JSONValue.string))),
      ])
    case .ordinal(let categories, let mean):
      .object([
        .init("name", .string(name)), .init("kind", .string("ordinal")),
        .init("categories", .array(categories.map(JSONValue.string))), .init("mean", .number(mean)),
      ])
    case .date(let notation, let mean):
      .object([
        .init("name", .string(name)), .init("kind", .string("date")), .init("notation", .string(notation.rawValue)),
        .init("mean", .number(mean)),
      ])
    }
  }

  /// The column that `json` describes; nil where it describes none.
  init?(json: JSONValue) {
    guard let name = json["name"]?.string else { return nil }
    let categories = json["categories"]?.strings, mean = json["mean"]?.number
    switch (json["kind"]?.string, categories, mean) {
    case ("number", _, let mean?): self.init(name, .number(mean: mean))
    case ("one-hot", let categories?, _): self.init(name, .oneHot(categories))
    case ("ordinal", let categories?, let mean?): self.init(name, .ordinal(categories, mean: mean))
    case ("date", _, let mean?):
      guard let notation = json["notation"]?.string.flatMap(DateNotation.init) else { return nil }
      self.init(name, .date(notation, mean: mean))
    default: return nil
    }
  }
}
