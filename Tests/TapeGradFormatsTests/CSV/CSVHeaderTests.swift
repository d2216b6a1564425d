import TapeGradFormats
import Testing

struct CSVHeaderTests {
  @Test(
    "a header is recognized by the rows below it",
    arguments: [
      ("x,y\n1,2\n", true),
      ("1,2\n3,4\n", false),
      ("x,2\n1,2\n", true),
      ("color,size\nred,1\n", true),
      ("red,1\ngreen,2\n", false),
      ("red,green\nblue,white\n", true),  // text only: the first row is taken for titles, and that is said
      ("red,green\nblue,green\n", false),
      ("a,a\nb,c\n", false),
      (",a\nx,b\n", true),  // row numbers have no title
      ("country,2019,2020\nA,1,2\nB,3,4\n", true),
      ("2018,2019,2020\n1,2,3\n4,5,6\n", true),
      ("2018,2019,2020\n2001,2002,2003\n", false),  // years below, too
      ("2018,2019,2021\n1,2,3\n", false),
      ("x,y\n", true),
      ("1,y\n", true),
      ("1,2\n", false),
      ("x\n1\noops\n3\n", true),  // a slip in a numeric column
      ("3+\n1\n3+\nmore\n", false),  // the first field comes again
      ("NA\n1\n2\n", false),  // a missing value is not a name
      ("x\nNA\n?\n", true),
      ("x,\n 1 ,2\n", true),
      ("inf\n1\n", false),
    ])
  func recognized(_ text: String, hasHeader: Bool) throws {
    #expect(try CSVTable(text).hasHeader == hasHeader)
  }

  @Test("a header is there where the caller says so")
  func given() throws {
    let present = try CSVTable("1,2\n3,4\n", dialect: Dialect(header: .present))
    #expect(present.columnNames == ["1", "2"])
    #expect(present.rows == [["3", "4"]])
    #expect(present.lines == [2])
    let absent = try CSVTable("x,y\n3,4\n", dialect: Dialect(header: .absent))
    #expect(absent.columnNames == ["1", "2"])
    #expect(absent.rows == [["x", "y"], ["3", "4"]])
  }

  @Test("a column without a name goes by its number")
  func unnamed() throws {
    #expect(try CSVTable(",  ,\" size \"\n1,2,3\n").columnNames == ["1", "2", "size"])
  }

  @Test(
    "a name that stands twice gets a number, and a note says so",
    arguments: [
      ("x,y,x\n1,2,3\n", ["x", "y", "x_2"], "columns 1 and 3 are both called \"x\": the latter is \"x_2\" here"),
      ("\n2,,2\n1,2,3\n", ["2", "2_2", "2_3"], "columns 1 and 2 are both called \"2\": the latter is \"2_2\" here"),
      ("x,x_2,x\n1,2,3\n", ["x", "x_2", "x_3"], "columns 1 and 3 are both called \"x\": the latter is \"x_3\" here"),
    ])
  func repeated(_ text: String, names: [String], note: String) throws {
    let table = try CSVTable(text, dialect: Dialect(header: .present))
    #expect(table.columnNames == names)
    #expect(table.notes.first == note)
  }

  @Test("a header that is one title short names all columns but the first, if that names the rows")
  func short() throws {
    let table = try CSVTable("mpg cyl\n\"Mazda RX4\" 21.0 6\nFiat 32.4 4\nVolvo 21.4 4\n")
    #expect(table.dialect.header == .withoutRowNames)
    #expect(table.columnNames == ["1", "mpg", "cyl"])
    #expect(table.rows.first == ["Mazda RX4", "21", "6"])
  }

  @Test("ten thousand equal titles get ten thousand names, in a moment")
  func equalTitles() throws {
    let header = [String](repeating: "x", count: 9_999) + ["x_3"]
    let table = try CSVTable(
      header.joined(separator: ",") + "\n" + header.map { _ in "1" }.joined(separator: ",") + "\n")
    #expect(Set(table.columnNames).count == 10_000 && table.columnNames.prefix(4) == ["x", "x_2", "x_4", "x_5"])
    #expect(table.columnNames.last == "x_3")
    #expect(
      table.notes.count == 11
        && table.notes.last == "so it is with 9988 more columns: each has a number behind its title")
  }
}
