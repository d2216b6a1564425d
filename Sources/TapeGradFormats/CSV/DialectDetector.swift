// How a dialect is found. Every delimiter is tried with every quotation mark and escape that may occur, and each
// candidate gets a score. Take the file
//
//     id;name;price
//     1;tea;2,50
//     2;coffee;3,20
//     3;milk;1,10
//
// With `;` all four records have 3 fields: consistency 1. Numbers are clean fields (1) and unquoted text nearly so
// (0.9): id (0.9 + 1 + 1 + 1) / 4 = 0.975, name 0.9, price 0.975, their mean 0.95. The score is 1² · 0.95 = 0.95.
//
// With `,` three of four records have 2 fields: consistency 0.75. The first column has `1;tea;2`, text with another
// delimiter in it (0.3); the second has `50` (1); their mean is 0.65. The score is 0.75² · 0.65 = 0.37.
//
// With a tab, `|` or a space there is one column of texts with `;` in them: 0.3, times 0.1 for being one column
// only, and for the space once more 0.1 for not showing numbers. So `;` wins, and 2,50 then says that the decimal
// separator is a comma.

/// Finds the parts of a dialect that nobody has said, in the first bytes of a file.
///
/// A file can be split in many ways. The best way has records of one width whose fields are clean: numbers, missing
/// values, or text without the other delimiters in it. (After G. J. J. van den Burg, A. Nazábal, C. Sutton: Wrangling
/// messy CSV files by detecting row and type patterns, 2019, doi:10.1007/s10618-019-00646-y, with simpler patterns.)
struct DialectDetector {
  private let given: Dialect
  private let bytes: UnsafeBufferPointer<UInt8>
  private let isWhole: Bool
  /// What is found, together with what was given.
  private(set) var dialect: Dialect
  /// The sample as the dialect reads it.
  private(set) var sample: CSVSample

  /// Looks into the first `bytes` of a file, or into the whole of it.
  init(_ bytes: UnsafeBufferPointer<UInt8>, isWhole: Bool, given: Dialect) {
    self.given = given
    self.bytes = bytes
    self.isWhole = isWhole
    dialect = given
    dialect.missingTokens = given.missingTokens ?? Dialect.missingTokens
    dialect.irregularRows = given.irregularRows ?? .error
    dialect.comment = given.comment ?? (Self.hasLine(bytes, after: given.skippedLines ?? 0, beginning: "#") ? "#" : "")
    sample = CSVSample(bytes, dialect.rules, skippedLines: given.skippedLines ?? 0, isWhole: isWhole)
    findStructure()
    findCommentedHeader()
    findFirstLine()
    (dialect.decimal, dialect.thousands) = NumberNotation.found(in: sample, given: given)
    dialect.header = given.header ?? HeaderEvidence(sample, dialect).header
  }

  /// Chooses delimiter, quotation mark and escape by their scores. In a tie the first in the lists is taken.
  private mutating func findStructure() {
    var best = -1.0
    for delimiter in given.delimiter.map({ [$0] }) ?? [.comma, .semicolon, .tab, .bar, .space] {
      for quote in given.quote.map({ [$0] }) ?? quotes(delimiter) {
        for escape in given.escape.map({ [$0] }) ?? escapes(quote) {
          var candidate = dialect
          (candidate.delimiter, candidate.quote, candidate.escape) = (delimiter, quote, escape)
          let sample = CSVSample(
            bytes, candidate.rules, skippedLines: given.skippedLines ?? 0, isWhole: isWhole)
          let score = Self.score(sample, candidate)
          if score > best { (best, dialect, self.sample) = (score, candidate, sample) }
        }
      }
    }
  }

  /// Single quotation marks are looked for only where one begins a field: others are apostrophes.
  private func quotes(_ delimiter: Dialect.Delimiter) -> [Dialect.Quote] {
    let single = Dialect.Quote.single.byte
    let beginsField = bytes.indices.contains { i in
      bytes[i] == single && (i == 0 || bytes[i - 1] == delimiter.byte || bytes[i - 1].isLineBreak)
    }
    return beginsField ? [.double, .single] : [.double]
  }

  /// Backslashes are looked for only where one stands before a quotation mark: elsewhere they are letters of a path.
  private func escapes(_ quote: Dialect.Quote) -> [Dialect.Escape] {
    let isEscaped = bytes.indices.dropFirst().contains { i in
      bytes[i] == quote.byte && bytes[i - 1] == UInt8(ascii: "\\")
    }
    return isEscaped ? [.doubled, .backslash] : [.doubled]
  }

