// A walk through the line ` "say ""hi""" , 5" pipe`:
//
//     space      does not count
//     "          a quoted field begins; its content starts at the next byte
//     say        content
//     ""hi""     two quotation marks stand for one: content, and `hasEscapes` is set
//     "          not doubled, so the field ends here
//     space ,    the field is followed by another one: `.delimiter`
//     5" pipe    an unquoted field, in which the quotation mark is an ordinary character
//     line end   `.endOfRecord`
//
// Fields are only located. No text is made here, since most fields are numbers, which are parsed where they stand;
// only `content` copies bytes, where it has to remove escapes: `say ""hi""` becomes `say "hi"`.
//
// Where a piece of the file ends, some bytes cannot be judged by themselves: a quotation mark (the next byte may
// double it), a carriage return (a line feed may belong to it), and any byte of a field, which may go on. The
// answer is `.incomplete`, and the caller comes back to the beginning of the record with more bytes (see
// `TableReader`).

/// Which bytes structure a CSV file: what a `Dialect` says, for the scanner.
struct FieldRules {
  /// The byte between two fields. A space stands for any run of spaces and tabs.
  var delimiter = UInt8(ascii: ",")
  /// The byte around a field that may hold delimiters and line breaks; 0 where there is none.
  var quote = UInt8(ascii: "\"")
  /// Whether `\` takes the next byte as it is; a doubled quotation mark stands for one in either case.
  var hasBackslashes = false
  /// What begins a line that is not data; empty where there is no such thing.
  var comment: [UInt8] = []

  var isSpaceDelimited: Bool { delimiter == .space }

  /// Whether a byte is a space that does not count, around a field.
  @inline(__always) func isSpace(_ byte: UInt8) -> Bool { byte == .space || (byte == .tab && delimiter != .tab) }
}

/// A field of a CSV file, by where its content begins and ends in the bytes.
struct ScannedField {
  /// The first byte of the content, and the one behind it. Quotation marks around it, and spaces, do not belong to it.
  var start = 0, end = 0
  /// Whether it stands in quotation marks: an empty field without them separates nothing at the end of a row.
  var isQuoted = false
  /// Whether the content holds doubled quotation marks or backslashes, which stand for one byte less.
  var hasEscapes = false
}

/// Finds the fields in the bytes of a CSV file, one after the other.
///
/// It works on bytes, not on characters: all that it looks for is ASCII, whose bytes are part of no other character in
/// UTF-8. The bytes may be a piece of a file; a record that goes on behind them is `incomplete`, and is read again when
/// more of them are there.
///
/// The grammar is that of RFC 4180, and beyond it: any of CRLF, LF and CR ends a line; a line that is empty or holds only
/// spaces is skipped; spaces around a field do not count, also those before a quotation mark; a quotation mark inside an
/// unquoted field is an ordinary character.
struct FieldScanner {
  /// What comes behind a field.
  enum Ending {
    /// Another field of the record, or the end of the line or the file.
    case delimiter, endOfRecord
    /// The bytes end, and the file does not.
    case incomplete
    /// A quoted field that has no end, up to the end of the file.
    case unclosed
    /// Something stands between the closing quotation mark and the next delimiter; `position` is there.
    case trailing
  }

  let rules: FieldRules
  /// The bytes, up to `limit`.
  var bytes: UnsafePointer<UInt8>
  var limit: Int
  /// Whether the file ends where the bytes end.
  var isLast: Bool
  /// The next byte, and the line it is in, from 1.
  var position = 0
  var line = 1

  /// The scanner of a whole text.
  init(_ rules: FieldRules, _ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool = true) {
    self.rules = rules
    // Where there is no byte there is no address, and none is asked for.
    self.bytes = bytes.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
    self.limit = bytes.count
    self.isLast = isLast
  }

  /// Whether there is nothing more to read, now or later.
  var isAtEnd: Bool { isLast && position >= limit }

  /// Reads a field and steps over the delimiter or line break behind it.
  mutating func next(_ field: inout ScannedField) -> Ending {
    while position < limit, rules.isSpace(bytes[position]) { position += 1 }
    if position < limit, bytes[position] == rules.quote, rules.quote != 0 { return quoted(&field) }
    field.isQuoted = false
    field.hasEscapes = false
    field.start = position
    var i = position
    let delimiter = rules.delimiter
    if rules.isSpaceDelimited {
      while i < limit, !bytes[i].isLineBreak, !rules.isSpace(bytes[i]) { i += 1 }
    } else {
      while i < limit, bytes[i] != delimiter, !bytes[i].isLineBreak { i += 1 }
    }
    position = i
    field.end = i
    while field.end > field.start, rules.isSpace(bytes[field.end - 1]) { field.end -= 1 }
    return ending()
  }

