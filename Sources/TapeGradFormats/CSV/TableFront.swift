// Only the beginning of a file is looked at before reading: 64 KiB, and up to 4 MiB where records are so long that
// fewer than four of them fit. A sample is enough to find the dialect, and to guess the types of columns: a wrong
// guess of these costs a second reading, and never a wrong result.

/// What is known of a CSV file before its rows are read: its dialect, its width, and what its columns seem to hold.
struct TableFront {
  let dialect: Dialect
  /// What each column holds, judging by the first rows.
  let isText: [Bool]
  /// Which columns the dialect declares to be text.
  let isDeclaredText: [Bool]
  /// About how long a record is.
  let bytesPerRow: Double

  /// Looks at the first records of a source.
  ///
  /// - Throws: ``CSVError`` where it is no text, or empty, or has no column that the dialect names.
  init(_ source: ByteSource, _ given: Dialect) throws {
    var size = 1 << 16
    while true {
      var bytes = [UInt8](repeating: 0, count: min(size, source.count))
      let count = try bytes.withUnsafeMutableBytes { try source.read(at: 0, into: $0) }
      let isWhole = size >= source.count
      try ForeignFormat.check(bytes[..<count], file: source.name)
      try ForeignFormat.checkForJSON(bytes[..<count], file: source.name)
      let detector = bytes[..<count].withUnsafeBufferPointer { buffer in
        let mark = buffer.starts(with: ByteSource.byteOrderMark) ? 3 : 0
        return DialectDetector(UnsafeBufferPointer(rebasing: buffer[mark...]), isWhole: isWhole, given: given)
      }
      let records = detector.sample.records.count
      // Long records need a longer look.
      if isWhole || records >= 4 || size >= 1 << 22 {
        guard records > 0 else { throw Self.error(detector, file: source.name) }
        try self.init(detector, bytesPerRow: Double(count) / Double(records), file: source.name)
        return
      }
      size *= 4
    }
  }

  /// Why there is no record.
  private static func error(_ detector: DialectDetector, file: String) -> CSVError {
    if detector.sample.coverage == 1 {
      return CSVError(file: file, found: "an empty file", expected: "at least one record")
    }
    let problem = CSVError.Problem(
      line: 1, found: "a quoted field without an end",
      expected: "a closing quotation mark; --quote none takes such marks as they are")
    return CSVError(file: file, [problem])
  }

  /// What the sample says, where there are records in it.
  private init(_ detector: DialectDetector, bytesPerRow: Double, file: String) throws(CSVError) {
    dialect = detector.dialect
    self.bytesPerRow = bytesPerRow
    let sample = detector.sample, syntax = dialect.numberSyntax, tokens = Set(dialect.missingTokens ?? [])
    let first = sample.records[0]
    // R writes names of rows without a title above them, so that the header has one field less than the rows.
    let width = first.count + (dialect.header == .withoutRowNames ? 1 : 0)
    isText = (0..<width).map { column in
      let values = sample.column(column, from: detector.dialect.header == .absent ? 0 : 1)
        .filter { !tokens.contains($0) }
      // Text, where more than half of the values are no numbers.
      return 2 * values.count { syntax.number($0) == nil } > values.count
    }
    isDeclaredText = try dialect.declaredText(
      titles: dialect.header == .absent ? [] : first.map(\.text), width: width, file: file)
  }
}

extension Dialect {
  /// Which of `width` columns are declared to be text, by their titles or by their numbers.
  func declaredText(titles: [String], width: Int, file: String) throws(CSVError) -> [Bool] {
    guard case .named(let names) = textColumns else { return [Bool](repeating: true, count: width) }
    var declared = [Bool](repeating: false, count: width)
    for name in names.joined(into: titles) {
      // By its title, or else by its number, from 1.
      guard let column = titles.firstIndex(of: name) ?? Int(name).map({ $0 - 1 }), declared.indices.contains(column)
      else {
        throw CSVError(
          file: file, found: "no column \(name.quoted)",
          expected: titles.isEmpty ? "a number from 1 to \(width)" : titles.quotedAlternatives)
      }
      declared[column + (header == .withoutRowNames && Int(name) == nil ? 1 : 0)] = true
    }
    return declared
  }
}

/// Files that are no text, by their first bytes.
enum ForeignFormat {
  /// The first bytes of common formats, what to call them, and what helps.
  private static let beginnings: [(bytes: [UInt8], name: String, help: String)] = [
    ([0x1F, 0x8B], "a file compressed by gzip", "text; gunzip -c unpacks it, and - reads what a pipe brings"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a file compressed by zstd", "text; zstd -dc unpacks it"),
    (Array("BZh".utf8), "a file compressed by bzip2", "text; bunzip2 -c unpacks it"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "a file compressed by xz", "text; xz -dc unpacks it"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive or a spreadsheet", "text; spreadsheets are saved as CSV in UTF-8"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old spreadsheet", "text; spreadsheets are saved as CSV in UTF-8"),
    (Array("PAR1".utf8), "a Parquet file", "text"),
    (Array("SQLite format 3".utf8), "a database of SQLite", "text"),
    ([0xFF, 0xFE], "text in UTF-16", "text in UTF-8; iconv -f UTF-16 -t UTF-8 converts it"),
    ([0xFE, 0xFF], "text in UTF-16", "text in UTF-8; iconv -f UTF-16 -t UTF-8 converts it"),
  ]

  /// Throws for the beginning of a file that is no text.
  static func check(_ bytes: some Collection<UInt8>, file: String) throws(CSVError) {
    if let foreign = beginnings.first(where: { bytes.starts(with: $0.bytes) }) {
      throw CSVError(file: file, found: foreign.name, expected: foreign.help)
    }
    if bytes.contains(0) {
      throw CSVError(file: file, found: "a zero byte, which no text has", expected: "text in UTF-8")
    }
  }

  /// Throws for the beginning of an object, or of an array of objects, as no CSV file has it: one quotation mark would be
  /// in a wrong place.
  static func checkForJSON(_ bytes: some Collection<UInt8>, file: String) throws(CSVError) {
    let beginning = bytes.lazy.filter { $0 != .space && $0 != .tab && !$0.isLineBreak }.prefix(2)
    guard beginning.elementsEqual("{\"".utf8) || beginning.elementsEqual("[{".utf8) else { return }
    throw CSVError(
      file: file, found: "JSON",
      expected: "CSV; JSON is read from files that have an object on each line and a name that ends in "
        + TableFormat.jsonLinesEndings.joined(separator: " or "))
  }
}
