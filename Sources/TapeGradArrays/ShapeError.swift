/// Why shapes do not fit an operation, or numbers do not fit a shape.
public struct ShapeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What does not fit, in one sentence.
  public let description: String

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }
}

extension Shape {
  /// The shape that elements of `a` and `b` pair up in: aligned at the last axis, a length of 1 (or a missing axis)
  /// stretches to the other's length.
  public static func broadcast(_ a: Shape, _ b: Shape) throws(ShapeError) -> Shape {
    if a == b { return a }
    let rank = max(a.rank, b.rank)
    var lengths = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let m = a.length(axis, ofRank: rank), n = b.length(axis, ofRank: rank)
      guard m == n || m == 1 || n == 1 else {
        throw ShapeError("\(a) and \(b) do not broadcast: along axis \(axis) the lengths are \(m) and \(n)")
      }
      lengths[axis] = m == 1 ? n : m
    }
    return Shape(lengths)
  }

  /// The length of an axis when the shape is aligned at the last axis in one of `rank` axes.
  package func length(_ axis: Int, ofRank rank: Int) -> Int {
    let own = axis - (rank - self.rank)
    return own < 0 ? 1 : self[own]
  }

  /// Whether the shape stretches to `target` by broadcasting.
  package func broadcasts(to target: Shape) -> Bool {
    rank <= target.rank
      && (0..<target.rank).allSatisfy {
        let length = length($0, ofRank: target.rank)
        return length == target[$0] || length == 1
      }
  }

  /// The strides with which an array of this shape is read as one of shape `target`: 0 along the axes that stretch.
  package func strides(broadcastTo target: Shape) -> [Int] {
    let own = strides
    return (0..<target.rank).map { axis in
      let k = axis - (target.rank - rank)
      return k < 0 || (self[k] == 1 && target[axis] != 1) ? 0 : own[k]
    }
  }
}
