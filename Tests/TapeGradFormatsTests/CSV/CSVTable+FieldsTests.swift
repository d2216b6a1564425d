import TapeGradFormats
import Testing

struct CSVTableFieldsTests {
  let table: CSVTable

  init() throws {
    table = try CSVTable("radius,texture,2\n1,2,3\n", named: "t.csv", dialect: Dialect(header: .present))
  }

  @Test(
    "a column is found by its name, then by its number",
    arguments: [("radius", 0), ("texture", 1), ("1", 0), ("3", 2), ("2", 2)])
  func lookup(_ column: String, index: Int) throws {
    #expect(try table.column(column) == index)
  }

  @Test(
    "the error for an unknown column suggests others",
    arguments: [
      ("radus", "t.csv: found no column \"radus\", expected \"radius\""),
      ("TEXTURE", "t.csv: found no column \"TEXTURE\", expected \"texture\""),
      ("diagnosis", "t.csv: found no column \"diagnosis\", expected \"radius\", \"texture\" or \"2\""),
      ("", "t.csv: found no column \"\", expected \"radius\", \"texture\" or \"2\""),
      ("0", "t.csv: found no column \"0\", expected \"radius\", \"texture\" or \"2\""),
      ("4", "t.csv: found no column \"4\", expected \"radius\", \"texture\" or \"2\""),
    ])
  func suggestions(_ column: String, message: String) {
    #expect(errorMessage { _ = try table.column(column) } == message)
  }

  @Test("the error for an unknown column says where there is no header")
  func noHeader() throws {
    let table = try CSVTable("1,2\n3,4\n", named: "t.csv")
    #expect(
      errorMessage { _ = try table.column("radius") }
        == "t.csv: found no column \"radius\", expected a number from 1 to 2, since there is no header; "
        + "--header yes takes the first line for titles")
  }

  /// Distances by hand: Levenshtein's own example has 3 edits in 7 letters, more than a quarter.
  @Test(
    "a name is suggested alone where at most a quarter of its letters differ",
    arguments: [
      ("kitten", "sitting", false), ("saturn", "saturns", true), ("abcd", "abdc", false), ("ab", "a", false),
    ])
  func spelling(_ name: String, _ wanted: String, isSuggested: Bool) throws {
    let table = try CSVTable("\(name),zzzzzzzzzzzz\n", dialect: Dialect(header: .present))
    let message = try #require(errorMessage { _ = try table.column(wanted) })
    #expect(message.contains("zzzz") != isSuggested)
  }
}
