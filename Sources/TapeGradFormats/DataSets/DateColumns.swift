// A column of text is one of dates where they are dates in one notation, all but a few slips: at most one in ten, as
// with numbers (ColumnContents). Where day and month fit either way, it is not decided here.

import TapeGradCore

/// What becomes of columns of dates.
public enum DateColumns: String, Hashable, Sendable, CaseIterable {
  /// They are numbers where their order of day and month is certain, and are left out elsewhere.
  case found
  /// As ``found``, and where day and month could be either, the day is first.
  case dayFirst = "day-first"
  /// As ``found``, and where day and month could be either, the month is first.
  case monthFirst = "month-first"
  /// They are text, and so categories.
  case text
}

/// What the dates of a column look like.
enum FoundDates: Equatable {
  case none
  case dates(DateNotation)
  /// Day first or month first, with a text that could be either.
  case ambiguous(String)

  /// The notation, where it is certain.
  var notation: DateNotation? { if case .dates(let notation) = self { notation } else { nil } }
}

extension CSVTable {
  /// The notation of the dates in a column, from 0; nil for a column of something else, or where day and month cannot be told
  /// apart.
  public func dateNotation(column: Int) -> DateNotation? { dates(column: column, .found).notation }

  /// Whether a column is one of dates, and how they are written.
  func dates(column: Int, _ policy: DateColumns) -> FoundDates {
    guard policy != .text, case .text(let text) = columns[column] else { return .none }
    let contents = contents[column], texts = text.texts.texts
    let present = texts.indices.filter { !contents.isMissing[$0] && contents.occurrences[$0] > 0 }
    let all = present.reduce(0) { $0 + contents.occurrences[$1] }
    // How many values each notation reads, if it reads nine of ten: 31.12.2024 is read with the day first only,
    // 5.6.2024 both ways.
    var counts: [DateNotation: Int] = [:]
    for notation in DateNotation.allCases {
      var others = 0
      // Most columns of text are none of dates, which their first texts show.
      for number in present where notation.days(texts[number]) == nil {
        others += contents.occurrences[number]
        if 10 * others > all { break }
      }
      if all > 0, 10 * others <= all { counts[notation] = all - others }
    }
    guard let most = counts.values.max() else { return .none }
    let best = DateNotation.allCases.filter { counts[$0] == most }
    if best.count == 1 { return .dates(best[0]) }
    let example = present.first { DateNotation.dayFirst.days(texts[$0]) != nil }.map { texts[$0] } ?? ""
    if policy == .monthFirst { return .dates(.monthFirst) }
    // A point between day and month is the habit of those who write the day first.
    return policy == .dayFirst || example.contains(".") ? .dates(.dayFirst) : .ambiguous(example)
  }

  /// The days of each row of a column since 2000-01-01; nil where the value is missing, NaN for a text that is no date.
  func days(_ column: Int, rows: RowSelection, _ notation: DateNotation) -> [Double?] {
    guard case .text(let text) = columns[column] else {
      return (0..<rows.count).map { isMissing(row: rows[$0], column: column) ? nil : .nan }
    }
    // Each different text is read once.
    let found = text.texts.texts.enumerated().map { number, text in
      contents[column].isMissing[number] ? nil : notation.days(text) ?? .nan
    }
    return (0..<rows.count).map { found[Int(text.store.values[rows[$0]])] }
  }

  /// The mean date of a column, in days since 2000-01-01; 0 where there is none.
  func meanDay(_ column: Int, rows: RowSelection, _ notation: DateNotation) -> Double {
    let days = days(column, rows: rows, notation).compactMap(\.self).filter { !$0.isNaN }
    return days.reduce(0) { $0 + $1 / Double(days.count) }
  }

  /// Writes the dates of a column to `target`, in days from the mean one.
  ///
  /// - Parameter fillsMissing: whether the mean takes the place of a missing date, which is a problem elsewhere.
  func write<Scalar: TensorScalar>(
    _ column: Int, rows: RowSelection, _ notation: DateNotation, mean: Double, fillsMissing: Bool,
    to target: UnsafeMutablePointer<Scalar>, problems: inout ProblemList
  ) {
    for (index, day) in days(column, rows: rows, notation).enumerated() {
      target[index] = Scalar(day.map { $0 - mean } ?? 0)
      if day.map({ !$0.isNaN }) ?? fillsMissing { continue }
      let help =
        day == nil
        ? "--missing mean fills it in, --missing drop leaves out the row"
        : "--missing-tokens takes this text for a missing value, --dates text the column for text"
      problems.add(
        problem(
          row: rows[index], column: column, found: found(row: rows[index], column: column),
          expected: "a date such as \(notation.example); \(help)"))
    }
  }
}
