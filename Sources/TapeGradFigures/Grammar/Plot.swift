/// A figure with two axes.
///
/// ```swift
/// let plot = Plot(title: "J by epoch") {
///   line(losses, named: "training")
///   line(validationLosses, named: "validation")
/// }
/// try plot.svg.write(to: "loss.svg")
/// ```
///
/// Margins, ticks, colors and the places of names follow from the data: no two texts touch.
public struct Plot: Sendable {
  /// What the figure shows, above it.
  public var title: String
  /// A line of explanation below the title.
  public var subtitle = ""
  /// What the figure says, for those who cannot see it; made from the marks unless it is given.
  public var description = ""
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// Whether the area of the data is a square, for axes of equal meaning.
  public var isSquare = false
  /// What is drawn, from back to front.
  public var marks: [Mark]

  /// A plot of the marks between the braces.
  public init(title: String, x: Axis = Axis(), y: Axis = Axis(), @PlotBuilder marks: () -> [Mark]) {
    self.title = title
    self.x = x
    self.y = y
    self.marks = marks()
  }

  /// The drawing. The same plot gives the same bytes.
  public var svg: SVG {
    var canvas = Canvas()
    draw(in: Canvas.size, on: &canvas)
    return SVG(text: canvas.document(title: title, description: spokenDescription))
  }

  func draw(in frame: Box, on canvas: inout Canvas, isPanel: Bool = false, showsNames: Bool = true) {
    let layout = PlotLayout.arranged(self, in: frame, isPanel: isPanel, showsNames: showsNames)
    layout.drawBackground(on: &canvas)
    layout.drawMarks(on: &canvas)
    layout.drawTexts(on: &canvas)
  }
}
