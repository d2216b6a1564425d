/// A CSV file: named columns and rows of text.
///
/// The grammar is that of RFC 4180: fields may stand in quotation marks, and may then hold delimiters, line breaks and
/// doubled quotation marks. Lines end in LF, CRLF or CR; the end of the last one may be missing. A UTF-8 byte-order
/// mark and blank lines are skipped. Every row has as many fields as the first.
///
/// ```swift
/// let table = try CSVTable(contentsOf: "measurements.csv")
/// let data = try DataSet<Float>(csv: table, labels: "diagnosis")
/// ```
public struct CSVTable: Sendable {
  /// The character between two fields.
  public enum Delimiter: UInt8, Sendable, CaseIterable {
    /// `,`
    case comma = 0x2C
    /// `;`
    case semicolon = 0x3B
    /// The tabulator.
    case tab = 0x09
    /// `|`
    case bar = 0x7C
    /// The space.
    case space = 0x20
  }

  /// The fields that stand for a missing value: the empty one, `?`, `NA`, `N/A`, `NaN` and `null`, the words also in
  /// all lower or all upper case.
  public static let missingMarkers: Set<String> = [
    "", "?", "NA", "na", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL",
  ]

  /// The path of the file, or the name that the text was given; it begins every error message.
  public let name: String
  /// The names in the header, without surrounding spaces. A column without a name has its number, from 1, as its name.
  public let columnNames: [String]
  /// Whether the first record was a header.
  public let hasHeader: Bool

  private let records: CSVRecords
  private let missingMarkers: Set<String>

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The path of a file in UTF-8.
  ///   - header: Whether the first record names the columns; found out if not said, see ``Header/automatic``.
  ///   - delimiter: The character between two fields.
  ///   - missingMarkers: The fields, compared without surrounding spaces, that stand for a missing value.
  /// - Throws: ``FileError`` where the file cannot be read, ``CSVError`` where it is no well-formed CSV file, is empty,
  ///   or gives two columns one name.
  public init(
    contentsOf path: String, header: Header = .automatic, delimiter: Delimiter = .comma,
    missingMarkers: Set<String> = Self.missingMarkers
  ) throws {
    try self.init(
      utf8: readFile(path), named: path, header: header, delimiter: delimiter, missingMarkers: missingMarkers)
  }

  /// Reads a text, which error messages call `name`.
  ///
  /// - Throws: ``CSVError`` where `text` is no well-formed CSV file, is empty, or gives two columns one name.
  public init(
    _ text: String, named name: String = "text", header: Header = .automatic, delimiter: Delimiter = .comma,
    missingMarkers: Set<String> = Self.missingMarkers
  ) throws(CSVError) {
    try self.init(
      utf8: Array(text.utf8), named: name, header: header, delimiter: delimiter, missingMarkers: missingMarkers)
  }

  package init(
    utf8 bytes: [UInt8], named name: String, header: Header = .automatic, delimiter: Delimiter = .comma,
    missingMarkers: Set<String> = Self.missingMarkers
  ) throws(CSVError) {
    let records = try CSVParser.records(in: bytes, delimiter: delimiter, file: name)
    self.name = name
    self.records = records
    self.missingMarkers = missingMarkers
    hasHeader = header.isPresent(in: records, missingMarkers: missingMarkers)
    columnNames = try hasHeader ? records.columnNames(file: name) : (1...records.width).map(String.init)
  }

  /// The number of rows, the header not counted.
  public var rowCount: Int { records.lines.count - (hasHeader ? 1 : 0) }

  /// The text of a field as it stands in the file, without the quotation marks.
  ///
  /// Rows and columns count from 0; one outside the table is a programming error.
  public subscript(row: Int, column: Int) -> String {
    precondition(row >= 0 && row < rowCount && column >= 0 && column < records.width, "no such field")
    return records.fields[(row + (hasHeader ? 1 : 0)) * records.width + column]
  }

  /// The line of the file, from 1, on which a row, from 0, begins.
  public func line(ofRow row: Int) -> Int {
    precondition(row >= 0 && row < rowCount, "no such row")
    return records.lines[row + (hasHeader ? 1 : 0)]
  }

  /// The text of a field without surrounding spaces; nil where the value is missing.
  func value(row: Int, column: Int) -> String? {
    let text = self[row, column].trimmed
    return missingMarkers.contains(text) ? nil : text
  }

  /// An error in a column, in a row or in all of them.
  func error(row: Int? = nil, column: Int, found: String, expected: String) -> CSVError {
    CSVError(
      file: name, line: row.map(line(ofRow:)),
      column: CSVError.Column(number: column + 1, name: hasHeader ? columnNames[column] : nil),
      found: found, expected: expected)
  }
}
