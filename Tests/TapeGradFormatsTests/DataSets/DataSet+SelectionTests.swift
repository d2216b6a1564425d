import TapeGradCore
import TapeGradFormats
import Testing

@Suite struct DataSetSelectionTests {
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

  @Test(arguments: [(0..<5, [0, 1, 2, 3, 4]), (1..<3, [1, 2]), (5..<5, [])])
  func examplesKeepTheirOrder(_ range: Range<Int>, numbers: [Double]) throws {
    #expect(try Self.numbers(Self.data(5).examples(range)) == numbers)
  }

  @Test(arguments: [-1..<2, 3..<6])
  func examplesBeyondTheLastAreAnError(_ range: Range<Int>) {
    #expect(errorMessage { _ = try Self.data(5).examples(range) } == "examples \(range), expected some in 0..<5")
  }

  @Test(arguments: [(2, [[0, 1], [2, 3], [4]]), (5, [[0, 1, 2, 3, 4]]), (9, [[0, 1, 2, 3, 4]])])
  func batchesHoldAllExamplesInOrder(_ size: Int, batches: [[Double]]) throws {
    #expect(try Self.data(5).batches(of: size).map(Self.numbers) == batches)
  }

  @Test func batchesOfNothingAreAnError() {
    #expect(errorMessage { _ = try Self.data(5).batches(of: 0) } == "batches of 0 examples, expected at least 1")
  }

  @Test func aShuffleIsAnOrderThatTheSeedDecides() throws {
    var first = SeededGenerator(seed: 7), second = SeededGenerator(seed: 7), third = SeededGenerator(seed: 8)
    let data = try Self.data(50)
    let numbers = try Self.numbers(data.shuffled(using: &first))
    #expect(numbers.sorted() == (0..<50).map(Double.init))
    #expect(numbers != numbers.sorted())
    #expect(try numbers == Self.numbers(data.shuffled(using: &second)))
    #expect(try numbers != Self.numbers(data.shuffled(using: &third)))
  }

  @Test(arguments: [(0.8, 8), (0.75, 8), (0.74, 7), (0, 0), (1, 10)])
  func aSplitPutsEveryExampleInOnePart(_ fraction: Double, count: Int) throws {
    var generator = SeededGenerator(seed: 1), same = SeededGenerator(seed: 1)
    let data = try Self.data(10)
    let (training, test) = try data.split(fraction: fraction, using: &generator)
    #expect(training.count == count)
    let numbers = try Self.numbers(training) + Self.numbers(test)
    #expect(numbers.sorted() == (0..<10).map(Double.init))
    #expect(numbers != numbers.sorted())
    #expect(try Self.numbers(data.split(fraction: fraction, using: &same).test) == Self.numbers(test))
  }

  @Test(arguments: [-0.1, 1.5, .nan])
  func aSplitAtNoFractionIsAnError(_ fraction: Double) {
    var generator = SeededGenerator(seed: 1)
    #expect(
      errorMessage { _ = try Self.data(5).split(fraction: fraction, using: &generator) }
        == "a split at the fraction \(fraction), expected one in 0...1")
  }
}
