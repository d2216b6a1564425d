import TapeGradArrays

extension Plot {
  /// How often each class was predicted as each.
  ///
  /// - Parameters:
  ///   - counts: `counts[i][j]` examples of class i were predicted as class j.
  ///   - classes: The names of the classes.
  public static func confusionMatrix(_ counts: [[Int]], classes: [String]) -> Plot {
    let total = counts.joined().reduce(0, +)
    // The diagonal: of the counts 8, 2 and 1, 9, these are 8 + 9 of 20, 85 %.
    let right = counts.indices.reduce(0) { $0 + ($1 < counts[$1].count ? counts[$1][$1] : 0) }
    var plot = Plot(title: "Confusion matrix", x: Axis("predicted"), y: Axis("actual")) {
      heatMap(
        counts.map { $0.map(Double.init) }, map: .sequential, rows: classes, columns: classes, showsNumbers: true)
    }
    if total > 0 {
      let accuracy = numberLabel(100 * Double(right) / Double(total))
      plot.subtitle = "\(right) of \(total) right, \(accuracy) %"
      plot.description = "\(right) of \(total) examples are predicted right, \(accuracy) %."
    }
    // Row by row in words: "Of malignant: 3 as benign, 50 as malignant."
    for (row, name) in zip(counts, classes) {
      let parts = zip(row, classes).filter { $0.0 > 0 }.map { "\($0) as \($1)" }
      if !parts.isEmpty { plot.description += " Of \(name): \(parts.joined(separator: ", "))." }
    }
    return plot
  }
}
