// The table
//
//     id,color,size,price
//     1,red,3,9.5
//     2,blue,1,4
//     3,red,2,7.25
//
// with the label price becomes, step by step,
//
// 1. a selection of columns: id is left out, since it only names the rows; color and size are features;
// 2. a selection of rows: those that have a label, here all;
// 3. a meaning of the labels: 9.5 is a fraction, so that they are numbers;
// 4. an encoding: color is a feature for each category, size a number;
// 5. two tensors: features of shape (3, 3), the rows color=blue, color=red and size, and labels of shape (1, 3).
//
// What was left out, and what categories and labels were taken for, is written into `notes`.

import TapeGradCore

extension DataSet {
  /// The rows of a table as examples: one column gives the labels, or several do, and all others the features.
  ///
  /// A column of text becomes a feature for each of its categories (one-hot), one of dates the days from the mean date
  /// (``DateColumns``). Columns that only name the rows are left out:
  /// row numbers without a title, numbers called `id` that are all different, texts that are nearly all different. What
  /// labels mean is found in them, unless `task` says so:
  /// - *Classes*, where they are text: named in sorted order, so that the second of two is the positive one. Numbers are
  ///   classes if they are 0 and 1, or two whole numbers, or count from 0 or 1 up to at most 20 of them, with twice as many
  ///   rows as classes.
  /// - *Numbers* to be approximated otherwise.
  /// - *Properties* that hold or not, where several columns have 0 and 1 only.
  ///
  /// What was decided is in ``notes``.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - labels: The columns of labels, by name or by number, from 1.
  ///   - task: What is to be predicted.
  ///   - positive: The class that label 1 stands for, where there are two.
  ///   - ignored: Columns that are not features.
  ///   - kept: Columns that are features though they look like names of rows.
  ///   - categorical: Columns of numbers that name categories.
  ///   - ordinal: Columns of categories that become one feature, the index of the category in sorted order.
  ///   - dates: What becomes of columns of dates.
  ///   - missing: What becomes of missing values; a missing label is never replaced.
  ///   - unseen: What becomes of categories that other tables have and this one has not.
  /// - Throws: ``CSVError`` with all that is wrong: unknown columns; in columns of numbers, text and numbers that `Scalar`
  ///   cannot hold; labels of a single class; an unknown `positive` class or one of more than two; missing values, as
  ///   `missing` says; and where there are no rows or no features.
  public init(
    csv table: CSVTable, labels: [String], task: PredictionTask? = nil, positive: String? = nil,
    ignoring ignored: [String] = [], keeping kept: [String] = [], categorical: [String] = [], ordinal: [String] = [],
    dates: DateColumns = .found, missing: MissingValuePolicy = .error, unseen: UnseenCategoryPolicy = .missing
  ) throws(CSVError) {
    let labelColumns = try table.columns(labels)
    let categorical = Set(try table.columns(categorical)), ordinal = Set(try table.columns(ordinal))
    let selection = FeatureSelection(
      table, excluded: Set(labelColumns + (try table.columns(ignored))), kept: Set(try table.columns(kept)),
      categories: categorical.union(ordinal), dates)
    var problems = ProblemList()
    if labelColumns.isEmpty { problems.add(.init(found: "no column of labels", expected: "at least one")) }
    if table.rowCount == 0 {
      problems.add(.init(found: "no rows", expected: "at least one"))
    } else if selection.columns.isEmpty {
      let reasons =
        selection.notes.isEmpty
        ? "" : " (" + selection.notes.prefix(3).joined(separator: "; ") + "); --keep takes a column nevertheless"
      problems.add(.init(found: "no column of features", expected: "at least one beside the labels" + reasons))
    }
    try problems.check(file: table.name)

    let (rows, notes) = try table.labeledRows(labelColumns, features: selection.columns, missing: missing)
    let meaning = try LabelMeaning(table, labelColumns, rows: rows, task: task, positive: positive)
    let source = TableRows(
      table: table, rows: rows, columns: selection.columns, categorical: categorical, ordinal: ordinal,
      dates: selection.dates,
      notes: selection.notes + notes + meaning.notes
        + meaning.copies(of: labelColumns, in: table, among: selection.columns, rows: rows))
    let encoding = TableEncoding(
      features: TableEncoding.features(
        of: table, selection.columns, rows: rows, categorical: categorical, ordinal: ordinal, dates: selection.dates),
      labelNames: labelColumns.map { table.columnNames[$0] }, classNames: meaning.classNames, task: meaning.task,
      missing: missing, unseen: unseen)
    // What is wrong with the labels is told together with what is wrong with the features.
    let labelTensor: Result<Tensor<Scalar>, CSVError> = Result { () throws(CSVError) in
      try meaning.tensor(table, labelColumns, rows: rows)
    }
    let featureTensor: Result<Tensor<Scalar>, CSVError> = Result { () throws(CSVError) in
      try encoding.tensor(of: table, selection.columns, rows)
    }
    switch (featureTensor, labelTensor) {
    case (.success(let features), .success(let labels)):
      self.init(
        checkedFeatures: features, labels: labels, encoding: encoding, notes: source.notes + encoding.categoryNotes,
        source: source)
    case (.failure(let features), .failure(let labels)): throw features.joined(with: labels)
    case (.failure(let error), .success), (.success, .failure(let error)): throw error
    }
  }

