// A test file is read by what was learned from the training file, and not by itself. If color has only `red` there,
// it still gives the two features color=blue and color=red, since the weights of the network belong to these.

import TapeGradCore

extension DataSet {
  /// The rows of a table as examples by an encoding that was found in another one: what a model that was trained there is
  /// evaluated with.
  ///
  /// Missing values and unseen categories become what the encoding says; ``notes`` tell which rows are left out.
  ///
  /// - Throws: ``CSVError`` with all that is wrong: columns that the table does not have, text among numbers, labels that
  ///   are no known class, missing values and unseen categories where they are errors.
  public init(csv table: CSVTable, encoding: TableEncoding) throws(CSVError) {
    let columns = try table.columns(named: encoding.features.map(\.name))
    let labels = try table.columns(named: encoding.labelNames)
    let (labeled, notes) = try table.labeledRows(labels, features: columns, missing: encoding.missing)
    // A row is an example if it has a label, and if its features can be encoded.
    let isEncoded = encoding.marks(of: table, columns)
    var isKept = [Bool](repeating: false, count: table.rowCount)
    for row in labeled.list where isEncoded[row] { isKept[row] = true }
    let rows = RowSelection(isKept)
    let meaning = LabelMeaning(task: encoding.task, classNames: encoding.classNames)
    self.init(
      checkedFeatures: try encoding.tensor(of: table, columns, rows),
      labels: try meaning.tensor(table, labels, rows: rows), encoding: encoding, notes: notes)
  }
}

extension CSVTable {
  /// The indices of columns by their names alone, since a number would find another column of a table that has more of
  /// them; all that are missing in one error.
  func columns(named names: [String]) throws(CSVError) -> [Int] {
    var columns: [Int] = [], problems = ProblemList()
    for name in names {
      if let column = columnNames.firstIndex(of: name) {
        columns.append(column)
      } else {
        let similar = columnNames.filter { $0.isSpelledLike(name) }
        let help = hasHeader ? "" : "; there \(reasonForNumbers)"
        problems.add(
          .init(
            found: "no column \(name.quoted)",
            expected: "each of \(counted(names.count, "column")) by its name"
              + (similar.isEmpty ? help : "; there is \(similar.quotedAlternatives)")))
      }
    }
    try problems.check(file: self.name)
    return columns
  }
}
