//   tapegrad train prices.csv --labels price --delimiter semicolon --decimal comma
//
// CSV is no single format. Each part of the dialect that no option says is found in the file, and what is unusual about
// the result is told:
//
//   note      read with --delimiter semicolon --decimal comma
//
// The note is in the words of the options, so that a wrong guess is mended by repeating it with the one word changed.
// `tapegrad inspect FILE` prints all of them.
//
// Lines of JSON leave less open, and most of these options are about CSV only:
//
//   tapegrad train prices.jsonl --labels price --delimiter semicolon
//   tapegrad: --delimiter is about CSV, and prices.jsonl has JSON lines by its name

import TapeGrad

/// The options that say how a file is written. What is not said is found in the file, and told.
enum DialectOptions {
  private static let delimiters = Dialect.Delimiter.allCases.map(\.rawValue).joined(separator: ", ")
  private static let delimiter = Option<Dialect.Delimiter?>.optional(
    "--delimiter", "NAME", shown: "found in the file", "what stands between fields: \(delimiters)",
    expected: "one of \(delimiters), or the character itself"
  ) { text in
    // The character itself, as in other tools; a tab also as the two characters \t, which are easier to type in a
    // shell.
    let characters: [String: Dialect.Delimiter] = [
      ",": .comma, ";": .semicolon, "\t": .tab, "\\t": .tab, "|": .bar, " ": .space, ":": .colon,
    ]
    return Dialect.Delimiter(rawValue: text) ?? characters[text]
  }
  private static let quote = Option.found(
    "--quote", "NAME", of: Dialect.Quote.self, "what stands around fields")
  private static let escape = Option.found(
    "--escape", "NAME", of: Dialect.Escape.self, "how a quotation mark is written inside a field")
  private static let header = Option.found(
    "--header", "WORD", of: Dialect.Header.self,
    "whether the first line has titles; short: all but that of row names")
  private static let decimal = Option.found(
    "--decimal", "NAME", of: Dialect.DecimalSeparator.self, "2.5 or 2,5")
  private static let thousands = Option.found(
    "--thousands", "NAME", of: Dialect.ThousandsSeparator.self,
    "what stands between groups of three digits")
  private static let comment = Option.text(
    "--comment", "TEXT", shown: "found in the file", "how a comment line begins")
  private static let skip = Option<Int?>.optional(
    "--skip", "N", shown: "found in the file", "how many lines stand before the table",
    expected: "a whole number from 0 on"
  ) { text in Int(text).flatMap { $0 >= 0 ? $0 : nil } }
  // A table of words may well have one that is "null" or "NA": then this says what is missing instead.
  private static let missingTokens = Option.text(
    "--missing-tokens", "TEXTS", shown: "nothing, ?, NA, NaN, null and the like",
    "what stands for a missing value, separated by commas")
  private static let irregularRows = Option<Dialect.IrregularRows?>.optional(
    "--irregular-rows", "POLICY", shown: "error",
    "rows of another number of fields: error, drop (leave them out) or fit (missing fields are empty, others go)",
    expected: "one of error, drop, fit"
  ) { Dialect.IrregularRows(rawValue: $0) }
  // Codes like 007 would lose their zeros as numbers.
  private static let textColumns = Option.text(
    "--text-columns", "COLUMNS", shown: "none",
    "columns of text that looks like numbers, separated by commas; * is all")

  /// All of them, for a command's list.
  static let all: [any CommandOption] = [
    delimiter, quote, escape, header, decimal, thousands, comment, skip, missingTokens, irregularRows, textColumns,
  ]

  /// Reads a table, whose name says whether it is CSV or JSON lines, as the options say.
  ///
  /// - Throws: `UsageError` for an option that says nothing of such a file; `FileError` and `CSVError` where the file is not
  ///   as its name and the options say.
  static func table(_ path: String, _ arguments: Arguments) throws -> CSVTable {
    if TableFormat(path: path) == .jsonLines {
      let shared = [missingTokens.name, textColumns.name]
      // An option that does nothing would be taken for one that did.
      if let option = all.first(where: { arguments.has($0) && !shared.contains($0.name) }) {
        throw arguments.error("\(option.name) is about CSV, and \(path) has JSON lines by its name")
      }
    }
    return try CSVTable(contentsOf: path, dialect: dialect(arguments))
  }

  /// The dialect that the options say.
  private static func dialect(_ arguments: Arguments) -> Dialect {
    var dialect = Dialect(
      delimiter: arguments[delimiter], quote: arguments[quote], escape: arguments[escape],
      header: arguments[header],
      decimal: arguments[decimal], thousands: arguments[thousands], comment: arguments[comment],
      skippedLines: arguments[skip],
      // Nothing between two commas means an empty field.
      missingTokens: arguments[missingTokens].map { parts($0, keepingEmpty: true) },
      irregularRows: arguments[irregularRows])
    if let columns = arguments[textColumns] {
      dialect.textColumns = columns == "*" ? .all : .named(parts(columns))
    }
    return dialect
  }

  /// The parts of a text between commas.
  static func parts(_ text: String, keepingEmpty: Bool = false) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: !keepingEmpty).map(String.init)
  }
}

extension Option {
  /// One of the cases of an enumeration; nil, where it is not given, means that the file shows it.
  static func found<Case: CaseIterable & RawRepresentable<String> & Sendable>(
    _ name: String, _ placeholder: String, of type: Case.Type, _ help: String
  ) -> Option where Value == Case? {
    let names = type.allCases.map(\.rawValue)
    return optional(
      name, placeholder, shown: "found in the file", "\(help): \(names.joined(separator: ", "))",
      expected: "one of \(names.joined(separator: ", "))"
    ) { Case(rawValue: $0) }
  }
}

extension Dialect {
  /// The parts that are not as in most files, and so are worth a line.
  var unusual: Dialect {
    Dialect(
      delimiter: delimiter == .comma ? nil : delimiter,
      quote: quote == .double || quote == Quote.none ? nil : quote,
      escape: escape == .doubled ? nil : escape, header: header == .present ? nil : header,
      decimal: decimal == .point ? nil : decimal,
      thousands: thousands == ThousandsSeparator.none ? nil : thousands,
      comment: comment == "" ? nil : comment, skippedLines: skippedLines == 0 ? nil : skippedLines,
      missingTokens: missingTokens == Self.missingTokens ? nil : missingTokens)
  }
}
