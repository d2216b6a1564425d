import TapeGradCore
import TapeGradFormats
import Testing

@Suite struct DataSetCSVTests {
  static let tumours = """
    id,radius,diagnosis,area
    842302,17.99,malignant,1001
    8510426,13.54,benign,566.3
    842517,20.57,malignant,1326
    """

  @Test func columnsBecomeFeaturesAndRowsExamples() throws {
    let data = try DataSet<Float>(csv: CSVTable(Self.tumours), labels: "diagnosis", ignoring: ["id"])
    #expect(data.features.shape == [2, 3])
    #expect(try data.features.scalars == [17.99, 13.54, 20.57, 1001, 566.3, 1326])
    #expect(data.labels.shape == [1, 3])
    #expect(try data.labels.scalars == [1, 0, 1])
    #expect(data.featureNames == ["radius", "area"])
    #expect(data.labelName == "diagnosis")
    #expect(data.classNames == ["benign", "malignant"])
    #expect(data.count == 3)
  }

  @Test func columnsAreFoundByNumberWhereThereIsNoHeader() throws {
    let data = try DataSet<Double>(csv: CSVTable("7,1,0.5\n8,0,0.25\n"), labels: "2", ignoring: ["1"])
    #expect(try data.features.scalars == [0.5, 0.25])
    #expect(try data.labels.scalars == [1, 0])
    #expect(data.featureNames == ["3"])
    #expect(data.labelName == "2")
  }

  @Test func aRowWithAMissingValueIsDroppedWhereverItIs() throws {
    let table = try CSVTable("x,y,note\n1,a,\n,b,\n3,?,\n4,b,\n")
    let data = try DataSet<Double>(csv: table, labels: "y", ignoring: ["note"], missing: .dropRow)
    #expect(try data.features.scalars == [1, 4])
    #expect(try data.labels.scalars == [0, 1])
  }

  @Test func aMissingFeatureBecomesTheMeanAndAMissingLabelIsAnError() throws {
    let data = try DataSet<Double>(csv: CSVTable("x,y\n1,5\nNA,6\n4,7\n"), labels: "y", missing: .mean)
    #expect(try data.features.scalars == [1, 2.5, 4])
    #expect(try data.labels.scalars == [5, 6, 7])
    for policy in [CSVTable.MissingValuePolicy.mean, .error] {
      #expect(
        errorMessage {
          _ = try DataSet<Double>(csv: CSVTable("x,y\n1,5\n2,NA\n", named: "t.csv"), labels: "y", missing: policy)
        } == "t.csv, line 3, column \"y\": found \"NA\", expected a label")
    }
  }

  @Test(arguments: [
    (
      "size", [],
      "t.csv, line 2, column \"colour\": found \"red\", expected a number; "
        + "a column of text must be encoded as numbers or ignored"
    ),
    ("weight", [], "t.csv: found no column \"weight\", expected \"size\", \"colour\" or \"price\""),
    ("size", ["Colour"], "t.csv: found no column \"Colour\", expected \"colour\""),
    ("size", ["colour", "3"], "t.csv: found no column of features, expected at least one beside the labels"),
  ])
  func saysWhatIsWrong(_ labels: String, _ ignored: [String], message: String) throws {
    let table = try CSVTable("size,colour,price\n1,red,2\n", named: "t.csv")
    #expect(errorMessage { _ = try DataSet<Double>(csv: table, labels: labels, ignoring: ignored) } == message)
  }

  @Test func aTableWithoutRowsIsAnError() throws {
    let table = try CSVTable("x,y\n", named: "t.csv")
    #expect(
      errorMessage { _ = try DataSet<Double>(csv: table, labels: "y") } == "t.csv: found no rows, expected at least one"
    )
  }

  @Test func aLabelBeyondFloatIsAnErrorThere() throws {
    let table = try CSVTable("x,y\n1,1e39\n", named: "t.csv")
    #expect(try DataSet<Double>(csv: table, labels: "y").labels.scalars == [1e39])
    #expect(errorMessage { _ = try DataSet<Float>(csv: table, labels: "y") }?.hasPrefix("t.csv, line 2") == true)
  }
}
