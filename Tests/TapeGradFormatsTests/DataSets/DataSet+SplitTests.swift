import TapeGradCore
import TapeGradFormats
import Testing

struct DataSetSplitTests {
  @Test(
    "a split puts every example in one of two parts, by the seed",
    arguments: [(0.2, 2), (0.25, 3), (0.24, 2), (0, 0), (1, 10)])
  func parts(_ fraction: Double, count: Int) throws {
    let data = try DataSetSelectionTests.data(10)
    let (training, test) = try data.split(test: fraction, seed: 1)
    #expect(test.count == count)
    let numbers = try DataSetSelectionTests.numbers(training) + DataSetSelectionTests.numbers(test)
    #expect(numbers.sorted() == (0..<10).map(Double.init))
    #expect(numbers != numbers.sorted())
    #expect(
      try DataSetSelectionTests.numbers(data.split(test: fraction, seed: 1).test) == DataSetSelectionTests.numbers(test)
    )
    guard (1..<10).contains(count) else { return }
    let tests = try Set((1...20).map { try DataSetSelectionTests.numbers(data.split(test: fraction, seed: $0).test) })
    #expect(tests.count > 5)
  }

  @Test("classes are divided in the same ratio, and a rare one is found in the training")
  func stratified() throws {
    let labels = (0..<100).map { $0 < 2 ? "rare" : $0 < 32 ? "some" : "many" }
    let table = try CSVTable("x,y\n" + labels.enumerated().map { "\($0.offset % 7),\($0.element)\n" }.joined())
    let data = try DataSet<Double>(csv: table, labels: "y")
    for seed: UInt64 in 0..<20 {
      let (training, test) = try data.split(test: 0.2, seed: seed)
      let counts = try [training, test].map { part in
        let labels = try part.classIndices()
        return (0..<3).map { label in labels.count { $0 == label } }
      }
      #expect(counts[1][0] == 14 || counts[1][0] == 13)
      #expect(counts[1][2] == 6)
      #expect(counts[0][1] >= 1)
      #expect(test.count == 20)
    }
  }

  @Test("a split at a number outside [0, 1] is an error", arguments: [-0.1, 1.5, .nan])
  func noFraction(_ fraction: Double) {
    #expect(
      errorMessage { _ = try DataSetSelectionTests.data(5).split(test: fraction, seed: 1) }
        == "a split at the fraction \(fraction), expected one in 0...1")
  }

  /// Size has a hole, and color a category that one row alone has.
  private static func holes(_ missing: MissingValuePolicy, _ unseen: UnseenCategoryPolicy = .missing) throws
    -> DataSet<Double>
  {
    let rows = (0..<20).map {
      "\($0 == 3 ? "" : "\($0 * $0)"),\($0 == 7 ? "green" : $0 % 2 == 0 ? "red" : "blue"),\($0).5"
    }
    return try DataSet(
      csv: CSVTable("size,color,y\n" + rows.joined(separator: "\n")), labels: "y", missing: missing, unseen: unseen)
  }

  @Test("means and categories are learned from the training alone")
  func noLeak() throws {
    let data = try Self.holes(.mean)
    var unseenCount = 0
    for seed: UInt64 in 0..<20 {
      let (training, test) = try data.split(test: 0.4, seed: seed)
      // The label names the row: k + 0.5 is the row k, whose size is k².
      let rows = try training.labels.scalars.map { Int($0) }
      let sizes = rows.filter { $0 != 3 }.map { Double($0 * $0) }
      let colors = rows.contains(7) ? ["blue", "green", "red"] : ["blue", "red"]
      let mean = sizes.reduce(0) { $0 + $1 / Double(sizes.count) }
      #expect(training.encoding.features.map(\.kind) == [.number(mean: mean), .oneHot(colors)])
      #expect(test.encoding == training.encoding && test.featureNames == training.featureNames)
      for part in [training, test] {
        let rows = try part.labels.scalars.map { Int($0) }, features = try part.features.scalars
        for (example, row) in rows.enumerated() {
          let column = part.featureNames.indices.map { features[$0 * rows.count + example] }
          let color = row == 7 ? "green" : row % 2 == 0 ? "red" : "blue"
          #expect(column == [row == 3 ? mean : Double(row * row)] + colors.map { $0 == color ? 1 : 0 })
        }
      }
      if !rows.contains(7) {
        unseenCount += 1
        let note = "column \"color\": \"green\" is in no row to learn from; 1 row with it taken as missing"
        #expect(test.notes.contains(note) && !training.notes.contains(note))
      }
    }
    #expect(unseenCount > 2)
  }

  @Test("a category that the training does not have is an error, or its row is left out, as the policies say")
  func unseenCategories() throws {
    // A seed that holds the green row out.
    let isHeldOut = { (seed: UInt64) in
      try Self.holes(.mean).split(test: 0.4, seed: seed).test.labels.scalars.contains(7.5)
    }
    let seed = try #require(try (0..<20 as Range<UInt64>).first { try isHeldOut($0) })
    #expect(
      errorMessage { _ = try Self.holes(.mean, .error).split(test: 0.4, seed: seed) }
        == "text, line 9, column \"color\": found \"green\", expected one of the known categories, \"blue\" or \"red\"; "
        + "--unseen missing takes it for a missing value")
    let dropped = try Self.holes(.dropRow)
    let other = try #require(
      try (0..<40 as Range<UInt64>).first {
        try !dropped.split(test: 0.4, seed: $0).training.labels.scalars.contains(7.5)
      })
    let (training, test) = try dropped.split(test: 0.4, seed: other)
    #expect(training.count == 11 && test.count == 7, "19 rows have a size, 8 of them are held out")
    #expect(test.notes.contains { $0.hasSuffix("1 row with it left out") })
  }
}
