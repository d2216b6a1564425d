import TapeGradFormats
import Testing

@Suite struct CSVErrorTests {
  @Test func namesFileLineColumnAndExpectation() throws {
    let rows = (2...16).map { _ in "1.5,2" }.joined(separator: "\n")
    let table = try CSVTable("radius,label\n\(rows)\nabc,3\n", named: "measurements.csv")
    let error = #expect(throws: CSVError.self) { try DataSet<Double>(csv: table, labels: "label") }
    #expect("\(try #require(error))" == #"measurements.csv, line 17, column "radius": found "abc", expected a number"#)
    #expect(error?.file == "measurements.csv")
    #expect(error?.line == 17)
    #expect(error?.column?.number == 1)
    #expect(error?.column?.name == "radius")
    #expect(error?.found == #""abc""#)
    #expect(error?.expected == "a number")
  }

  @Test func showsLongAndUnprintableTextInBrief() throws {
    let table = try CSVTable("x,y\n1,1\n\"a\tb\u{7}" + String(repeating: "c", count: 90) + "\",2\n")
    let shown = #""a\tb\u{07}"# + String(repeating: "c", count: 36) + #""…"#
    #expect(
      errorMessage { _ = try DataSet<Double>(csv: table, labels: "y") }
        == #"text, line 3, column "x": found \#(shown), expected a number"#)
  }

  @Test func listsTenAlternativesAtMost() throws {
    let table = try CSVTable((1...12).map { "column\($0)" }.joined(separator: ",") + "\n", header: .present)
    let message = errorMessage { _ = try table.column("something else") }
    let names = (1...10).map { "\"column\($0)\"" }.joined(separator: ", ")
    #expect(message == "text: found no column \"something else\", expected \(names), …")
  }
}
