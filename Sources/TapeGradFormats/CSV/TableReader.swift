// How a file is read in pieces, when the end of a piece falls into a quoted cell. Take pieces of 8 bytes, and write
// ⏎ for a line feed:
//
//     a,b⏎1,"x⏎y"⏎2,z⏎
//
//     buffer  a,b⏎1,"x    The header is read. The row on line 2 is not complete, since its quotation mark is still
//                         open: the scanner returns to byte 4, where the row begins, and what the row added to the
//                         problems is taken back. The 4 bytes 1,"x move to the front of the buffer.
//     buffer  1,"x⏎y"⏎    4 more bytes fill the buffer. The row is read again from its beginning, now to its end.
//     buffer  2,z⏎        Fewer bytes came than fit: the file has ended, and so does the last record.
//
// Nothing of the state inside a cell is carried from piece to piece, which keeps the scanner simple; the price is
// to read one record twice for each piece of 1 MiB. If a record takes more than half of the buffer, then the buffer
// is doubled, up to a record of 16 MiB: more is taken for a quotation mark that was never closed.

/// Reads the rows of a CSV file into columns, piece by piece.
///
/// A column is read as numbers or as text. Which of the two it is can be known only at the end; where the guess was wrong,
/// the file is read again (`CSVTable`).
struct TableReader {
  let source: ByteSource
  let dialect: Dialect
  let syntax: NumberSyntax
  let rules: FieldRules
  /// The tokens for missing values that read as numbers, such as −999.
  let missingNumbers: [(value: Double, text: String)]
  /// The names in the header, as they stand there, and its line.
  var header: [String] = [], headerLine = 1
  var rowCount = 0
  var lines = RowLines()
  var problems = ProblemList()
  /// How many rows end in a delimiter behind their last field.
  var trailingDelimiterCount = 0
  /// How many rows were left out, or made to fit, as the dialect says.
  var irregularCount = 0

  // Column by column. The pointers are those of the stores: the inner loop takes no detour.
  private(set) var stores: [CSVColumn]
  var numbers: [UnsafeMutablePointer<Double>?]
  var codes: [UnsafeMutablePointer<UInt32>?]
  var texts: [TextPool]
  var floats: [[Int: Float]]
  var haveLongIntegers: [Bool]
  /// For how many rows there is memory: the same in all columns.
  var capacity = 0

  /// A reader of columns of which `isText` says what each holds.
  init(_ source: ByteSource, _ dialect: Dialect, isText: [Bool]) {
    self.source = source
    self.dialect = dialect
    syntax = dialect.numberSyntax
    rules = dialect.rules
    missingNumbers = (dialect.missingTokens ?? []).compactMap { [syntax] text in
      syntax.number(text).map { (value: $0, text: text) }
    }
    stores = isText.map { $0 ? .text(TextColumn()) : .numbers(NumberColumn()) }
    numbers = isText.map { _ in nil }
    codes = isText.map { _ in nil }
    texts = isText.map { _ in TextPool() }
    floats = isText.map { _ in [:] }
    haveLongIntegers = isText.map { _ in false }
  }

  /// How many bytes are read at a time. A record that is longer than the second number is taken for a mistake.
  static let piece = 1 << 20, longestRecord = 1 << 24

  /// Reads the whole source.
  ///
  /// - Parameters:
  ///   - bytesPerRow: About how long a record is, so that memory is asked for once.
  ///   - piece: How many bytes are read at a time; more where a record is longer.
  /// - Returns: The columns.
  mutating func read(bytesPerRow: Double, piece: Int) throws -> [CSVColumn] {
    try reserve(Int(Double(source.count) / max(1, bytesPerRow) * 1.02) + 64)
    var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(piece, source.count + 1), alignment: 64)
    defer { buffer.deallocate() }
    var offset = try source.hasByteOrderMark() ? 3 : 0
    // The record that goes on in the next piece stands in front of it.
    var kept = 0, line = 1, isBegun = false, isLast = false
    while !isLast {
      let free = UnsafeMutableRawBufferPointer(rebasing: buffer[kept...])
      let count = try source.read(at: offset, into: free)
      offset += count
      isLast = count < free.count
      let filled = UnsafeRawBufferPointer(rebasing: buffer[..<(kept + count)])
      var scanner = FieldScanner(rules, filled.assumingMemoryBound(to: UInt8.self), isLast: isLast)
      scanner.line = line
      if !isBegun { isBegun = skipFront(&scanner) }
      if isBegun { try readRows(&scanner) }
      line = scanner.line
      let rest = UnsafeRawBufferPointer(rebasing: filled[scanner.position...])
      kept = rest.count
      guard 2 * kept > buffer.count, !isLast else {
        buffer.copyMemory(from: rest)
        continue
      }
      try checkLength(kept, line: line)
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * buffer.count, alignment: 64)
      larger.copyMemory(from: rest)
      buffer.deallocate()
      buffer = larger
    }
    return finished()
  }

  /// Throws for a record of so many bytes that it can hardly be one.
  func checkLength(_ count: Int, line: Int) throws(CSVError) {
    guard count >= Self.longestRecord else { return }
    let problem = CSVError.Problem(
      line: line, found: "a record of \(Self.longestRecord) bytes or more",
      expected: "a shorter one; a quotation mark may have no end, and --quote none takes such marks as they are")
    throw CSVError(file: source.name, [problem])
  }

  /// Makes room for rows in all columns.
  mutating func reserve(_ rows: Int) throws(CSVError) {
    for column in stores.indices { try reserve(rows, column) }
    capacity = rows
  }

  /// Makes room for rows in a column.
  private mutating func reserve(_ rows: Int, _ column: Int) throws(CSVError) {
    let isThere: Bool
    switch stores[column] {
    case .numbers(let store):
      isThere = store.store.reserve(rows)
      numbers[column] = store.store.pointer
    case .text(let store):
      isThere = store.store.reserve(rows)
      codes[column] = store.store.pointer
    }
    guard isThere else {
      throw CSVError(file: source.name, found: "\(rows) rows", expected: "as many as memory holds")
    }
  }

  /// Appends a column whose fields are empty in all rows up to here.
  mutating func addColumn(isText: Bool) throws(CSVError) {
    let column = stores.count
    stores.append(isText ? .text(TextColumn()) : .numbers(NumberColumn()))
    numbers.append(nil)
    codes.append(nil)
    texts.append(TextPool())
    floats.append([:])
    haveLongIntegers.append(false)
    try reserve(capacity, column)
    guard rowCount > 0, let code = texts[column].number(of: UnsafeBufferPointer(start: nil, count: 0)) else { return }
    for row in 0..<rowCount {
      numbers[column]?[row] = NumberColumn.value(text: code)
      codes[column]?[row] = code
    }
  }

  /// The columns as they were read.
  func finished() -> [CSVColumn] {
    stores.indices.map { column in
      switch stores[column] {
      case .numbers(let store):
        store.store.finish(count: rowCount)
        return .numbers(
          NumberColumn(
            store: store.store, texts: texts[column], floats: floats[column],
            hasLongIntegers: haveLongIntegers[column]))
      case .text(let store):
        store.store.finish(count: rowCount)
        return .text(TextColumn(store: store.store, texts: texts[column]))
      }
    }
  }
}
