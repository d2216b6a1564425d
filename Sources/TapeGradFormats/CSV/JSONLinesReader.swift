// From a line to fields. Of
//
//     1  {"id": "007", "size": 3}
//     2  {"size": 4.5, "size": 5}
//     3  {"size": 2, "color": {"red": 1}}
//
// line 1 gives the columns id and size, whose fields 007 and 3 go where those of a CSV file do (`TableReader`). Lines 2 and
// 3 are not rows, and are told together:
//
//     line 2, column "size": found the name "size" twice, expected each name once
//     line 3, column "color": found an object, expected a number, text, true, false or null
//
// A column begins with the line that has its name first. It is then empty in all rows above, so that n lines of n
// different names would take n² fields: a limit in proportion to the values that there are keeps a small file from taking
// all memory.

import TapeGradArrays

/// Reads lines of JSON into columns.
struct JSONLinesReader {
  private var table: TableReader
  /// The names of the columns, in the order in which they come first; the numbers, from 1, where rows are arrays.
  private(set) var names: [String] = []
  private var indices: [String: Int] = [:]
  /// What each column holds: as the caller says, or by the first value.
  private(set) var isText: [Bool] = []
  private let known: [Bool]?
  /// The first row: all others are of its kind.
  private var first: (line: Int, isArray: Bool)?
  /// On which line each column was met last, in how many rows it was not, and on which line it was first missed.
  private var lastLines: [Int] = [], absences: [Int] = [], firstAbsences: [Int] = []
  /// How many texts of each column are numbers in quotation marks.
  private var quotedNumbers: [Int] = []
  private var valueCount = 0

  /// - Parameter isText: What each column holds, where it is known from an earlier reading.
  init(_ source: ByteSource, _ dialect: Dialect, isText: [Bool]? = nil) {
    table = TableReader(source, dialect, isText: [])
    known = isText
  }

  var rowCount: Int { table.rowCount }
  var lines: RowLines { table.lines }
  /// Whether the rows are objects.
  var hasNames: Bool { first?.isArray != true }
  /// How many fields are missing because their rows do not have the name.
  var absentCount: Int { absences.reduce(0, +) }

  /// Reads the whole source.
  ///
  /// - Throws: ``CSVError`` with all lines that are not rows.
  mutating func read(piece: Int) throws -> [CSVColumn] {
    let source = table.source
    var chunk = [UInt8](repeating: 0, count: min(piece, source.count + 1))
    var offset = try source.hasByteOrderMark() ? 3 : 0, line = 0, isLast = false
    // The line that goes on in the next piece stands in front of it.
    var bytes: [UInt8] = []
    while !isLast {
      let count = try chunk.withUnsafeMutableBytes { try source.read(at: offset, into: $0) }
      if offset <= 3 { try ForeignFormat.check(chunk[..<count], file: source.name) }
      offset += count
      isLast = count < chunk.count
      bytes += chunk[..<count]
      var start = 0
      while start < bytes.count, let end = bytes[start...].firstIndex(of: .lineFeed) ?? (isLast ? bytes.count : nil) {
        line += 1
        try bytes[start..<end].withUnsafeBufferPointer { try readLine($0, line) }
        start = end + 1
      }
      bytes.removeFirst(min(start, bytes.count))
      if bytes.count >= TableReader.longestRecord {
        let problem = CSVError.Problem(
          line: line + 1, found: "a line of \(TableReader.longestRecord) bytes or more",
          expected: "an object on each line")
        throw CSVError(file: source.name, [problem])
      }
    }
    try table.problems.check(file: source.name)
    return table.finished()
  }

  // MARK: Rows

