import TapeGradFormats
import Testing

/// What a column of labels means, seen through `DataSet`.
struct LabelMeaningTests {
  private func data(_ labels: [String], positive: String? = nil) throws -> DataSet<Double> {
    let rows = labels.map { "0,\($0)\n" }.joined()
    return try DataSet(
      csv: CSVTable("x,y\n" + rows, named: "t.csv", dialect: Dialect(header: .present)), labels: "y", positive: positive
    )
  }

  static let columns: [(labels: [String], positive: String?, values: [Double], classNames: [String])] = [
    // Text: classes in sorted order, or with the positive one last.
    (["b", "a", "b"], nil, [1, 0, 1], ["a", "b"]),
    (["b", "a", "b"], "a", [0, 1, 0], ["b", "a"]),
    (["b", "a", "b"], "b", [1, 0, 1], ["a", "b"]),
    (["red", "blue", "green", "red"], nil, [2, 0, 1, 2], ["blue", "green", "red"]),
    (["3+", "1", "2"], nil, [2, 0, 1], ["1", "2", "3+"]),
    // 0 and 1 only: two classes, however they are written and even if one is absent.
    (["0", "1", "1"], nil, [0, 1, 1], ["0", "1"]),
    (["0.0", "1e0", "01"], nil, [0, 1, 1], ["0", "1"]),
    (["1", "1"], nil, [1, 1], ["0", "1"]),
    (["0", "1", "1"], "0", [1, 0, 0], ["1", "0"]),
    // Other numbers: a target, unless a positive class is named.
    (["2", "1", "3"], nil, [2, 1, 3], []),
    (["7", "4", "7", "4"], nil, [1, 0, 1, 0], ["4", "7"]),
    (["-1", "1", "1", "-1"], nil, [0, 1, 1, 0], ["-1", "1"]),
    (["0", "10", "2", "0", "10", "2"], nil, [0, 10, 2, 0, 10, 2], []),
    (["10", "9", "10", "9"], "9", [0, 1, 0, 1], ["10", "9"]),
    (["0.5", "-1"], nil, [0.5, -1], []),
    (["2", "1", "2.0"], "2", [1, 0, 1], ["1", "2"]),
    (["2", "1", "2"], "1.0", [0, 1, 0], ["2", "1"]),
    (["0.5", "-1"], "-1", [0, 1], ["0.5", "-1"]),
  ]

  @Test("a column of labels holds classes or numbers", arguments: columns)
  func classes(_ labels: [String], positive: String?, values: [Double], classNames: [String]) throws {
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
    (
      ["1.5", "2,5", "3"], nil,
      "t.csv, line 3, column \"y\": found \"2,5\", expected a number; --decimal comma reads this one"
    ),
    (
      ["1.5", "inf"], nil,
      "t.csv, line 3, column \"y\": found infinity, or a number beyond 1.8e308, expected a number of magnitude "
        + "1.7976931348623157e+308 at most"
    ),
    (
      ["a", ""], nil,
      "t.csv, line 3, column \"y\": found nothing, expected a label; "
        + "--missing drop leaves out the row, --missing-tokens says what stands for nothing"
    ),
  ]

  @Test("labels that are neither classes nor numbers are named", arguments: faults)
  func errors(_ labels: [String], positive: String?, message: String) {
    let quoted = labels.map { "\"\($0)\"" }
    #expect(errorMessage { _ = try data(quoted, positive: positive) } == message)
  }

  private func table(_ labels: [String]) throws -> CSVTable {
    try CSVTable("x,y\n" + labels.map { "0,\($0)\n" }.joined(), named: "t.csv", dialect: Dialect(header: .present))
  }

  @Test("whole numbers that count from 0 or 1 are classes, aloud; a task says otherwise")
  func countedClasses() throws {
    let table = try table((0..<30).map { "\($0 % 3)" })
    let data = try DataSet<Float>(csv: table, labels: "y")
    #expect(data.task == .classes)
    #expect(data.classNames == ["0", "1", "2"])
    #expect(
      data.notes == ["labels \"0\", \"1\" and \"2\" are taken for 3 classes: --task regression takes them for numbers"])
    #expect(try data.classIndices().prefix(4) == [0, 1, 2, 0])
    #expect(try data.targets().shape == [3, 30])
    #expect(try data.targets().scalars.prefix(4) == [1, 0, 0, 1])
    let numbers = try DataSet<Float>(csv: table, labels: "y", task: .regression)
    #expect(numbers.task == .regression && numbers.classNames.isEmpty && numbers.notes.isEmpty)
    #expect(try numbers.labels.scalars.prefix(4) == [0, 1, 2, 0])
    #expect(errorMessage { _ = try numbers.classIndices() } == "labels \"y\" are not classes")
  }

  @Test("whole numbers that are no classes by themselves are told, and become classes by a task")
  func askedClasses() throws {
    let table = try table(["3", "5", "8", "3", "5", "8", "10"])
    let data = try DataSet<Float>(csv: table, labels: "y")
    #expect(data.task == .regression)
    #expect(data.notes == ["labels 3 to 10 are taken for numbers: --task classes takes them for names of classes"])
    let classes = try DataSet<Float>(csv: table, labels: "y", task: .classes)
    #expect(classes.classNames == ["3", "5", "8", "10"])
    #expect(try classes.labels.scalars == [0, 1, 2, 0, 1, 2, 3])
    #expect(
      errorMessage { _ = try DataSet<Float>(csv: table, labels: "y", task: .binary) }
        == "t.csv, column \"y\": found 4 classes, expected two")
  }

  @Test(
    "several columns of 0 and 1 are properties, several of other numbers are regressed on, and all of text are named")
  func severalColumns() throws {
    let table = try CSVTable("x,a,b,c,d,e\n1,0,1,2.5,u,v\n2,1,1,3,u,w\n", named: "t.csv")
    let properties = try DataSet<Float>(csv: table, labels: ["a", "b"], ignoring: ["c", "d", "e"])
    #expect(properties.task == .multiLabel)
    #expect(properties.labels.shape == [2, 2])
    #expect(try properties.labels.scalars == [0, 1, 1, 1])
    #expect(properties.encoding.labelNames == ["a", "b"])
    let numbers = try DataSet<Float>(csv: table, labels: ["a", "c"], ignoring: ["d", "e"])
    #expect(numbers.task == .regression)
    #expect(try numbers.labels.scalars == [0, 1, 2.5, 3])
    #expect(
      errorMessage { _ = try DataSet<Float>(csv: table, labels: ["a", "d", "e"]) } == """
        t.csv: 2 problems
          column "d": found text such as "u", expected numbers, as several columns of labels must have
          column "e": found text such as "v", expected numbers, as several columns of labels must have
        """)
  }

  @Test("labels that nearly all differ are no classes")
  func manyClasses() throws {
    let table = try table((0..<30).map { "name\($0)" })
    #expect(
      errorMessage { _ = try DataSet<Float>(csv: table, labels: "y") }
        == "t.csv, column \"y\": found 30 classes in 30 rows, expected classes that occur more than once")
  }
}
