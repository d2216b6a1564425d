/// The fields of a CSV file, as text and row by row.
struct CSVRecords {
  /// The number of fields in every record.
  var width = 0
  /// The fields of all records, one record after the other.
  var fields: [String] = []
  /// The line, from 1, on which each record begins.
  var lines: [Int] = []
}

/// Splits the bytes of a CSV file into records, in one pass.
///
/// The grammar is that of RFC 4180, and beyond it: any of CRLF, LF and CR ends a line; a byte-order mark is skipped,
/// and so is a line that is empty or holds only spaces; a quotation mark inside an unquoted field stands for itself.
struct CSVParser {
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private let file: String
  private var position = 0
  private var line = 1
  private var records = CSVRecords()

  private init(_ bytes: [UInt8], delimiter: UInt8, file: String) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.file = file
  }

  /// The records in `bytes`.
  ///
  /// Throws for a quoted field that does not end, or that something other than a delimiter follows; for a record with
  /// another number of fields than the first; for bytes that are not UTF-8; and where there is no record.
  static func records(
    in bytes: [UInt8], delimiter: CSVTable.Delimiter, file: String
  ) throws(CSVError) -> CSVRecords {
    var parser = CSVParser(bytes, delimiter: delimiter.rawValue, file: file)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    while parser.position < bytes.count {
      if !parser.skipBlankLine() { try parser.parseRecord() }
    }
    guard parser.records.width > 0 else {
      throw CSVError(file: file, line: nil, column: nil, found: "an empty file", expected: "at least one record")
    }
    return parser.records
  }

  private mutating func parseRecord() throws(CSVError) {
    let first = records.fields.count, firstLine = line
    repeat {
      let column = records.fields.count - first + 1
      records.fields.append(try current == .quote ? quotedField(column) : unquotedField(column))
    } while skip(delimiter)
    skipLineBreak()
    let width = records.fields.count - first
    if records.lines.isEmpty { records.width = width }
    guard width == records.width else {
      throw CSVError(
        file: file, line: firstLine, column: nil, found: width == 1 ? "1 field" : "\(width) fields",
        expected: "\(records.width) as in line \(records.lines[0])")
    }
    records.lines.append(firstLine)
  }

  private mutating func unquotedField(_ column: Int) throws(CSVError) -> String {
    let start = position
    while !isAtEndOfField { position += 1 }
    return try text(bytes[start..<position], column: column, line: line)
  }

  private mutating func quotedField(_ column: Int) throws(CSVError) -> String {
    let firstLine = line
    var content: [UInt8] = []
    position += 1
    var start = position
    while true {
      guard let byte = current else {
        throw error(
          column, firstLine, found: "a quoted field without an end", expected: "a closing quotation mark")
      }
      guard byte == .quote else {
        if !skipLineBreak() { position += 1 }
        continue
      }
      content += bytes[start..<position]
      position += 1
      guard current == .quote else { break }
      // A doubled quotation mark: the second one belongs to the field.
      start = position
      position += 1
    }
    guard isAtEndOfField else {
      let rest = bytes[position...].prefix(20).prefix { $0 != delimiter && !$0.isLineBreak }
      throw error(
        column, line, found: "\(String(decoding: rest, as: UTF8.self).quoted) after a closing quotation mark",
        expected: "a delimiter or the end of the line")
    }
    return try text(content[...], column: column, line: firstLine)
  }

  private func text(_ bytes: ArraySlice<UInt8>, column: Int, line: Int) throws(CSVError) -> String {
    // ASCII apart: the check of UTF-8 would take most of the time of reading a file.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error(column, line, found: "bytes that are not UTF-8", expected: "text in UTF-8")
    }
    return text
  }

  private func error(_ column: Int, _ line: Int, found: String, expected: String) -> CSVError {
    CSVError(
      file: file, line: line, column: CSVError.Column(number: column, name: nil), found: found, expected: expected)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var isAtEndOfField: Bool {
    guard let byte = current else { return true }
    return byte == delimiter || byte.isLineBreak
  }

  /// Steps over `byte` if it is the next one, and says whether it was.
  private mutating func skip(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  /// Steps over the end of a line if it is next, and says whether it was.
  @discardableResult
  private mutating func skipLineBreak() -> Bool {
    guard let byte = current, byte.isLineBreak else { return false }
    position += 1
    if byte == .carriageReturn { _ = skip(.lineFeed) }
    line += 1
    return true
  }

  /// Steps over a line that is empty or holds only spaces, and says whether there was one.
  private mutating func skipBlankLine() -> Bool {
    let start = position
    while let byte = current, byte == .space, byte != delimiter { position += 1 }
    if skipLineBreak() || current == nil { return true }
    position = start
    return false
  }
}

extension UInt8 {
  fileprivate static let lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let space = UInt8(ascii: " ")

  fileprivate var isLineBreak: Bool { self == .lineFeed || self == .carriageReturn }
}
