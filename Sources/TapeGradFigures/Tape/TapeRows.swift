import TapeGradCore

// Which nodes share a row. Of 5,000 nodes with the scopes `step 1` to `step 250`, each of 20 nodes, and 40 rows:
//
//     each node a row                             5,000 rows: too many
//     the innermost scopes folded                 250: too many
//     unnamed nodes joined to the next named one  250, of which only the last, J, has a name: 1 row, enough
//
// That would show too little, so joining is done only as far as it is needed: parts of equal length, 40 of them, where
// nothing else helps. Rows are runs of neighbors always, so the order of the tape is kept and arcs never cross a row.

/// The rows of a tape diagram: runs of nodes, in the order of the tape.
struct TapeRows {
  /// A run of nodes that is drawn as one row.
  struct Row {
    let nodes: Range<Int>
    /// The name of the scope that it is, `step 1`; of the first and the last where it is several, `step 1 – step 25`.
    var scope: String?
  }

  private(set) var rows: [Row]
  /// The scopes that are not folded, as runs of rows; outer ones first.
  private(set) var open: [(name: String, depth: Int, rows: Range<Int>)] = []

  /// At most `limit` rows.
  init(_ readings: [NodeReading], scopes: [TapeScope], limit: Int) {
    let limit = max(limit, 2)
    rows = readings.map { Row(nodes: $0.index..<$0.index + 1) }
    var unfolded = TapeRows.byDepth(scopes)
    // Scopes are folded from the inside out, so that the outline is what stays longest.
    while rows.count > limit, let innermost = unfolded.popLast() {
      for scope in innermost { fold(scope.nodes, scope.name) }
    }
    if rows.count > limit {
      // As many named nodes as there is room for keep a row of their own, with the unnamed ones before them.
      let isNamed = rows.map { row in row.scope != nil || row.nodes.contains { readings[$0].name != nil } }
      if isNamed.count(where: { $0 }) <= limit, isNamed.count(where: { $0 }) > limit / 4 { join { isNamed[$0] } }
    }
    if rows.count > limit {
      // Parts of equal length: row i ends one where (i + 1)·limit/count passes a whole number.
      let count = rows.count
      join { ($0 + 1) * limit / count != $0 * limit / count }
    }
    for (depth, scopes) in unfolded.enumerated() {
      for scope in scopes.sorted(by: { $0.nodes.lowerBound < $1.nodes.lowerBound }) {
        let inside = rows.indices.filter { scope.nodes.contains(rows[$0].nodes.lowerBound) }
        if let first = inside.first, let last = inside.last { open.append((scope.name, depth, first..<last + 1)) }
      }
    }
  }

  /// Makes one row of those in a scope.
  private mutating func fold(_ nodes: Range<Int>, _ name: String) {
    guard let first = rows.firstIndex(where: { $0.nodes.lowerBound >= nodes.lowerBound }),
      let last = rows.lastIndex(where: { $0.nodes.upperBound <= nodes.upperBound }), first <= last
    else { return }
    rows.replaceSubrange(
      first...last, with: [Row(nodes: rows[first].nodes.lowerBound..<rows[last].nodes.upperBound, scope: name)])
  }

  /// Joins rows to runs that end where `isEnd` says so.
  private mutating func join(at isEnd: (Int) -> Bool) {
    var joined: [Row] = [], start = 0
    for index in rows.indices where isEnd(index) || index == rows.count - 1 {
      let part = rows[start...index], names = part.compactMap(\.scope)
      let name = names.first.map { first in names.count == 1 ? first : "\(first) – \(names[names.count - 1])" }
      joined.append(
        Row(nodes: rows[start].nodes.lowerBound..<rows[index].nodes.upperBound, scope: name))
      start = index + 1
    }
    rows = joined
  }

  /// The scopes by how many others they lie in: those in none first.
  private static func byDepth(_ scopes: [TapeScope]) -> [[TapeScope]] {
    // An outer scope ends later, so it stands later in the list: seen from the back, outer ones come first.
    var levels: [[TapeScope]] = [], around: [TapeScope] = []
    for scope in scopes.reversed() {
      around.removeAll {
        !($0.nodes.lowerBound <= scope.nodes.lowerBound && scope.nodes.upperBound <= $0.nodes.upperBound)
      }
      if around.count == levels.count { levels.append([]) }
      levels[around.count].append(scope)
      around.append(scope)
    }
    return levels
  }
}
