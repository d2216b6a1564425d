// From fields to numbers and categories, for all rows of a table or for some. In the fields 1, NA and 4 of a
// column,
//
//     write, without a mean    1 and 4, and a problem: line 3, found "NA", expected a number; …
//     write, with mean 2.5     1, 2.5, 4
//
// and in the fields red, NA, blue and green, `categoryIndices` in the categories blue and red gives 1, nil, 0 and
// −1: missing and unknown are kept apart, because the caller may treat them in different ways.

import TapeGradCore

/// Rows of a table: some of them, in their order, or all.
struct RowSelection {
  /// Their numbers, from 0; nil for all.
  let rows: [Int]?
  let count: Int

  init(of table: CSVTable) {
    rows = nil
    count = table.rowCount
  }

  /// The rows that are marked.
  init(_ isKept: [Bool]) {
    count = isKept.count { $0 }
    // Without a list of all rows, which would take as much memory as a column.
    rows = count == isKept.count ? nil : isKept.indices.filter { isKept[$0] }
  }

  /// These rows, in any order.
  init(list: [Int]) { (rows, count) = (list, list.count) }

  /// The number of a row in the table.
  @inline(__always) subscript(index: Int) -> Int { rows.map { $0[index] } ?? index }

  /// The numbers of the rows, also where they are all.
  var list: [Int] { rows ?? Array(0..<count) }
}

extension CSVTable {
  /// Unmarks the rows in which a column has no value.
  func unmarkMissing(_ column: Int, in marks: inout [Bool]) {
    guard contents[column].missingCount > 0 else { return }
    for row in marks.indices where isMissing(row: row, column: column) { marks[row] = false }
  }

  /// Whether a field has no value.
  func isMissing(row: Int, column: Int) -> Bool {
    switch columns[column] {
    case .numbers(let numbers):
      NumberColumn.text(numbers.store.values[row]).map { contents[column].isMissing[$0] } ?? false
    case .text(let text): contents[column].isMissing[Int(text.store.values[row])]
    }
  }

  /// The mean of the numbers in a column.
  func mean(of column: Int, rows: RowSelection) -> Double? {
    guard case .numbers(let numbers) = columns[column] else { return nil }
    var count = 0, mean = 0.0
    for index in 0..<rows.count where !numbers.store.values[rows[index]].isNaN { count += 1 }
    guard count > 0 else { return nil }
    // Two walks, since the count must be known before.
    // Each number is divided before the sum, which could overflow.
    for index in 0..<rows.count {
      let value = numbers.store.values[rows[index]]
      if !value.isNaN { mean += value / Double(count) }
    }
    return mean
  }

  /// Writes the numbers of a column to `target`, one for each row.
  ///
  /// - Parameter mean: what takes the place of a missing value; where it is nil, a missing value is a problem.
  func write<Scalar: TensorScalar>(
    _ column: Int, rows: RowSelection, mean: Double?, to target: UnsafeMutablePointer<Scalar>,
    problems: inout ProblemList
  ) {
    guard case .numbers(let numbers) = columns[column] else {
      let text = categories(column: column).first ?? ""
      problems.add(problem(column: column, found: "text such as \(text.quoted)", expected: "numbers"))
      return
    }
    let values = numbers.store.values, limit = Double(Scalar.greatestFiniteMagnitude)
    if contents[column].hasNumbersOnly, rows.rows == nil, let source = values.baseAddress {
      // The usual case, without a look at each number.
      Kernels.convert(source, .double, to: target, Scalar.scalarType, rows.count)
      if contents[column].magnitude <= limit { return setFloats(numbers, rows, target) }
    }
    for index in 0..<rows.count {
      let row = rows[index], value = values[row]
      if let text = NumberColumn.text(value) {
        let isMissing = contents[column].isMissing[text]
        target[index] = Scalar(mean ?? 0)
        if isMissing && mean != nil { continue }
        problems.add(
          problem(
            row: row, column: column, found: found(row: row, column: column),
            expected: isMissing
              ? "a number; \(Self.missingHelp)"
              : "a number; "
                + help(
                  numbers.texts[text], row, isAtTop: row < 3 && values[...row].allSatisfy(\.isNaN))))
      } else {
        target[index] = Scalar(value)
        // A number that is rounded twice may leave the range, and be within it when it is rounded once.
        if !target[index].isFinite, Scalar.scalarType == .double || numbers.floats[row]?.isFinite != true {
          problems.add(
            problem(
              row: row, column: column, found: value.isInfinite ? "infinity, or a number beyond 1.8e308" : "\(value)",
              expected: "a number of magnitude \(limit) at most"))
        }
      }
    }
    setFloats(numbers, rows, target)
  }

