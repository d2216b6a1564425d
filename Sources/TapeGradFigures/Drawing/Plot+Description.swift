// A line named "training" becomes: "Training falls from 0.69 to 0.05 while epoch goes from 1 to 100, with its least,
// 0.04, at 90." Ends, least and greatest are what a glance at the curve tells; least and greatest are said only where
// they are not the ends. Bands, guides and regions are a background for other marks and say nothing.

extension Plot {
  /// What the figure says, in words, for those who cannot see it.
  var spokenDescription: String {
    let sentences = description.isEmpty ? marks.compactMap(spoken) : [description]
    let parts = (sentences.isEmpty ? ["No data."] : sentences) + (leftOut.isEmpty ? [] : [leftOut + "."])
    return parts.joined(separator: " ")
  }

  /// A sentence about a mark; nil where it has nothing to say.
  private func spoken(_ mark: Mark) -> String? {
    let name = mark.name ?? (y.title.isEmpty ? "the line" : y.title)
    switch mark.shape {
    case .line(let xs, let ys, _):
      // As it is seen: from the left end to the right one.
      let points = Array(zip(xs, ys)).filter { x.scale.places($0.0) && y.scale.places($0.1) }
      guard let first = points.first, let last = points.last else { return nil }
      let along = x.title.isEmpty ? "x" : x.title
      guard points.count > 1 else {
        return sentence("\(name) is \(numberLabel(first.1)) at \(along) \(numberLabel(first.0))")
      }
      var text = "\(name) is \(numberLabel(first.1)) at both ends"
      if first.1 != last.1 {
        text = "\(name) \(last.1 < first.1 ? "falls" : "rises") from \(numberLabel(first.1)) to \(numberLabel(last.1))"
      }
      text += " while \(along) goes from \(numberLabel(first.0)) to \(numberLabel(last.0))"
      // A dip below both ends is worth saying; a least that is an end is said already.
      if let least = points.min(by: { $0.1 < $1.1 }), least.1 < min(first.1, last.1) {
        text += ", with its least, \(numberLabel(least.1)), at \(numberLabel(least.0))"
      }
      if let most = points.max(by: { $0.1 < $1.1 }), most.1 > max(first.1, last.1) {
        text += ", with its greatest, \(numberLabel(most.1)), at \(numberLabel(most.0))"
      }
      return sentence(text)
    case .points(_, let ys, _):
      // Of points and bars, how many there are and how far they reach: each of them would be too much to listen to.
      let range = spokenRange(ys)
      return range.map {
        sentence("\(ys.count) point\(ys.count == 1 ? "" : "s")\(mark.name.map { " of \($0)" } ?? ""), \($0)")
      }
    case .bars(let bars, _):
      let range = spokenRange(bars.map(\.height))
      return range.map {
        sentence("\(bars.count) bar\(bars.count == 1 ? "" : "s")\(mark.name.map { " of \($0)" } ?? ""), \($0)")
      }
    case .heatMap(let map):
      let range = spokenRange(map.rows.flatMap { $0 })
      return range.map { sentence("\(map.rows.count) × \(map.columnCount) numbers, \($0)") }
    case .rule(let value, let isVertical):
      return mark.name.map { sentence("\($0): a line at \(isVertical ? "x" : "y") = \(numberLabel(value))") }
    case .band, .guide, .regions: return nil
    }
  }

  /// `from 0.04 to 0.69`, or `all at 0.5`; nil where no number is finite.
  private func spokenRange(_ values: [Double]) -> String? {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    if low == high { return "all at \(numberLabel(low))" }
    return "from \(numberLabel(low)) to \(numberLabel(high))"
  }

  /// With a capital letter and a full stop.
  private func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
}
