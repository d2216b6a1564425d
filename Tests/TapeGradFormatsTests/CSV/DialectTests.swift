import TapeGradCore
import TapeGradFormats
import Testing

struct DialectTests {
  struct Example: Sendable {
    let text: String
    let options: String
    let rows: [[String]]

    init(_ text: String, _ options: String, _ rows: [[String]]) {
      (self.text, self.options, self.rows) = (text, options, rows)
    }
  }

  static let examples = [
    Example("x;y\n1,5;2\n", "--delimiter semicolon --decimal comma", [["1.5", "2"]]),
    Example(
      "x;y\n1.234,5;2\n7,25;3\n", "--delimiter semicolon --decimal comma --thousands point",
      [["1234.5", "2"], ["7.25", "3"]]),
    Example("x\ty z\n1\ta b\n", "--delimiter tab", [["1", "a b"]]),
    Example("x|y\n1|2\n", "--delimiter bar", [["1", "2"]]),
    Example("x y\n 1   2\n 3   4\n", "--delimiter space", [["1", "2"], ["3", "4"]]),
    Example("name\nJohn Smith\nJane Doe\n", "--delimiter comma", [["John Smith"], ["Jane Doe"]]),
    Example(
      "when;what\n2020-01-01 12:00;a, b\n2020-01-02 13:30;c, d\n", "--delimiter semicolon",
      [["2020-01-01 12:00", "a, b"], ["2020-01-02 13:30", "c, d"]]),
    Example(
      "x,y\n\"68,527.00\",1\n\"950.25\",2\n", "--delimiter comma --thousands comma",
      [["68527", "1"], ["950.25", "2"]]),
    Example("x,y\n'a,b',1\n'c',2\n", "--quote single", [["a,b", "1"], ["c", "2"]]),
    Example("x,y\n\"a \\\",b\",1\n\"c\",2\n", "--escape backslash", [["a \",b", "1"], ["c", "2"]]),
    Example("x,y\n 1, \"a, b\"\n 2, \"c\"\n", "--delimiter comma", [["1", "a, b"], ["2", "c"]]),
    Example("# made by hand\nx,y\n1,2\n# a note\n3,4\n", "--comment '#'", [["1", "2"], ["3", "4"]]),
    Example("#x,y\n1,2\n3,4\n", "--comment ''", [["1", "2"], ["3", "4"]]),
    Example("Sales 2020\nsource: office\n\nx,y\n1,2\n3,4\n5,6\n", "--skip 3", [["1", "2"], ["3", "4"], ["5", "6"]]),
    Example("x,y\n1,2,\n3,4,\n", "--header yes", [["1", "2"], ["3", "4"]]),
  ]

