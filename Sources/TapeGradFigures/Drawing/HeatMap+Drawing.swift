// A matrix of 130 × 200 numbers has more cells than can be seen: 3 × 3 of them are joined to one, which leaves 44 × 67.
// A joined cell shows its number of largest magnitude, with its sign: of 0.1, −0.9 and 0.3 that is −0.9. A mean would
// hide the one large gradient that a reader looks for.
//
// All cells of a color are one path, `M40 60H52V70H40Z…`: move to a corner, then along the four sides. With 64 shades
// the file has at most 65 paths, one of them gray for what is not finite.

extension Mark.HeatMap {
  private static let limit = (rows: 64, columns: 96)

  /// How many rows and columns are joined to one cell.
  var block: (rows: Int, columns: Int) {
    ((rows.count + Self.limit.rows - 1) / Self.limit.rows, (columnCount + Self.limit.columns - 1) / Self.limit.columns)
  }

  /// The least and the greatest number.
  var range: (low: Double, high: Double)? {
    let finite = rows.joined().filter(ScaleKind.linear.places)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    return (low, high)
  }

  /// Cells of one color are one path: a large map has few colors.
  func draw(in area: Box, textSize: Double, on canvas: inout Canvas) {
    // A map of nothing has no range, and no cell that would ask for it.
    let block = block, range = range ?? (0, 0)
    var paths: [String: String] = [:]
    var texts: [Label] = []
    let width = area.width / Double(max(columnCount, 1)), height = area.height / Double(max(rows.count, 1))
    for row in stride(from: 0, to: rows.count, by: max(block.rows, 1)) {
      for column in stride(from: 0, to: columnCount, by: max(block.columns, 1)) {
        let value = largest(row..<row + block.rows, column..<column + block.columns)
        let share = map.share(of: value, low: range.low, high: range.high)
        let color = value.isFinite ? map.color(at: share) : []
        // Whole units, so that cells meet without a seam.
        let left = (area.left + width * Double(column)).rounded(), top = (area.top + height * Double(row)).rounded()
        let right = (area.left + width * Double(min(column + block.columns, columnCount))).rounded()
        let bottom = (area.top + height * Double(min(row + block.rows, rows.count))).rounded()
        paths[color.isEmpty ? Ink.missing : hexadecimal(color), default: ""] +=
          "M\(decimal(left)) \(decimal(top))H\(decimal(right))V\(decimal(bottom))H\(decimal(left))Z"
        // Red, green and blue as bright as they seem: dark digits on light cells, white ones on dark cells.
        let brightness = color.isEmpty ? 180 : 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]
        texts.append(
          Label(
            text: numberLabel(value), x: (left + right) / 2, y: (top + bottom) / 2 + 0.35 * textSize, anchor: .middle,
            size: textSize, color: brightness > 130 ? Ink.text : Ink.background))
      }
    }
    // Sorted, since the order of a dictionary changes from run to run and the bytes may not.
    for (color, path) in paths.sorted(by: { $0.key < $1.key }) { canvas.fill(path: path, color, isCrisp: true) }
    // All numbers or none: single gaps would look like missing numbers.
    let hasRoom = height >= 1.3 * textSize && texts.allSatisfy { $0.box.width <= width - 4 }
    if showsNumbers, block == (1, 1), hasRoom {
      for text in texts { canvas.draw(text) }
    }
  }

  /// The number of largest magnitude in a block; not finite where one of them is not, or a row is too short.
  private func largest(_ rowRange: Range<Int>, _ columnRange: Range<Int>) -> Double {
    var largest = 0.0
    for row in rowRange.clamped(to: rows.indices) {
      for column in columnRange.clamped(to: 0..<columnCount) {
        guard column < rows[row].count, ScaleKind.linear.places(rows[row][column]) else { return .nan }
        if rows[row][column].magnitude > largest.magnitude { largest = rows[row][column] }
      }
    }
    return largest
  }
}
