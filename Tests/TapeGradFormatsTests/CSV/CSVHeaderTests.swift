import TapeGradFormats
import Testing

@Suite struct CSVHeaderTests {
  @Test(arguments: [
    ("x,y\n1,2\n", true),
    ("1,2\n3,4\n", false),
    ("x,2\n1,2\n", true),
    ("colour,size\nred,1\n", true),
    ("red,1\ngreen,2\n", false),
    ("red,green\nblue,white\n", false),
    ("x,y\n", true),
    ("1,y\n", true),
    ("1,2\n", false),
    ("x\n1\noops\n3\n", true),  // a slip in a numeric column
    ("3+\n1\noops\nmore\n", false),  // mostly text
    ("NA\n1\n2\n", false),  // a missing value is no name
    ("x\nNA\n?\n", true),
    ("x,\n 1 ,2\n", true),
    ("inf\n1\n", false),
  ])
  func isFoundInTheRowsBelow(_ text: String, hasHeader: Bool) throws {
    #expect(try CSVTable(text).hasHeader == hasHeader)
  }

  @Test func isWhatTheCallerSays() throws {
    let present = try CSVTable("1,2\n3,4\n", header: .present)
    #expect(present.columnNames == ["1", "2"])
    #expect(present.rows == [["3", "4"]])
    #expect(present.lines == [2])
    let absent = try CSVTable("x,y\n3,4\n", header: .absent)
    #expect(absent.columnNames == ["1", "2"])
    #expect(absent.rows == [["x", "y"], ["3", "4"]])
  }

  @Test func namesColumnsWithoutANameByTheirNumber() throws {
    #expect(try CSVTable(",  ,\" size \"\n1,2,3\n").columnNames == ["1", "2", "size"])
  }

  @Test(arguments: [
    ("x,y,x\n1,2,3\n", "t.csv, line 1, column \"x\": found the name of column 1 again, expected a name of its own"),
    ("\n2,,2\n1,2,3\n", "t.csv, line 2, column \"2\": found the name of column 1 again, expected a name of its own"),
  ])
  func refusesANameTwice(_ text: String, message: String) {
    #expect(errorMessage { _ = try CSVTable(text, named: "t.csv", header: .present) } == message)
  }
}
