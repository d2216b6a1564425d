// Each column fills as many rows of the features as it has features. The columns color (categories blue and red)
// and size, in three rows of a table, give
//
//     color  size        color=blue  0 1 0
//     red    3           color=red   1 0 1
//     blue   1      →    size        3 1 2
//     red    2
//
// A color that is not in the list, such as green, is treated as missing unless `unseen` says that it is an error.
// And a missing color is, by `missing`, an error, a row that is left out, or a column of zeros: neither blue nor
// red.

import TapeGradCore

extension TableEncoding {
  /// The features of a table's rows, shape (n_x, m), and which rows they are, from 0: all of them, unless rows with missing
  /// values are left out.
  ///
  /// - Throws: ``CSVError`` with everything that is wrong: columns that the table does not have, text among numbers,
  ///   missing values and unseen categories where they are errors.
  public func features<Scalar: TensorScalar>(
    of table: CSVTable
  ) throws(CSVError) -> (features: Tensor<Scalar>, rows: [Int]) {
    let columns = try table.columns(named: features.map(\.name))
    let rows = rows(of: table, columns)
    return (try tensor(of: table, columns, rows), rows.list)
  }

  /// The rows that are kept: all, or, where the others are dropped, those with a value in each column.
  func rows(of table: CSVTable, _ columns: [Int]) -> RowSelection { RowSelection(marks(of: table, columns)) }

  /// Which rows are kept.
  func marks(of table: CSVTable, _ columns: [Int]) -> [Bool] {
    var isKept = [Bool](repeating: true, count: table.rowCount)
    guard missing == .dropRow else { return isKept }
    for (feature, column) in zip(features, columns) {
      table.unmarkMissing(column, in: &isKept)
      guard unseen == .missing, let categories = feature.categories else { continue }
      let indices = table.categoryIndices(column, rows: RowSelection(of: table), in: categories)
      // A category that is taken for missing leaves out its row too.
      for row in isKept.indices where indices[row] == -1 { isKept[row] = false }
    }
    return isKept
  }

  /// The features of some rows.
  func tensor<Scalar: TensorScalar>(
    of table: CSVTable, _ columns: [Int], _ rows: RowSelection
  ) throws(CSVError) -> Tensor<Scalar> {
    var problems = ProblemList()
    let shape = Shape([features.reduce(0) { $0 + $1.featureCount }, rows.count])
    guard shape.defect == nil else {
      throw CSVError(file: table.name, found: "\(shape)", expected: "features and rows that memory holds")
    }
    let array = NDArray<Scalar>(shape: shape) { start in
      // The features of a column are rows of the array, so each column writes a run of memory, and the next one
      // follows.
      var target = start
      for (feature, column) in zip(features, columns) {
        switch feature.kind {
        case .number(let mean):
          table.write(column, rows: rows, mean: missing == .error ? nil : mean, to: target, problems: &problems)
        case .date(let notation, let mean):
          table.write(
            column, rows: rows, notation, mean: mean, fillsMissing: missing != .error, to: target, problems: &problems)
        case .oneHot(let categories):
          target.update(repeating: 0, count: categories.count * rows.count)
          let indices = indices(of: table, column, categories, rows, &problems)
          for (index, category) in indices.enumerated() {
            if let category { target[category * rows.count + index] = 1 }
          }
        case .ordinal(let categories, let mean):
          let indices = indices(of: table, column, categories, rows, &problems)
          for (index, category) in indices.enumerated() { target[index] = Scalar(category.map(Double.init) ?? mean) }
        }
        target += feature.featureCount * rows.count
      }
    }
    try problems.check(file: table.name)
    return Tensor(array)
  }

  /// The category of each row; nil where it is missing, or unseen and taken for missing.
  private func indices(
    of table: CSVTable, _ column: Int, _ categories: [String], _ rows: RowSelection, _ problems: inout ProblemList
  ) -> [Int?] {
    var indices = table.categoryIndices(column, rows: rows, in: categories)
    for index in indices.indices {
      guard indices[index] == nil || indices[index] == -1 else { continue }
      let isUnseen = indices[index] == -1
      if isUnseen && unseen == .error || missing == .error {
        let row = rows[index]
        // Two questions, so two options: what an unknown category is, and what a missing one is.
        var expected = isUnseen ? "one of the known categories, \(categories.quotedAlternatives)" : "a category"
        expected +=
          isUnseen && unseen == .error
          ? "; --unseen missing takes it for a missing value"
          : "; --missing mean takes it for none, --missing drop leaves out the row"
        problems.add(
          table.problem(
            row: row, column: column, found: table.found(row: row, column: column), expected: expected))
      }
      indices[index] = nil
    }
    return indices
  }
}

extension FeatureColumn {
  /// The categories of a column that has some.
  var categories: [String]? {
    switch kind {
    case .number, .date: nil
    case .oneHot(let categories), .ordinal(let categories, _): categories
    }
  }
}

extension TableEncoding {
  /// How columns become features, as some rows show it: which categories there are, and what the means are.
  static func features(
    of table: CSVTable, _ columns: [Int], rows: RowSelection, categorical: Set<Int>, ordinal: Set<Int>,
    dates: [Int: DateNotation]
  ) -> [FeatureColumn] {
    columns.map { column in
      let name = table.columnNames[column]
      if let notation = dates[column] {
        return FeatureColumn(name, .date(notation, mean: table.meanDay(column, rows: rows, notation)))
      }
      guard table.isText(column: column) || categorical.contains(column) || ordinal.contains(column) else {
        return FeatureColumn(name, .number(mean: table.mean(of: column, rows: rows) ?? 0))
      }
      let categories = table.sortedCategories(column, rows: rows)
      guard ordinal.contains(column) else { return FeatureColumn(name, .oneHot(categories)) }
      let indices = table.categoryIndices(column, rows: rows, in: categories).compactMap(\.self)
      // The mean of ordinals, 0 for the first category, stands for a missing one: it says as little as can be said.
      let mean = Double(indices.reduce(0, +)) / Double(max(1, indices.count))
      return FeatureColumn(name, .ordinal(categories, mean: mean))
    }
  }
}
