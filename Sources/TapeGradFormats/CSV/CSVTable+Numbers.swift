extension CSVTable {
  /// What becomes of a missing value.
  public enum MissingValuePolicy: Sendable, CaseIterable {
    /// It is an error.
    case error
    /// Its whole row is left out.
    case dropRow
    /// The mean of the values in its column takes its place. In a column of labels it is an error.
    case mean
  }

  /// The rows that are kept: all of them, or, where the others are dropped, those with a value in each of `columns`.
  func rows(whereComplete columns: [Int], missing: MissingValuePolicy) throws(CSVError) -> [Int] {
    let rows = (0..<rowCount).filter { row in
      missing != .dropRow || columns.allSatisfy { value(row: row, column: $0) != nil }
    }
    guard !rows.isEmpty else {
      throw CSVError(
        file: name, line: nil, column: nil, found: rowCount == 0 ? "no rows" : "no row without missing values",
        expected: "at least one")
    }
    return rows
  }

  /// The numbers in one column, none beyond ±`limit`.
  func numbers(
    inColumn column: Int, rows: [Int], missing: MissingValuePolicy, limit: Double
  ) throws(CSVError) -> [Double] {
    var numbers: [Double] = [], gaps: [Int] = []
    numbers.reserveCapacity(rows.count)
    for row in rows {
      if let number = try number(row: row, column: column, limit: limit) {
        numbers.append(number)
      } else if missing == .mean {
        gaps.append(numbers.count)
        numbers.append(0)
      } else {
        throw error(row: row, column: column, found: found(row: row, column: column), expected: "a number")
      }
    }
    guard !gaps.isEmpty else { return numbers }
    guard gaps.count < numbers.count else {
      throw error(column: column, found: "no value", expected: "at least one, to take the mean of")
    }
    let mean = numbers.reduce(0) { $0 + $1 / Double(numbers.count - gaps.count) }
    for gap in gaps { numbers[gap] = mean }
    return numbers
  }

  /// The number in a field; nil where it is missing.
  private func number(row: Int, column: Int, limit: Double) throws(CSVError) -> Double? {
    guard let text = value(row: row, column: column) else { return nil }
    guard let number = text.number else {
      let isText = !(0..<rowCount).contains { value(row: $0, column: column)?.number != nil }
      throw error(
        row: row, column: column, found: found(row: row, column: column),
        expected: isText ? "a number; a column of text must be encoded as numbers or ignored" : "a number")
    }
    guard abs(number) <= limit else {
      throw error(
        row: row, column: column, found: found(row: row, column: column),
        expected: "a number of magnitude \(limit) at most")
    }
    return number
  }

  /// A field as an error message shows it.
  func found(row: Int, column: Int) -> String {
    let text = self[row, column]
    return text.isEmpty ? "nothing" : text.quoted
  }
}

extension String {
  /// The number that the text is, infinite where it is beyond the range of `Double`; nil for anything else and NaN.
  var number: Double? {
    // Double(_:) reads no further than a zero byte, and takes what stands before it.
    guard let number = Double(self), !number.isNaN, !utf8.contains(0) else { return nil }
    return number
  }

  /// The text without spaces and tabulators around it.
  var trimmed: String {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let first = utf8.first, let last = utf8.last, isSpace(first) || isSpace(last) else { return self }
    let start = utf8.firstIndex { !isSpace($0) } ?? endIndex
    let end = utf8.lastIndex { !isSpace($0) }.map { utf8.index(after: $0) } ?? start
    return String(self[start..<end])
  }
}
