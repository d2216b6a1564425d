// Rows 0, 1, 2 and 3 on the lines 2, 3, 6 and 7 (a cell with line breaks took lines 3 to 5) are kept as two
// entries: row 0 on line 2, and row 2 on line 6. Row 3 is one behind row 2, so it is on line 7. A file of ten
// million rows without such cells takes a single entry.

/// On which line of the file each row of a table begins. Only rows that do not follow the row before them by one line are
/// written down, which in most files is the first one alone.
struct RowLines: Sendable {
  private var rows: [Int] = [], lines: [Int] = []

  /// Appends the line of the next row, `row`.
  mutating func append(_ line: Int, row: Int) {
    if let last = rows.last, let lastLine = lines.last, lastLine + row - last == line { return }
    rows.append(row)
    lines.append(line)
  }

  /// The line of a row.
  subscript(row: Int) -> Int {
    // The last of the written rows that is not behind this one, by bisection.
    var low = 0, high = rows.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if rows[middle] <= row { low = middle } else { high = middle }
    }
    return lines[low] + row - rows[low]
  }
}
