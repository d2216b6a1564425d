// Two ways lead through a row. In a column of numbers, a number with a delimiter or a line feed directly behind it
// is stored without looking for the ends of the field first: `3.25,` is one walk over five bytes. All else goes
// through the scanner: quotation marks, spaces, text, a carriage return, the last field of a
// piece, and files whose fields are separated by spaces.
//
// A row may be irregular. In a table of the columns a, b and c,
//
//     1,2        lacks a field: an error; or left out (`drop`); or c is missing (`fit`)
//     1,2,3,4    has one too many: an error; or left out; or 4 is left out
//     1,2,3,     is regular: a delimiter at the end of a line is a habit of some programs
//     1,"2"x,3   has a misplaced quotation mark: an error; or left out; or the second field is 2x

extension TableReader {
  /// Steps over the lines before the rows; false, and back at the start, where they are not all there.
  mutating func skipFront(_ scanner: inout FieldScanner) -> Bool {
    let start = scanner
    for _ in 0..<(dialect.skippedLines ?? 0) where scanner.skipLine() == .incomplete {
      scanner = start
      return false
    }
    if dialect.header == .absent { return true }
    header = []
    if scanner.skipToRecord() {
      headerLine = scanner.line
      var field = ScannedField(), ending = FieldScanner.Ending.delimiter
      while ending == .delimiter {
        let line = scanner.line
        ending = scanner.next(&field)
        if ending == .unclosed || ending == .trailing {
          ending =
            dialect.irregularRows == .fit
            ? fitField(&field, &scanner, ending, line: line)
            : noteFault(ending, &scanner, column: header.count, line: line, isHeader: true)
        }
        header.append(String(decoding: scanner.content(field), as: UTF8.self))
      }
      if ending == .endOfRecord { return true }
    } else if scanner.isAtEnd {
      return true
    }
    scanner = start
    return false
  }

  /// Reads the records that are complete; the scanner is then at the first one that is not.
  mutating func readRows(_ scanner: inout FieldScanner) throws(CSVError) {
    while scanner.skipToRecord() {
      try reserveRow()
      // A copy of both, to come back to: a piece of the file may end within the row.
      let start = scanner, known = problems
      guard let isRow = readRow(&scanner) else {
        // The row is read again when the rest of it is there.
        (scanner, problems) = (start, known)
        return
      }
      if isRow { finishRow(start.line) }
    }
  }

  /// Makes room for the next row.
  mutating func reserveRow() throws(CSVError) {
    // Half as much again, so that the number of copies grows with the logarithm of the rows.
    if rowCount == capacity { try reserve(capacity + capacity / 2 + 64) }
  }

  /// Ends a row, all fields of which were stored, and which began on `line`.
  mutating func finishRow(_ line: Int) {
    lines.append(line, row: rowCount)
    rowCount += 1
  }

  /// Reads a record into the next row; false where it has problems, nil where it is not complete.
  private mutating func readRow(_ scanner: inout FieldScanner) -> Bool? {
    let width = stores.count, recordLine = scanner.line, delimiter = rules.delimiter
    // Read once: they stay the same within a row.
    let bytes = scanner.bytes, limit = scanner.limit, isPlain = !rules.isSpaceDelimited
    var column = 0, isRight = true, field = ScannedField(), isIrregular = false
    while true {
      // A number without anything around it, as most fields are, is read where it stands.
      if isPlain, column < width, let target = numbers[column],
        let number = syntax.number(bytes, from: scanner.position, to: limit), number.end < limit,
        bytes[number.end] == delimiter || bytes[number.end] == .lineFeed
      {
        store(number, in: target, column, written: bytes + scanner.position, scanner.position)
        column += 1
        scanner.position = number.end + 1
        if bytes[number.end] == delimiter { continue }
        scanner.line += 1
        break
      }
      let line = scanner.line
      var ending = scanner.next(&field)
      if ending == .incomplete { return nil }
      if ending == .unclosed || ending == .trailing {
        if dialect.irregularRows != .fit {
          return noteFault(ending, &scanner, column: column, line: line) == .incomplete ? nil : false
        }
        isIrregular = true
        ending = fitField(&field, &scanner, ending, line: line)
        if ending == .incomplete { return nil }
      }
      // A field beyond the last column is stepped over; whether its row is kept is decided behind the row.
      if column < width {
        isRight = store(field, of: scanner, column, line: line) && isRight
      } else if column == width, ending == .endOfRecord, field.end == field.start, !field.isQuoted {
        // The delimiter behind the last field ended it, and separated nothing.
        trailingDelimiterCount += 1
        break
      }
      column += 1
      if ending == .endOfRecord { break }
    }
    // As many fields as columns: the row stands, unless one of its fields was no UTF-8.
    if column == width {
      irregularCount += isIrregular ? 1 : 0
      return isRight
    }
    return fit(column, line: recordLine) && isRight
  }

