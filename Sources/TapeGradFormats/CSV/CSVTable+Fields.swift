import TapeGradCore

extension CSVTable {
  /// The text of a field, without the quotation marks and spaces around it. A number is given in its shortest form, `1.5`
  /// for `1.50`; text columns keep every character (`Dialect.textColumns`).
  ///
  /// Rows and columns count from 0; one outside the table is a programming error.
  public subscript(row: Int, column: Int) -> String {
    precondition(row >= 0 && row < rowCount && columns.indices.contains(column), "no such field")
    switch columns[column] {
    case .text(let text): return text.texts[Int(text.store.values[row])]
    case .numbers(let numbers):
      let value = numbers.store.values[row]
      if let text = NumberColumn.text(value) { return numbers.texts[text] }
      return value.shortText
    }
  }

  /// Whether a column, from 0, holds text, so that its values are categories and no numbers.
  public func isText(column: Int) -> Bool {
    if case .text = columns[column] { return true }
    return false
  }

  /// How many values of a column, from 0, are missing.
  public func missingCount(column: Int) -> Int { contents[column].missingCount }

  /// The numbers of a column, from 0, in the order of the rows, without missing values and slips; none of a text column.
  package func numbers(column: Int) -> [Double] {
    guard case .numbers(let numbers) = columns[column] else { return [] }
    return numbers.store.values.filter { !$0.isNaN }
  }

  /// The different texts of a column, from 0, in the order in which they first occur; those of missing values left out.
  public func categories(column: Int) -> [String] {
    let contents = contents[column]
    return columns[column].texts.texts.enumerated().filter { !contents.isMissing[$0.offset] }.map(\.element)
  }

  /// The index, from 0, of a column that is given by its name or by its number in the file, from 1. A name comes before a
  /// number.
  ///
  /// - Throws: ``CSVError``, which suggests names that are spelled alike, or lists those that there are.
  public func column(_ nameOrNumber: String) throws(CSVError) -> Int {
    if let index = columnNames.firstIndex(of: nameOrNumber) { return index }
    if let number = Int(nameOrNumber), let index = columnNumbers.firstIndex(of: number) { return index }
    let similar = columnNames.filter { $0.isSpelledLike(nameOrNumber) }
    let known = (similar.isEmpty ? columnNames : similar).quotedAlternatives
    throw CSVError(
      file: name, found: "no column \(nameOrNumber.quoted)",
      expected: hasHeader
        ? known : "a number from 1 to \(columnNames.count), since there \(reasonForNumbers)")
  }

  /// Why columns have no names, and what helps, behind "since there".
  var reasonForNumbers: String {
    switch format {
    case .csv: "is no header; --header yes takes the first line for titles"
    case .jsonLines: "are arrays without names"
    }
  }

  /// A problem in a column, in a row or in all of them.
  func problem(row: Int? = nil, column: Int, found: String, expected: String) -> CSVError.Problem {
    CSVError.Problem(
      line: row.map(line(ofRow:)), column: errorColumn(column), found: found, expected: expected)
  }

  /// A column as an error names it.
  func errorColumn(_ column: Int) -> CSVError.Column {
    CSVError.Column(number: columnNumbers[column], name: hasHeader ? columnNames[column] : nil)
  }

  /// A field as an error message shows it.
  func found(row: Int, column: Int) -> String {
    let text = self[row, column]
    return text.isEmpty ? "nothing" : text.quoted
  }
}

extension String {
  /// Whether two names differ in case only, or in about one letter of four.
  ///
  /// Only the first 80 characters count: the distance takes the product of the lengths, and a whole file may be one name.
  func isSpelledLike(_ other: String) -> Bool {
    let a = lowercased().prefix(80), b = other.lowercased().prefix(80)
    return editDistance(a, b) <= max(a.count, b.count) / 4
  }

  /// The text without spaces and tabulators around it.
  var trimmed: String {
    func isSpace(_ byte: UInt8) -> Bool { byte == .space || byte == .tab }
    guard let first = utf8.first, let last = utf8.last, isSpace(first) || isSpace(last) else { return self }
    let start = utf8.firstIndex { !isSpace($0) } ?? endIndex
    let end = utf8.lastIndex { !isSpace($0) }.map { utf8.index(after: $0) } ?? start
    return String(self[start..<end])
  }
}

extension Double {
  /// The number in its shortest form: `12` for 12.0.
  var shortText: String { magnitude < 1e15 ? Int(exactly: self).map(String.init) ?? description : description }
}
