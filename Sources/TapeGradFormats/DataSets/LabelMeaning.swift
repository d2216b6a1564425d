// Text is classes, and fractions are numbers to be approximated. Between them lie whole numbers, which may be
// either: 0 to 9 name digits, but 1 to 30 may be a price. The rule takes numbers for classes only where they look
// like names, without gaps and few of them, or just two of them; where that is in doubt, a note tells which option
// says the opposite.

import TapeGradCore

/// What a table's columns of labels mean: classes, numbers, or several properties that hold or not.
///
///     benign, malignant, benign  →  0, 1, 0   with classes [benign, malignant]
///     0, 1, 1                    →  0, 1, 1   with classes [0, 1]
///     0, 2, 1, 2, 0, 1           →  0, 2, 1, 2, 0, 1   with classes [0, 1, 2]
///     2.5, 7, 3.1                →  2.5, 7, 3.1   without classes
struct LabelMeaning {
  let task: PredictionTask
  /// The names of the classes; empty where there are none.
  let classNames: [String]
  /// What was decided, where it could have been decided otherwise.
  private(set) var notes: [String] = []

  /// Finds out what labels mean. Every row must have one.
  ///
  /// - Parameters:
  ///   - task: What is to be predicted, where the caller says so.
  ///   - positive: The class that label 1 stands for.
  init(
    _ table: CSVTable, _ columns: [Int], rows: RowSelection, task: PredictionTask?, positive: String?
  ) throws(CSVError) {
    if columns.count == 1 {
      self = try LabelMeaning(table, columns[0], rows: rows, task: task, positive: positive)
      return
    }
    // Several columns: each a property that holds or not, or each a number to be approximated.
    var problems = ProblemList()
    for column in columns where table.isText(column: column) {
      problems.add(
        table.problem(
          column: column, found: "text such as \(table.categories(column: column).first?.quoted ?? "")",
          expected: "numbers, as several columns of labels must have"))
    }
    try problems.check(file: table.name)
    // Several columns with nothing but 0 and 1 are properties; the task can say otherwise.
    let isBinary = columns.allSatisfy { column in
      Set(table.sortedCategories(column, rows: rows)).isSubset(of: ["0", "1"])
    }
    self.task = task ?? (isBinary ? .multiLabel : .regression)
    classNames = []
    for column in columns where self.task == .multiLabel && !isBinary {
      problems.add(table.problem(column: column, found: "other numbers than 0 and 1", expected: "0 or 1 in each row"))
    }
    if self.task == .binary || self.task == .classes {
      problems.add(.init(found: "\(columns.count) columns of labels", expected: "one, which has the classes"))
    }
    try problems.check(file: table.name)
  }

  /// The meaning of a single column.
  private init(
    _ table: CSVTable, _ column: Int, rows: RowSelection, task: PredictionTask?, positive: String?
  ) throws(CSVError) {
    func failure(_ found: String, _ expected: String) -> CSVError {
      CSVError(file: table.name, [table.problem(column: column, found: found, expected: expected)])
    }
    if task == .multiLabel { throw failure("one column of labels", "several, of 0 and 1 each") }
    if !table.isText(column: column), table.contents[column].textCount > 0 {
      // Slips among numbers are told by whoever reads them.
      self.init(task: .regression, classNames: [])
      return
    }
    let isText = table.isText(column: column)
    if isText && task == .regression { throw failure("text", "numbers") }
    // Of numbers that may be anything, more than 20 different ones are no classes; the rest need not be collected.
    let areNamed = isText || positive != nil || task == .binary || task == .classes
    let values =
      areNamed ? table.sortedCategories(column, rows: rows) : table.fewNumbers(column, rows: rows, atMost: 20)
    let isClasses =
      isText || (task.map { $0 != .regression } ?? (positive != nil || Self.areClasses(values, rows.count)))
    guard isClasses else {
      self.init(task: .regression, classNames: [])
      if task == nil, let last = values.last, values.allSatisfy({ Int($0) != nil }), rows.count > values.count {
        notes.append(
          "labels \(values[0]) to \(last) are taken for numbers: --task classes takes them for names of classes")
      }
      return
    }
    // Two labels, 0 and 1, are classes even where one of them does not occur.
    var classes = Set(values).isSubset(of: ["0", "1"]) ? ["0", "1"] : values
    // A label that is almost a different one in each row is a name, or a number that was read as text.
    if classes.count > 10, 2 * classes.count > rows.count {
      throw failure("\(classes.count) classes in \(rows.count) rows", "classes that occur more than once")
    }
    if classes.count < 2 {
      throw failure("labels of one class only, \(classes.quotedAlternatives)", "at least two")
    }
    if let positive {
      // The positive class may be written in another way: 1.0 means the class 1.
      let name =
        classes.contains(positive) ? positive : table.dialect.numberSyntax.number(positive)?.shortText ?? positive
      guard classes.contains(name) else { throw failure("no class \(positive.quoted)", classes.quotedAlternatives) }
      guard classes.count == 2 else { throw failure("\(classes.count) classes", "two, one of them \(positive.quoted)") }
      // The positive class goes last, so that its index is 1.
      classes = classes.filter { $0 != name } + [name]
    }
    if task == .binary, classes.count > 2 { throw failure("\(classes.count) classes", "two") }
    self.init(task: classes.count == 2 ? .binary : .classes, classNames: classes)
    if !isText, task == nil, positive == nil, classes != ["0", "1"] {
      notes.append(
        "labels \(values.quotedList("and")) are taken for \(classes.count) classes: --task regression takes them for numbers"
      )
    }
  }

