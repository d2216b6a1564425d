/// What is wrong in a CSV file, and where.
public struct CSVError: Error, Equatable, Sendable {
  /// A column, in words: by its name, or by its number where the file gives no names.
  public struct Column: Equatable, Sendable {
    /// The number of the column, from 1.
    public let number: Int
    /// The name in the header; nil where there is no header, or where it has not been read yet.
    public let name: String?
  }

  /// The path of the file, or the name that the text was given.
  public let file: String
  /// The line, from 1, on which the field or the record begins; nil where the fault is not on any one line.
  public let line: Int?
  /// The column; nil where the fault is not in any one column.
  public let column: Column?
  /// What stands there: the text in quotes, or a description.
  public let found: String
  /// What should have stood there.
  public let expected: String
}

extension CSVError: CustomStringConvertible {
  /// Like `measurements.csv, line 17, column "radius": found "abc", expected a number`.
  public var description: String {
    var place = file
    if let line { place += ", line \(line)" }
    if let column { place += ", column " + (column.name.map(\.quoted) ?? "\(column.number)") }
    return "\(place): found \(found), expected \(expected)"
  }
}

extension String {
  /// The text in quotes as an error message shows it: control characters escaped, and cut after 40 characters.
  var quoted: String {
    let beginning = prefix(40)
    return String(beginning).debugDescription + (beginning.endIndex < endIndex ? "…" : "")
  }
}

extension Collection<String> {
  /// The texts in quotes, `"a", "b" or "c"`, without those beyond the first ten.
  var quotedAlternatives: String {
    let shown = prefix(10).map(\.quoted)
    guard shown.count == count else { return shown.joined(separator: ", ") + ", …" }
    return shown.dropLast(2).map { $0 + ", " }.joined() + shown.suffix(2).joined(separator: " or ")
  }
}
