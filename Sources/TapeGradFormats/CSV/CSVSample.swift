// The detector reads the same bytes under several dialects and compares the results. Of `'tis,1` and `so,2` on two
// lines,
//
//     with the quotation mark '   no record: the field that begins at 'tis has no end, so that coverage is 0
//     with the quotation mark "   two records of two fields each, and coverage 1
//
// A dialect that takes an apostrophe for a quotation mark thus loses by what it swallows.

/// The first records of a CSV file as text, read by some rules: what a dialect is found in.
struct CSVSample {
  /// A field as text, and whether it stands in quotation marks.
  struct Field {
    let text: String
    let isQuoted: Bool
  }

  /// The records, which may differ in how many fields they have.
  private(set) var records: [[Field]] = []
  /// The line on which each record begins, from 1.
  private(set) var lines: [Int] = []
  /// How many records had a quotation mark in a wrong place.
  private(set) var malformedCount = 0
  /// How much of the bytes was read: a quotation mark without an end swallows the rest.
  private(set) var coverage = 1.0

  /// Reads records from bytes of which `isWhole` says whether they are the whole file. A record that is not complete is
  /// left out.
  ///
  /// - Parameters:
  ///   - rules: Which bytes structure the file.
  ///   - skippedLines: How many lines stand before the table.
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ rules: FieldRules, skippedLines: Int, isWhole: Bool) {
    var scanner = FieldScanner(rules, bytes, isLast: isWhole)
    for _ in 0..<skippedLines where scanner.skipLine() == .incomplete { return }
    while scanner.skipToRecord() {
      let line = scanner.line, start = scanner.position
      var record: [Field] = [], field = ScannedField()
      var ending = FieldScanner.Ending.delimiter
      while ending == .delimiter {
        ending = scanner.next(&field)
        record.append(
          Field(text: String(decoding: scanner.content(field), as: UTF8.self), isQuoted: field.isQuoted))
      }
      switch ending {
      case .incomplete, .unclosed:
        coverage = Double(start) / Double(max(1, bytes.count))
        if ending == .unclosed { malformedCount += 1 }
        return
      case .trailing:
        malformedCount += 1
        if scanner.skipLine() == .incomplete { return }
      case .endOfRecord, .delimiter: break
      }
      records.append(record)
      lines.append(line)
    }
  }

  /// The number of fields that most records have; of two that as many have, the larger. Not that of the first
  /// record, since titles and notes may stand above the table.
  var commonWidth: Int {
    let counts = Dictionary(records.map { ($0.count, 1) }, uniquingKeysWith: +)
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }

  /// The texts of a column in records from `first` on, those that are there.
  func column(_ column: Int, from first: Int) -> [String] {
    records.dropFirst(first).compactMap { column < $0.count ? $0[column].text : nil }
  }
}
