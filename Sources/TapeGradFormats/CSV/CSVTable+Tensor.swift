// The columns size and weight of a table with three rows give a tensor of shape (2, 3): an example is a column, as
// everywhere in the library. In a row-major tensor the numbers of a feature are then contiguous, as they are in the
// table.

import TapeGradCore

extension CSVTable {
  /// The numbers in some columns, as a tensor of shape (columns, rows): the columns of the file are its rows.
  ///
  /// - Parameters:
  ///   - names: The names of the columns, or their numbers, from 1.
  ///   - missing: What becomes of missing values.
  /// - Throws: ``CSVError`` with all that is wrong: unknown columns; fields that are not finite numbers, or numbers that
  ///   `Scalar` cannot hold; missing values, as `missing` says; no rows.
  public func tensor<Scalar: TensorScalar>(
    columns names: [String], missing: MissingValuePolicy = .error
  ) throws(CSVError) -> Tensor<Scalar> {
    let columns = try columns(names)
    var isKept = [Bool](repeating: true, count: rowCount)
    if missing == .dropRow {
      for column in columns { unmarkMissing(column, in: &isKept) }
    }
    let rows = RowSelection(isKept)
    guard rows.count > 0 else {
      throw CSVError(
        file: name, found: rowCount == 0 ? "no rows" : "no row without missing values", expected: "at least one")
    }
    var problems = ProblemList()
    let array = NDArray<Scalar>(shape: [columns.count, rows.count]) { target in
      for (index, column) in columns.enumerated() {
        let mean = missing == .mean ? mean(of: column, rows: rows) : nil
        if missing == .mean, mean == nil, !isText(column: column) {
          problems.add(problem(column: column, found: "no value", expected: "at least one, to take the mean of"))
          continue
        }
        write(column, rows: rows, mean: mean, to: target + index * rows.count, problems: &problems)
      }
    }
    try problems.check(file: name)
    return Tensor(array)
  }
}