  /// Puts in the numbers whose nearest `Float` is not the one nearest to their `Double`.
  private func setFloats<Scalar: TensorScalar>(
    _ numbers: NumberColumn, _ rows: RowSelection, _ target: UnsafeMutablePointer<Scalar>
  ) {
    guard Scalar.scalarType == .float, !numbers.floats.isEmpty else { return }
    for index in 0..<rows.count {
      if let float = numbers.floats[rows[index]] { target[index] = Scalar(Double(float)) }
    }
  }

  /// What helps with a missing number.
  private static let missingHelp = "--missing mean fills it in, --missing drop leaves out the row"

  /// What would help with a text among numbers, above which there is perhaps no number yet.
  private func help(_ text: String, _ row: Int, isAtTop: Bool) -> String {
    let text = text.trimmed
    let help = "--missing-tokens takes this text for a missing value, --text-columns the column for text"
    // Lines of JSON have one notation of numbers, and no lines above their table.
    if format == .jsonLines { return help }
    switch NumberNotation(text) {
    case .comma: return "--decimal comma reads this one"
    case .commaOrThousands: return "--thousands comma or --decimal comma reads this one"
    case .thousandsByComma: return "--thousands comma reads this one"
    case .thousandsByPoint: return "--thousands point --decimal comma reads this one"
    case .plain, .point, .none: break
    }
    // Is it a number with another separator? The option that reads it is the best help.
    for thousands in [Dialect.ThousandsSeparator.space, .apostrophe, .underscore] {
      var other = dialect
      other.thousands = thousands
      if other.numberSyntax.number(text) != nil { return "--thousands \(thousands.rawValue) reads this one" }
    }
    if text.lowercased().hasPrefix("0x") { return "hexadecimal numbers are not read" }
    // The first lines may be no rows, but a header of several lines, or remarks.
    let skip = isAtTop ? ", --skip \(line(ofRow: row)) begins the table behind this line" : ""
    return help + skip
  }

  /// For each row the index of its category in `categories`; nil where the value is missing, −1 where it is another one.
  func categoryIndices(_ column: Int, rows: RowSelection, in categories: [String]) -> [Int?] {
    let indices = Dictionary(categories.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    switch columns[column] {
    case .text(let text):
      // Each different text is looked up once.
      let found = text.texts.texts.enumerated().map { number, text in
        contents[column].isMissing[number] ? nil : indices[text] ?? -1
      }
      return (0..<rows.count).map { found[Int(text.store.values[rows[$0]])] }
    case .numbers:
      return (0..<rows.count).map { index in
        isMissing(row: rows[index], column: column) ? nil : indices[self[rows[index], column]] ?? -1
      }
    }
  }

  /// The different numbers of a column in some rows, in order, as text; none where there are more than `limit`.
  func fewNumbers(_ column: Int, rows: RowSelection, atMost limit: Int) -> [String] {
    guard case .numbers(let numbers) = columns[column] else { return [] }
    var found: Set<Double> = []
    for index in 0..<rows.count where !numbers.store.values[rows[index]].isNaN {
      found.insert(numbers.store.values[rows[index]])
      if found.count > limit { return [] }
    }
    return found.sorted().map(\.shortText)
  }

  /// The categories of a column in some rows: numbers in their order, and then texts in theirs.
  func sortedCategories(_ column: Int, rows: RowSelection) -> [String] {
    var found: Set<String> = []
    switch columns[column] {
    case .text(let text):
      let codes = Set((0..<rows.count).map { text.store.values[rows[$0]] })
      for code in codes where !contents[column].isMissing[Int(code)] { found.insert(text.texts[Int(code)]) }
    case .numbers:
      for index in 0..<rows.count where !isMissing(row: rows[index], column: column) {
        found.insert(self[rows[index], column])
      }
    }
    // 2 before 10, as numbers, and then texts by their characters.
    let syntax = dialect.numberSyntax
    return found.map { ($0, syntax.number($0) ?? .infinity) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
  }
}
