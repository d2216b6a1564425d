/// A table's column of labels, as numbers.
struct LabelColumn {
  /// A label for each row: the index of its class, or the number itself where there are no classes.
  let values: [Double]
  /// The names of the classes; none where the labels are numbers to be approximated.
  let classNames: [String]

  /// Reads `column`, whose values must not be missing in `rows`, by the rules of `DataSet.init(csv:labels:)`.
  init(_ table: CSVTable, _ column: Int, rows: [Int], positive: String?, limit: Double) throws(CSVError) {
    if try Self.isText(table, column, rows: rows) {
      let names = rows.compactMap { table.value(row: $0, column: column) }
      try self.init(table, column, names, classes: Set(names).sorted(), positive: positive)
      return
    }
    let numbers = try table.numbers(inColumn: column, rows: rows, missing: .error, limit: limit)
    let isBinary = numbers.allSatisfy { $0 == 0 || $0 == 1 }
    guard isBinary || positive != nil else {
      self.init(values: numbers, classNames: [])
      return
    }
    let names = numbers.map(Self.className)
    let classes = isBinary ? ["0", "1"] : Set(names).sorted()
    let positive = positive.map { $0.number.map(Self.className) ?? $0 }
    try self.init(table, column, names, classes: classes, positive: positive)
  }

  /// Labels by the name of their class.
  private init(
    _ table: CSVTable, _ column: Int, _ names: [String], classes: [String], positive: String?
  ) throws(CSVError) {
    guard classes.count > 1 else {
      throw table.error(
        column: column, found: "labels of one class only, \(classes.quotedAlternatives)", expected: "at least two")
    }
    var classes = classes
    if let positive {
      guard classes.contains(positive) else {
        throw table.error(
          column: column, found: "no class \(positive.quoted)", expected: classes.quotedAlternatives)
      }
      guard classes.count == 2 else {
        throw table.error(
          column: column, found: "\(classes.count) classes", expected: "two, one of them \(positive.quoted)")
      }
      classes = classes.filter { $0 != positive } + [positive]
    }
    let labels = Dictionary(uniqueKeysWithValues: zip(classes, (0..<classes.count).map(Double.init)))
    self.init(values: names.compactMap { labels[$0] }, classNames: classes)
  }

  private init(values: [Double], classNames: [String]) {
    self.values = values
    self.classNames = classNames
  }

  /// Whether the column holds names of classes. Throws for a missing label, and for text among fractions.
  private static func isText(_ table: CSVTable, _ column: Int, rows: [Int]) throws(CSVError) -> Bool {
    var firstText: Int?
    var hasFractions = false
    for row in rows {
      guard let text = table.value(row: row, column: column) else {
        throw table.error(row: row, column: column, found: table.found(row: row, column: column), expected: "a label")
      }
      if let number = text.number {
        hasFractions = hasFractions || number != number.rounded()
      } else if firstText == nil {
        firstText = row
      }
    }
    if let row = firstText, hasFractions {
      throw table.error(
        row: row, column: column, found: table.found(row: row, column: column), expected: "a number as in other rows")
    }
    return firstText != nil
  }

  /// `1` for 1.0, `0.5` for 0.5.
  private static func className(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
