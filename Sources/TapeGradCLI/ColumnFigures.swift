// What `tapegrad figures patients.csv` draws: columns-1.svg with the first twelve columns, columns-2.svg with the next,
// and so on. A column of numbers is a histogram of 20 bins between its lowest and its highest value, one of text a bar
// for each of its ten most frequent values.

import TapeGrad

/// The figures of a table, which show how the values of its columns are distributed.
enum ColumnFigures {
  /// Twelve columns a figure, as many as a grid has room for.
  static func figures(of table: CSVTable) -> [ModelFigure] {
    let columns = Array(table.columnNames.indices)
    return stride(from: 0, to: columns.count, by: 12).map { first in
      let shown = columns[first..<min(columns.count, first + 12)]
      var grid = PlotGrid(title: "Columns of \(table.name)", plots: shown.map { plot(of: table, $0) })
      grid.subtitle = "how often values occur, in \(counted(table.rowCount, "row"))"
      let names = shown.map { table.columnNames[$0].visible }
      return ModelFigure(
        name: "columns-\(first / 12 + 1)", svg: grid.svg,
        meaning: "values of \(names[0])" + (names.count > 1 ? " to \(names[names.count - 1])" : ""))
    }
  }

  /// One column's figure; how many of its cells are empty stands below the title.
  private static func plot(of table: CSVTable, _ column: Int) -> Plot {
    let name = table.columnNames[column], missing = table.missingCount(column: column)
    var plot = table.isText(column: column) ? texts(of: table, column, name) : numbers(of: table, column, name)
    if missing > 0 { plot.subtitle = "\(missing) missing" }
    return plot
  }

  /// A histogram: bar i counts the values from low + i·width on, the last one `high` too.
  private static func numbers(of table: CSVTable, _ column: Int, _ name: String) -> Plot {
    let values = table.numbers(column: column).filter(\.isFinite), bins = 20
    guard let low = values.min(), let high = values.max() else { return Plot(title: name) {} }
    // A constant has a bar of its own. Halves, since the difference of two large numbers may be infinite.
    let width = high > low ? (high / 2 - low / 2) / Double(bins) * 2 : 1
    var heights = [Double](repeating: 0, count: bins)
    for value in values { heights[min(bins - 1, Int((value / 2 - low / 2) / width * 2))] += 1 }
    let edges = (0...bins).map { high > low ? low + width * Double($0) : low - 0.5 + Double($0) / Double(bins) }
    let isConstant = high == low
    return Plot(title: name, x: Axis(), y: Axis("rows")) {
      isConstant
        ? bars(edges: [low - 0.5, low + 0.5], heights: [Double(values.count)]) : bars(edges: edges, heights: heights)
    }
  }

  private static func texts(of table: CSVTable, _ column: Int, _ name: String) -> Plot {
    var counts: [String: Int] = [:]
    for row in 0..<table.rowCount { counts[table[row, column], default: 0] += 1 }
    // Missing values are no categories, though their fields have a text.
    let known = Set(table.categories(column: column))
    let order = counts.filter { known.contains($0.key) }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(10)
    var plot = Plot(title: name, y: Axis("rows")) {
      bars(order.map { Double($0.value) }, of: order.map { String($0.key.prefix(12)) })
    }
    if known.count > order.count { plot.description = "The \(order.count) most frequent of \(known.count) values." }
    return plot
  }
}
