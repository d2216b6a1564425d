import TapeGradFormats
import Testing

struct CSVTableTests {
  @Test("a table is read from a file")
  func file() throws {
    try withTemporaryFile(Array("x;y\n1,5;2\n".utf8)) { path in
      let table = try CSVTable(contentsOf: path, dialect: Dialect(delimiter: .semicolon))
      #expect(table.name == path)
      #expect(table.columnNames == ["x", "y"])
      #expect(table.rowCount == 1)
      #expect(table[0, 0] == "1.5")
      #expect(table.line(ofRow: 0) == 2)
    }
  }

  @Test("a file that cannot be read is an error")
  func unreadable() {
    let error = #expect(throws: FileError.self) { try CSVTable(contentsOf: "/no/such/file.csv") }
    #expect(error?.description == "/no/such/file.csv: cannot be read: No such file or directory")
  }

  @Test("an error names the file's path")
  func path() throws {
    try withTemporaryFile(Array("x,y\n1\n".utf8)) { path in
      #expect(
        errorMessage { _ = try CSVTable(contentsOf: path) }
          == "\(path), line 2: found 1 field, expected 2 as in line 1; --irregular-rows drop leaves it out"
      )
    }
  }

  @Test("what does not end is not read for ever")
  func endless() {
    let message = errorMessage { _ = try CSVTable(contentsOf: "/dev/zero", limit: 1 << 20) }
    #expect(message == "/dev/zero: more than 1048576 bytes, and no end of them: reading was stopped")
  }

  @Test("a quotation mark without an end does not swallow a large file")
  func unclosed() throws {
    let row = String(repeating: "x", count: 1000) + "\n"
    let text = "a\n\"b\n" + String(repeating: row, count: 18_000)
    let error = #expect(throws: CSVError.self) {
      try CSVTable(text, named: "t.csv", dialect: Dialect(delimiter: .comma, quote: .double))
    }
    #expect("\(try #require(error))".hasPrefix("t.csv, line 2: found a record of 16777216 bytes or more"))
  }

  @Test(
    "the usual markers mean a missing value",
    arguments: ["", "?", "NA", "na", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "  ", " NA "])
  func missing(_ marker: String) throws {
    let data = try DataSet<Double>(csv: CSVTable("x,y\n1,1\n\(marker),2\n3,3\n"), labels: "y", missing: .dropRow)
    #expect(try data.labels.scalars == [1, 3])
  }

  @Test("other markers of missing values can be given")
  func otherMarkers() throws {
    let table = try CSVTable("x,y\n1,1\n-999,2\n3,3\n", dialect: Dialect(missingTokens: ["-999"]))
    #expect(try DataSet<Double>(csv: table, labels: "y", missing: .dropRow).labels.scalars == [1, 3])
  }
}
