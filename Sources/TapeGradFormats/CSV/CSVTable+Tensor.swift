import TapeGradCore

extension CSVTable {
  /// The numbers in some columns, as a tensor of shape (columns, rows): the columns of the file are its rows.
  ///
  /// Numbers are written as in Swift, with a decimal point, whatever the locale; spaces around them are ignored.
  ///
  /// - Parameters:
  ///   - columns: The names of the columns, or their numbers, from 1.
  ///   - missing: What becomes of missing values.
  /// - Throws: ``CSVError`` for an unknown column; for a field that is no finite number, or one that `Scalar` cannot
  ///   hold; and for a missing value, as `missing` says.
  public func tensor<Scalar: TensorScalar>(
    columns: [String], missing: MissingValuePolicy = .error
  ) throws(CSVError) -> Tensor<Scalar> {
    var indices: [Int] = []
    for column in columns { indices.append(try self.column(column)) }
    return try tensor(columns: indices, rows: rows(whereComplete: indices, missing: missing), missing: missing)
  }

  func tensor<Scalar: TensorScalar>(
    columns: [Int], rows: [Int], missing: MissingValuePolicy
  ) throws(CSVError) -> Tensor<Scalar> {
    let limit = Double(Scalar.greatestFiniteMagnitude)
    var scalars: [Scalar] = []
    scalars.reserveCapacity(columns.count * rows.count)
    for column in columns {
      scalars += try numbers(inColumn: column, rows: rows, missing: missing, limit: limit).map { Scalar($0) }
    }
    return Tensor(scalars, shape: [columns.count, rows.count])
  }
}
