import TapeGradCore
import TapeGradFormats
import Testing

/// Tables from lines of JSON.
struct JSONLinesTests {
  private func table(_ text: String, dialect: Dialect = Dialect()) throws -> CSVTable {
    try CSVTable(jsonLines: text, named: "t.jsonl", dialect: dialect)
  }

  @Test("lines are rows: objects by their names, arrays by their places")
  func rows() throws {
    let objects = try table(
      "\u{FEFF}{\"x\": 1.50, \"color\": \"red\"}\n\n {\"color\": null, \"x\": -2e1}\r\n{\"x\":null,\"color\":\"é\\u00e9\\ud83d\\ude00\"}"
    )
    #expect(objects.columnNames == ["x", "color"] && objects.hasHeader && objects.format == .jsonLines)
    #expect(objects.rows == [["1.5", "red"], ["-20", ""], ["", "éé😀"]])
    #expect(objects.lines == [1, 3, 4])
    #expect(objects.missingCount(column: 0) == 1 && objects.missingCount(column: 1) == 1)
    #expect(objects.notes == ["missing values are written as null or an empty text (2 times)"])
    let arrays = try table("[1, true, \"a\"]\n[2.5, false, 7]\n")
    #expect(arrays.columnNames == ["1", "2", "3"] && !arrays.hasHeader)
    #expect(arrays.rows == [["1", "true", "a"], ["2.5", "false", "7"]])
    let data = try DataSet<Double>(csv: arrays, labels: "2", ignoring: ["3"])
    #expect(try data.features.scalars == [1, 2.5] && data.classNames == ["false", "true"])
    #expect(try data.labels.scalars == [1, 0])
    #expect(
      errorMessage { _ = try arrays.column("x") }?.hasSuffix("1 to 3, since there are arrays without names") == true)
  }

  @Test("a name that a line does not have is a missing value there, and that is said")
  func names() throws {
    let table = try table("{\"a\": 1}\n{\"b\": \"x\", \"a\": 2}\n{}\n{\"b\": \"y\"}")
    #expect(table.rows == [["1", ""], ["2", "x"], ["", ""], ["", "y"]])
    #expect(
      table.notes == [
        "column \"a\" is missing in the 2 rows without that name, of which line 3 is the first",
        "column \"b\" is missing in the 2 rows without that name, of which line 1 is the first",
      ])
    #expect(table.missingCount(column: 0) == 2 && table.missingCount(column: 1) == 2)
    #expect(table.isText(column: 1) && !table.isText(column: 0))
  }

  @Test(
    "a line that is not a row is an error",
    arguments: [
      ("[1]\n[1, 2]", "line 2: found 2 values, expected 1 as in line 1"),
      ("{\"a\": 1}\n[1]", "line 2: found an array, expected an object as in line 1"),
      ("{\"a\": 1}\n{\"a\": 1, \"a\": 2}", "line 2, column \"a\": found the name \"a\" twice, expected each name once"),
      ("\n{\"a\": [1]}", "line 2, column \"a\": found an array, expected \(value)"),
      ("{\"b\": 1, \"a\": {\"c\": {}}}", "line 1, column \"a\": found an object, expected \(value)"),
      ("{\"b\": 1, \"a\": NaN}", "line 1, column \"a\": found \"NaN}\", expected \(value)"),
      ("{\"a\": 1, \"b\" 2}", "line 1, column \"a\": found \"2}\", expected \":\""),
      ("{\"a\": 1, \"b\": 2", "line 1, column \"b\": found the end, expected \",\" or \"}\""),
      ("{\"a\": 01}", "line 1, column \"a\": found \"01}\", expected a value"),
      ("{\"a\": \"\\ud800\"}", "line 1, column \"a\": found \"\\\"}\", expected the second half of a character"),
      (
        "{\"a\": 1}{\"a\": 2}",
        "line 1, column \"a\": found \"{\\\"a\\\": 2}\", expected the end of the line, since each row has its own"
      ),
      ("{\n\"a\": 1\n}", "3 problems"), ("7", "line 1: found \"7\", expected an object such as"),
      (
        "{\"a\": \(String(repeating: "[", count: 100_000))",
        "line 1, column \"a\": found \"[[[[[[[[[[[[\", expected at most 32"
      ),
      ("", "found no rows"), (" \n\r\n", "found no rows"), ("{}\n{}", "found no names"), ("[]", "found no names"),
      ("{\"a\": \"\0\"}", "found a zero byte"), ("\u{1F}\u{8B}", "line 1: found \"\\u{1F}"),
    ])
  func errors(_ text: String, message: String) throws {
    let error = try #require(errorMessage { _ = try table(text) })
    #expect(error.hasPrefix("t.jsonl, \(message)") || error.hasPrefix("t.jsonl: \(message)"), "\(error)")
  }

  private static let value = "a number, text in quotation marks, true, false or null"

  @Test("all lines that are not rows are told together, and bytes that are not UTF-8")
  func allErrors() throws {
    let lines = (0..<30).map { $0 % 2 == 0 ? "{\"a\": \($0)}" : "{\"a\": }" }.joined(separator: "\n")
    let error = try #require(errorMessage { _ = try table(lines) })
    #expect(error.hasPrefix("t.jsonl: 15 problems\n  line 2, column \"a\": found"), "\(error)")
    let bytes: [UInt8] = Array("{\"a\": \"".utf8) + [0xFF] + Array("\"}".utf8)
    #expect(
      errorMessage { _ = try CSVTable(jsonLines: bytes, named: "t") }
        == "t, line 1: found bytes that are not UTF-8, expected text in UTF-8")
  }

  @Test("what columns are follows from the rules for CSV")
  func columns() throws {
    let names = ["size", "code", "when", "flag", "note"]
    let rows: [[String]] = (0..<40).map { i in
      ["\(i).5", i % 3 == 0 ? "A\(i)" : "\(i)", "2024-01-\(10 + i % 20)", i % 2 == 0 ? "true" : "false", "\(i % 4)"]
    }
    let csv = try CSVTable(([names] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n"))
    let json = try table(
      rows.map { row in
        "{\"size\": \(row[0]), \"code\": \"\(row[1])\", \"when\": \"\(row[2])\", \"flag\": \(row[3]), \"note\": \(row[4])}"
      }.joined(separator: "\n"))
    #expect(csv.rows == json.rows && csv.columnNames == json.columnNames && csv.rowCount == json.rowCount)
    for column in names.indices { #expect(csv.isText(column: column) == json.isText(column: column)) }
    #expect(csv.notes == json.notes)
    let (a, b) = (try DataSet<Float>(csv: csv, labels: "flag"), try DataSet<Float>(csv: json, labels: "flag"))
    #expect(a.featureNames == b.featureNames && a.encoding == b.encoding && a.notes == b.notes)
    #expect(try a.features.scalars == b.features.scalars && a.labels.scalars == b.labels.scalars)
    // One way and the other.
    let c = try DataSet<Float>(csv: csv, encoding: b.encoding), d = try DataSet<Float>(csv: json, encoding: a.encoding)
    #expect(try c.features.scalars == d.features.scalars && c.labels.scalars == d.labels.scalars)
  }

  @Test("a slip among numbers is an error that names its line and column")
  func slip() throws {
    let table = try table(
      (0..<20).map { "{\"x\": \($0 == 7 ? "\"1,5\"" : "\($0).5"), \"y\": \($0)}" }.joined(separator: "\n"))
    #expect(
      errorMessage { _ = try DataSet<Float>(csv: table, labels: "y") }
        == "t.jsonl, line 8, column \"x\": found \"1,5\", expected a number; --missing-tokens takes this text for a missing "
        + "value, --text-columns the column for text")
    #expect(errorMessage { _ = try table.column("z") } == "t.jsonl: found no column \"z\", expected \"x\" or \"y\"")
  }

  @Test("numbers in quotation marks are numbers, unless they are declared to be text")
  func quotedNumbers() throws {
    let lines = "{\"zip\": \"01234\", \"x\": 1}\n{\"zip\": \"99\", \"x\": 2}"
    let numbers = try table(lines)
    #expect(numbers.rows == [["1234", "1"], ["99", "2"]])
    #expect(
      numbers.notes == ["numbers in quotation marks are taken for numbers: \"zip\"; --text-columns keeps them as text"])
    for dialect in [
      Dialect(textColumns: .named(["zip"])), Dialect(textColumns: .named(["1"])), Dialect(textColumns: .all),
    ] {
      let texts = try table(lines, dialect: dialect)
      #expect(texts.rows.map { $0[0] } == ["01234", "99"] && texts.notes.isEmpty)
    }
    #expect(
      errorMessage { _ = try table(lines, dialect: Dialect(textColumns: .named(["zap"]))) }
        == "t.jsonl: found no column \"zap\", expected \"zip\" or \"x\"")
  }

  @Test("missing tokens count beside null, and whole numbers too long for a Double are text")
  func tokens() throws {
    let lines = "{\"x\": -999, \"id\": 12345678901234567890}\n{\"x\": 2, \"id\": 12345678901234567891}\n{\"x\": null}"
    let table = try table(lines, dialect: Dialect(missingTokens: ["-999"]))
    #expect(table.missingCount(column: 0) == 2 && table.isText(column: 1))
    #expect(table.rows.map { $0[1] } == ["12345678901234567890", "12345678901234567891", ""])
    #expect(try self.table("{\"x\": \"NA\"}\n{\"x\": 1}").missingCount(column: 0) == 1)
  }

  @Test("a source is read in pieces of any size", arguments: [1, 2, 7, 64, 1 << 20])
  func pieces(_ piece: Int) throws {
    let text = "{\"a\": 1, \"b\": \"é\"}\r\n\n{\"a\": \"x\"}\n{\"b\": \"ü\", \"a\": \"y\"}"
    let table = try CSVTable(jsonLines: Array(text.utf8), named: "t", piece: piece)
    #expect(table.rows == [["1", "é"], ["x", ""], ["y", "ü"]] && table.lines == [1, 3, 4])
  }

  @Test("many names in few rows each are refused before they take all memory")
  func manyNames() throws {
    let lines = (0..<6_000).map { "{\"a\($0)\": 1}" }.joined(separator: "\n")
    let error = try #require(errorMessage { _ = try table(lines) })
    #expect(error.contains("different names in") && error.contains("expected rows of which most have the same names"))
    let wide = "{" + (0..<3_000).map { "\"a\($0)\": 1" }.joined(separator: ", ") + "}\n"
    #expect(
      errorMessage { _ = try table(wide + String(repeating: "{}\n", count: 6_000)) }?.contains("names in") == true)
    #expect(try table(wide).columnNames.count == 3_000)
  }

  @Test("the name of a file says its format, and JSON elsewhere is recognized")
  func format() throws {
    #expect(TableFormat(path: "a/b.JSONL") == .jsonLines && TableFormat(path: "x.ndjson") == .jsonLines)
    for path in ["-", "a.csv", "a.json", "jsonl", "a.jsonl.gz"] { #expect(TableFormat(path: path) == .csv) }
    for text in ["{\"a\": 1}", "[\n  {\"a\": 1}\n]", " {\n \"a\": 1}"] {
      let error = errorMessage { _ = try CSVTable(text, named: "t.json") }
      #expect(
        error
          == "t.json: found JSON, expected CSV; JSON is read from files that have an object on each line and a name "
          + "that ends in .jsonl or .ndjson")
    }
    #expect(try CSVTable("{a},b\n1,2").columnNames == ["{a}", "b"])
  }
}
