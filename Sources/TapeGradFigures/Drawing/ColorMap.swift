// A heat map whose numbers go from −0.5 to 2, with the diverging map. Its ends are −2 and 2, so that equal magnitudes
// get equally dark colors and the side of 0 is the hue:
//
//     number    share of the way    color
//     −0.5      0.375               #b7cce8   a light blue
//      0        0.5                 #f5f1f0   nearly white: 0 lies between two of the 64 shades and takes the upper one
//      0.5      0.625               #e8c0b2   a light red, as far from the middle as the blue
//      2        1                   #8b2200   the last color
//
// The sequential map goes from the least number, 0 of the way, to the greatest, 1 of it. Between two of the listed
// colors, red, green and blue are interpolated linearly.

/// Which colors the numbers of a heat map get.
public enum ColorMap: Sendable {
  /// From light to dark, evenly to the eye: for counts and magnitudes.
  case sequential
  /// Blue below 0, red above, white at 0, as dark on both sides for the same magnitude: for weights and gradients.
  case diverging

  /// Nine colors, or seventeen with white in the middle, equally far apart in OKLab's lightness (B. Ottosson, 2020).
  private var stops: [[Double]] {
    switch self {
    case .sequential: Self.blues
    case .diverging: Self.blueToRed
    }
  }

  // OKLab lightness from 0.97 down to 0.30 in steps of 0.084.
  private static let blues = colors(
    "edf7fa ace4f7 76cbf0 4ab0e3 2b93d1 2277b7 255c96 27436f 232d43")
  // OKLab lightness 0.42 at both ends and 0.97 in the middle, in steps of 0.069.
  private static let blueToRed = colors(
    "044b94 2960a3 4575b2 608ac1 7b9fce 97b5db b4cae7 d2e0f2 f5f5f5 f2d8cf e7bdaf dba390 cc8a73 bd7156 ad583a 9c3f1a 8b2200"
  )

  /// The color at a share of the way from the first to the last, as red, green and blue from 0 to 255.
  ///
  /// 64 shades are told apart: neighbors of one shade are drawn as one.
  func color(at share: Double) -> [Double] {
    let shade = (min(max(share, 0), 1) * 63).rounded() / 63
    let place = shade * Double(stops.count - 1)
    // At the last color the pair below it is taken, with all of the weight on its upper end.
    let below = min(Int(place), stops.count - 2)
    return zip(stops[below], stops[below + 1]).map { $0 + ($1 - $0) * (place - Double(below)) }
  }

  /// The share of the way that a number has, where the numbers lie between `low` and `high`.
  func share(of value: Double, low: Double, high: Double) -> Double {
    switch self {
    // Where all numbers are equal, none is small or large: the middle.
    case .sequential: return high > low ? (value - low) / (high - low) : 0.5
    case .diverging:
      let size = max(low.magnitude, high.magnitude)
      return size > 0 ? 0.5 + 0.5 * (value / size) : 0.5
    }
  }

  private static func colors(_ text: String) -> [[Double]] {
    text.split(separator: " ").map { color in
      let number = Int(color, radix: 16) ?? 0
      return [number >> 16, number >> 8 & 255, number & 255].map(Double.init)
    }
  }
}

/// `#rrggbb`.
func hexadecimal(_ color: [Double]) -> String {
  "#"
    + color.map { part in
      let digits = String(Int(part.rounded()), radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
}

/// A color mixed with white, of which it keeps a share.
func tint(_ color: String, keeping share: Double) -> String {
  let number = Int(color.dropFirst(), radix: 16) ?? 0
  return hexadecimal([number >> 16, number >> 8 & 255, number & 255].map { 255 + (Double($0) - 255) * share })
}
