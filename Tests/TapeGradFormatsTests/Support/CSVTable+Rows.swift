import TapeGradFormats

extension CSVTable {
  /// All fields, row by row.
  var rows: [[String]] { (0..<rowCount).map { row in columnNames.indices.map { self[row, $0] } } }

  /// The lines on which the rows begin.
  var lines: [Int] { (0..<rowCount).map(line(ofRow:)) }
}
