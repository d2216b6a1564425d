import TapeGradCore
import TapeGradFormats
import Testing

struct CSVTableValuesTests {
  static let numbers: [(text: String, value: Double)] = [
    ("1", 1), ("-1.5", -1.5), ("+2", 2), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3", 0.001), (" 7\t", 7),
    ("\" 8 \"", 8), ("-0", -0.0), ("0.1", 0.1), ("1e-400", 0), ("1.7976931348623157e308", .greatestFiniteMagnitude),
  ]

  @Test("a number is read to the nearest Double", arguments: numbers)
  func read(_ text: String, value: Double) throws {
    let tensor: Tensor<Double> = try CSVTable("x\n\(text)\n", dialect: Dialect(header: .present)).tensor(columns: ["x"])
    #expect(try tensor.scalars.map(\.bitPattern) == [value.bitPattern])
  }

  @Test(
    "nothing else is a number",
    arguments: ["abc", "1.5.2", "1 2", "--1", "1e", "１", "\u{A0}1", "-nan", "$5", "1;2"])
  func notNumbers(_ text: String) throws {
    let table = try CSVTable("x\n0.5\n\"\(text)\"\n", named: "t.csv", dialect: Dialect(header: .present))
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"]) }
        == "t.csv, line 3, column \"x\": found \(text.debugDescription), expected a number; "
        + "--missing-tokens takes this text for a missing value, --text-columns the column for text")
  }

  @Test(
    "a number in another notation is an error that says what reads it",
    arguments: [
      ("1,5", "--decimal comma reads this one"), ("1,500", "--thousands comma or --decimal comma reads this one"),
      ("0x42", "hexadecimal numbers are not read"), ("1 500", "--thousands space reads this one"),
      ("1'500.5", "--thousands apostrophe reads this one"), ("1_000", "--thousands underscore reads this one"),
    ])
  func otherNotation(_ text: String, help: String) throws {
    let dialect = Dialect(
      delimiter: .comma, header: .present, decimal: .point, thousands: Dialect.ThousandsSeparator.none)
    let table = try CSVTable("x\n0.5\n\"\(text)\"\n", named: "t.csv", dialect: dialect)
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"]) }
        == "t.csv, line 3, column \"x\": found \(text.debugDescription), expected a number; \(help)")
  }

  @Test("infinity is not a number", arguments: ["inf", "-Infinity", "1e999"])
  func infinity(_ text: String) throws {
    let table = try CSVTable("0,\(text)\n", named: "t.csv", dialect: Dialect(header: .absent))
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["2"]) }
        == "t.csv, line 1, column 2: found infinity, or a number beyond 1.8e308, "
        + "expected a number of magnitude 1.7976931348623157e+308 at most")
  }

  @Test("a number beyond Float is an error there, and none in Double")
  func beyondFloat() throws {
    let table = try CSVTable("x\n1e39\n", named: "t.csv")
    let tensor: Tensor<Double> = try table.tensor(columns: ["x"])
    #expect(try tensor.scalars == [1e39])
    #expect(
      errorMessage { let _: Tensor<Float> = try table.tensor(columns: ["x"]) }
        == "t.csv, line 2, column \"x\": found 1e+39, expected a number of magnitude 3.4028234663852886e+38 at most")
  }

  @Test("a column of text is named as such")
  func textColumn() throws {
    let table = try CSVTable("size,color\n1,\n2,red\n3,green\n", named: "t.csv")
    #expect(
      errorMessage {
        let _: Tensor<Double> = try table.tensor(columns: ["color"], missing: .dropRow)
      }
        == "t.csv, column \"color\": found text such as \"red\", expected numbers")
  }

  static let gaps = "x,y,note\n1,10,a\n,20,b\n4,NA,\n10,60,d\n"

  @Test("a missing value is an error")
  func missing() throws {
    let table = try CSVTable(Self.gaps, named: "t.csv")
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"]) }
        == "t.csv, line 3, column \"x\": found nothing, expected a number; "
        + "--missing mean fills it in, --missing drop leaves out the row")
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["y"]) }
        == "t.csv, line 4, column \"y\": found \"NA\", expected a number; "
        + "--missing mean fills it in, --missing drop leaves out the row")
  }

  @Test("text among numbers in the first lines may be a second header, which is skipped")
  func secondHeader() throws {
    let table = try CSVTable("x,y\nkg,m\n1.5,2\n2,3\n4,1\n", named: "t.csv", dialect: Dialect(header: .present))
    let message = errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"]) }
    #expect(message?.hasSuffix("for text, --skip 2 begins the table behind this line") == true)
    let late = try CSVTable("x,y\n1.5,1\nkg,2\n3,3\n", named: "t.csv")
    #expect(errorMessage { let _: Tensor<Double> = try late.tensor(columns: ["x"]) }?.contains("--skip") == false)
  }

  @Test("rows with missing values are dropped where that is asked for")
  func dropped() throws {
    let tensor: Tensor<Double> = try CSVTable(Self.gaps).tensor(columns: ["x", "y"], missing: .dropRow)
    #expect(tensor.shape == [2, 2])
    #expect(try tensor.scalars == [1, 10, 10, 60])
  }

  @Test("the mean of a column takes the place of its missing values where that is asked for")
  func means() throws {
    let tensor: Tensor<Double> = try CSVTable(Self.gaps).tensor(columns: ["x", "y"], missing: .mean)
    #expect(tensor.shape == [2, 4])
    // (1 + 4 + 10) / 3 and (10 + 20 + 60) / 3.
    #expect(try tensor.scalars.map { ($0 * 1e12).rounded() / 1e12 } == [1, 5, 4, 10, 10, 20, 30, 60])
  }

  @Test("a column without values has no mean")
  func noMean() throws {
    let table = try CSVTable("x,y\nNA,1\n,2\n", named: "t.csv")
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"], missing: .mean) }
        == "t.csv, column \"x\": found no value, expected at least one, to take the mean of")
  }

  @Test(
    "a tensor of no rows is an error",
    arguments: [
      ("x,y\nNA,1\n2,NA\n", "t.csv: found no row without missing values, expected at least one"),
      ("x,y\n", "t.csv: found no rows, expected at least one"),
    ])
  func noRows(_ text: String, message: String) throws {
    let table = try CSVTable(text, named: "t.csv", dialect: Dialect(header: .present))
    #expect(
      errorMessage {
        let _: Tensor<Double> = try table.tensor(columns: ["x", "y"], missing: .dropRow)
      } == message)
  }
}
