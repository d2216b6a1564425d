import TapeGradCore
import TapeGradFormats
import Testing

struct DateNotationTests {
  /// Days since 2000-01-01 by Python: `(date.fromisoformat(text) - date(2000, 1, 1)).days`.
  @Test(
    "a date is a number of days",
    arguments: [
      ("0001-01-01", -730119), ("1582-10-15", -152384), ("1900-02-28", -36466), ("1900-03-01", -36465),
      ("1999-12-31", -1), ("2000-01-01", 0), ("2000-02-29", 59), ("2000-03-01", 60), ("2024-01-31", 8796),
      ("2024-02-29", 8825), ("2100-03-01", 36584), ("9999-12-31", 2_921_939),
    ])
  func days(_ text: String, days: Int) {
    #expect(DateNotation.yearFirst.days(text) == Double(days))
    #expect(DateNotation.date(ofDay: Double(days)) == text && DateNotation.date(ofDay: Double(days) + 0.99) == text)
    let parts = text.split(separator: "-")
    #expect(DateNotation.dayFirst.days("\(parts[2])/\(parts[1])/\(parts[0])") == Double(days))
    #expect(DateNotation.monthFirst.days("\(parts[1])/\(parts[2])/\(parts[0])") == Double(days))
  }

  @Test("days follow each other, through months and leap years")
  func calendar() {
    var wrong: [Int] = []
    for day in -80_000..<80_000 {
      if DateNotation.yearFirst.days(DateNotation.date(ofDay: Double(day))) != Double(day) { wrong.append(day) }
    }
    #expect(wrong.isEmpty)
  }

  @Test(
    "the time is a fraction of the day, of UTC where the zone is given",
    arguments: [
      ("2000-01-02T12:00:00", 1.5), ("2000-01-02 06:00", 1.25), ("2000-01-01T00:00:00.5Z", 0.5 / 86_400.0),
      ("2000-01-01T12:00:00+12:00", 0.0), ("2000-01-01T12:00-1200", 1.0), ("2000-01-01T12:00+01", 11 / 24.0),
      (" 2000/1/3 ", 2.0), ("2000.01.03", 2.0),
    ])
  func times(_ text: String, days: Double) { #expect(DateNotation.yearFirst.days(text) == days) }

  @Test(
    "what is no date is none",
    arguments: [
      "", "2024", "2024-01", "24-01-31", "2024-13-01", "2024-00-01", "2024-01-32", "2023-02-29", "1900-02-29",
      "0000-01-01", "2024-01/31", "2024-01-31-", "2024--01-31", "2024-001-31", "2024-01-31T", "2024-01-31T24:00",
      "2024-01-31T12", "2024-01-31T12:60", "2024-01-31T12:00:61", "2024-01-31T12:00:00.", "2024-01-31T12:00:00+",
      "2024-01-31T12:00+25:00", "2024-01-31x", "x2024-01-31", "２０２４-01-31", "2024-01-31T12:00.5", "-2024-01-31",
    ])
  func invalid(_ text: String) { for notation in DateNotation.allCases { #expect(notation.days(text) == nil) } }

  private func data(
    _ dates: [String], _ policy: DateColumns = .found, missing: MissingValuePolicy = .mean
  ) throws -> DataSet<Double> {
    let rows = dates.enumerated().map { "\($1),\($0 % 7),\($0 % 2)" }
    return try DataSet(
      csv: CSVTable((["when,x,y"] + rows).joined(separator: "\n"), named: "t.csv"), labels: "y", task: .binary,
      dates: policy, missing: missing)
  }

  @Test("a column of dates is a number, aloud, though all of them differ")
  func column() throws {
    let data = try data(["2024-01-01", "2024-01-03T12:00", "", "2024-01-05"])
    #expect(data.featureNames == ["when", "x"])
    let mean = (8766 + 8768.5 + 8770) / 3.0
    for (found, expected) in zip(try data.features.scalars, [8766 - mean, 8768.5 - mean, 0, 8770 - mean]) {
      #expect(abs(found - expected) < 1e-9)
    }
    #expect(
      data.notes.contains(
        "column \"when\" is dates, year-first as in 2024-01-31: days from the mean date, 2024-01-03; --dates text takes "
          + "them for text"))
  }

  @Test("where day and month could be either, the column is left out, aloud, until an option says which is first")
  func ambiguous() throws {
    let dates = ["03/04/2024", "05/04/2024", "07/12/2024"]
    let found = try data(dates)
    #expect(found.featureNames == ["x"])
    #expect(
      found.notes.contains {
        $0.hasPrefix("column \"when\" is left out: its dates, such as \"03/04/2024\", could have the day first or the")
      })
    // From the mean of 8859, 8861 and 9107, and of 8829, 8890 and 8959.
    let day = try data(dates, .dayFirst).features.scalars, month = try data(dates, .monthFirst).features.scalars
    for (found, expected) in zip(day, [-250, -244, 494] as [Double]) { #expect(abs(found - expected / 3) < 1e-9) }
    for (found, expected) in zip(month, [-191, -8, 199] as [Double]) { #expect(abs(found - expected / 3) < 1e-9) }
    #expect(try data(["31/01/2024"] + dates).notes.contains { $0.contains("dates, day-first as in 31/01/2024") })
    #expect(try data(["01/31/2024"] + dates).notes.contains { $0.contains("dates, month-first as in 01/31/2024") })
    #expect(try data(["01.02.2024", "03.04.2024"]).notes.contains { $0.contains("dates, day-first") })
    let text = try data(dates + dates, .text)
    #expect(text.featureNames == ["when=03/04/2024", "when=05/04/2024", "when=07/12/2024", "x"])
  }

  @Test("a slip among dates, and a missing one, are errors with their lines")
  func slips() throws {
    let dates = (1...20).map { "2024-01-\($0 < 10 ? "0" : "")\($0)" }
    #expect(
      errorMessage { _ = try data(dates + ["soon"]) }
        == "t.csv, line 22, column \"when\": found \"soon\", expected a date such as 2024-01-31; --missing-tokens takes "
        + "this text for a missing value, --dates text the column for text")
    #expect(errorMessage { _ = try data(dates + [""], missing: .error) }?.contains("line 22, column \"when\"") == true)
    #expect(try data(dates + [""], missing: .dropRow).count == 20)
    // With three of them it is a column of words.
    #expect(try data(dates + ["soon", "soon", "soon"]).featureNames == ["x"])
  }

  @Test("the notation and the mean date travel with the encoding, and other tables are read by them")
  func travel() throws {
    let encoding = try data(["03/04/2024", "05/04/2024"], .dayFirst).encoding
    let again = try TableEncoding(json: encoding.json)
    #expect(again == encoding)
    let (features, _): (Tensor<Double>, [Int]) = try again.features(of: CSVTable("when,x\n12/04/2024,1\nNA,2\n"))
    #expect(try features.scalars == [8, 0, 1, 2])
    #expect(
      errorMessage { let _: (Tensor<Double>, [Int]) = try again.features(of: CSVTable("when,x\n04/13/2024,1\n")) }?
        .contains("found \"04/13/2024\", expected a date such as 31/01/2024") == true)
    #expect(throws: DataSetError.self) {
      try TableEncoding(json: encoding.json.replacing("day-first", with: "some-first"))
    }
    // A split takes the mean of the rows to learn from.
    let (training, test) = try data((1...9).map { "2024-01-0\($0)" }).split(test: 0.3, seed: 1)
    #expect(training.encoding.features == test.encoding.features)
    #expect(abs(try training.features.scalars.prefix(training.count).reduce(0, +)) < 1e-9)
  }
}
