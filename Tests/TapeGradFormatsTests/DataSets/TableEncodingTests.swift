import TapeGradCore
import TapeGradFormats
import Testing

struct TableEncodingTests {
  static let table = "color,size,x,y\nred,1,1.5,a\nblue,2,NA,b\nred,3,4.5,a\nblue,1,3,b\n"

  private func encoding(
    missing: MissingValuePolicy = .mean, unseen: UnseenCategoryPolicy = .missing
  ) throws -> TableEncoding {
    try DataSet<Double>(
      csv: CSVTable(Self.table), labels: "y", ordinal: ["size"], missing: missing, unseen: unseen
    ).encoding
  }

  @Test("another table is read by the names of the columns, by known categories and means")
  func other() throws {
    let table = try CSVTable("x,unused,size,color\n7,9,2,blue\nNA,9,3,green\n8,9,5,red\n")
    let (features, rows): (Tensor<Double>, [Int]) = try encoding().features(of: table)
    // Color: blue, red; an unseen one is none. Size: the index; an unseen one is the mean of 0, 1, 2, 0. x: mean 3.
    #expect(features.shape == [4, 3])
    #expect(try features.scalars == [1, 0, 0, 0, 0, 1, 1, 2, 0.75, 7, 3, 8])
    #expect(rows == [0, 1, 2])
  }

  @Test("rows with missing values or unseen categories are left out where that is the policy")
  func dropped() throws {
    let table = try CSVTable("x,size,color\n7,1,blue\nNA,3,red\n8,3,green\n9,1,red\n")
    let (features, rows): (Tensor<Double>, [Int]) = try encoding(missing: .dropRow).features(of: table)
    #expect(rows == [0, 3])
    #expect(features.shape == [4, 2])
  }

  @Test("unseen categories, and columns that are not there, are named together")
  func errors() throws {
    let table = try CSVTable("x,size,color\n7,2,blue\n8,3,green\n9,4,red\n", named: "new.csv")
    #expect(
      errorMessage { let _: (Tensor<Double>, [Int]) = try encoding(unseen: .error).features(of: table) } == """
        new.csv: 2 problems
          line 3, column "color": found "green", expected one of the known categories, "blue" or "red"; --unseen missing takes it for a missing value
          line 4, column "size": found "4", expected one of the known categories, "1", "2" or "3"; --unseen missing takes it for a missing value
        """)
    let error = errorMessage {
      let _: (Tensor<Double>, [Int]) = try encoding().following(missing: .error).features(of: table)
    }
    #expect(error?.contains("--missing mean takes it for none, --missing drop leaves out the row") == true)
    // What the training did is one thing, what a new table needs another.
    let features: Tensor<Double> = try encoding(unseen: .error).following(missing: .mean, unseen: .missing)
      .features(of: table).features
    #expect(features.shape[1] == 3)
    #expect(
      errorMessage {
        let _: (Tensor<Double>, [Int]) = try encoding().features(of: CSVTable("x,z\n1,2\n", named: "new.csv"))
      }
        == """
        new.csv: 2 problems
          found no column "color", expected each of 3 columns by its name
          found no column "size", expected each of 3 columns by its name
        """)
    let headless = try CSVTable("1,2\n3,4\n", named: "new.csv")
    let help = errorMessage { let _: (Tensor<Double>, [Int]) = try encoding().features(of: headless) }
    #expect(help?.contains("by its name; there is no header; --header yes takes") == true)
  }

  @Test("an encoding written as JSON is the same when it is read")
  func json() throws {
    let encoding = try encoding(unseen: .error)
    #expect(try TableEncoding(json: encoding.json) == encoding)
    let hard = try DataSet<Double>(
      csv: CSVTable("\"a \"\"b\"\"\",\"ü\n😀\",y\n0.1,\"\\\",1\n0.30000000000000004,\u{1}\t,0\nNA,\\,1\n"), labels: "y",
      missing: .mean
    ).encoding
    #expect(try TableEncoding(json: hard.json) == hard)
  }

  @Test(
    "JSON that is no encoding is an error",
    arguments: [
      "", "{}", "[1]", "{\"task\": \"binary\"}",
      "{\"task\":\"binary\",\"labels\":[],\"classes\":[],\"features\":[{}],\"missing\":\"mean\",\"unseen\":\"error\"}",
    ])
  func notJSON(_ text: String) { #expect(throws: DataSetError.self) { try TableEncoding(json: text) } }
}
