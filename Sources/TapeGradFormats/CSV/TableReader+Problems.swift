// What is said of a row that does not fit, and where reading goes on. In
//
//   1  a,b
//   2  1,"2"x
//   3  3,4
//
// the field of line 2 goes on behind its closing quotation mark. The problem is noted, with the line, the column and up
// to 20 bytes of what stands there, and reading goes on with line 3, so that the problems of a file are told together.
extension TableReader {
  /// Notes a quotation mark in a wrong place, and goes on in the next line; incomplete where there is none yet.
  mutating func noteFault(
    _ ending: FieldScanner.Ending, _ scanner: inout FieldScanner, column: Int, line: Int,
    isHeader: Bool = false
  ) -> FieldScanner.Ending {
    // A header is not left out: there would be nothing to go by.
    if dialect.irregularRows == .drop, !isHeader {
      let ending = ending == .trailing ? scanner.skipLine() : .endOfRecord
      irregularCount += ending == .incomplete ? 0 : 1
      return ending
    }
    // A mark that is never closed takes the rest of the file with it: no line follows.
    guard ending == .trailing else {
      problems.add(
        CSVError.Problem(
          line: line, column: name(of: column), found: "a quoted field without an end",
          expected: "a closing quotation mark; --quote none takes such marks as they are"))
      return .endOfRecord
    }
    let rest = UnsafeBufferPointer(start: scanner.bytes + scanner.position, count: scanner.limit - scanner.position)
    let faultLine = scanner.line
    // The line's end may not be read yet; then all of this is done again when it is.
    if scanner.skipLine() == .incomplete { return .incomplete }
    let text = rest.prefix(20).prefix { $0 != rules.delimiter && !$0.isLineBreak }
    problems.add(
      CSVError.Problem(
        line: faultLine, column: name(of: column),
        found: "\(String(decoding: text, as: UTF8.self).quoted) after a closing quotation mark",
        expected: "a delimiter or the end of the line"))
    return .endOfRecord
  }

  /// Notes a record of another number of fields than the first.
  mutating func noteWidth(_ width: Int, line: Int) {
    let first = header.isEmpty ? "the first row" : "line \(headerLine)"
    problems.add(
      CSVError.Problem(
        line: line, found: width == 1 ? "1 field" : "\(width) fields",
        expected: "\(stores.count) as in \(first); --irregular-rows drop leaves it out"))
  }

  /// A column by its number, from 1.
  func name(of column: Int) -> CSVError.Column { CSVError.Column(number: column + 1, name: nil) }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a number is written with digits only, and so stands for itself alone.
  var isWholeNumber: Bool {
    dropFirst(first == UInt8(ascii: "-") || first == UInt8(ascii: "+") ? 1 : 0).allSatisfy { $0 &- 0x30 < 10 }
  }

  /// The bytes without spaces and tabulators around them.
  var trimmed: UnsafeBufferPointer<UInt8> {
    var start = 0, end = count
    while start < end, self[start] == .space || self[start] == .tab { start += 1 }
    while end > start, self[end - 1] == .space || self[end - 1] == .tab { end -= 1 }
    return UnsafeBufferPointer(rebasing: self[start..<end])
  }
}