  /// How well a dialect explains the sample: 1 at best.
  private static func score(_ sample: CSVSample, _ dialect: Dialect) -> Double {
    let width = sample.commonWidth
    guard width > 0 else { return 0 }
    let regular = sample.records.filter { $0.count == width }
    let consistency = Double(regular.count) / Double(sample.records.count)
    let malformed = Double(sample.malformedCount) / Double(max(1, sample.records.count))
    var cleanliness = 0.0, numberColumns = 0
    for column in 0..<width {
      let values = regular.map { Self.cleanliness(of: $0[column], dialect) }
      cleanliness += values.reduce(0, +) / Double(values.count) / Double(width)
      if 2 * values.count(where: { $0 == 1 }) >= values.count { numberColumns += 1 }
    }
    var score = consistency * consistency * cleanliness * max(0, 1 - malformed) * sample.coverage
    // One column is what any text has under a delimiter that it does not contain; and words are separated by spaces in
    // any text, so that a table must show numbers to be one of words.
    if width == 1 || consistency < 0.5 { score *= 0.1 }
    if dialect.delimiter == .space, 2 * numberColumns < width { score *= 0.1 }
    return score
  }

  /// How much a field looks like one, from 0 to 1: text that holds another delimiter without being quoted was likely cut in a
  /// wrong way. Numbers count in every notation, since the separators are found later.
  private static func cleanliness(of field: CSVSample.Field, _ dialect: Dialect) -> Double {
    let text = field.text
    if dialect.missingTokens?.contains(text) == true || NumberNotation(text).isNumber { return 1 }
    if field.isQuoted { return 0.95 }
    let foreign: (UInt8) -> Bool = { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == .tab || byte == UInt8(ascii: "|")
        || byte == Dialect.Quote.double.byte || byte == dialect.quote?.byte
    }
    return text.utf8.contains(where: foreign) ? 0.3 : 0.9
  }

  /// A first line such as `#id,x,y` is a header, not a comment, if it has a field for each column and no other line begins
  /// so.
  private mutating func findCommentedHeader() {
    guard given.comment == nil, dialect.comment == "#", sample.commonWidth > 1 else { return }
    var plain = dialect
    plain.comment = ""
    let all = CSVSample(bytes, plain.rules, skippedLines: given.skippedLines ?? 0, isWhole: isWhole)
    let begins = all.records.map { $0.first?.text.hasPrefix("#") == true }
    guard begins.first == true, !begins.dropFirst().contains(true), all.records[0].count == sample.commonWidth else {
      return
    }
    (dialect, sample) = (plain, all)
  }

  /// Lines in front that have fewer fields than the table are titles and notes, and are skipped; but a header may be one
  /// field short.
  private mutating func findFirstLine() {
    dialect.skippedLines = given.skippedLines ?? 0
    let width = sample.commonWidth, records = sample.records
    guard given.skippedLines == nil, width > 1, let first = records.firstIndex(where: { $0.count == width }),
      (1...20).contains(first), records[..<first].allSatisfy({ $0.count < width }),
      records.count(where: { $0.count == width }) >= max(2, first)
    else { return }
    let names = sample.column(0, from: 1)
    let hasRowNames =
      first == 1 && records[0].count == width - 1 && names.count > 2 && Set(names).count == names.count
    let endsInDelimiter =
      first == 1 && records[0].count == width - 1 && sample.column(width - 1, from: 1).allSatisfy(\.isEmpty)
    if endsInDelimiter { return }
    if hasRowNames {
      dialect.header = given.header ?? .withoutRowNames
      return
    }
    dialect.skippedLines = sample.lines[first] - 1
    sample = CSVSample(bytes, dialect.rules, skippedLines: sample.lines[first] - 1, isWhole: isWhole)
  }

  /// Whether some line begins with a text.
  private static func hasLine(
    _ bytes: UnsafeBufferPointer<UInt8>, after skipped: Int, beginning text: StaticString
  ) -> Bool {
    let first = text.utf8Start.pointee
    var line = 0
    return bytes.indices.contains { i in
      let isStart = i == 0 || bytes[i - 1].isLineBreak
      if isStart { line += 1 }
      return isStart && line > skipped && bytes[i] == first
    }
  }
}
