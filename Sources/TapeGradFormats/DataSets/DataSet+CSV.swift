import TapeGradCore

extension DataSet {
  /// The rows of a table as examples: one column gives the labels, all others, which must hold numbers, the features.
  ///
  /// What the labels mean is found in their column:
  /// - *Classes*, where some value is not a number: named in sorted order, so that the second of two is the positive
  ///   one. (Text among numbers with fractions is taken for a slip, and is an error.)
  /// - *The two classes* `0` *and* `1`, where there is no other value.
  /// - *Numbers* to be approximated otherwise, unless `positive` is given; `classNames` is then empty.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - labels: The column of labels, by its name or its number, from 1.
  ///   - positive: The class that label 1 stands for, where there are two.
  ///   - ignored: Columns that are no features, such as row numbers, by name or number.
  ///   - missing: What becomes of missing values; a missing label is never replaced.
  /// - Throws: ``CSVError``, which names line and column, for an unknown column; for a feature that is no finite number,
  ///   or one that `Scalar` cannot hold; for labels of a single class; for an unknown `positive` class or one of more
  ///   than two; for a missing value, as `missing` says; and where there are no rows or no features.
  public init(
    csv table: CSVTable, labels: String, positive: String? = nil, ignoring ignored: [String] = [],
    missing: CSVTable.MissingValuePolicy = .error
  ) throws(CSVError) {
    let labelColumn = try table.column(labels)
    var excluded: Set<Int> = [labelColumn]
    for column in ignored { excluded.insert(try table.column(column)) }
    let featureColumns = table.columnNames.indices.filter { !excluded.contains($0) }
    guard !featureColumns.isEmpty else {
      throw CSVError(
        file: table.name, line: nil, column: nil, found: "no column of features",
        expected: "at least one beside the labels")
    }
    let rows = try table.rows(whereComplete: featureColumns + [labelColumn], missing: missing)
    let features: Tensor<Scalar> = try table.tensor(columns: featureColumns, rows: rows, missing: missing)
    let limit = Double(Scalar.greatestFiniteMagnitude)
    let column = try LabelColumn(table, labelColumn, rows: rows, positive: positive, limit: limit)
    self.init(
      checkedFeatures: features,
      labels: Tensor(column.values.map { Scalar($0) }, shape: [1, rows.count]),
      featureNames: featureColumns.map { table.columnNames[$0] },
      labelName: table.columnNames[labelColumn],
      classNames: column.classNames)
  }
}
