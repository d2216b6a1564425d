// Three kinds of evidence, with a file for each:
//
//     name,age          text (age) above numbers (31, 45): a header
//     Ann,31
//     Bob,45
//
//     country,2019,2020,2021      years that rise in even steps above numbers that are not years: a header
//     Peru,1.5,1.7,1.6
//
//     name,city         text only; all titles differ, and none occurs again below: a header
//     Ann,Rome
//     Bob,Paris
//
// Without its first line, the first of these files shows no evidence: 31 stands above 45, and no number below
// `Ann`.

/// What speaks for the first record of a file being a header.
struct HeaderEvidence {
  private let sample: CSVSample
  private let dialect: Dialect

  init(_ sample: CSVSample, _ dialect: Dialect) {
    self.sample = sample
    self.dialect = dialect
  }

  /// The first record is a header
  /// - if in some column it holds text, and at least half of the values below are numbers; or
  /// - if it holds years that follow each other above numbers that are none; or
  /// - if it holds text only, no two fields of it are equal, and none occurs again in its column.
  ///
  /// In a file of text only the last rule decides, so that a first row of data with rare words is taken for a header: what
  /// was assumed is printed.
  var header: Dialect.Header {
    if let header = dialect.header { return header }
    guard let first = sample.records.first else { return .absent }
    let isHeader = first.indices.contains { isTitle($0) } || hasYears || isAllText
    return isHeader ? .present : .absent
  }

  /// The first field of a column; nil where a value is missing, which says nothing about the column.
  private func title(_ column: Int) -> String? { present(sample.records[0][column].text) }

  /// A text that is a value; nil for a token of a missing one.
  private func present(_ text: String) -> String? { dialect.missingTokens?.contains(text) == true ? nil : text }

  private func number(_ text: String) -> Double? { dialect.numberSyntax.number(text) }

  /// Whether the first field of a column is text above numbers.
  private func isTitle(_ column: Int) -> Bool {
    guard let title = title(column), !NumberNotation(title).isNumber else { return false }
    let below = sample.column(column, from: 1).compactMap(present)
    let numbers = below.count { number($0) != nil }
    return 2 * numbers >= below.count
  }

  /// Whether fields of the first record count years, and the columns below do not hold years.
  private var hasYears: Bool {
    let columns = sample.records[0].indices.filter { title($0).flatMap(Int.init).map(Self.years.contains) == true }
    let years = columns.compactMap { title($0).flatMap(Int.init) }
    guard years.count > 1, zip(years, years.dropFirst()).allSatisfy({ $1 - $0 == years[1] - years[0] && $1 > $0 })
    else {
      return false
    }
    let below = columns.flatMap { sample.column($0, from: 1).compactMap(number) }
    return !below.isEmpty && !below.contains { Self.years.contains(Int(exactly: $0) ?? 0) }
  }

  /// What is taken for a year; other numbers that count are row numbers or measurements.
  private static let years = 1800...2100

  /// Whether the first record is text only, and occurs once. (Row numbers have no title.)
  private var isAllText: Bool {
    let first = sample.records[0], titles = first.map(\.text)
    guard sample.records.count > 1, Set(titles).count == titles.count else { return false }
    return first.indices.allSatisfy { column in
      guard let title = title(column) else { return column == 0 && first.count > 1 && titles[0].isEmpty }
      return !NumberNotation(title).isNumber && !sample.column(column, from: 1).contains(title)
    }
  }
}