  /// A meaning that is known, as in the encoding of a model.
  init(task: PredictionTask, classNames: [String]) {
    self.task = task
    self.classNames = classNames
  }

  /// Whether numbers are names of classes: two different whole ones, or at most 20 that count from 0 or 1, and in either
  /// case twice as many rows as classes.
  private static func areClasses(_ values: [String], _ rowCount: Int) -> Bool {
    if values.isEmpty || Set(values).isSubset(of: ["0", "1"]) { return !values.isEmpty }
    let numbers = values.compactMap(Int.init)
    guard numbers.count == values.count, rowCount >= 2 * numbers.count else { return false }
    if numbers.count == 2 { return true }
    return (numbers[0] == 0 || numbers[0] == 1) && numbers[numbers.count - 1] - numbers[0] == numbers.count - 1
  }
}

extension LabelMeaning {
  /// Columns that say the same as a label of classes in other words, a sentence each: with such a feature, a model learns
  /// nothing else, and seems to be perfect.
  func copies(of labels: [Int], in table: CSVTable, among columns: [Int], rows: RowSelection) -> [String] {
    guard let label = labels.first, classNames.count > 1 else { return [] }
    let classes = table.categoryIndices(label, rows: rows, in: classNames)
    return columns.compactMap { column in
      let isText = table.isText(column: column)
      let values =
        isText
        ? table.categories(column: column) : table.fewNumbers(column, rows: rows, atMost: classNames.count)
      guard values.count == classNames.count else { return nil }
      let found = table.categoryIndices(column, rows: rows, in: values)
      // One value for each class, and no two the same: `no` is 0 and `yes` is 1 in each row.
      // The class that each of the column's values goes with.
      var partner = [Int?](repeating: nil, count: values.count)
      for (value, kind) in zip(found, classes) {
        guard let value, value >= 0, let kind, kind >= 0, partner[value] ?? kind == kind else { return nil }
        partner[value] = kind
      }
      guard Set(partner.compactMap(\.self)).count == values.count else { return nil }
      return "column \(table.columnNames[column].quoted) says the same as the label in every row: "
        + "--ignore leaves it out, if new rows will not have it"
    }
  }

  /// The labels of rows, shape (columns, rows).
  func tensor<Scalar: TensorScalar>(
    _ table: CSVTable, _ columns: [Int], rows: RowSelection
  ) throws(CSVError) -> Tensor<Scalar> {
    var problems = ProblemList()
    let array = NDArray<Scalar>(shape: [columns.count, rows.count]) { start in
      for (index, column) in columns.enumerated() {
        // A row of the labels for each column: examples are columns, as in the features.
        let target = start + index * rows.count
        if classNames.isEmpty {
          table.write(column, rows: rows, mean: nil, to: target, problems: &problems)
        } else {
          for (index, label) in table.categoryIndices(column, rows: rows, in: classNames).enumerated() {
            target[index] = Scalar(Double(label ?? 0))
            if label == -1 {
              let row = rows[index]
              problems.add(
                table.problem(
                  row: row, column: column, found: table.found(row: row, column: column),
                  expected: "a class, \(classNames.quotedAlternatives)"))
            }
          }
        }
      }
    }
    try problems.check(file: table.name)
    return Tensor(array)
  }
}
