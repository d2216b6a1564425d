import TapeGradCore
import TapeGradFormats
import Testing

/// The grammar of CSV files, seen through `CSVTable`.
struct CSVParserTests {
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
    ("5\" pipe,x\n", [1], [["5\" pipe", "x"]]),
    ("a\"b\"c,d\n", [1], [["a\"b\"c", "d"]]),
    ("é,\"日本\"\nü,😀\n", [1, 2], [["é", "日本"], ["ü", "😀"]]),
  ]

  /// RFC 4180, and every field as it stands.
  static let plain = Dialect(
    delimiter: .comma, quote: .double, escape: .doubled, header: .absent, comment: "", skippedLines: 0,
    textColumns: .all)

  @Test("records have the lines and fields that Python's csv.reader finds", arguments: texts)
  func grammar(_ example: (text: String, lines: [Int], rows: [[String]])) throws {
    let table = try CSVTable(example.text, dialect: Self.plain)
    #expect(table.rows == example.rows)
    #expect(table.lines == example.lines)
  }

  @Test("a byte order mark is skipped")
  func byteOrderMark() throws {
    #expect(try CSVTable("\u{FEFF}a,b\n1,2\n").columnNames == ["a", "b"])
  }

  @Test("a line of spaces is skipped")
  func blankLines() throws {
    #expect(try CSVTable("   \na\n  \n1\n ", dialect: Dialect(header: .absent)).rows == [["a"], ["1"]])
  }

  @Test(
    "a line of delimiters is not blank", arguments: [("\t", .tab), (",", .comma)] as [(String, Dialect.Delimiter)])
  func delimiterLines(_ character: String, _ delimiter: Dialect.Delimiter) throws {
    let table = try CSVTable(
      "a\(character)b\n\(character)\n",
      dialect: Dialect(delimiter: delimiter, header: .absent, skippedLines: 0, textColumns: .all))
    #expect(table.rows == [["a", "b"], ["", ""]])
  }

  @Test("spaces around a field do not count, those in quotation marks do")
  func spaces() throws {
    #expect(try CSVTable("  a , \" b \" \n", dialect: Self.plain).rows == [["a", " b "]])
  }

  @Test("a run of spaces and tabs is one delimiter, where that is a space")
  func runs() throws {
    let table = try CSVTable(
      "  1.5   a b\t\t2 \n 3  \"x y\"  c 4\n", dialect: Dialect(delimiter: .space, header: .absent))
    #expect(table.rows == [["1.5", "a", "b", "2"], ["3", "x y", "c", "4"]])
  }

  @Test("a backslash takes the next character as it is, where the dialect says so")
  func backslashes() throws {
    let text = #""a \"word\"","b\\""# + "\n"
    let dialect = Dialect(escape: .backslash, header: .absent)
    #expect(try CSVTable(text, dialect: dialect).rows == [[#"a "word""#, #"b\"#]])
  }

  @Test("lines that begin with the comment prefix are not data, also as the last one")
  func comments() throws {
    let table = try CSVTable("# one\na,b\n# \"two\n1,2\n  # three", dialect: Dialect(comment: "#"))
    #expect(table.columnNames == ["a", "b"])
    #expect(table.rows == [["1", "2"]])
    #expect(table.lines == [4])
  }

  @Test("a text reads the same in pieces of any size", arguments: 1...48)
  func smallPieces(_ size: Int) throws {
    let text =
      "\u{FEFF}# a note\r\nn,\"te\"\"xt\",x\r\n1.5,\"a \"\"b\"\"\r\n,é\" , 2\r\n\r\n# x\r\n-25e-1,,3\r\n7,\"\"\"\",\r\n12345,long enough to need more,4\r\n8,z,5"
    let dialect = Dialect(comment: "#")
    let whole = try CSVTable(utf8: Array(text.utf8), named: "t", dialect: dialect)
    #expect(
      whole.rows == [
        ["1.5", "a \"b\"\r\n,é", "2"], ["-2.5", "", "3"], ["7", "\"", ""], ["12345", "long enough to need more", "4"],
        ["8", "z", "5"],
      ])
    #expect(whole.lines == [3, 7, 8, 9, 10])
    let pieces = try CSVTable(utf8: Array(text.utf8), named: "t", dialect: dialect, piece: size)
    #expect(pieces.columnNames == whole.columnNames)
    #expect(pieces.rows == whole.rows)
    #expect(pieces.lines == whole.lines)
    let faulty = Array((text + "\r\n1\r\n1,\"2\"3,4\r\n\"5\r\n").utf8)
    let message = errorMessage { _ = try CSVTable(utf8: faulty, named: "t", dialect: dialect) }
    #expect(errorMessage { _ = try CSVTable(utf8: faulty, named: "t", dialect: dialect, piece: size) } == message)
  }

  @Test("a file of many pieces reads like one in memory, wherever the pieces are cut")
  func pieces() throws {
    // Rows of 23 to 43 bytes with line breaks in them: the limits of 1 MiB fall anywhere.
    var text = "n,text\r\n"
    for row in 0..<100_000 { text += "\(row)," + "\"a \"\"\r\n\(String(repeating: "é", count: row % 11))\",\r\n" }
    try withTemporaryFile(Array(text.utf8)) { path in
      let table = try CSVTable(contentsOf: path)
      #expect(table.rowCount == 100_000)
      #expect(table.columnNames == ["n", "text"])
      for row in stride(from: 0, to: 100_000, by: 7919) + [99_999] {
        #expect(table[row, 0] == "\(row)")
        #expect(table[row, 1] == "a \"\r\n" + String(repeating: "é", count: row % 11))
        #expect(table.line(ofRow: row) == 2 * row + 2)
      }
    }
  }

  @Test("fields are split at the delimiter, and at no other", arguments: Dialect.Delimiter.allCases)
  func delimiters(_ delimiter: Dialect.Delimiter) throws {
    let characters: [Dialect.Delimiter: Character] = [
      .comma: ",", .semicolon: ";", .tab: "\t", .bar: "|", .colon: ":", .space: " ",
    ]
    let character = try #require(characters[delimiter])
    // A tab is a space where spaces are delimiters.
    let others = characters.filter { $0.key != delimiter && $0.key != .tab }.map(\.value).sorted()
    let second = "x" + String(others) + "y"
    let dialect = Dialect(delimiter: delimiter, header: .absent, textColumns: .all)
    #expect(try CSVTable("1\(character)\(second)\n", dialect: dialect).rows == [["1", second]])
  }

  @Test(
    "a text that is not CSV is an error that says where and why",
    arguments: [
      ("", "t.csv: found an empty file, expected at least one record"),
      ("\u{FEFF}\r\n  \r\n", "t.csv: found an empty file, expected at least one record"),
      ("a,b\n1,2,3\n", "t.csv, line 2: found 3 fields, expected 2 as in line 1; --irregular-rows drop leaves it out"),
      (
        "\na,b\n\"x\ny\",2\n1\n",
        "t.csv, line 5: found 1 field, expected 2 as in line 2; --irregular-rows drop leaves it out"
      ),
      (
        "a,b\n1,2\n3,\"4\n5,6\n",
        "t.csv, line 3, column 2: found a quoted field without an end, expected a closing quotation mark; "
          + "--quote none takes such marks as they are"
      ),
      (
        "\"",
        "t.csv, line 1: found a quoted field without an end, expected a closing quotation mark; "
          + "--quote none takes such marks as they are"
      ),
      (
        "\"\"\"",
        "t.csv, line 1: found a quoted field without an end, expected a closing quotation mark; "
          + "--quote none takes such marks as they are"
      ),
      (
        "a,b\n1,\"2\n3\" 4,5\n",
        "t.csv, line 3, column 2: found \"4\" after a closing quotation mark, "
          + "expected a delimiter or the end of the line"
      ),
    ])
  func errors(_ text: String, _ message: String) {
    #expect(errorMessage { _ = try CSVTable(text, named: "t.csv") } == message)
  }

  @Test(
    "bytes that are not UTF-8 are an error",
    arguments: [
      (Array("a,b\n1,".utf8) + [0xE9] + Array("\n".utf8), 2, 2),  // é in Latin-1
      (Array("\"x\n\",\"".utf8) + [0xC3] + Array("\"\n".utf8), 2, 2),  // half of an é
    ])
  func notUTF8(_ bytes: [UInt8], line: Int, column: Int) {
    let message = errorMessage {
      _ = try CSVTable(
        utf8: bytes, named: "t.csv", dialect: Dialect(header: line == 2 && bytes[0] == 0x61 ? nil : .absent))
    }
    #expect(
      message == "t.csv, line \(line), column \(column): found bytes that are not UTF-8, "
        + "expected text in UTF-8; iconv -f LATIN1 -t UTF-8 converts older files")
  }

  @Test(
    "a file that is no text is named for what it is",
    arguments: [
      ([0x1F, 0x8B, 0x08], "a file compressed by gzip"), ([0xFF, 0xFE, 0x61, 0x00], "text in UTF-16"),
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive or a spreadsheet"), (Array("a,b\n1,\0".utf8), "a zero byte"),
      (Array("PAR1".utf8), "a Parquet file"),
    ] as [([UInt8], String)])
  func foreign(_ bytes: [UInt8], found: String) {
    #expect(errorMessage { _ = try CSVTable(utf8: bytes, named: "t.csv") }?.hasPrefix("t.csv: found \(found)") == true)
  }

  /// Whatever the bytes, reading them gives a table or a `CSVError`; a table, written in quotation marks, reads the same.
  @Test("whatever the bytes, they are a table that reads back the same, or an error")
  func anyBytes() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("CSVParserTests.anyBytes: seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("\"\",;\t\n\r 0a1.é\u{FEFF}".utf8) + [0x00, 0xFF]
    var tables = 0
    for _ in 0..<3000 {
      let length = Int.random(in: 0..<24, using: &generator)
      let bytes = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
      guard let table = try? CSVTable(utf8: bytes, named: "random", dialect: Self.plain) else { continue }
      tables += 1
      let lines = table.rows.map { row in
        row.map { "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" }
          .joined(separator: ",")
      }
      let copy = try CSVTable(lines.joined(separator: "\n"), dialect: Self.plain)
      #expect(copy.rows == table.rows, "seed \(seed), bytes \(bytes)")
      _ = try? DataSet<Double>(csv: CSVTable(utf8: bytes, named: "random"), labels: "1", missing: .mean)
    }
    #expect(tables > 100, "seed \(seed)")
  }
}
