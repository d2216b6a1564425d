// After a look at its beginning, a table is read in one pass or two.
//
// 1. `TableFront` finds the dialect in the first records and guesses which columns are text.
// 2. `TableReader` reads all rows by this guess. It keeps the value of each number and every other text as it
//    stands, so that the next step does not depend on the guess.
// 3. `ColumnContents` decides from all rows what each column is. Say that the first 64 KiB show prices, and that
//    most rows behind them have words in this column: it is text. Its numbers were parsed, and how they were
//    written is lost (1.50 became 1.5); so the file is read once more, now with the right types.

extension CSVTable {
  /// Reads a source in the dialect that is given and found, `piece` bytes at a time.
  init(_ source: ByteSource, _ given: Dialect, piece: Int = TableReader.piece) throws {
    let front = try TableFront(source, given)
    var isText = zip(front.isText, front.isDeclaredText).map { $0 || $1 }
    var reader = TableReader(source, front.dialect, isText: isText)
    var columns = try reader.read(bytesPerRow: front.bytesPerRow, piece: piece)
    var contents = columns.map { ColumnContents($0, front.dialect) }
    // The guess by the first rows may be wrong. What a column is does not depend on it, so that one more reading will do.
    let isFoundText = zip(contents, front.isDeclaredText).map { $0.isText || $1 }
    if isFoundText != isText, reader.problems.count == 0 {
      isText = isFoundText
      reader = TableReader(source, front.dialect, isText: isText)
      columns = try reader.read(bytesPerRow: front.bytesPerRow, piece: piece)
      contents = columns.map { ColumnContents($0, front.dialect) }
    }
    try reader.problems.check(file: source.name)

    // A column without a title and without values is left behind by a delimiter at the end of the header, as a rule.
    let titles = ColumnTitles(reader.header, width: columns.count, front.dialect)
    let kept = columns.indices.filter { !titles.isUntitled[$0] || !contents[$0].isEmpty || columns.count == 1 }
    self.init(
      name: source.name, format: .csv, dialect: front.dialect, assumed: front.dialect.without(given),
      columnNames: kept.map { titles.names[$0] }, hasHeader: front.dialect.header != .absent, rowCount: reader.rowCount,
      notes: titles.notes + Self.rowNotes(kept, columns.count, reader)
        + Self.notes(kept.map { (titles.names[$0], columns[$0], contents[$0], front.isDeclaredText[$0]) }),
      columns: kept.map { columns[$0] }, contents: kept.map { contents[$0] }, columnNumbers: kept.map { $0 + 1 },
      isUntitled: kept.map { titles.isUntitled[$0] }, lines: reader.lines)
  }

  /// What was decided of rows, and of columns that are left out, while a CSV file was read.
  private static func rowNotes(_ kept: [Int], _ width: Int, _ reader: TableReader) -> [String] {
    var notes: [String] = []
    let dropped = Set(0..<width).subtracting(kept).sorted().map { "\($0 + 1)" }
    if !dropped.isEmpty {
      // Ten of them are enough to find the cause.
      let list =
        dropped.count > 10 ? dropped.prefix(10).joined(separator: ", ") + ", …" : dropped.joined(separator: ", ")
      notes.append(
        dropped.count == 1
          ? "column \(list) has neither a title nor values, and is left out"
          : "columns \(list) have neither titles nor values, and are left out")
    }
    // A note where a decision could have been another one, so that nobody finds out later.
    if reader.trailingDelimiterCount > 0 {
      notes.append("a delimiter behind the last field of \(reader.trailingDelimiterCount) rows separates nothing")
    }
    if reader.irregularCount > 0 {
      let what = reader.dialect.irregularRows == .fit ? "made to fit" : "left out"
      notes.append("\(reader.irregularCount) rows are irregular, and \(what)")
    }
    return notes
  }

  /// What was decided of the columns that a table has.
  ///
  /// - Parameters:
  ///   - nothing: What a missing value without a text is called.
  ///   - absentCount: How many of these have been told already.
  static func notes(
    _ columns: [(name: String, column: CSVColumn, contents: ColumnContents, isDeclaredText: Bool)],
    nothing: String = "nothing", absentCount: Int = 0
  ) -> [String] {
    var notes: [String] = []
    // Which texts are taken for missing values, and how often: a reader sees at once if "none" was meant as a word.
    var missing: [String: Int] = ["": -absentCount]
    for (name, column, contents, isDeclaredText) in columns {
      for (number, text) in column.texts.texts.enumerated() where contents.isMissing[number] {
        missing[text.trimmed, default: 0] += contents.occurrences[number]
      }
      // Text by all rows, though some of its values are numbers: a reader may have meant a column of numbers with
      // slips.
      let (numbers, others) = (contents.numberCount, contents.textCount)
      if case .text = column, numbers > 0, !isDeclaredText {
        notes.append(
          others == 0
            ? "column \(name.quoted) has whole numbers of more than 15 digits, and is taken as text"
            : "column \(name.quoted) is taken as text, though \(numbers) of its \(numbers + others) values "
              + "are numbers")
      }
      if case .numbers = column, contents.hasLongIntegers {
        notes.append(
          "column \(name.quoted) has whole numbers of more than 15 digits, which are rounded: --text-columns "
            + "keeps them as text")
      }
    }
    missing = missing.filter { $0.value > 0 }
    if !missing.isEmpty {
      let tokens = missing.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10).map { token, count in
        "\(token.isEmpty ? nothing : token.quoted) (\(count) times)"
      }
      notes.append("missing values are written as " + tokens.joined(separator: ", "))
    }
    return notes
  }
}
