import TapeGradCore
import TapeGradFormats
import Testing

@Suite struct CSVTableNumbersTests {
  static let numbers: [(text: String, value: Double)] = [
    ("1", 1), ("-1.5", -1.5), ("+2", 2), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3", 0.001), (" 7\t", 7),
    ("\" 8 \"", 8), ("-0", -0.0), ("0.1", 0.1), ("1e-400", 0), ("1.7976931348623157e308", .greatestFiniteMagnitude),
  ]

  @Test(arguments: numbers)
  func areReadAsSwiftReadsThem(_ text: String, value: Double) throws {
    let tensor: Tensor<Double> = try CSVTable("x\n\(text)\n", header: .present).tensor(columns: ["x"])
    #expect(try tensor.scalars.map(\.bitPattern) == [value.bitPattern])
  }

  @Test(arguments: ["abc", "1,5", "1.5.2", "1 2", "--1", "1e", "0x", "1_000", "１", "\u{A0}1", "-nan", "1\u{0}", "$5"])
  func nothingElseIsANumber(_ text: String) throws {
    let table = try CSVTable("x\n0\n\"\(text)\"\n", named: "t.csv", header: .present)
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"]) }
        == "t.csv, line 3, column \"x\": found \(text.debugDescription), expected a number")
  }

  @Test(arguments: ["inf", "-Infinity", "1e999"])
  func infinityIsNoNumber(_ text: String) throws {
    let table = try CSVTable("0,\(text)\n", named: "t.csv", header: .absent)
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["2"]) }
        == "t.csv, line 1, column 2: found \"\(text)\", expected a number of magnitude 1.7976931348623157e+308 at most")
  }

  @Test func aNumberBeyondFloatIsAnErrorThere() throws {
    let table = try CSVTable("x\n1e39\n", named: "t.csv")
    let tensor: Tensor<Double> = try table.tensor(columns: ["x"])
    #expect(try tensor.scalars == [1e39])
    #expect(
      errorMessage { let _: Tensor<Float> = try table.tensor(columns: ["x"]) }
        == "t.csv, line 2, column \"x\": found \"1e39\", expected a number of magnitude 3.4028234663852886e+38 at most")
  }

  @Test func aColumnOfTextIsNamedAsSuch() throws {
    let table = try CSVTable("size,colour\n1,\n2,red\n3,green\n", named: "t.csv")
    #expect(
      errorMessage {
        let _: Tensor<Double> = try table.tensor(columns: ["colour"], missing: .dropRow)
      }
        == "t.csv, line 3, column \"colour\": found \"red\", "
        + "expected a number; a column of text must be encoded as numbers or ignored")
  }

  static let gaps = "x,y,note\n1,10,a\n,20,b\n4,NA,\n10,60,d\n"

  @Test func aMissingValueIsAnError() throws {
    let table = try CSVTable(Self.gaps, named: "t.csv")
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"]) }
        == "t.csv, line 3, column \"x\": found nothing, expected a number")
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["y"]) }
        == "t.csv, line 4, column \"y\": found \"NA\", expected a number")
  }

  @Test func rowsWithMissingValuesAreDropped() throws {
    let tensor: Tensor<Double> = try CSVTable(Self.gaps).tensor(columns: ["x", "y"], missing: .dropRow)
    #expect(tensor.shape == [2, 2])
    #expect(try tensor.scalars == [1, 10, 10, 60])
  }

  @Test func meansTakeThePlaceOfMissingValues() throws {
    let tensor: Tensor<Double> = try CSVTable(Self.gaps).tensor(columns: ["x", "y"], missing: .mean)
    #expect(tensor.shape == [2, 4])
    // (1 + 4 + 10) / 3 and (10 + 20 + 60) / 3.
    #expect(try tensor.scalars.map { ($0 * 1e12).rounded() / 1e12 } == [1, 5, 4, 10, 10, 20, 30, 60])
  }

  @Test func aColumnWithoutValuesHasNoMean() throws {
    let table = try CSVTable("x,y\nNA,1\n,2\n", named: "t.csv")
    #expect(
      errorMessage { let _: Tensor<Double> = try table.tensor(columns: ["x"], missing: .mean) }
        == "t.csv, column \"x\": found no value, expected at least one, to take the mean of")
  }

  @Test(arguments: [
    ("x,y\nNA,1\n2,NA\n", "t.csv: found no row without missing values, expected at least one"),
    ("x,y\n", "t.csv: found no rows, expected at least one"),
  ])
  func aTensorOfNoRowsIsAnError(_ text: String, message: String) throws {
    let table = try CSVTable(text, named: "t.csv", header: .present)
    #expect(
      errorMessage {
        let _: Tensor<Double> = try table.tensor(columns: ["x", "y"], missing: .dropRow)
      } == message)
  }
}
