// Two classes on one cell. The lead of class 1, its score minus the other's, is −1 at the left corners and 1 at the
// right ones:
//
//     row 1   −1 ───┬─── 1     The diagonal cuts the cell into two triangles. On each of them the lead, interpolated
//              │    │  ╱ │     linearly, is 0 along a straight line between two edges whose ends differ in sign:
//              │    │╱   │     here from (0.5, 0) to (0.5, 0.5) in the lower triangle, and from there to (0.5, 1)
//              │   ╱│    │     in the upper one.
//              │ ╱  │    │
//     row 0   −1 ───┴─── 1     The sign changes on two edges of a triangle or on none. On a square it may change on
//                              four, and which of them belong together would be a guess.

/// Scores of classes on the corners of a grid of cells.
struct ScoreField {
  /// A row for each class; corners row by row, from the least y.
  let scores: [[Double]]
  let width: Int
  let height: Int

  private func score(_ series: Int, _ corner: Int) -> Double {
    corner < scores[series].count ? scores[series][corner] : .nan
  }

  private func corner(_ row: Int, _ column: Int) -> Int { row * (width + 1) + column }

  /// The class of each cell: of the greatest mean score of its corners; −1 where a score is NaN.
  func cells() -> [[Int]] {
    (0..<height).map { row in
      (0..<width).map { column in
        let corners = [
          corner(row, column), corner(row, column + 1), corner(row + 1, column), corner(row + 1, column + 1),
        ]
        let sums = scores.indices.map { series in corners.reduce(0) { $0 + score(series, $1) } }
        if sums.contains(where: \.isNaN) { return -1 }
        return sums.indices.max { sums[$0] < sums[$1] } ?? 0
      }
    }
  }

  /// The lines where the greatest score changes its class, in shares of the width and the height.
  ///
  /// For each class the line where its score equals the greatest of the others, by marching triangles: linear
  /// interpolation on both halves of each cell.
  func borders() -> [(x1: Double, y1: Double, x2: Double, y2: Double)] {
    var lines: [(x1: Double, y1: Double, x2: Double, y2: Double)] = []
    // With two classes, one line is both.
    for series in scores.count == 2 ? 1..<2 : scores.indices {
      let lead = scores[series].indices.map { place in
        let others = scores.indices.filter { $0 != series }.map { score($0, place) }
        return score(series, place) - (others.max() ?? 0)
      }
      for row in 0..<height {
        for column in 0..<width {
          for half in [[(0, 0), (0, 1), (1, 1)], [(0, 0), (1, 1), (1, 0)]] {
            let corners = half.map {
              (x: Double(column + $0.1), y: Double(row + $0.0), place: corner(row + $0.0, column + $0.1))
            }
            var ends: [(Double, Double)] = []
            for (a, b) in [(corners[0], corners[1]), (corners[1], corners[2]), (corners[2], corners[0])] {
              guard a.place < lead.count, b.place < lead.count else { continue }
              let (from, to) = (lead[a.place], lead[b.place])
              // A lead of 0 counts as positive, so that a triangle always has two changes of sign or none.
              guard (from < 0) != (to < 0), from.isFinite, to.isFinite else { continue }
              // Where the line through both values is 0.
              let share = from / (from - to)
              ends.append(((a.x + share * (b.x - a.x)) / Double(width), (a.y + share * (b.y - a.y)) / Double(height)))
            }
            if ends.count == 2 { lines.append((ends[0].0, ends[0].1, ends[1].0, ends[1].1)) }
          }
        }
      }
    }
    return lines
  }
}
