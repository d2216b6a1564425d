// A dialect that was found is shown as options of the command, so that a reader can check it, correct a part and
// repeat it. If the caller gave `--delimiter ';'` and the detector found the rest, then `without` leaves the rest,
// and `options` prints
//
//     --quote double --escape doubled --header yes --decimal comma …
//
// With these options and those of the caller, nothing of the file is left to be guessed.

extension Dialect {
  /// The parts that are known, as the options of the command that say the same: `--delimiter ';' --header yes`.
  public var options: String { optionList.map { "\($0.name) \($0.value.quotedForShell)" }.joined(separator: " ") }

  /// The names and values of the options that say what is known.
  var optionList: [(name: String, value: String)] {
    var list: [(String, String)] = []
    // A part that nobody knows has no option.
    func add(_ name: String, _ value: String?) {
      if let value { list.append((name, value)) }
    }
    add("--delimiter", delimiter?.rawValue)
    add("--quote", quote?.rawValue)
    add("--escape", escape?.rawValue)
    add("--header", header?.rawValue)
    add("--decimal", decimal?.rawValue)
    add("--thousands", thousands?.rawValue)
    add("--comment", comment)
    add("--skip", skippedLines.map(String.init))
    add("--missing-tokens", missingTokens?.joined(separator: ","))
    add("--irregular-rows", irregularRows?.rawValue)
    switch textColumns {
    case .all: add("--text-columns", "*")
    case .named([]): break
    case .named(let names): add("--text-columns", names.joined(separator: ","))
    }
    return list
  }

  /// This dialect with the parts that it does not say taken from `found`.
  func completed(by found: Dialect) -> Dialect {
    Dialect(
      delimiter: delimiter ?? found.delimiter, quote: quote ?? found.quote, escape: escape ?? found.escape,
      header: header ?? found.header, decimal: decimal ?? found.decimal, thousands: thousands ?? found.thousands,
      comment: comment ?? found.comment, skippedLines: skippedLines ?? found.skippedLines,
      missingTokens: missingTokens ?? found.missingTokens, irregularRows: irregularRows ?? found.irregularRows,
      textColumns: textColumns)
  }

  /// The parts that `given` does not say.
  func without(_ given: Dialect) -> Dialect {
    Dialect(
      delimiter: given.delimiter == nil ? delimiter : nil, quote: given.quote == nil ? quote : nil,
      escape: given.escape == nil ? escape : nil, header: given.header == nil ? header : nil,
      decimal: given.decimal == nil ? decimal : nil, thousands: given.thousands == nil ? thousands : nil,
      comment: given.comment == nil ? comment : nil, skippedLines: given.skippedLines == nil ? skippedLines : nil,
      missingTokens: given.missingTokens == nil ? missingTokens : nil,
      irregularRows: given.irregularRows == nil ? irregularRows : nil)
  }

  /// The bytes that structure the file. Parts that are still open are taken as most files have them.
  var rules: FieldRules {
    FieldRules(
      delimiter: (delimiter ?? .comma).byte, quote: (quote ?? .double).byte, hasBackslashes: escape == .backslash,
      comment: Array((comment ?? "").utf8))
  }

  /// How numbers are written.
  var numberSyntax: NumberSyntax {
    NumberSyntax(
      decimal: decimal == .comma ? UInt8(ascii: ",") : UInt8(ascii: "."), thousands: (thousands ?? .none).byte)
  }
}

extension String {
  /// The text as a shell takes it for one word.
  ///
  /// `a b` is `'a b'`, and `it's` is `'it'\''s'`: the quotation ends, an escaped mark follows, and another quotation
  /// begins.
  fileprivate var quotedForShell: String {
    let isPlain =
      !isEmpty
      && utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-_./+@%".utf8.contains(byte)
      }
    if isPlain { return self }
    return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
