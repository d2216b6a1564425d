// From the top of the canvas: 10 units, 19.5 for a line of the title at size 15, 15.6 for a line of the subtitle at
// size 12, then 4 and 18 for each row of a legend. A title and a subtitle of one line each end at 45.1.

/// What stands above a plot: title, explanation, legend.
struct Heading {
  private var labels: [Label] = []
  private var legends: [Legend] = []
  /// Where what is below may begin: it grows with each line and each legend.
  private(set) var bottom: Double
  private let frame: Box

  /// - Parameter isPanel: Whether the plot is one of several, which has less room: one line each, in smaller letters.
  init(title: String, subtitle: String, in frame: Box, isPanel: Bool = false) {
    self.frame = frame
    let margin = 16.0, size = isPanel ? 12.0 : 15.0
    bottom = frame.top + (isPanel ? 4 : 10)
    func add(_ text: String, size: Double, color: String, lines: Int, to labels: inout [Label], at bottom: inout Double)
    {
      for line in wrapped(text, size: size, width: frame.width - 2 * margin, lines: lines) {
        // A line is 1.3 times as high as its letters; their baseline lies a quarter of the size above its lower edge.
        bottom += size * 1.3
        labels.append(Label(text: line, x: frame.left + margin, y: bottom - 0.25 * size, size: size, color: color))
      }
    }
    add(title, size: size, color: Ink.text, lines: isPanel ? 1 : 2, to: &labels, at: &bottom)
    add(subtitle, size: isPanel ? 11 : 12, color: Ink.quiet, lines: isPanel ? 1 : 2, to: &labels, at: &bottom)
  }

  /// Puts a legend below what is there.
  mutating func add(_ legend: Legend) {
    var legend = legend
    legend.top = bottom + 4
    bottom = legend.bottom
    legends.append(legend)
  }

  func draw(on canvas: inout Canvas) {
    for label in labels { canvas.draw(label) }
    for legend in legends { legend.draw(on: &canvas) }
  }
}
