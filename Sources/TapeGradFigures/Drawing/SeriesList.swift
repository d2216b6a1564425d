// The marks `line "a"`, `points "a"`, `line "b"`, `rule "best"`, `guide "perfect"` belong to the series 0, 0, 1, none,
// none. The legend names a, with a line and a marker, then b and perfect. The rule's name stands beside the rule. A
// mark without a name is a series of its own, with its own color and no entry.

/// The series of a plot, in the order of their first marks, and the guides.
struct SeriesList {
  /// The number of the series of each name.
  private var indices: [String: Int] = [:]
  private(set) var count = 0
  /// The series of each mark; nil for marks that belong to none.
  private(set) var seriesOfMark: [Int?] = []
  /// The series and guides that have a name.
  private(set) var named: [Entry] = []

  /// A name in the legend, and which kinds of marks its sample shows.
  struct Entry: Equatable {
    let name: String
    /// Nil for a guide.
    let series: Int?
    var hasLine = false
    var hasMarker = false
    var hasArea = false

    // A line needs room to show its dash, an area some to show its color, a marker its own width.

    /// The width of a sample in a legend.
    var sampleWidth: Double { hasLine ? 30 : hasArea ? 14 : 8 }

    var style: SeriesStyle { series.map(SeriesStyle.number) ?? .guide }
  }

  init(_ marks: [Mark]) {
    for mark in marks {
      guard mark.isSeries else {
        seriesOfMark.append(nil)
        if case .guide = mark.shape, let name = mark.name, !name.isEmpty {
          named.append(Entry(name: name, series: nil, hasLine: true))
        }
        continue
      }
      // An empty name is none: such a mark is a series of its own.
      let name = mark.name.flatMap { $0.isEmpty ? nil : $0 }
      let series = name.flatMap { indices[$0] } ?? count
      if series == count { count += 1 }
      seriesOfMark.append(series)
      guard let name else { continue }
      if indices[name] == nil {
        indices[name] = series
        named.append(Entry(name: name, series: series))
      }
      guard let place = named.firstIndex(where: { $0.name == name }) else { continue }
      switch mark.shape {
      case .line(_, _, let hasMarkers):
        named[place].hasLine = true
        named[place].hasMarker = named[place].hasMarker || hasMarkers
      case .points: named[place].hasMarker = true
      // Bars, bands and what else covers an area.
      default: named[place].hasArea = true
      }
    }
  }
}
