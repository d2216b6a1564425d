// Means and categories are learned too, and so from the rows to learn from alone. Take the rows
//
//     size  color        the last row is held out. Over all rows, the mean of the sizes is 4, and there are three
//     1     red          colors: a model would be told what it is to be judged on. Over the first three, the mean
//     NA    blue         is 2, which takes the place of NA, and there are two colors; green is then a category that
//     3     red          training did not have, and becomes what `UnseenCategoryPolicy` says.
//     8     green
//
// So a data set remembers the rows of its table, and a split encodes its parts anew: the training by what is found in
// it, the test by the encoding of the training. Which columns are text, which only name the rows, and what the classes
// are is left as it was found in the whole table: these say how the file is to be read, and are no numbers of it.

import TapeGradCore

/// The rows of a table that examples were made of.
struct TableRows: Sendable {
  let table: CSVTable
  /// The row of each example.
  let rows: RowSelection
  /// The columns of features, and which of them hold categories though they are numbers, or in an order.
  let columns: [Int], categorical, ordinal: Set<Int>
  /// How the columns of dates are written.
  let dates: [Int: DateNotation]
  /// What was decided beside the categories.
  let notes: [String]

  /// The rows of some of the examples.
  func selecting(_ indices: [Int]) -> TableRows {
    TableRows(
      table: table, rows: RowSelection(list: indices.map { rows[$0] }), columns: columns, categorical: categorical,
      ordinal: ordinal, dates: dates, notes: notes)
  }
}

extension DataSet {
  /// The same examples, with the means and categories that are found in them alone. Examples that are not of a table, or
  /// were scaled, stay as they are.
  func refitted() throws(CSVError) -> DataSet {
    guard let source, count > 0 else { return self }
    let fitted = TableEncoding(
      features: TableEncoding.features(
        of: source.table, source.columns, rows: source.rows, categorical: source.categorical, ordinal: source.ordinal,
        dates: source.dates),
      labelNames: encoding.labelNames, classNames: encoding.classNames, task: encoding.task,
      missing: encoding.missing, unseen: encoding.unseen)
    return DataSet(
      checkedFeatures: try fitted.tensor(of: source.table, source.columns, source.rows), labels: labels,
      encoding: fitted, notes: source.notes + fitted.categoryNotes, source: source)
  }

  /// The same examples with the means and categories of another encoding, usually that of the examples to learn from: a
  /// ``split(test:seed:)`` does this with its test. Notes tell of categories that the other encoding does not have.
  ///
  /// Examples that are not of a table, or were scaled, stay as they are.
  ///
  /// - Throws: ``DataSetError`` where the other encoding has other columns; ``CSVError`` for categories that it does not
  ///   have, where they are an error; `TensorError` where the data have no numbers.
  public func encoded(by other: TableEncoding) throws -> DataSet {
    guard encoding.features.map(\.name) == other.features.map(\.name), classNames == other.classNames else {
      throw DataSetError("an encoding of other columns or classes")
    }
    guard let source else { return self }
    // A row with an unknown category may have to be left out.
    let isKept = other.marks(of: source.table, source.columns)
    let kept = (0..<count).filter { isKept[source.rows[$0]] }
    let part = kept.count == count ? source : source.selecting(kept)
    return DataSet(
      checkedFeatures: try other.tensor(of: source.table, source.columns, part.rows),
      labels: kept.count == count ? labels : try examples(kept).labels, encoding: other,
      notes: source.notes + other.categoryNotes + other.unseenNotes(source, lost: count - kept.count), source: part)
  }
}

extension TableEncoding {
  /// What becomes of categories that are not among the known ones, a sentence for each column that has some.
  fileprivate func unseenNotes(_ source: TableRows, lost: Int) -> [String] {
    zip(features, source.columns).compactMap { feature, column in
      guard let categories = feature.categories else { return nil }
      let indices = source.table.categoryIndices(column, rows: source.rows, in: categories)
      let unseen = indices.indices.filter { indices[$0] == -1 }
      guard !unseen.isEmpty else { return nil }
      let names = Set(unseen.map { source.table[source.rows[$0], column] }).sorted()
      return "column \(feature.name.quoted): \(names.quotedList("and")) "
        + "\(names.count == 1 ? "is" : "are") in no row to learn from; "
        + "\(counted(unseen.count, "row")) with \(names.count == 1 ? "it" : "one of them") "
        + (lost > 0 ? "left out" : "taken as missing")
    }
  }
}
