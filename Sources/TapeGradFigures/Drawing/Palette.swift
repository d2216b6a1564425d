// Colors that people with any kind of color vision tell apart: M. Okabe and K. Ito, “Color universal design”, 2008, without
// black, which is the ink, and yellow, which a white page swallows.

/// How a series is told from others: by color, and by dash or marker too.
struct SeriesStyle {
  let color: String
  /// The color, darkened until text in it has a contrast of 4.5 to white.
  let ink: String
  /// The lengths of dashes and gaps; nil for a solid line.
  let dash: String?
  let marker: Marker

  /// The style of the first series, the second, …; those beyond the sixth share a gray.
  static func number(_ index: Int) -> SeriesStyle { index < fixed.count ? fixed[index] : rest }

  /// The style of what the data are compared with.
  static let guide = SeriesStyle(color: "#8c959f", ink: "#59636e", dash: "4 4", marker: .circle)

  private static let fixed = [
    SeriesStyle(color: "#0072b2", ink: "#0072b2", dash: nil, marker: .circle),
    SeriesStyle(color: "#d55e00", ink: "#b85100", dash: "8 5", marker: .square),
    SeriesStyle(color: "#009e73", ink: "#007f5c", dash: "1 5", marker: .triangle),
    SeriesStyle(color: "#cc79a7", ink: "#a8517f", dash: "9 5 1 5", marker: .diamond),
    SeriesStyle(color: "#e69f00", ink: "#8f6300", dash: "16 5", marker: .plus),
    SeriesStyle(color: "#56b4e9", ink: "#1777ad", dash: "4 4", marker: .cross),
  ]
  // More than six colors cannot be told apart surely; who needs more reads the names at the ends of the lines.
  private static let rest = SeriesStyle(color: "#8c959f", ink: "#59636e", dash: "1 4", marker: .circle)
}

/// The shape of a point.
enum Marker {
  case circle, square, triangle, diamond, plus, cross

  /// Its outline about a center, all of about the same area.
  func path(_ x: Double, _ y: Double, radius r: Double) -> String {
    switch self {
    case .circle: polygon(x, y, [])
    case .square: polygon(x, y, [(-r, -r), (r, -r), (r, r), (-r, r)].map { (0.9 * $0, 0.9 * $1) })
    case .triangle: polygon(x, y, [(0, -1.25 * r), (1.2 * r, 0.85 * r), (-1.2 * r, 0.85 * r)])
    case .diamond: polygon(x, y, [(0, -1.3 * r), (1.3 * r, 0), (0, 1.3 * r), (-1.3 * r, 0)])
    case .plus: polygon(x, y, Self.arms.map { (r * $0, r * $1) })
    case .cross: polygon(x, y, Self.arms.map { (r * 0.707 * ($0 - $1), r * 0.707 * ($0 + $1)) })
    }
  }

  // The twelve corners of a plus, clockwise from the upper arm. A cross is the same, turned by 45°.
  private static let arms = [
    (-0.4, -1.25), (0.4, -1.25), (0.4, -0.4), (1.25, -0.4), (1.25, 0.4), (0.4, 0.4), (0.4, 1.25), (-0.4, 1.25),
    (-0.4, 0.4), (-1.25, 0.4), (-1.25, -0.4), (-0.4, -0.4),
  ]

  /// A closed path through corners, each given by its distance from the center.
  private func polygon(_ x: Double, _ y: Double, _ corners: [(Double, Double)]) -> String {
    "M" + corners.map { "\(decimal(x + $0)) \(decimal(y + $1))" }.joined(separator: "L") + "Z"
  }
}

/// The colors of everything that is not data.
enum Ink {
  // Grays from the paper to the letters. Text in `quiet` has a contrast of 6 to white, and `grid` of 1.2: seen, but not
  // read.
  static let background = "#ffffff"
  static let text = "#1f2328"
  static let quiet = "#59636e"
  static let axis = "#6e7781"
  static let grid = "#e7e9ec"
  static let minor = "#c4c9cf"
  /// A number that is not finite, in a heat map.
  static let missing = "#b4b8bd"
}
