/// A CSV file, or lines of JSON: named columns, each of numbers or of text.
///
/// How a CSV file is written is found in it, and can be said: see ``Dialect``. Every row has as many fields as the header.
/// Which of the two formats a file has, its name says: see ``TableFormat``.
///
/// ```swift
/// let table = try CSVTable(contentsOf: "measurements.csv")
/// print(table.assumed.options)        // what was found, as options that say the same
/// print(table.notes)                  // what else was decided
/// let data = try DataSet<Float>(csv: table, labels: "diagnosis")
/// ```
/// A column is *numbers* where all its values are. Text among numbers is a slip, which is an error where the column is
/// used, if the numbers have fractions and are in the majority, or if at most one value in ten is text; otherwise the
/// column is *text*, and a note says so. What looks like a number in another notation (`1,5`, `68,527.00`) is always a
/// slip. Numbers are rounded once, to the nearest `Double` or `Float`.
public struct CSVTable: Sendable {
  /// The path of the file, or the name that the text was given; it begins every error message.
  public let name: String
  /// What the file is.
  public let format: TableFormat
  /// How the file was read: a CSV file in all parts, lines of JSON in those that they have.
  public let dialect: Dialect
  /// The parts of the dialect that were found in the file, and not said by the caller.
  public let assumed: Dialect
  /// The names in the header. A column without a name has its number, from 1, as its name; where a name occurs again, it
  /// has a number behind it.
  public let columnNames: [String]
  /// The number of rows, the header not counted.
  public let rowCount: Int
  /// What was decided beyond the dialect, a sentence each: columns that are left out, titles that occur twice, what stands
  /// for missing values.
  public let notes: [String]
  /// Whether the columns have names in the file, and not numbers only.
  public let hasHeader: Bool

  let columns: [CSVColumn]
  let contents: [ColumnContents]
  /// The number, from 1, that each column has in the file.
  let columnNumbers: [Int]
  /// Which columns have no title: the first of them often has row numbers.
  let isUntitled: [Bool]
  let lines: RowLines

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The path of a file in UTF-8; `-` is standard input. One that ends in `.jsonl` or `.ndjson` has lines of JSON.
  ///   - dialect: How the file is written, as far as that is known. Of lines of JSON, only
  ///     ``Dialect/missingTokens-property`` and ``Dialect/textColumns`` count.
  ///   - limit: How many bytes are read of a pipe or a device, which need not end: 1 GiB unless this says something else.
  /// - Throws: ``FileError`` where the file cannot be read, ``CSVError`` where it is not a well-formed file, or empty.
  public init(contentsOf path: String, dialect: Dialect = Dialect(), limit: Int = 1 << 30) throws {
    let source = try ByteSource(path: path, limit: limit)
    switch TableFormat(path: path) {
    case .csv: try self.init(source, dialect)
    case .jsonLines: try self.init(jsonLines: source, dialect)
    }
  }

  /// Reads a text, which error messages call `name`.
  ///
  /// - Throws: ``CSVError`` where `text` is not a well-formed CSV file, or empty.
  public init(_ text: String, named name: String = "text", dialect: Dialect = Dialect()) throws(CSVError) {
    try self.init(utf8: Array(text.utf8), named: name, dialect: dialect)
  }

  package init(
    utf8 bytes: [UInt8], named name: String, dialect: Dialect = Dialect(), piece: Int = 1 << 20
  ) throws(CSVError) {
    do {
      try self.init(ByteSource(bytes, name: name), dialect, piece: piece)
    } catch let error as CSVError {
      throw error
    } catch {
      fatalError("bytes in memory could not be read: \(error)")
    }
  }

  init(
    name: String, format: TableFormat, dialect: Dialect, assumed: Dialect, columnNames: [String], hasHeader: Bool,
    rowCount: Int, notes: [String], columns: [CSVColumn], contents: [ColumnContents], columnNumbers: [Int],
    isUntitled: [Bool], lines: RowLines
  ) {
    self.name = name
    self.format = format
    self.dialect = dialect
    self.assumed = assumed
    self.columnNames = columnNames
    self.hasHeader = hasHeader
    self.rowCount = rowCount
    self.notes = notes
    self.columns = columns
    self.contents = contents
    self.columnNumbers = columnNumbers
    self.isUntitled = isUntitled
    self.lines = lines
  }

  /// The line of the file, from 1, on which a row, from 0, begins.
  public func line(ofRow row: Int) -> Int {
    precondition(row >= 0 && row < rowCount, "no such row")
    return lines[row]
  }
}