  /// Reads a line into the next row, or notes what is wrong with it; a blank one is not a row.
  private mutating func readLine(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) throws(CSVError) {
    if bytes.allSatisfy({ $0 == .space || $0 == .tab || $0 == .carriageReturn }) { return }
    let row: JSONRow
    do throws(JSONError) { row = try JSONRow(bytes) } catch {
      return note(line, error.member, found: error.found, expected: error.expected)
    }
    if let first {
      let kinds = ["an object", "an array"]
      if first.isArray != row.isArray {
        let (found, expected) = (kinds[row.isArray ? 1 : 0], kinds[first.isArray ? 1 : 0])
        return note(line, found: found, expected: "\(expected) as in line \(first.line)")
      }
      if row.isArray, row.members.count != names.count {
        return note(
          line, found: counted(row.members.count, "value"), expected: "\(names.count) as in line \(first.line)")
      }
    }
    let problems = table.problems.count
    try table.reserveRow()
    for (name, field) in row.members { try store(field, of: bytes, in: name, line) }
    guard table.problems.count == problems else { return }
    first = first ?? (line, row.isArray)
    for column in names.indices where lastLines[column] != line {
      if absences[column] == 0 { firstAbsences[column] = line }
      absences[column] += 1
      _ = table.store(UnsafeBufferPointer(start: nil, count: 0), column, line: line)
    }
    table.finishRow(line)
    try checkSize(names.count, rowCount)
  }

  /// Puts a field into its column, which begins here where its name is new.
  private mutating func store(
    _ field: JSONRow.Field, of bytes: UnsafeBufferPointer<UInt8>, in name: String, _ line: Int
  ) throws(CSVError) {
    let column = if let known = indices[name] { known } else { try add(name, field) }
    guard lastLines[column] != line else {
      return note(line, name, found: "the name \(name.quoted) twice", expected: "each name once")
    }
    lastLines[column] = line
    valueCount += 1
    switch field {
    case .missing: _ = table.store(UnsafeBufferPointer(start: nil, count: 0), column, line: line)
    case .number(let range): _ = table.store(UnsafeBufferPointer(rebasing: bytes[range]), column, line: line)
    case .text(var text):
      if table.syntax.number(text.trimmed) != nil { quotedNumbers[column] += 1 }
      _ = text.withUTF8 { table.store($0, column, line: line) }
    case .nested(let found): note(line, name, found: found, expected: JSONRow.expected)
    }
  }

  /// A new column.
  private mutating func add(_ name: String, _ first: JSONRow.Field) throws(CSVError) -> Int {
    let column = names.count
    // The first value is a good guess, and a wrong one costs a second reading.
    var isText = false
    if case .text(let text) = first { isText = table.syntax.number(text.trimmed) == nil }
    try checkSize(column + 1, rowCount)
    names.append(name)
    indices[name] = column
    self.isText.append(known?[column] ?? isText)
    lastLines.append(0)
    absences.append(rowCount)
    firstAbsences.append(rowCount > 0 ? lines[0] : 0)
    quotedNumbers.append(0)
    try table.addColumn(isText: self.isText[column])
    return column
  }

  // MARK: What is told

  /// Notes why a line is not a row.
  private mutating func note(_ line: Int, _ name: String? = nil, found: String, expected: String) {
    // In an array, the name is the number.
    let column = name.map { name in
      CSVError.Column(number: indices[name].map { $0 + 1 } ?? names.count + 1, name: name)
    }
    table.problems.add(CSVError.Problem(line: line, column: column, found: found, expected: expected))
  }

  /// Throws where far more fields would be empty than there are values: so many names are a mistake, and take all memory.
  private func checkSize(_ columns: Int, _ rows: Int) throws(CSVError) {
    guard columns * rows > max(Self.fewFields, Self.mostFieldsPerValue * valueCount) else { return }
    throw CSVError(
      file: table.source.name, found: "\(columns) different names in \(rows) rows with \(valueCount) values",
      expected: "rows of which most have the same names")
  }

  /// A table of so many fields is always read, 128 MiB of numbers; a larger one where at least one field in so many has a
  /// value.
  private static let fewFields = 1 << 24, mostFieldsPerValue = 64

  /// What was assumed of names and texts.
  var notes: [String] {
    let absent = names.indices.filter { absences[$0] > 0 }
    var notes = absent.prefix(10).map { column in
      "column \(names[column].quoted) is missing in the \(counted(absences[column], "row")) without that name, "
        + "of which line \(firstAbsences[column]) is the first"
    }
    if absent.count > 10 { notes.append("so are \(absent.count - 10) other columns in rows without their names") }
    let quoted = names.indices.filter { quotedNumbers[$0] > 0 && !isText[$0] }.map { names[$0] }
    if !quoted.isEmpty {
      notes.append(
        "numbers in quotation marks are taken for numbers: \(quoted.quotedList("and")); --text-columns keeps them as text"
      )
    }
    return notes
  }
}
