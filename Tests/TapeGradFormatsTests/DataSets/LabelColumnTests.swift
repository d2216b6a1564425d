import TapeGradFormats
import Testing

/// What a column of labels means, seen through `DataSet`.
@Suite struct LabelColumnTests {
  private func data(_ labels: [String], positive: String? = nil) throws -> DataSet<Double> {
    let rows = labels.map { "0,\($0)\n" }.joined()
    return try DataSet(csv: CSVTable("x,y\n" + rows, named: "t.csv", header: .present), labels: "y", positive: positive)
  }

  static let columns: [(labels: [String], positive: String?, values: [Double], classNames: [String])] = [
    // Text: classes in sorted order, or with the positive one last.
    (["b", "a", "b"], nil, [1, 0, 1], ["a", "b"]),
    (["b", "a", "b"], "a", [0, 1, 0], ["b", "a"]),
    (["b", "a", "b"], "b", [1, 0, 1], ["a", "b"]),
    ([" b", "b ", "a"], nil, [1, 1, 0], ["a", "b"]),
    (["red", "blue", "green", "red"], nil, [2, 0, 1, 2], ["blue", "green", "red"]),
    (["3+", "1", "2"], nil, [2, 0, 1], ["1", "2", "3+"]),
    // 0 and 1 only: two classes, however they are written and even if one is absent.
    (["0", "1", "1"], nil, [0, 1, 1], ["0", "1"]),
    (["0.0", "1e0", "01"], nil, [0, 1, 1], ["0", "1"]),
    (["1", "1"], nil, [1, 1], ["0", "1"]),
    (["0", "1", "1"], "0", [1, 0, 0], ["1", "0"]),
    // Other numbers: a target, unless a positive class is named.
    (["2", "1", "2"], nil, [2, 1, 2], []),
    (["0.5", "-1"], nil, [0.5, -1], []),
    (["2", "1", "2.0"], "2", [1, 0, 1], ["1", "2"]),
    (["2", "1", "2"], "1.0", [0, 1, 0], ["2", "1"]),
    (["0.5", "-1"], "-1", [0, 1], ["0.5", "-1"]),
  ]

  @Test(arguments: columns)
  func areClassesOrNumbers(_ labels: [String], positive: String?, values: [Double], classNames: [String]) throws {
    let data = try data(labels, positive: positive)
    #expect(try data.labels.scalars == values)
    #expect(data.classNames == classNames)
  }

  static let faults: [(labels: [String], positive: String?, message: String)] = [
    (["a", "a"], nil, "t.csv, column \"y\": found labels of one class only, \"a\", expected at least two"),
    (["a", "b"], "c", "t.csv, column \"y\": found no class \"c\", expected \"a\" or \"b\""),
    (["0", "1"], "yes", "t.csv, column \"y\": found no class \"yes\", expected \"0\" or \"1\""),
    (["a", "b", "c"], "c", "t.csv, column \"y\": found 3 classes, expected two, one of them \"c\""),
    (["1", "2", "3"], "3", "t.csv, column \"y\": found 3 classes, expected two, one of them \"3\""),
    (["1.5", "2,5", "3"], nil, "t.csv, line 3, column \"y\": found \"2,5\", expected a number as in other rows"),
    (
      ["1.5", "inf"], nil,
      "t.csv, line 3, column \"y\": found \"inf\", expected a number of magnitude "
        + "1.7976931348623157e+308 at most"
    ),
    (["a", ""], nil, "t.csv, line 3, column \"y\": found nothing, expected a label"),
  ]

  @Test(arguments: faults)
  func saysWhatIsWrong(_ labels: [String], positive: String?, message: String) {
    let quoted = labels.map { "\"\($0)\"" }
    #expect(errorMessage { _ = try data(quoted, positive: positive) } == message)
  }
}
