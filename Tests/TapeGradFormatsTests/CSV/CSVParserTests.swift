import TapeGradCore
import TapeGradFormats
import Testing

/// The grammar of CSV files, seen through `CSVTable`.
@Suite struct CSVParserTests {
  /// Texts with the lines and fields that Python 3.11's `csv.reader` finds in them; a record's line is there the
  /// `line_num` after the record before it, plus 1.
  static let texts: [(text: String, lines: [Int], rows: [[String]])] = [
    ("a,b,c\n1,2,3\n", [1, 2], [["a", "b", "c"], ["1", "2", "3"]]),
    ("a,b\r\n1,2\r\n", [1, 2], [["a", "b"], ["1", "2"]]),
    ("a,b\n1,2", [1, 2], [["a", "b"], ["1", "2"]]),
    ("a,b\r1,2\r", [1, 2], [["a", "b"], ["1", "2"]]),
    ("\"a\",\"b\"\n\"1\",\"2\"\n", [1, 2], [["a", "b"], ["1", "2"]]),
    ("\"a,b\",c\n", [1], [["a,b", "c"]]),
    ("\"a \"\"b\"\" c\",d\n", [1], [["a \"b\" c", "d"]]),
    ("\"line one\nline two\",x\n3,4\n", [1, 3], [["line one\nline two", "x"], ["3", "4"]]),
    ("\"line one\r\nline two\",x\r\n3,4\r\n", [1, 3], [["line one\r\nline two", "x"], ["3", "4"]]),
    ("\"a\rb\",c\nd,e", [1, 3], [["a\rb", "c"], ["d", "e"]]),
    ("\"a\n\n\nb\",1\nc,2\n", [1, 5], [["a\n\n\nb", "1"], ["c", "2"]]),
    ("\"\n\"\n2\n", [1, 3], [["\n"], ["2"]]),
    ("\"\",\"\"\n", [1], [["", ""]]),
    ("\"\"\"\",\"\"\"\"\"\"\n", [1], [["\"", "\"\""]]),
    (",\n,\n", [1, 2], [["", ""], ["", ""]]),
    ("a,b\n\n\n1,2\n\n", [1, 4], [["a", "b"], ["1", "2"]]),
    ("\"x\"\r\n\r\n\"y\"\r\n", [1, 3], [["x"], ["y"]]),
    ("  a , b \n", [1], [["  a ", " b "]]),
    ("5\" pipe,x\n", [1], [["5\" pipe", "x"]]),
    ("a\"b\"c,d\n", [1], [["a\"b\"c", "d"]]),
    ("é,\"日本\"\nü,😀\n", [1, 2], [["é", "日本"], ["ü", "😀"]]),
  ]

  @Test(arguments: texts)
  func readsWhatPythonReads(_ example: (text: String, lines: [Int], rows: [[String]])) throws {
    let table = try CSVTable(example.text, header: .absent)
    #expect(table.rows == example.rows)
    #expect(table.lines == example.lines)
  }

  @Test func skipsTheByteOrderMark() throws {
    #expect(try CSVTable("\u{FEFF}a,b\n1,2\n").columnNames == ["a", "b"])
  }

  @Test func skipsLinesOfSpaces() throws {
    #expect(try CSVTable("   \na\n  \n1\n ", header: .absent).rows == [["a"], ["1"]])
  }

  @Test(arguments: [("\t", .tab), (" ", .space)] as [(String, CSVTable.Delimiter)])
  func aLineOfDelimitersIsNotBlank(_ character: String, _ delimiter: CSVTable.Delimiter) throws {
    let table = try CSVTable("a\(character)b\n\(character)\n", header: .absent, delimiter: delimiter)
    #expect(table.rows == [["a", "b"], ["", ""]])
  }

  @Test(arguments: CSVTable.Delimiter.allCases)
  func splitsAtTheDelimiter(_ delimiter: CSVTable.Delimiter) throws {
    let character = String(UnicodeScalar(delimiter.rawValue))
    let others = CSVTable.Delimiter.allCases.filter { $0 != delimiter }.map { String(UnicodeScalar($0.rawValue)) }
    let second = "x" + others.joined() + "y"
    let table = try CSVTable("1\(character)\(second)\n", header: .absent, delimiter: delimiter)
    #expect(table.rows == [["1", second]])
  }

  @Test(arguments: [
    ("", "t.csv: found an empty file, expected at least one record"),
    ("\u{FEFF}\r\n  \r\n", "t.csv: found an empty file, expected at least one record"),
    ("a,b\n1,2,3\n", "t.csv, line 2: found 3 fields, expected 2 as in line 1"),
    ("\na,b\n\"x\ny\",2\n1\n", "t.csv, line 5: found 1 field, expected 2 as in line 2"),
    (
      "a,b\n1,2\n3,\"4\n5,6\n",
      "t.csv, line 3, column 2: found a quoted field without an end, expected a closing quotation mark"
    ),
    ("\"", "t.csv, line 1, column 1: found a quoted field without an end, expected a closing quotation mark"),
    ("\"\"\"", "t.csv, line 1, column 1: found a quoted field without an end, expected a closing quotation mark"),
    (
      "a,b\n1,\"2\n3\" 4,5\n",
      "t.csv, line 3, column 2: found \" 4\" after a closing quotation mark, "
        + "expected a delimiter or the end of the line"
    ),
  ])
  func saysWhatIsWrong(_ text: String, _ message: String) {
    #expect(errorMessage { _ = try CSVTable(text, named: "t.csv") } == message)
  }

  @Test(arguments: [
    (Array("a,b\n1,".utf8) + [0xE9] + Array("\n".utf8), 2, 2),  // é in Latin-1
    ([0xFF, 0xFE, 0x61, 0x00], 1, 1),  // a in UTF-16
    (Array("\"x\n\",\"".utf8) + [0xC3] + Array("\"\n".utf8), 2, 2),  // half of an é
  ])
  func refusesBytesThatAreNotUTF8(_ bytes: [UInt8], line: Int, column: Int) {
    let message = errorMessage { _ = try CSVTable(utf8: bytes, named: "t.csv") }
    #expect(
      message == "t.csv, line \(line), column \(column): found bytes that are not UTF-8, expected text in UTF-8")
  }

  /// Whatever the bytes, reading them gives a table or a `CSVError`; a table, written in quotation marks, reads the same.
  @Test func readsOrRefusesAnything() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("CSVParserTests.readsOrRefusesAnything: seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("\"\",;\t\n\r 0a1.é\u{FEFF}".utf8) + [0x00, 0xFF]
    var tables = 0
    for _ in 0..<3000 {
      let length = Int.random(in: 0..<24, using: &generator)
      let bytes = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
      guard let table = try? CSVTable(utf8: bytes, named: "random", header: .absent) else { continue }
      tables += 1
      let lines = table.rows.map { row in
        row.map { "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" }
          .joined(separator: ",")
      }
      let copy = try CSVTable(lines.joined(separator: "\n"), header: .absent)
      #expect(copy.rows == table.rows, "seed \(seed), bytes \(bytes)")
      _ = try? DataSet<Double>(csv: CSVTable(utf8: bytes, named: "random"), labels: "1", missing: .mean)
    }
    #expect(tables > 100, "seed \(seed)")
  }
}
