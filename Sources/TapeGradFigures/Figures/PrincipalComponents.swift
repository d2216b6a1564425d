import TapeGradArrays

// The examples (2, 0), (−2, 0), (0, 1), (0, −1) have the mean 0 and `C·Cᵀ` = diag(8, 2). The directions are (1, 0) and
// (0, 1), with the shares 8/10 and 2/10 of the variance.
//
// The power method multiplies a vector by `C·Cᵀ` and makes it one of length 1, again and again: each step shrinks the
// part along (0, 1) to 2/8 of what it was, against the part along (1, 0). The second direction is found in the same
// way, with the part along the first one taken away in each step.

/// The plane through the mean of the data in which they vary most: what to draw of data with more than two features.
///
/// ```swift
/// let plane = PrincipalComponents(features)
/// let (u, v) = plane.coordinates(of: features)
/// ```
public struct PrincipalComponents: Sendable {
  /// The mean of each feature.
  public let mean: [Double]
  /// The two directions of greatest variance, of length 1 and at right angles; the largest entry of each is positive.
  public let directions: [[Double]]
  /// The share of the variance along each direction.
  public let shares: [Double]

  /// The plane of a matrix of features as rows and examples as columns; numbers that are not finite count as the mean.
  public init(_ features: [[some TensorScalar]]) {
    let rows = features.map(doubles)
    mean = rows.map { row in
      let finite = row.filter(\.isFinite)
      return finite.isEmpty ? 0 : finite.reduce(0, +) / Double(finite.count)
    }
    let centered = zip(rows, mean).map { row, mean in row.map { $0.isFinite ? $0 - mean : 0 } }
    let total = centered.joined().reduce(0) { $0 + $1 * $1 }
    let products = Self.products(of: centered)
    var found: [[Double]] = [], variances: [Double] = []
    for start in 0..<2 {
      // The power method: C·Cᵀ turns any vector towards its first eigenvector. The entries differ, so that none is missed
      // by symmetry.
      var vector = (0..<rows.count).map { 1 + Double(($0 * 7 + start * 3) % 11) / 11 }
      var variance = 0.0
      for _ in 0..<1000 {
        var next = products.map { dot($0, vector) }
        // Twice, since the first time leaves rounding errors in the direction that was taken away.
        for _ in 0..<2 {
          for other in found {
            let share = dot(next, other)
            next = zip(next, other).map { $0 - share * $1 }
          }
        }
        let length = dot(next, next).squareRoot()
        // Nothing varies in the directions that are left.
        guard length > 1e-12 * total else {
          variance = 0
          vector = Self.perpendicular(to: found, count: rows.count)
          break
        }
        let moved = zip(next, vector).map { $0 / length - $1 }
        vector = next.map { $0 / length }
        variance = length
        if dot(moved, moved) < 1e-26 { break }
      }
      // A direction and its negative are equally good: one of them is chosen, so that figures can be compared.
      let sign: Double = (vector.max { $0.magnitude < $1.magnitude } ?? 1) < 0 ? -1 : 1
      found.append(vector.map { $0 * sign })
      variances.append(variance)
    }
    directions = found
    shares = variances.map { total > 0 ? $0 / total : 0 }
  }

  /// A direction of length 1 at right angles to others: what is left of the axis that is farthest from them. Zeros where there
  /// is none.
  private static func perpendicular(to others: [[Double]], count: Int) -> [Double] {
    let rests = (0..<count).map { axis in
      // Twice, as above.
      (others + others).reduce((0..<count).map { $0 == axis ? 1.0 : 0 }) { rest, other in
        let share = dot(rest, other)
        return zip(rest, other).map { $0 - share * $1 }
      }
    }
    guard let longest = rests.max(by: { dot($0, $0) < dot($1, $1) }), dot(longest, longest) > 1e-12 else {
      return [Double](repeating: 0, count: count)
    }
    let length = dot(longest, longest).squareRoot()
    return longest.map { $0 / length }
  }

  /// `C·Cᵀ`, the covariances times the number of examples.
  private static func products(of centered: [[Double]]) -> [[Double]] {
    let width = centered.map(\.count).min() ?? 0, height = centered.count
    guard let c = try? NDArray(centered.flatMap { $0.prefix(width) }, shape: [height, width]) else {
      return []
    }
    let products = matmul(c, c, transposingSecond: true).scalars
    return (0..<height).map { Array(products[$0 * height..<($0 + 1) * height]) }
  }

  /// Where examples lie in the plane: u and v of each column.
  public func coordinates(of features: [[some TensorScalar]]) -> (u: [Double], v: [Double]) {
    let rows = features.map(doubles)
    let places = directions.map { direction in
      (0..<(rows.map(\.count).min() ?? 0)).map { example in
        zip(rows, zip(mean, direction)).reduce(0) { $0 + ($1.0[example] - $1.1.0) * $1.1.1 }
      }
    }
    return (places[0], places[1])
  }

  /// The features at points of the plane: `mean + u·d₁ + v·d₂`, features as rows, points as columns.
  public func features(u: [Double], v: [Double]) -> [[Double]] {
    mean.indices.map { row in zip(u, v).map { mean[row] + $0 * directions[0][row] + $1 * directions[1][row] } }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