  /// The rows of a table as examples, with one column of labels: the same as with a list of one.
  public init(
    csv table: CSVTable, labels: String, task: PredictionTask? = nil, positive: String? = nil,
    ignoring ignored: [String] = [], keeping kept: [String] = [], categorical: [String] = [], ordinal: [String] = [],
    dates: DateColumns = .found, missing: MissingValuePolicy = .error, unseen: UnseenCategoryPolicy = .missing
  ) throws(CSVError) {
    try self.init(
      csv: table, labels: [labels], task: task, positive: positive, ignoring: ignored, keeping: kept,
      categorical: categorical, ordinal: ordinal, dates: dates, missing: missing, unseen: unseen)
  }
}

extension CSVTable {
  /// The indices of columns by their names or numbers; all that are unknown in one error.
  func columns(_ names: [String]) throws(CSVError) -> [Int] {
    var columns: [Int] = [], problems = ProblemList()
    for name in names {
      do {
        columns.append(try column(name))
      } catch {
        for problem in error.problems { problems.add(problem) }
      }
    }
    try problems.check(file: self.name)
    return columns
  }

  /// The rows that have a label, and, where the others are dropped, all features; with notes on those that are left out.
  func labeledRows(
    _ labels: [Int], features: [Int], missing: MissingValuePolicy
  ) throws(CSVError) -> (RowSelection, [String]) {
    var isKept = [Bool](repeating: true, count: rowCount), notes: [String] = []
    func leftOut(_ count: Int) -> String { "\(counted(count, "row")) \(count == 1 ? "is" : "are") left out" }
    for label in labels { unmarkMissing(label, in: &isKept) }
    let unlabeled = isKept.count { !$0 }
    if missing == .error, unlabeled > 0 {
      var problems = ProblemList()
      for row in isKept.indices where !isKept[row] {
        for label in labels where isMissing(row: row, column: label) {
          problems.add(
            problem(
              row: row, column: label, found: found(row: row, column: label),
              expected: "a label; --missing drop leaves out the row, --missing-tokens says what stands for nothing"))
        }
      }
      throw CSVError(file: name, problems.first, count: problems.count)
    }
    if unlabeled > 0 {
      let column = labels.first { contents[$0].missingCount > 0 } ?? 0
      let row = isKept.firstIndex(of: false) ?? 0
      notes.append(
        "\(leftOut(unlabeled)): no label there (\(found(row: row, column: column)) in line \(line(ofRow: row)))"
      )
    }
    if missing == .dropRow {
      for feature in features { unmarkMissing(feature, in: &isKept) }
      let dropped = isKept.count { !$0 } - unlabeled
      if dropped > 0 { notes.append("\(leftOut(dropped)): a feature has no value there") }
    }
    let rows = RowSelection(isKept)
    guard rows.count > 0 else {
      throw CSVError(file: name, found: "no row without missing values", expected: "at least one")
    }
    return (rows, notes)
  }
}

extension TableEncoding {
  /// What columns of categories became.
  var categoryNotes: [String] {
    features.compactMap { feature in
      switch feature.kind {
      case .number: nil
      case .oneHot(let categories):
        "column \(feature.name.quoted) is \(counted(categories.count, "feature")), one for each category: \(categories.quotedList("and"))"
      case .ordinal(let categories, _):
        "column \(feature.name.quoted) is the index of a category: \(categories.quotedList("and"))"
      case .date(let notation, let mean):
        "column \(feature.name.quoted) is dates, \(notation.rawValue) as in \(notation.example): days from the mean date, "
          + "\(DateNotation.date(ofDay: mean)); --dates text takes them for text"
      }
    }
  }
}

extension CSVError {
  /// The problems of both errors.
  fileprivate func joined(with other: CSVError) -> CSVError {
    CSVError(file: file, problems + other.problems, count: problemCount + other.problemCount)
  }
}