  @Test("a dialect is found, is said in options, and said reads the same", arguments: examples)
  func found(_ example: Example) throws {
    let table = try CSVTable(example.text)
    #expect(table.rows == example.rows)
    for option in example.options.components("--") { #expect(table.assumed.options.contains("--" + option)) }
    let same = try CSVTable(example.text, dialect: table.dialect)
    #expect(same.rows == table.rows)
    #expect(same.columnNames == table.columnNames)
    #expect(same.assumed.options.isEmpty)
  }

  @Test("what is given is not assumed, and is obeyed")
  func given() throws {
    let table = try CSVTable("1;2\n3;4\n", dialect: Dialect(delimiter: .comma, header: .absent, decimal: .point))
    #expect(table.rows == [["1;2"], ["3;4"]])
    #expect(!table.assumed.options.contains("--delimiter") && !table.assumed.options.contains("--header"))
    #expect(!table.assumed.options.contains("--decimal") && table.assumed.options.contains("--quote double"))
  }

  @Test("2,500 may be two and a half or thousands: neither is assumed, and both are offered")
  func ambiguous() throws {
    let table = try CSVTable("x;y\n2,500;1\n3,250;2\n", named: "t.csv")
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"]) } == """
        t.csv: 2 problems
          line 2, column "x": found "2,500", expected a number; --thousands comma or --decimal comma reads this one
          line 3, column "x": found "3,250", expected a number; --thousands comma or --decimal comma reads this one
        """)
  }

  @Test("empty columns behind the last comma are left out, aloud")
  func trailingCommas() throws {
    let table = try CSVTable("x,y,,\n1,2,,\n3,4,,\n")
    #expect(table.columnNames == ["x", "y"])
    #expect(table.notes.first == "columns 3, 4 have neither titles nor values, and are left out")
  }

  @Test("columns that are declared to be text keep every character")
  func textColumns() throws {
    let text = "zip,x\n02134,1.50\n00501,2\n"
    #expect(try CSVTable(text).rows == [["2134", "1.5"], ["501", "2"]])
    #expect(
      try CSVTable(text, dialect: Dialect(textColumns: .named(["zip"]))).rows == [["02134", "1.5"], ["00501", "2"]])
    #expect(try CSVTable(text, dialect: Dialect(textColumns: .all)).rows == [["02134", "1.50"], ["00501", "2"]])
    #expect(
      errorMessage { _ = try CSVTable(text, named: "t.csv", dialect: Dialect(textColumns: .named(["plz"]))) }
        == "t.csv: found no column \"plz\", expected \"zip\" or \"x\"")
  }

  @Test("irregular rows are left out or made to fit where that is said, aloud")
  func irregularRows() throws {
    let text = "a,b,c\n1,2,3\n4,5\n6,7,8,9\n\"x\"y,\"z\",0\n5,6,7\n"
    func table(_ rows: Dialect.IrregularRows) throws -> CSVTable {
      try CSVTable(text, dialect: Dialect(header: .present, skippedLines: 0, irregularRows: rows, textColumns: .all))
    }
    let dropped = try table(.drop)
    #expect(dropped.rows == [["1", "2", "3"], ["5", "6", "7"]])
    #expect(dropped.lines == [2, 6])
    #expect(dropped.notes == ["3 rows are irregular, and left out"])
    let fitted = try table(.fit)
    #expect(fitted.rows == [["1", "2", "3"], ["4", "5", ""], ["6", "7", "8"], ["xy", "z", "0"], ["5", "6", "7"]])
    #expect(fitted.notes.first == "3 rows are irregular, and made to fit")
    #expect(throws: CSVError.self) { try table(.error) }
  }

  @Test("a quotation mark without an end takes its line at most, where rows are made to fit")
  func unclosedRow() throws {
    let dialect = Dialect(delimiter: .comma, quote: .double, header: .present, skippedLines: 0, irregularRows: .fit)
    let table = try CSVTable("a,b\n1,2\n\"3,4\n5,6\n", dialect: dialect)
    #expect(table.rows == [["1", "2"], ["3", "4"], ["5", "6"]])
  }

  @Test("options are quoted for a shell")
  func shell() {
    #expect(
      Dialect(comment: "it's", missingTokens: ["", "NA"]).options == "--comment 'it'\\''s' --missing-tokens ',NA'")
  }

  @Test("a column that begins with numbers and turns out to be text is read as text, to the first character")
  func lateText() throws {
    let rows = (0..<20_000).map { $0 < 12_000 ? "0\($0),1" : "word\($0 % 7),2" }
    let table = try CSVTable("x,y\n" + rows.joined(separator: "\n"))
    #expect(table.isText(column: 0) && !table.isText(column: 1))
    #expect(table[17, 0] == "017")
    #expect(table[19_999, 0] == "word0")
    #expect(table.notes.contains("column \"x\" is taken as text, though 12000 of its 20000 values are numbers"))
  }

  @Test("whole numbers that a Double cannot tell apart are text")
  func longIntegers() throws {
    let table = try CSVTable("id,x\n12345678901234567890,1\n12345678901234567891,2\n")
    #expect(table.rows.map { $0[0] } == ["12345678901234567890", "12345678901234567891"])
    #expect(table.notes == ["column \"id\" has whole numbers of more than 15 digits, and is taken as text"])
  }

  /// 2⁵³ + 1 is the first whole number that a Double does not hold: it becomes 2⁵³.
  @Test("the first whole numbers that would be rounded are told", arguments: ["", "-"])
  func firstLongInteger(_ sign: String) throws {
    let ids = try CSVTable("id,x\n\(sign)9007199254740993,1\n\(sign)9007199254740991,2\n")
    #expect(ids.isText(column: 0) && ids[0, 0] == "\(sign)9007199254740993")
    let exact = try CSVTable("id,x\n\(sign)9007199254740991,1\n\(sign)9007199254740990,2\n")
    #expect(!exact.isText(column: 0) && exact.notes.isEmpty)
    let numbers = try CSVTable("z,x\n\(sign)9007199254740993,1\n2.5,2\n")
    #expect(
      numbers.notes == [
        "column \"z\" has whole numbers of more than 15 digits, which are rounded: --text-columns keeps them as text"
      ])
  }

  @Test("tokens for missing values that occur are told, with their numbers")
  func missing() throws {
    let table = try CSVTable("x,region\n1,NA\n?,EU\n3,NA\n")
    #expect(table.notes == ["missing values are written as \"NA\" (2 times), \"?\" (1 times)"])
    #expect(table.missingCount(column: 1) == 2)
    #expect(table.categories(column: 1) == ["EU"])
    let named = try CSVTable("x,region\n1,NA\n?,EU\n3,NA\n", dialect: Dialect(missingTokens: ["?"]))
    #expect(named.categories(column: 1) == ["NA", "EU"])
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [String] {
    split(separator: " \(separator)").map {
      $0.hasPrefix(separator) ? String($0.dropFirst(separator.count)) : String($0)
    }
  }
}
