// The lines
//
//     {"size": 3, "color": "red"}
//     {"color": null, "size": 4.5, "sold": true}
//
// are a table with the columns size (3, 4.5), color (red, missing) and sold (missing, true). What stands in them are the
// fields that a CSV file would have, and what a column is follows from these by the same rules (`ColumnContents`). So
// everything behind this point, from one-hot features to error messages with line numbers, does not know where a table
// came from, and a model that was trained on one format predicts the rows of the other.

extension CSVTable {
  /// Reads lines of JSON, each a row: an object whose names are those of the columns, in any order, or an array. Numbers,
  /// text, `true`, `false` and `null` (a missing value) may stand there.
  ///
  /// A name that a line does not have is a missing value there; ``notes`` tell of how many. A blank line is not a row.
  ///
  /// - Parameters:
  ///   - text: The lines.
  ///   - name: What error messages call the text.
  ///   - dialect: Which texts stand for missing values beside `null`, and which columns are text; the rest does not count.
  /// - Throws: ``CSVError`` where a line is not a row, or has a name twice, an array or an object as a value; and where there
  ///   are no rows.
  public init(jsonLines text: String, named name: String = "text", dialect: Dialect = Dialect()) throws(CSVError) {
    try self.init(jsonLines: Array(text.utf8), named: name, dialect: dialect)
  }

  package init(
    jsonLines bytes: [UInt8], named name: String, dialect: Dialect = Dialect(), piece: Int = TableReader.piece
  ) throws(CSVError) {
    do {
      try self.init(jsonLines: ByteSource(bytes, name: name), dialect, piece: piece)
    } catch let error as CSVError {
      throw error
    } catch {
      fatalError("bytes in memory could not be read: \(error)")
    }
  }

  /// Reads a source, `piece` bytes at a time; once more, where the first rows led to a wrong guess of what a column is.
  init(jsonLines source: ByteSource, _ given: Dialect, piece: Int = TableReader.piece) throws {
    // An empty text is what null becomes.
    let tokens = given.missingTokens ?? Dialect.missingTokens
    let dialect = Dialect(
      missingTokens: tokens + (tokens.contains("") ? [] : [""]), textColumns: given.textColumns)
    var reader = JSONLinesReader(source, dialect)
    var columns = try reader.read(piece: piece)
    guard !columns.isEmpty else {
      throw CSVError(
        file: source.name, found: reader.rowCount == 0 ? "no rows" : "no names",
        expected: "at least one line such as {\"size\": 4.5, \"color\": \"red\"}")
    }
    let isDeclared = try dialect.declaredText(
      titles: reader.hasNames ? reader.names : [], width: columns.count, file: source.name)
    var contents = columns.map { ColumnContents($0, dialect) }
    let isText = zip(contents, isDeclared).map { $0.isText || $1 }
    if isText != reader.isText {
      reader = JSONLinesReader(source, dialect, isText: isText)
      columns = try reader.read(piece: piece)
      contents = columns.map { ColumnContents($0, dialect) }
    }

    let titles = ColumnTitles(
      reader.names, width: columns.count, Dialect(header: reader.hasNames ? .present : .absent))
    self.init(
      name: source.name, format: .jsonLines, dialect: dialect, assumed: Dialect(), columnNames: titles.names,
      hasHeader: reader.hasNames, rowCount: reader.rowCount,
      notes: titles.notes + reader.notes
        + Self.notes(
          columns.indices.map { (titles.names[$0], columns[$0], contents[$0], isDeclared[$0]) },
          nothing: "null or an empty text", absentCount: reader.absentCount),
      columns: columns, contents: contents, columnNumbers: Array(1...columns.count), isUntitled: titles.isUntitled,
      lines: reader.lines)
  }
}
