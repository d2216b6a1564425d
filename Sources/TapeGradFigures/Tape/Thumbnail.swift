import TapeGradCore

// An array as a map of a few cells. A matrix (16, 569) becomes at most 6 rows of 18 cells, each of which has the number of
// largest magnitude among those that it stands for, with its sign; a vector is a row, and of more than two axes all but
// the last are rows.

/// An array's numbers, joined to a few cells.
struct Thumbnail {
  /// The cells, row by row; NaN where a number is not finite.
  let cells: [[Double]]
  /// How many rows and columns of the array a cell stands for.
  let block: (rows: Int, columns: Int)
  /// The number of largest magnitude, where all are finite; else the first that is not.
  let largest: Double
  /// Diverging about 0, or sequential from 0 on.
  var map = ColorMap.diverging

  /// Nil for an array without numbers.
  init?(_ numbers: [Double], shape: Shape, rows: Int = 6, columns: Int = 18) {
    guard !numbers.isEmpty else { return nil }
    // Blocks as large as the limits ask for: 16 rows in at most 6 are blocks of 3, which makes 6, the last one of a
    // single row.
    let width = max(shape.rank == 0 ? 1 : shape[shape.rank - 1], 1), height = numbers.count / width
    let block = (rows: (height + rows - 1) / rows, columns: (width + columns - 1) / columns)
    var cells: [[Double]] = []
    for top in stride(from: 0, to: height, by: block.rows) {
      cells.append(
        stride(from: 0, to: width, by: block.columns).map { left in
          var largest = 0.0
          for row in top..<min(top + block.rows, height) {
            for column in left..<min(left + block.columns, width) {
              let number = numbers[row * width + column]
              guard ScaleKind.linear.places(number) else { return .nan }
              if number.magnitude > largest.magnitude { largest = number }
            }
          }
          return largest
        })
    }
    (self.cells, self.block) = (cells, block)
    largest = numbers.first { !$0.isFinite } ?? numbers.max { $0.magnitude < $1.magnitude } ?? 0
  }

  /// The cells by color, blue below 0 and red above, as paths in a box.
  func paths(in box: Box) -> [(color: String, path: String)] {
    let size = cells.joined().filter(\.isFinite).reduce(0) { max($0, $1.magnitude) }
    let height = box.height / Double(cells.count), width = box.width / Double(cells[0].count)
    var paths: [String: String] = [:]
    for (row, values) in cells.enumerated() {
      var column = 0
      while column < values.count {
        let color = color(values[column], size: size)
        // Neighbors of one color are one rectangle.
        var end = column + 1
        while end < values.count, self.color(values[end], size: size) == color { end += 1 }
        let left = decimal(box.left + width * Double(column)), top = decimal(box.top + height * Double(row))
        paths[color, default: ""] +=
          "M\(left) \(top)h\(decimal(width * Double(end - column)))v\(decimal(height))H\(left)z"
        column = end
      }
    }
    return paths.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Draws the cells in a box with an edge, so that cells near 0 are seen to be there.
  func draw(in box: Box, on canvas: inout Canvas) {
    for (color, path) in paths(in: box) { canvas.fill(path: path, color, isCrisp: true) }
    canvas.stroke(
      path:
        "M\(decimal(box.left)) \(decimal(box.top))H\(decimal(box.right))V\(decimal(box.bottom))H\(decimal(box.left))Z",
      Ink.minor, width: 1)
  }

  /// A cell's color: by its number beside the largest, or gray where it has none.
  private func color(_ value: Double, size: Double) -> String {
    // Where all numbers are 0, they are least and not in the middle of the sequential map.
    value.isFinite
      ? hexadecimal(map.color(at: map.share(of: value, low: 0, high: size > 0 ? size : 1))) : Ink.missing
  }
}
