/// How a CSV file is written. What is nil is found in the file; what was found can be said again.
///
/// ```swift
/// let table = try CSVTable(contentsOf: "messungen.csv")
/// print(table.assumed.options)   // --delimiter ';' --decimal comma --header yes …
/// let same = try CSVTable(contentsOf: "messungen.csv", dialect: table.dialect)
/// ```
/// Any of CRLF, LF and CR ends a line, and a UTF-8 byte-order mark is skipped: nothing needs to be said of those.
public struct Dialect: Hashable, Sendable {
  /// The character between two fields.
  public var delimiter: Delimiter?
  /// The character around fields that may hold delimiters and line breaks.
  public var quote: Quote?
  /// How a quotation mark is written inside a quoted field.
  public var escape: Escape?
  /// Whether the first record has the titles of the columns.
  public var header: Header?
  /// What stands between the whole part of a number and its fraction.
  public var decimal: DecimalSeparator?
  /// What stands between groups of three digits.
  public var thousands: ThousandsSeparator?
  /// What a line that is not data begins with; empty where there are no such lines.
  public var comment: String?
  /// How many lines stand before the table.
  public var skippedLines: Int?
  /// The fields that stand for a missing value, compared without the spaces around them.
  public var missingTokens: [String]?
  /// What becomes of rows that are not like the others; an error, unless this says something else.
  public var irregularRows: IrregularRows?
  /// The columns whose fields are text even where they look like numbers.
  public var textColumns: TextColumns

  /// A dialect of which some parts are known.
  public init(
    delimiter: Delimiter? = nil, quote: Quote? = nil, escape: Escape? = nil, header: Header? = nil,
    decimal: DecimalSeparator? = nil, thousands: ThousandsSeparator? = nil, comment: String? = nil,
    skippedLines: Int? = nil, missingTokens: [String]? = nil, irregularRows: IrregularRows? = nil,
    textColumns: TextColumns = .named([])
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.escape = escape
    self.header = header
    self.decimal = decimal
    self.thousands = thousands
    self.comment = comment
    self.skippedLines = skippedLines
    self.missingTokens = missingTokens
    self.irregularRows = irregularRows
    self.textColumns = textColumns
  }

  /// The fields that stand for a missing value unless a dialect has others: the empty one, `?`, `NA`, `N/A`, `NaN`,
  /// `null`, the words also in all lower or all upper case, and `#N/A`.
  public static let missingTokens = [
    "", "?", "NA", "na", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "#N/A",
  ]
}

extension Dialect {
  /// The character between two fields.
  public enum Delimiter: String, Sendable, CaseIterable {
    /// `,`
    case comma
    /// `;`
    case semicolon
    /// The tabulator.
    case tab
    /// `|`
    case bar
    /// Any run of spaces and tabulators, as between the words of a text.
    case space
    /// `:`, which is never assumed.
    case colon

    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: .tab
      case .bar: UInt8(ascii: "|")
      case .space: .space
      case .colon: UInt8(ascii: ":")
      }
    }
  }

  /// The character around a field that holds delimiters or line breaks.
  public enum Quote: String, Sendable, CaseIterable {
    /// `"`
    case double
    /// `'`
    case single
    /// No character is special.
    case none

    var byte: UInt8 {
      switch self {
      case .double: UInt8(ascii: "\"")
      case .single: UInt8(ascii: "'")
      case .none: 0
      }
    }
  }

  /// How a quotation mark is written inside a quoted field.
  public enum Escape: String, Sendable, CaseIterable {
    /// Twice: `"a ""word"""`.
    case doubled
    /// Behind a backslash, which takes any character as it is: `"a \"word\""`.
    case backslash
  }

  /// Whether the first record has the titles of the columns.
  public enum Header: String, Sendable, CaseIterable {
    /// It has.
    case present = "yes"
    /// It is data.
    case absent = "no"
    /// It has those of all columns but the first, which names the rows, as R writes it.
    case withoutRowNames = "short"
  }

  /// What stands between the whole part of a number and its fraction.
  public enum DecimalSeparator: String, Sendable, CaseIterable {
    /// `2.5`
    case point
    /// `2,5`
    case comma
  }

  /// What stands between groups of three digits.
  public enum ThousandsSeparator: String, Sendable, CaseIterable {
    /// Nothing does: `68527`.
    case none
    /// `68,527`
    case comma
    /// `68.527`
    case point
    /// `68 527`
    case space
    /// `68'527`
    case apostrophe
    /// `68_527`
    case underscore

    var byte: UInt8 {
      switch self {
      case .none: 0
      case .comma: UInt8(ascii: ",")
      case .point: UInt8(ascii: ".")
      case .space: .space
      case .apostrophe: UInt8(ascii: "'")
      case .underscore: UInt8(ascii: "_")
      }
    }
  }

  /// What becomes of a row of another number of fields than the header, or with a quotation mark in a wrong place.
  public enum IrregularRows: String, Sendable, CaseIterable {
    /// It is an error, together with all others.
    case error
    /// It is left out, and a note says how many were.
    case drop
    /// Fields that it lacks are missing, those beyond the last column are left out, and a field goes on behind a misplaced
    /// quotation mark; a note says how many rows were so.
    case fit
  }

  /// Which columns are text whatever they hold.
  public enum TextColumns: Hashable, Sendable {
    /// Those of these titles or numbers, from 1. Of the others, the fields decide.
    case named([String])
    /// All of them: nothing is read as a number.
    case all
  }
}
