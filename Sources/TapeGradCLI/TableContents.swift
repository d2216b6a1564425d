// The part of `tapegrad inspect` that is about tables; InspectCommand shows what it prints.
//
// Columns are numbered as the options take them: --labels 5 is --labels diagnosis.

import TapeGrad

/// What is in a table, column by column.
struct TableContents: CustomStringConvertible {
  /// A column.
  struct Column {
    let name: String, isText: Bool, missing: Int
    /// How its dates are written, in a column of dates.
    let notation: DateNotation?
    /// The lowest, mean and highest number of a column of numbers that has some.
    let range: (low: Double, mean: Double, high: Double)?
    /// The different texts, in the order in which they first occur.
    let categories: [String]

    var type: String { notation != nil ? "dates" : isText ? "text" : "numbers" }

    /// The first date and the last.
    var dates: (first: String, last: String)? {
      let days = notation.map { categories.compactMap($0.days) } ?? []
      guard let first = days.min(), let last = days.max() else { return nil }
      return (DateNotation.date(ofDay: first), DateNotation.date(ofDay: last))
    }
  }

  private let table: CSVTable
  private let columns: [Column]

  init(_ table: CSVTable) {
    self.table = table
    columns = table.columnNames.indices.map { column in
      let isText = table.isText(column: column)
      let numbers = table.numbers(column: column)
      // Each number is divided before the sum, which could overflow.
      let mean = numbers.reduce(0) { $0 + $1 / Double(numbers.count) }
      return Column(
        name: table.columnNames[column], isText: isText,
        missing: table.missingCount(column: column), notation: table.dateNotation(column: column),
        range: numbers.isEmpty ? nil : (numbers.min() ?? 0, mean, numbers.max() ?? 0),
        categories: isText ? table.categories(column: column) : [])
    }
  }

  /// How the file is written, its size, and a line for each column.
  var description: String {
    let titles = ["column", "name", "type", "missing", "values"]
    let rows = columns.enumerated().map { index, column in
      [
        // A file may have codes in it that a terminal would obey.
        "\(index + 1)", String(column.name.prefix(30)).visible, column.type,
        "\(column.missing)", values(column),
      ]
    }
    return """
      \(table.name): \(counted(table.rowCount, "row")), \(counted(columns.count, "column"))
      \(table.format == .csv ? "read" : "JSON lines, read") with \(table.dialect.options)

      \(TextTable.text(of: [titles] + rows))
      """
  }

  private func values(_ column: Column) -> String {
    if let range = column.range, !column.isText {
      return "\(short(range.low)) to \(short(range.high)), mean \(short(range.mean))"
    }
    if let notation = column.notation, let dates = column.dates {
      return "\(dates.first) to \(dates.last), written \(notation.rawValue)"
    }
    let first = column.categories.prefix(4).map { String($0.prefix(16)).visible }.joined(separator: ", ")
    return column.categories.isEmpty
      ? "none"
      : "\(column.categories.count) different: \(first)\(column.categories.count > 4 ? ", …" : "")"
  }

  /// The same for a program.
  func json(notes: [String]) -> String {
    let list = columns.map { column in
      var members: [JSONValue.Member] = [
        .init("name", .string(column.name)),
        .init("type", .string(column.type)),
        .init("missing", .number(Double(column.missing))),
      ]
      if let range = column.range, !column.isText {
        members += [
          .init("lowest", .number(range.low)), .init("mean", .number(range.mean)),
          .init("highest", .number(range.high)),
        ]
      }
      if let notation = column.notation, let dates = column.dates {
        members += [
          .init("notation", .string(notation.rawValue)), .init("first", .string(dates.first)),
          .init("last", .string(dates.last)),
        ]
      }
      if column.isText {
        members.append(
          // A column of names may have a category for each row: a hundred of them, and their count.
          .init("categories", .array(column.categories.prefix(100).map(JSONValue.string))))
        members.append(.init("categoryCount", .number(Double(column.categories.count))))
      }
      return JSONValue.object(members)
    }
    return JSONValue.object([
      .init("file", .string(table.name)), .init("rows", .number(Double(table.rowCount))),
      .init("format", .string(table.format.rawValue)), .init("options", .string(table.dialect.options)),
      .init("columns", .array(list)),
      .init("notes", .array(notes.map(JSONValue.string))),
    ]).description
  }
}
