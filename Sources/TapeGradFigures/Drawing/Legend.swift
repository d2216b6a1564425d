//     ── training   ╌╌ validation        A sample, 6 units, the name, 18 units to the next sample. What does not fit
//     ▪ test                             begins a row of 18 units.

/// The names of the series, each beside a sample of its marks, in rows.
struct Legend {
  /// Each entry, where its sample begins, its row, and as much of its name as fits.
  private var places: [(entry: SeriesList.Entry, x: Double, row: Int, text: String)] = []
  var top = 0.0
  private var rows = 0
  private let size: Double

  private static let rowHeight = 18.0

  /// - Parameter isColumn: Whether each name has a row of its own.
  init(_ series: SeriesList, in frame: Box, isPanel: Bool = false, isColumn: Bool = false) {
    let margin = 16.0
    size = isPanel ? 11 : 12
    var x = frame.left + margin
    for entry in series.named {
      let text = fitted(entry.name, size: size, width: frame.width - 2 * margin - entry.sampleWidth - 8)
      let width = entry.sampleWidth + 6 + textWidth(text, size: size)
      // The first entry of a row stands there however long it is: `fitted` has cut it.
      if x > frame.left + margin, isColumn || x + width > frame.right - margin {
        x = frame.left + margin
        rows += 1
      }
      places.append((entry, x, rows, text))
      x += width + 18
    }
    top = frame.top
    // Many series would take the plot's room; the rest is in the description.
    let limit = isColumn ? 12 : isPanel ? 1 : 3
    places.removeAll { $0.row >= limit }
    rows = min(rows, limit - 1)
  }

  /// Where what is below the legend may begin.
  var bottom: Double { places.isEmpty ? top : top + Double(rows + 1) * Self.rowHeight }

  /// A sample shows all that the series draws: an area, a line with its dash, a marker on it.
  func draw(on canvas: inout Canvas) {
    for (entry, x, row, text) in places {
      let middle = top + (Double(row) + 0.5) * Self.rowHeight, style = entry.style, width = entry.sampleWidth
      if entry.hasArea {
        canvas.fill(Box(left: x, top: middle - 5, right: x + width, bottom: middle + 5), style.color, opacity: 0.7)
      }
      if entry.hasLine {
        let path = "M\(decimal(x + 1)) \(decimal(middle))H\(decimal(x + width - 1))"
        canvas.stroke(path: path, style.color, width: 2, dash: style.dash)
      }
      if entry.hasMarker { canvas.fill(style.marker, x: x + width / 2, y: middle, radius: 3.5, style.color) }
      canvas.draw(Label(text: text, x: x + width + 6, y: middle + 0.33 * size, size: size, color: style.ink))
    }
  }
}