  /// Makes do with a field whose quotation marks are in wrong places, which began on `line`.
  private func fitField(
    _ field: inout ScannedField, _ scanner: inout FieldScanner, _ ending: FieldScanner.Ending, line: Int
  ) -> FieldScanner.Ending {
    if ending == .trailing { return scanner.continueField(&field) }
    scanner.line = line
    return scanner.closeField(&field)
  }

  /// What becomes of a row of `count` fields, which is another number than that of the columns: whether it is kept.
  private mutating func fit(_ count: Int, line: Int) -> Bool {
    if dialect.irregularRows == .fit {
      irregularCount += 1
      for column in min(count, stores.count)..<stores.count {
        _ = store(UnsafeBufferPointer(start: nil, count: 0), column, line: line)
      }
      return true
    }
    if dialect.irregularRows == .drop { irregularCount += 1 } else { noteWidth(count, line: line) }
    return false
  }

  /// Puts a number, written from `text` on at `start`, into its column.
  @inline(__always)
  private mutating func store(
    _ number: ReadNumber, in target: UnsafeMutablePointer<Double>, _ column: Int, written text: UnsafePointer<UInt8>,
    _ start: Int
  ) {
    target[rowCount] = number.value
    // −999 may stand for nothing: such a number is stored as the text that it was, which is a missing one.
    if !missingNumbers.isEmpty, let token = missingNumbers.first(where: { $0.value == number.value }) {
      var text = token.text
      if let code = text.withUTF8({ texts[column].number(of: $0) }) {
        target[rowCount] = NumberColumn.value(text: code)
      }
      return
    }
    if let float = number.float { floats[column][rowCount] = float }
    // From 2⁵³ on, whole numbers are rounded: an identifier would change.
    if number.value.magnitude >= 0x1p53, UnsafeBufferPointer(start: text, count: number.end - start).isWholeNumber {
      haveLongIntegers[column] = true
    }
  }

  /// Puts a field into its column; false for bytes that are not UTF-8.
  private mutating func store(_ field: ScannedField, of scanner: FieldScanner, _ column: Int, line: Int) -> Bool {
    let raw = UnsafeBufferPointer(start: scanner.bytes + field.start, count: field.end - field.start)
    if !field.hasEscapes { return store(raw, column, line: line) }
    return scanner.content(field).withUnsafeBufferPointer { store($0, column, line: line) }
  }

  /// Puts text into a column: as a number where the column has numbers and the text is one, else as the code of the
  /// text.
  mutating func store(_ text: UnsafeBufferPointer<UInt8>, _ column: Int, line: Int) -> Bool {
    if let target = numbers[column] {
      // Spaces inside quotation marks are part of a text, and of no number.
      let text = text.trimmed
      if let base = text.baseAddress, let number = syntax.number(base, from: 0, to: text.count),
        number.end == text.count
      {
        store(number, in: target, column, written: base, 0)
        return true
      }
    }
    // Each different text is kept once, and a row holds its number.
    guard let code = texts[column].number(of: text) else {
      problems.add(
        CSVError.Problem(
          line: line, column: name(of: column), found: "bytes that are not UTF-8",
          expected: "text in UTF-8; iconv -f LATIN1 -t UTF-8 converts older files"))
      return false
    }
    numbers[column]?[rowCount] = NumberColumn.value(text: code)
    codes[column]?[rowCount] = code
    return true
  }
}
