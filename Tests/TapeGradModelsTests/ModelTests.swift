import Foundation
import TapeGradCore
import TapeGradFormats
import TapeGradModels
import TapeGradNetworks
import Testing

/// A model from a table to predictions.
struct ModelTests {
  /// Three classes by a number and a text, which tell them apart.
  private static let threeClasses =
    "size,color,kind\n"
    + (0..<90).map { i in
      let kind = i % 3
      return "\(Double(kind) + Double(i % 7) / 10),\(kind == 1 ? "red" : "blue"),\(["ant", "bee", "cow"][kind])"
    }.joined(separator: "\n")

  /// y = 100000 + 20000·a − 5000·b.
  private static let prices =
    "a,b,price\n"
    + (0..<80).map { i in
      let (a, b) = (Double(i % 9), Double(i % 5))
      return "\(a),\(b),\(100000 + 20000 * a - 5000 * b + 0.5)"
    }.joined(separator: "\n")

  private func file() -> String {
    FileManager.default.temporaryDirectory.appending(path: "tapegrad-\(UUID()).safetensors").path
  }

  @Test("three classes with a column of text are learned, and a saved model predicts the same bits")
  func classes() throws {
    let table = try CSVTable(Self.threeClasses)
    let data = try DataSet<Float>(csv: table, labels: "kind")
    let (training, test) = try data.split(test: 0.2, seed: 1)
    var model = try Model(hidden: [8], activation: .relu, for: training, seed: 1)
    let history = try model.fit(training, optimizer: .adam(rate: 0.02), epochs: 100, batchSize: 32)
    let evaluation = try model.evaluate(test)
    #expect(try #require(evaluation["accuracy"]) > 0.9)
    #expect("\(evaluation)".contains("as bee"))
    let path = file()
    try model.write(to: path)
    let copy = try Model<Float>(contentsOf: path)
    let (before, after) = (try model.predict(table), try copy.predict(table))
    #expect(try before.outputs.scalars == after.outputs.scalars)
    #expect(after.classes.count == 90 && copy.history == history && copy.classNames == ["ant", "bee", "cow"])
    #expect(after.columns.map(\.title) == ["kind", "p(ant)", "p(bee)", "p(cow)"])
  }

  @Test("a model trained in folds is one network, which a file holds as any other")
  func folds() throws {
    let data = try DataSet<Float>(csv: try CSVTable(Self.threeClasses), labels: "kind")
    let (training, test) = try data.split(test: 0.2, seed: 1)
    var model = try Model(hidden: [8, 4], normalization: .batch, for: training, seed: 1)
    let history = try model.fit(
      training, folds: 3, optimizer: .adam(rate: 0.02), epochs: 100, batchSize: 16, patience: 20)
    #expect(model.network.layers.map { $0.bias.shape[0] } == [24, 12, 3])
    #expect(history.best?.validationLoss == history.validationLosses.min() && model.history == history)
    #expect(try #require(model.evaluate(test)["accuracy"]) > 0.9)
    let path = file()
    try model.write(to: path)
    #expect(try Model<Float>(contentsOf: path).predict(test).scalars == model.predict(test).scalars)
    for count in [-1, 0, 1, training.count + 1] {
      #expect(throws: TrainingError.self) { try model.fit(training, folds: count, epochs: 1) }
    }
  }

  @Test("labels around 10⁵ are learned, and predicted and judged in their unit")
  func regression() throws {
    let table = try CSVTable(Self.prices)
    let (training, test) = try DataSet<Double>(csv: table, labels: "price").split(test: 0.25, seed: 2)
    var model = try Model(hidden: [], for: training, seed: 1)
    try model.fit(training, optimizer: .adam(rate: 0.05), epochs: 600)
    let evaluation = try model.evaluate(test)
    #expect(try #require(evaluation["R²"]) > 0.999)
    #expect(try #require(evaluation["mean absolute error"]) < 500)
    let predictions = try model.predict(table)
    #expect(abs(try predictions.outputs.scalars[0] - 100000.5) < 1000 && predictions.classes.isEmpty)
  }

  @Test("every kind of layer, normalization and dropout comes back from a file")
  func architectures() throws {
    let data = try DataSet<Float>(csv: try CSVTable(Self.threeClasses), labels: "kind")
    for normalization in [nil, NormalizationKind.batch, .layer] {
      var model = try Model(
        hidden: [5, 4], activation: .leakyRelu(slope: 0.2), normalization: normalization, dropoutRate: 0.25, for: data,
        seed: 3)
      try model.fit(data, epochs: 2)
      let path = file()
      try model.write(to: path)
      let copy = try Model<Float>(contentsOf: path)
      #expect("\(copy.network)" == "\(model.network)")
      #expect(try copy.predict(data).scalars == model.predict(data).scalars)
    }
  }

  @Test("the labels of another table are read by the model's classes, and unknown ones are errors")
  func otherTable() throws {
    let data = try DataSet<Float>(csv: try CSVTable(Self.threeClasses), labels: "kind")
    let model = try Model(hidden: [4], for: data, seed: 1)
    // The columns stand in another order, one class is absent.
    let other = try CSVTable("kind,color,extra,size\nbee,red,1,1.5\ncow,blue,2,2.5\n")
    let encoded = try DataSet<Float>(csv: other, encoding: model.preparation.encoding)
    #expect(try encoded.classIndices() == [1, 2])
    #expect(try encoded.features.scalars == [1.5, 2.5, 0, 1, 1, 0])
    #expect(try model.evaluate(encoded).count == 2)
    #expect(throws: CSVError.self) {
      try DataSet<Float>(
        csv: CSVTable("size,color,kind\n1.5,red,dog\n2.5,red,ant\n"), encoding: model.preparation.encoding)
    }
    let error = #expect(throws: CSVError.self) { try model.predict(CSVTable("length,kind\n1.5,ant\n2.5,bee\n")) }
    let text = try #require(error.map { "\($0)" })
    #expect(text.contains("size") && text.contains("color"), "all columns that are not there")
  }

  @Test("a data set of other features is refused, and so is a file that is no model")
  func refusals() throws {
    let data = try DataSet<Float>(csv: try CSVTable(Self.threeClasses), labels: "kind")
    let model = try Model(hidden: [4], for: data, seed: 1)
    let narrow = try DataSet<Float>(csv: try CSVTable(Self.threeClasses), labels: "kind", ignoring: ["color"])
    #expect(throws: DataSetError.self) { try model.evaluate(narrow) }
    let path = file()
    var plain = ModelFile()
    try plain.add(model.network)
    try plain.write(to: path)
    #expect(throws: FormatError.self) { try Model<Float>(contentsOf: path) }
    // A layer that does not take the features: the widths of the file decide, and are checked.
    var wrong = try model.described()
    try wrong.add(Dense<Float>(weight: .zeros([4, 2]), bias: .zeros([4, 1])), prefix: "layers.0")
    try wrong.write(to: path)
    #expect(throws: DataSetError.self) { try Model<Float>(contentsOf: path) }
  }
}