  /// Reads a field in quotation marks.
  private mutating func quoted(_ field: inout ScannedField) -> Ending {
    field.isQuoted = true
    field.hasEscapes = false
    position += 1
    (field.start, field.end) = (position, position)
    while true {
      guard position < limit else { return isLast ? .unclosed : .incomplete }
      let byte = bytes[position]
      if byte == rules.quote {
        if position + 1 >= limit, !isLast { return .incomplete }
        guard position + 1 < limit, bytes[position + 1] == rules.quote else { break }
        field.hasEscapes = true
        position += 2
      } else if byte == UInt8(ascii: "\\"), rules.hasBackslashes {
        field.hasEscapes = true
        position += 1
        // Where a line break is escaped, it is counted in the next round.
        if position < limit, !bytes[position].isLineBreak { position += 1 }
      } else if byte.isLineBreak {
        if stepOverLineBreak() == .incomplete { return .incomplete }
      } else {
        position += 1
      }
    }
    field.end = position
    position += 1
    return ending()
  }

  /// Reads on, up to the next delimiter or line break, where something follows a closing quotation mark: it belongs to the
  /// field.
  mutating func continueField(_ field: inout ScannedField) -> Ending {
    while position < limit, bytes[position] != rules.delimiter, !bytes[position].isLineBreak { position += 1 }
    field.end = position
    field.hasEscapes = true
    return ending()
  }

  /// Ends a quoted field that has no end where its line ends, and goes on behind that.
  mutating func closeField(_ field: inout ScannedField) -> Ending {
    position = field.start
    while position < limit, bytes[position] != rules.delimiter, !bytes[position].isLineBreak { position += 1 }
    field.end = position
    field.hasEscapes = true
    return ending()
  }

  /// Steps over what ends a field.
  private mutating func ending() -> Ending {
    let start = position
    while position < limit, rules.isSpace(bytes[position]) { position += 1 }
    guard position < limit else { return isLast ? .endOfRecord : .incomplete }
    if bytes[position].isLineBreak { return stepOverLineBreak() }
    if rules.isSpaceDelimited { return position > start ? .delimiter : .trailing }
    guard bytes[position] == rules.delimiter else { return .trailing }
    position += 1
    return .delimiter
  }

  /// Steps over the end of a line, which is next.
  private mutating func stepOverLineBreak() -> Ending {
    if bytes[position] == .carriageReturn {
      // Whether a line feed belongs to it is not known at the end of a piece.
      if position + 1 >= limit, !isLast { return .incomplete }
      if position + 1 < limit, bytes[position + 1] == .lineFeed { position += 1 }
    }
    position += 1
    line += 1
    return .endOfRecord
  }

  /// Steps over the rest of a line, quotation marks or not: so that reading goes on behind a fault.
  mutating func skipLine() -> Ending {
    while position < limit, !bytes[position].isLineBreak { position += 1 }
    guard position < limit else { return isLast ? .endOfRecord : .incomplete }
    return stepOverLineBreak()
  }

  /// Steps over blank lines and comments, to the first byte of a record.
  ///
  /// - Returns: whether a record begins there; false also where more bytes are needed to know.
  mutating func skipToRecord() -> Bool {
    while true {
      var i = position
      while i < limit, rules.isSpace(bytes[i]) { i += 1 }
      if i >= limit {
        if isLast { position = i }
        return false
      }
      if bytes[i].isLineBreak {
        position = i
        if stepOverLineBreak() == .incomplete { return false }
      } else if isComment(i) {
        let start = position
        if skipLine() == .incomplete {
          position = start
          return false
        }
      } else {
        return isLast || limit - i >= rules.comment.count
      }
    }
  }

  private func isComment(_ i: Int) -> Bool {
    !rules.comment.isEmpty && limit - i >= rules.comment.count
      && rules.comment.indices.allSatisfy { bytes[i + $0] == rules.comment[$0] }
  }

  /// The bytes that a field's content stands for.
  func content(_ field: ScannedField) -> [UInt8] {
    let raw = UnsafeBufferPointer(start: bytes + field.start, count: field.end - field.start)
    guard field.hasEscapes else { return Array(raw) }
    var content: [UInt8] = [], i = 0
    while i < raw.count {
      let isEscape = raw[i] == rules.quote || (raw[i] == UInt8(ascii: "\\") && rules.hasBackslashes)
      if isEscape, i + 1 < raw.count { i += 1 }
      content.append(raw[i])
      i += 1
    }
    return content
  }
}

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")

  @inline(__always) var isLineBreak: Bool { self == .lineFeed || self == .carriageReturn }
}
