import TapeGradCore
import TapeGradFormats
import Testing

struct DataSetSelectionTests {
  /// Example k has the features k and 10 k, and the label 100 k.
  static func data(_ count: Int) throws -> DataSet<Double> {
    let numbers = (0..<count).map(Double.init)
    return try DataSet(
      features: Tensor(numbers + numbers.map { 10 * $0 }, shape: [2, count]),
      labels: Tensor(numbers.map { 100 * $0 }, shape: [1, count]), featureNames: ["a", "b"], labelName: "y")
  }

  /// The numbers of the examples in a data set. Fails where features and labels have come apart.
  static func numbers(_ data: DataSet<Double>) throws -> [Double] {
    let features = try data.features.scalars, numbers = Array(features[..<data.count])
    #expect(data.features.shape == [2, data.count])
    #expect(Array(features[data.count...]) == numbers.map { 10 * $0 })
    #expect(try data.labels.scalars == numbers.map { 100 * $0 })
    #expect(data.featureNames == ["a", "b"])
    return numbers
  }

  @Test("a range of examples keeps their order", arguments: [(0..<5, [0, 1, 2, 3, 4]), (1..<3, [1, 2]), (5..<5, [])])
  func examples(_ range: Range<Int>, numbers: [Double]) throws {
    #expect(try Self.numbers(Self.data(5).examples(range)) == numbers)
  }

  @Test("examples beyond the last are an error", arguments: [-1..<2, 3..<6])
  func beyondTheLast(_ range: Range<Int>) {
    #expect(errorMessage { _ = try Self.data(5).examples(range) } == "examples \(range), expected some in 0..<5")
  }

  @Test(
    "batches hold all examples in order",
    arguments: [(2, [[0, 1], [2, 3], [4]]), (5, [[0, 1, 2, 3, 4]]), (9, [[0, 1, 2, 3, 4]])])
  func batches(_ size: Int, batches: [[Double]]) throws {
    #expect(try Self.data(5).batches(of: size).map(Self.numbers) == batches)
  }

  @Test("batches of no example are an error")
  func emptyBatches() {
    #expect(errorMessage { _ = try Self.data(5).batches(of: 0) } == "batches of 0 examples, expected at least 1")
  }

  @Test("a shuffle is an order that the seed decides")
  func shuffle() throws {
    var first = SeededGenerator(seed: 7), second = SeededGenerator(seed: 7), third = SeededGenerator(seed: 8)
    let data = try Self.data(50)
    let numbers = try Self.numbers(data.shuffled(using: &first))
    #expect(numbers.sorted() == (0..<50).map(Double.init))
    #expect(numbers != numbers.sorted())
    #expect(try numbers == Self.numbers(data.shuffled(using: &second)))
    #expect(try numbers != Self.numbers(data.shuffled(using: &third)))
  }
}
