// Is a column numbers with slips, or text? By the counts of its fields, missing ones aside:
//
//     1.5  2.5  x             numbers and a slip: there are fractions, and texts are not in the majority
//     1  2  …  19  x          numbers and a slip: 1 of 20 is text, at most one in ten
//     10  12  A1  14  B2      text, such as codes: 2 of 5 are words, more than one in ten
//     1  2  1,5               numbers and a slip: 1,5 is a number in another notation
//     12345678901234567890    text: a `Double` holds 53 bits, and would make it 12345678901234567168. From 2⁵³ on there
//                             is no telling: 2⁵³ + 1 is read as 2⁵³

/// How many fields of a column are numbers, missing, or other text.
struct ColumnContents: Sendable {
  /// The three kinds of field: together they are the rows.
  private(set) var numberCount = 0, missingCount = 0, textCount = 0
  /// How often each text of the column's pool occurs.
  private(set) var occurrences: [Int]
  /// Which of these texts stand for a missing value.
  let isMissing: [Bool]
  /// Texts that are neither missing nor numbers, but numbers in another notation, such as `1,5`; their occurrences.
  private(set) var foreignCount = 0
  /// Whether some number is not a whole one, and whether some whole one has more digits than a `Double` holds.
  private(set) var hasFractions = false, hasLongIntegers = false
  /// The largest magnitude among the numbers of a column of numbers.
  private(set) var magnitude = 0.0

  init(_ column: CSVColumn, _ dialect: Dialect) {
    let tokens = Set(dialect.missingTokens ?? []), texts = column.texts.texts
    occurrences = [Int](repeating: 0, count: texts.count)
    isMissing = texts.map { tokens.contains($0.trimmed) }
    switch column {
    case .numbers(let numbers):
      count(numbers.store.values)
      hasLongIntegers = numbers.hasLongIntegers
    case .text(let text): for code in text.store.values { occurrences[Int(code)] += 1 }
    }
    for (number, text) in texts.enumerated() {
      if isMissing[number] {
        missingCount += occurrences[number]
      } else if let value = dialect.numberSyntax.number(text.trimmed) {
        numberCount += occurrences[number]
        note(value)
        var text = text.trimmed
        let isLong = value.magnitude >= 0x1p53 && text.withUTF8(\.isWholeNumber)
        hasLongIntegers = hasLongIntegers || isLong
      } else {
        textCount += occurrences[number]
        if NumberNotation(text.trimmed).isNumber { foreignCount += occurrences[number] }
      }
    }
  }

  /// Counts numbers and texts in a column of numbers, in one walk. A second one, which ends early in most columns, looks
  /// for fractions.
  private mutating func count(_ values: UnsafeBufferPointer<Double>) {
    for value in values {
      if let text = NumberColumn.text(value) {
        occurrences[text] += 1
      } else {
        numberCount += 1
        if value.magnitude > magnitude { magnitude = value.magnitude }
      }
    }
    for value in values where !value.isNaN {
      note(value)
      if hasFractions { break }
    }
  }

  /// Takes notice of a number.
  private mutating func note(_ value: Double) {
    if value != value.rounded(.towardZero) { hasFractions = true }
  }

  /// Whether the column is text, by the rule that `CSVTable` documents.
  ///
  /// Whole numbers that a `Double` cannot tell apart are names of things.
  var isText: Bool {
    let others = textCount - foreignCount
    if textCount == 0 { return hasLongIntegers && !hasFractions }
    if others == 0 { return false }
    if hasFractions || foreignCount > 0 { return others > numberCount + foreignCount }
    return 10 * others > numberCount + others
  }

  /// Whether no field is missing or text.
  var hasNumbersOnly: Bool { missingCount + textCount == 0 }

  /// Whether all values are missing.
  var isEmpty: Bool { numberCount + textCount == 0 }
}
