// A row of cells of the classes 0 0 1 1 1 is two rectangles, one for each run. All rectangles of a class are one path,
// so that the whole background is a path for each class, and the borders are one more.

extension Mark.Regions {
  /// Tinted cells, joined to runs along each row, and the borders above them.
  func draw(x xScale: Scale, y yScale: Scale, on canvas: inout Canvas) {
    // Rows are counted from below, as y grows upwards, and the canvas has its origin at the top: the upper edge of row
    // 0 is the edge 1.
    var paths: [Int: String] = [:]
    for (row, cells) in self.cells.enumerated() {
      let top = edge(row + 1, of: self.cells.count, y, yScale), bottom = edge(row, of: self.cells.count, y, yScale)
      var start = 0
      while start < cells.count {
        let end = cells[start...].firstIndex { $0 != cells[start] } ?? cells.count
        let left = edge(start, of: cells.count, x, xScale), right = edge(end, of: cells.count, x, xScale)
        paths[cells[start], default: ""] +=
          "M\(decimal(left)) \(decimal(top))H\(decimal(right))V\(decimal(bottom))H\(decimal(left))Z"
        start = end
      }
    }
    // Where the model says nothing, the page stays white.
    for (series, path) in paths.sorted(by: { $0.key < $1.key }) where series >= 0 {
      canvas.fill(path: path, tint(SeriesStyle.number(series).color, keeping: 0.16), isCrisp: true)
    }
    // Borders are given in the plot's numbers, like the data.
    func place(_ u: Double, _ v: Double) -> String {
      "\(decimal(xScale.position(of: u))) \(decimal(yScale.position(of: v)))"
    }
    let lines = borders.map { "M\(place($0.x1, $0.y1))L\(place($0.x2, $0.y2))" }
    if !lines.isEmpty { canvas.stroke(path: lines.joined(), Ink.text, width: 1.5) }
  }

  /// The edge between two cells, in whole units, so that cells meet without a seam.
  private func edge(_ index: Int, of count: Int, _ range: ClosedRange<Double>, _ scale: Scale) -> Double {
    let share = Double(index) / Double(count)
    return scale.position(of: range.lowerBound + share * (range.upperBound - range.lowerBound)).rounded()
  }
}
