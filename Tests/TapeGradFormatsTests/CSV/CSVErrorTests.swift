import TapeGradCore
import TapeGradFormats
import Testing

struct CSVErrorTests {
  @Test("an error names the file, line and column, what was found and what was expected")
  func parts() throws {
    let rows = (2...16).map { _ in "1.5,2" }.joined(separator: "\n")
    let table = try CSVTable("radius,label\n\(rows)\nabc,3\n", named: "measurements.csv")
    let error = #expect(throws: CSVError.self) { try DataSet<Double>(csv: table, labels: "label") }
    #expect(
      "\(try #require(error))" == #"measurements.csv, line 17, column "radius": found "abc", "#
        + "expected a number; --missing-tokens takes this text for a missing value, --text-columns the column for text")
    #expect(error?.file == "measurements.csv")
    #expect(error?.problems.first?.line == 17)
    #expect(error?.problems.first?.column?.number == 1)
    #expect(error?.problems.first?.column?.name == "radius")
    #expect(error?.problems.first?.found == #""abc""#)
  }

  @Test("long or unprintable text is shown in brief")
  func text() throws {
    let table = try CSVTable("x,y\n1.5,1\n2.5,1\n\"a\tb\u{7}" + String(repeating: "c", count: 90) + "\",2\n")
    let shown = #""a\tb\u{07}"# + String(repeating: "c", count: 36) + #""…"#
    let message = errorMessage { _ = try DataSet<Double>(csv: table, labels: "y") }
    #expect(message?.hasPrefix(#"text, line 4, column "x": found \#(shown), expected a number"#) == true)
  }

  @Test("all problems of a file are in one message, which shows the first ten")
  func all() throws {
    let rows = (0..<160).map { $0 % 4 == 0 ? "1" : $0 % 4 == 2 ? "1,2,3" : "3,4" }.joined(separator: "\n")
    let message = try #require(errorMessage { _ = try CSVTable("a,b\n1,2\n" + rows, named: "t.csv") })
    let lines = message.split(separator: "\n")
    #expect(lines.count == 12)
    #expect(lines[0] == "t.csv: 80 problems")
    #expect(lines[1] == "  line 3: found 1 field, expected 2 as in line 1; --irregular-rows drop leaves it out")
    #expect(lines[2] == "  line 5: found 3 fields, expected 2 as in line 1; --irregular-rows drop leaves it out")
    #expect(lines[11] == "  … and 70 more")
  }

  @Test("problems in several columns, and in the labels, are told together")
  func together() throws {
    let table = try CSVTable("a,b,y\n1.5,2.5,3.5\n1.5,x,4.5\noops,2.5,5.5\n2.5,3.5,z\n", named: "t.csv")
    let message = try #require(errorMessage { _ = try DataSet<Float>(csv: table, labels: "y") })
    let places = message.split(separator: "\n").map { $0.prefix { $0 != ":" } }
    #expect(places == ["t.csv", "  line 4, column \"a\"", "  line 3, column \"b\"", "  line 5, column \"y\""])
  }

  @Test(
    "a message is short, whatever a field or a title holds",
    arguments: ["x", "e\u{301}", "e" + String(repeating: "\u{301}", count: 900)])
  func bounded(_ unit: String) throws {
    let long = String(repeating: unit, count: 20_000 / unit.utf8.count)
    let rows = (0..<20).map { "\($0).5,\(long)\n" }.joined()
    for text in ["\(long),y\n1.5,2\n2.5,3\nz,4\n", "x,y\n1.5,2\n2.5,3\n\"\(long)\",4\n", rows] {
      let table = try CSVTable(text)
      for labels in ["1", "2", long] {
        let message = errorMessage { _ = try DataSet<Float>(csv: table, labels: labels) }
        #expect((message ?? "").utf8.count < 10_000)
      }
      for note in table.notes { #expect(note.utf8.count < 10_000) }
    }
  }

  @Test("at most ten alternatives are listed")
  func alternatives() throws {
    let table = try CSVTable(
      (1...12).map { "column\($0)" }.joined(separator: ",") + "\n", dialect: Dialect(header: .present))
    let message = errorMessage { _ = try table.column("something else") }
    let names = (1...10).map { "\"column\($0)\"" }.joined(separator: ", ")
    #expect(message == "text: found no column \"something else\", expected \(names), …")
  }
}
