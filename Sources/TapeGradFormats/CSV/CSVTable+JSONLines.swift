// The lines
//
//     {"size": 3, "color": "red"}
//     {"color": null, "size": 4.5}
//
// are a table with the columns size (3, 4.5) and color ("red", missing). Names may come in any order, because
// values are looked up by name, but each line must have all of them and no others: a name that is left out is more
// often a slip than a missing value, for which JSON has null. The columns are the same types that a CSV file gives,
// so that everything behind this point, from one-hot features to error messages with line numbers, does not know
// where a table came from.

extension CSVTable {
  /// Reads lines of JSON, each a row: an array of values, or an object whose names are those of the columns. Numbers, text,
  /// truth values (as 1 and 0) and null (a missing value) may stand there.
  ///
  /// - Throws: ``FileError`` where the file cannot be read, ``FormatError`` where a line is no row like the first one.
  public init(jsonLines path: String) throws { try self.init(jsonLines: readFile(path), named: path) }

  package init(jsonLines bytes: [UInt8], named name: String) throws(FormatError) {
    // The first row decides what every row must be: an array of so many values, or an object with these names.
    var names: [String]?, isNamed = false, fields: [[JSONValue]] = [], lines = RowLines(), rowCount = 0
    var lineNumber = 0
    for line in bytes.split(separator: .lineFeed, omittingEmptySubsequences: false) {
      lineNumber += 1
      if line.allSatisfy({ $0 == .space || $0 == .tab || $0 == .carriageReturn }) { continue }
      func failure(_ problem: String) -> FormatError { FormatError(name, "line \(lineNumber): \(problem)") }
      let row: JSONValue
      do { row = try JSONParser.value(line) } catch { throw failure("\(error)") }
      let values: [JSONValue]
      switch row {
      case .array(let array):
        if names == nil { names = array.indices.map { "\($0 + 1)" } }
        guard !isNamed, array.count == names?.count else {
          throw failure("\(array.count) values, expected \(isNamed ? "an object" : "\(names?.count ?? 0)") as before")
        }
        values = array
      case .object(let members):
        if names == nil { (names, isNamed) = (members.map(\.name), true) }
        guard isNamed, members.count == names?.count else {
          throw failure("\(members.count) members, expected \(isNamed ? "\(names?.count ?? 0)" : "an array") as before")
        }
        // In the order of the first row's names. As many members as names, each of which is found, are just these.
        values = (names ?? []).compactMap { row[$0] }
        guard values.count == members.count else {
          throw failure("other names than before, \((names ?? []).quotedList("and"))")
        }
      default: throw failure("neither an array nor an object")
      }
      if fields.isEmpty { fields = values.map { _ in [] } }
      for (column, value) in values.enumerated() { fields[column].append(value) }
      lines.append(lineNumber, row: rowCount)
      rowCount += 1
    }
    guard let names, !names.isEmpty else { throw FormatError(name, "no rows") }
    var columns: [CSVColumn] = []
    for (column, values) in fields.enumerated() {
      guard let read = CSVColumn(values) else {
        throw FormatError(name, "column \(names[column].quoted) has arrays or objects, expected numbers or text")
      }
      columns.append(read)
    }
    // An empty text stands for null, so that a missing value is found as in a CSV file.
    let dialect = Dialect(header: isNamed ? .present : .absent, missingTokens: [""])
    self.init(
      name: name, dialect: dialect, assumed: Dialect(), columnNames: names, rowCount: rowCount, notes: [],
      columns: columns, contents: columns.map { ColumnContents($0, dialect) },
      columnNumbers: Array(1...names.count), isUntitled: names.map { _ in false }, lines: lines)
  }
}

extension CSVColumn {
  /// A column of JSON's values: of numbers, unless some value is text. Nil where one is an array or an object.
  fileprivate init?(_ values: [JSONValue]) {
    let isText = values.contains { $0.string != nil }
    var numbers = NumberColumn(), text = TextColumn()
    guard isText ? text.store.reserve(values.count) : numbers.store.reserve(values.count) else { return nil }
    for (row, value) in values.enumerated() {
      let number: Double?, word: String?
      switch value {
      case .null: (number, word) = (nil, "")
      case .bool(let bool): (number, word) = (bool ? 1 : 0, bool ? "true" : "false")
      case .number(let value): (number, word) = (value, value.shortText)
      case .string(let string): (number, word) = (nil, string)
      case .array, .object: return nil
      }
      if isText {
        text.store.pointer[row] = text.texts.number(of: word ?? "")
      } else {
        numbers.store.pointer[row] = number ?? NumberColumn.value(text: numbers.texts.number(of: ""))
      }
    }
    if isText { text.store.finish(count: values.count) } else { numbers.store.finish(count: values.count) }
    self = isText ? .text(text) : .numbers(numbers)
  }
}

extension TextPool {
  /// The number of a text, which is added where it is new.
  fileprivate mutating func number(of text: String) -> UInt32 {
    var text = text
    // A string is UTF-8, so that there is always a number.
    return text.withUTF8 { number(of: $0) } ?? 0
  }
}
