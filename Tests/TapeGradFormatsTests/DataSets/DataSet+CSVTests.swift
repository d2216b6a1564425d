import TapeGradCore
import TapeGradFormats
import Testing

struct DataSetCSVTests {
  static let tumors = """
    id,radius,diagnosis,area
    842302,17.99,malignant,1001
    8510426,13.54,benign,566.3
    842517,20.57,malignant,1326
    """

  @Test("columns become features, and rows examples")
  func table() throws {
    let data = try DataSet<Float>(csv: CSVTable(Self.tumors), labels: "diagnosis", ignoring: ["id"])
    #expect(data.features.shape == [2, 3])
    #expect(try data.features.scalars == [17.99, 13.54, 20.57, 1001, 566.3, 1326])
    #expect(data.labels.shape == [1, 3])
    #expect(try data.labels.scalars == [1, 0, 1])
    #expect(data.featureNames == ["radius", "area"])
    #expect(data.labelName == "diagnosis")
    #expect(data.classNames == ["benign", "malignant"])
    #expect(data.count == 3)
  }

  @Test("columns are found by number where there is no header")
  func noHeader() throws {
    let data = try DataSet<Double>(csv: CSVTable("7,1,0.5\n8,0,0.25\n"), labels: "2", ignoring: ["1"])
    #expect(try data.features.scalars == [0.5, 0.25])
    #expect(try data.labels.scalars == [1, 0])
    #expect(data.featureNames == ["3"])
    #expect(data.labelName == "2")
  }

  @Test("a row with a missing value is dropped, be it a feature or the label")
  func dropped() throws {
    let table = try CSVTable("x,y,note\n1,a,\n,b,\n3,?,\n4,b,\n")
    let data = try DataSet<Double>(csv: table, labels: "y", ignoring: ["note"], missing: .dropRow)
    #expect(try data.features.scalars == [1, 4])
    #expect(try data.labels.scalars == [0, 1])
  }

