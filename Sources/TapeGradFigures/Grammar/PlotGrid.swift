/// Several small plots side by side, for what is compared: one for each layer, each activation.
///
/// ```swift
/// let grid = PlotGrid(title: "Activations", plots: plots)
/// ```
public struct PlotGrid: Sendable {
  /// What the figure shows, above it.
  public var title: String
  /// A line of explanation below the title.
  public var subtitle = ""
  /// What the figure says, for those who cannot see it; made from the plots unless it is given.
  public var description = ""
  /// The plots, row by row. There is room for twelve; the figure says how many more there are.
  public var plots: [Plot]

  /// Plots in as many columns as their number asks for.
  public init(title: String, plots: [Plot]) {
    self.title = title
    self.plots = plots
  }

  private static let limit = 12

  /// The drawing. The same plots give the same bytes.
  public var svg: SVG {
    var canvas = Canvas()
    let shown = plots.prefix(Self.limit), hidden = plots.count - shown.count
    let explanation = subtitle + (hidden > 0 ? (subtitle.isEmpty ? "" : " · ") + "\(hidden) more are not shown" : "")
    var heading = Heading(title: title, subtitle: explanation, in: Canvas.size)
    // Names that all plots share are said once.
    let legends = shown.map { SeriesList($0.marks) }
    let common = legends.first.map { first in legends.allSatisfy { $0.named == first.named } ? first : SeriesList([]) }
    let isCommon = common.map { !$0.named.isEmpty } ?? false
    if let common, isCommon { heading.add(Legend(common, in: Canvas.size)) }
    heading.draw(on: &canvas)

    // The columns for 0, 1, 2, … 12 plots. Up to three stand in one row; five are 3 + 2, seven 4 + 3, ten 4 + 4 + 2.
    let columns = [0, 1, 2, 3, 2, 3, 3, 4, 4, 3, 4, 4, 4][shown.count],
      rows = (shown.count + max(columns, 1) - 1) / max(columns, 1)
    for (index, plot) in shown.enumerated() {
      let width = Canvas.size.width / Double(columns), height = (Canvas.size.height - heading.bottom) / Double(rows)
      let left = width * Double(index % columns), top = heading.bottom + height * Double(index / columns)
      plot.draw(
        in: Box(left: left, top: top, right: left + width, bottom: top + height), on: &canvas, isPanel: true,
        showsNames: !isCommon)
    }
    let words = plots.map { "\($0.title): \($0.spokenDescription)" }.joined(separator: " ")
    return SVG(text: canvas.document(title: title, description: description.isEmpty ? words : description))
  }
}
