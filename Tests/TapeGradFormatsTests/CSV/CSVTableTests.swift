import TapeGradFormats
import Testing

@Suite struct CSVTableTests {
  @Test func readsAFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/data.csv"
      try writeAtomically(Array("x;y\n1,5;2\n".utf8), to: path)
      let table = try CSVTable(contentsOf: path, delimiter: .semicolon)
      #expect(table.name == path)
      #expect(table.columnNames == ["x", "y"])
      #expect(table.rowCount == 1)
      #expect(table[0, 0] == "1,5")
      #expect(table.line(ofRow: 0) == 2)
    }
  }

  @Test func aFileThatCannotBeReadIsAnError() {
    let error = #expect(throws: FileError.self) { try CSVTable(contentsOf: "/no/such/file.csv") }
    #expect(error?.description == "/no/such/file.csv: cannot be read: No such file or directory")
  }

  @Test func theErrorNamesThePath() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/data.csv"
      try writeAtomically(Array("x,y\n1\n".utf8), to: path)
      #expect(
        errorMessage { _ = try CSVTable(contentsOf: path) } == "\(path), line 2: found 1 field, expected 2 as in line 1"
      )
    }
  }

  @Test(arguments: ["", "?", "NA", "na", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "  ", " NA "])
  func knowsMissingValues(_ marker: String) throws {
    let data = try DataSet<Double>(csv: CSVTable("x,y\n1,1\n\(marker),2\n3,3\n"), labels: "y", missing: .dropRow)
    #expect(try data.labels.scalars == [1, 3])
  }

  @Test func takesOtherMarkersOfMissingValues() throws {
    let table = try CSVTable("x,y\n1,1\n-999,2\n3,3\n", missingMarkers: ["-999"])
    #expect(try DataSet<Double>(csv: table, labels: "y", missing: .dropRow).labels.scalars == [1, 3])
  }
}