  @Test("a missing feature becomes the mean, and a missing label leaves out its row, aloud")
  func mean() throws {
    let table = try CSVTable("x,y,z\n1,5.5,a\nNA,6,\n4,7,b\n8,?,b\n", named: "t.csv")
    let data = try DataSet<Double>(csv: table, labels: "y", missing: .mean)
    #expect(data.featureNames == ["x", "z=a", "z=b"])
    #expect(try data.features.scalars == [1, 2.5, 4, 1, 0, 0, 0, 0, 1])
    #expect(try data.labels.scalars == [5.5, 6, 7])
    #expect(data.notes.first == "1 row is left out: no label there (\"?\" in line 5)")
    #expect(
      errorMessage { _ = try DataSet<Double>(csv: table, labels: "y") }?.hasPrefix(
        "t.csv, line 5, column \"y\": found \"?\", expected a label") == true)
  }

  @Test("text becomes a feature for each category, or by choice one, the index of the category")
  func categories() throws {
    let table = try CSVTable("size,x,y\nmedium,1,5.5\nlarge,2,6\nmedium,3,7\nsmall,4,8\n")
    let oneHot = try DataSet<Double>(csv: table, labels: "y")
    #expect(oneHot.featureNames == ["size=large", "size=medium", "size=small", "x"])
    #expect(try oneHot.features.scalars == [0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 2, 3, 4])
    #expect(
      oneHot.notes == [
        "column \"size\" is 3 features, one for each category: \"large\", \"medium\" and \"small\""
      ])
    let ordinal = try DataSet<Double>(csv: table, labels: "y", ordinal: ["size"])
    #expect(try ordinal.features.scalars == [1, 0, 1, 2, 1, 2, 3, 4])
    let numbers = try DataSet<Double>(csv: table, labels: "y", categorical: ["x"])
    #expect(numbers.featureNames.suffix(4) == ["x=1", "x=2", "x=3", "x=4"])
  }

  @Test(
    "columns that name the rows are left out, aloud, and kept where that is asked for",
    arguments: [
      (",x,y\n1,5,0\n2,7,1\n3,6,0\n", "1", "it has no title, and numbers the rows"),
      (
        "PassengerId,x,y\n10,5,0\n12,7,1\n13,6,0\n", "PassengerId",
        "its numbers are all different, so that they name the rows"
      ),
      ("name,x,y\nAnn,5,0\nBob,7,1\nCid,6,0\n", "name", "its 3 texts are all different, so that they name the rows"),
      ("note,x,y\n,5,0\n,7,1\n,6,0\n", "note", "it has no values"),
    ])
  func identifiers(_ text: String, column: String, reason: String) throws {
    let table = try CSVTable(text)
    let data = try DataSet<Double>(csv: table, labels: "y")
    #expect(data.featureNames == ["x"])
    #expect(data.notes == ["column \"\(column)\" is left out: \(reason)"])
    let kept = try DataSet<Double>(csv: table, labels: "y", keeping: [column], missing: .mean)
    #expect(kept.featureNames.count > 1)
  }

  @Test("numbers that count, or a plain name with different numbers, are features", arguments: ["x", "grid", "t"])
  func noIdentifiers(_ name: String) throws {
    let data = try DataSet<Double>(csv: CSVTable("\(name),y\n1,5\n2,7\n3,6\n"), labels: "y")
    #expect(data.featureNames == [name])
  }

  @Test(
    "columns that cannot be features or labels are named",
    arguments: [
      ("weight", [], "t.csv: found no column \"weight\", expected \"size\", \"color\" or \"price\""),
      ("size", ["Color"], "t.csv: found no column \"Color\", expected \"color\""),
      ("size", ["color", "3"], "t.csv: found no column of features, expected at least one beside the labels"),
    ])
  func errors(_ labels: String, _ ignored: [String], message: String) throws {
    let table = try CSVTable("size,color,price\n1,red,2\n", named: "t.csv")
    #expect(errorMessage { _ = try DataSet<Double>(csv: table, labels: labels, ignoring: ignored) } == message)
  }

  @Test("where only row names are left, the error says how a column is taken nevertheless")
  func nothingLeft() throws {
    let table = try CSVTable("id,y\n1,5\n2,7\n3,6\n", named: "t.csv")
    #expect(
      errorMessage { _ = try DataSet<Double>(csv: table, labels: "y") }
        == "t.csv: found no column of features, expected at least one beside the labels (column \"id\" is left out: its "
        + "numbers are all different, so that they name the rows); --keep takes a column nevertheless")
  }

  @Test(
    "a list is divided at its commas, but not within a title that the table has",
    arguments: [
      ("a,b", ["a", "b"]), ("x,1,a", ["x,1", "a"]), ("a,x,1", ["a", "x,1"]), ("x", ["x"]), ("x,1,2,b", ["x,1,2", "b"]),
      ("", []),
    ])
  func lists(_ list: String, _ expected: [String]) {
    let parts = list.split(separator: ",").map(String.init)
    #expect(parts.joined(into: ["a", "b", "x", "x,1", "x,1,2"]) == expected)
  }

  @Test("a column that is the label in other words is told, and one that nearly is, is not")
  func copies() throws {
    let rows = (0..<12).map {
      "\($0 % 3),\(["no", "yes", "?"][$0 % 3]),\($0 % 3 + 5),\($0 == 11 ? 5 : $0 % 3 + 5),c\($0 % 3)"
    }
    let table = try CSVTable("x,a,b,c,y\n" + rows.joined(separator: "\n"), dialect: Dialect(missingTokens: [""]))
    let notes = try DataSet<Double>(csv: table, labels: "y").notes.filter { $0.contains("says the same") }
    #expect(notes.map { $0.prefix(10) } == ["column \"x\"", "column \"a\"", "column \"b\""])
    #expect(try DataSet<Double>(csv: table, labels: "c").notes.allSatisfy { !$0.contains("says the same") })
  }

  @Test("a table without rows is an error")
  func noRows() throws {
    let table = try CSVTable("x,y\n", named: "t.csv")
    #expect(
      errorMessage { _ = try DataSet<Double>(csv: table, labels: "y") } == "t.csv: found no rows, expected at least one"
    )
  }

  @Test("a label beyond Float is an error there, and none in Double")
  func beyondFloat() throws {
    let table = try CSVTable("x,y\n1,1e39\n", named: "t.csv")
    #expect(try DataSet<Double>(csv: table, labels: "y").labels.scalars == [1e39])
    #expect(errorMessage { _ = try DataSet<Float>(csv: table, labels: "y") }?.hasPrefix("t.csv, line 2") == true)
  }
}
