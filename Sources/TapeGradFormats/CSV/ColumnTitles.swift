// The header `x,,x` gives the names x, 2 and x_2: a column without a title is called by its number, and one whose
// title is taken gets the first free number behind it. R writes the names of the rows without a title above them:
//
//     mpg,cyl
//     Mazda,21,6
//
// Such a header is one title short, and gives the names 1, mpg and cyl.

import TapeGradArrays

/// The names of a table's columns, made from the header: each column has one, and no two have the same.
struct ColumnTitles {
  private(set) var names: [String]
  /// Which columns have no title in the file.
  let isUntitled: [Bool]
  private(set) var notes: [String] = []

  /// Names for `width` columns.
  init(_ header: [String], width: Int, _ dialect: Dialect) {
    // The header may lack the names of the rows, and a delimiter behind its last title that all rows have.
    var titles = (dialect.header == .withoutRowNames ? [""] : []) + header.map(\.trimmed)
    titles += [String](repeating: "", count: max(0, width - titles.count))
    isUntitled = titles.map { $0.isEmpty && dialect.header != .absent }
    names = titles.prefix(width).enumerated().map { $1.isEmpty ? "\($0 + 1)" : $1 }
    // Where each name is, and up to which number those behind a title are taken: with all titles alike, to begin at 2 for
    // each would take time in proportion to the square of their count.
    var numbers: [String: Int] = [:], counts: [String: Int] = [:]
    let all = Set(names)
    var repeatedCount = 0
    for column in names.indices {
      let title = names[column]
      guard let earlier = numbers[title] else {
        numbers[title] = column + 1
        continue
      }
      var count = counts[title] ?? 2
      while numbers["\(title)_\(count)"] != nil || all.contains("\(title)_\(count)") { count += 1 }
      counts[title] = count + 1
      names[column] = "\(title)_\(count)"
      numbers[names[column]] = column + 1
      repeatedCount += 1
      // Ten of them are enough to find the cause.
      if repeatedCount > 10 { continue }
      notes.append(
        "columns \(earlier) and \(column + 1) are both called \(title.quoted): the latter is \(names[column].quoted) here"
      )
    }
    if repeatedCount > 10 {
      notes.append("so it is with \(counted(repeatedCount - 10, "more column")): each has a number behind its title")
    }
  }
}
