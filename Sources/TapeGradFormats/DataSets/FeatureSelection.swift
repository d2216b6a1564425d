// A column that names the rows is worse than useless: a network can learn the answers for the rows it has seen by
// their numbers, and knows nothing of new ones. Columns are judged by title and values together:
//
//     PassengerId: 1, 2, 3, …      left out: the words are passenger and id, and all numbers differ
//     user_id: 7, 7, 9, …          kept: numbers that come again may group the rows
//     paid: 0, 1, 1, …             kept: the word is paid, which only ends in these letters
//     name: Ann Lee, Bo Chan, …    left out: all texts differ
//     born: 1999-12-31, …          kept: dates are numbers (DateColumns)

import TapeGradCore

/// Which columns of a table become features: all but the labels, those that are ignored, and those that only name the rows.
struct FeatureSelection {
  private(set) var columns: [Int] = []
  /// How those of them are written that are dates.
  private(set) var dates: [Int: DateNotation] = [:]
  /// What is left out, a sentence each.
  private(set) var notes: [String] = []

  /// Selects columns.
  ///
  /// - Parameters:
  ///   - excluded: Labels and ignored columns.
  ///   - kept: Columns that are features whatever they look like.
  ///   - categories: Columns of categories whatever they look like.
  ///   - policy: What becomes of dates.
  init(_ table: CSVTable, excluded: Set<Int>, kept: Set<Int>, categories: Set<Int>, _ policy: DateColumns) {
    for column in table.columnNames.indices where !excluded.contains(column) {
      if categories.contains(column) {
        columns.append(column)
        continue
      }
      let found = table.dates(column: column, policy)
      dates[column] = found.notation
      if found.notation == nil, !kept.contains(column), let reason = found.reason ?? Self.reason(table, column) {
        notes.append("column \(table.columnNames[column].quoted) is left out: \(reason)")
      } else {
        columns.append(column)
      }
    }
  }

  /// Why a column tells nothing of new rows; nil where it may.
  private static func reason(_ table: CSVTable, _ column: Int) -> String? {
    let contents = table.contents[column]
    let count = contents.numberCount + contents.textCount
    if count == 0 { return "it has no values" }
    if table.isText(column: column) {
      let distinct = table.categories(column: column).count
      if distinct == count, count > 2 { return "its \(count) texts are all different, so that they name the rows" }
      if distinct > 20, 2 * distinct > count { return "\(distinct) of its \(count) texts are different" }
      return nil
    }
    let isFirstUntitled = table.isUntitled[column] && table.columnNumbers[column] == 1
    guard count > 2, isFirstUntitled || table.columnNames[column].isNameOfIdentifiers, !contents.hasFractions,
      case .numbers(let numbers) = table.columns[column]
    else { return nil }
    let different = Set(numbers.store.values.lazy.filter { !$0.isNaN })
    guard different.count == count else { return nil }
    return isFirstUntitled
      ? "it has no title, and numbers the rows" : "its numbers are all different, so that they name the rows"
  }
}

extension FoundDates {
  /// Why a column of dates is left out; nil where it may be read, or has no dates.
  fileprivate var reason: String? {
    guard case .ambiguous(let text) = self else { return nil }
    return "its dates, such as \(text.quoted), could have the day first or the month; --dates day-first or "
      + "--dates month-first says which, --dates text takes them for text"
  }
}

extension String {
  /// Whether a column of this title is likely to name its rows: `id`, `user_id`, `PassengerId`, `index`, `rownames`.
  fileprivate var isNameOfIdentifiers: Bool {
    guard utf8.count <= 40 else { return false }
    var words: [String] = [], word = "", wasLower = false
    for character in self {
      if !character.isLetter || (character.isUppercase && wasLower) {
        words.append(word)
        word = ""
      }
      if character.isLetter { word += character.lowercased() }
      wasLower = character.isLowercase
    }
    words = (words + [word]).filter { !$0.isEmpty }
    let whole: Set = ["index", "rownames", "rowid", "row", "unnamed", "nr", "no", "number", "obs", "observation"]
    return words.first == "id" || words.last == "id" || (words.count == 1 && whole.contains(words[0]))
  }
}
