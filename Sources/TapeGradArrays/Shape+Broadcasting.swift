// Broadcasting as in NumPy: (3, 1) and (4) pair up in (3, 4); (2, 3) and (2) in nothing, since 3 and 2 stand below each other.
//
//   (3, 1)    read as (3, 4) with strides (1, 0)
//      (4)    read as (3, 4) with strides (0, 1)

extension Shape {
  /// The shape that elements of `a` and `b` pair up in: aligned at the last axis, a length of 1 (or a missing axis)
  /// is broadcast to the other's length, be that 0.
  ///
  /// - Throws: `ShapeError` where two lengths differ and neither is 1, or where the result is too large.
  public static func broadcast(_ a: Shape, _ b: Shape) throws(ShapeError) -> Shape {
    if a == b, a.defect == nil { return a }
    let rank = max(a.rank, b.rank)
    let result = try Shape(rank: rank) { axis throws(ShapeError) in
      let m = a.length(axis, ofRank: rank), n = b.length(axis, ofRank: rank)
      guard m == n || m == 1 || n == 1 else {
        throw ShapeError("\(a) and \(b) do not broadcast: along axis \(axis) the lengths are \(m) and \(n)")
      }
      return m == 1 ? n : m
    }
    if let defect = a.defect ?? b.defect ?? result.defect {
      throw ShapeError("\(a) and \(b) do not broadcast: \(defect)")
    }
    return result
  }

  /// The length of an axis when the shape is aligned at the last axis in one of `rank` axes.
  package func length(_ axis: Int, ofRank rank: Int) -> Int {
    let own = axis - (rank - self.rank)
    return own < 0 ? 1 : self[own]
  }

  /// Whether the shape broadcasts to `target`.
  package func broadcasts(to target: Shape) -> Bool {
    guard rank <= target.rank else { return false }
    for axis in 0..<target.rank {
      let length = length(axis, ofRank: target.rank)
      guard length == target[axis] || length == 1 else { return false }
    }
    return true
  }

  /// The strides with which an array of this shape is read as one of shape `target`: 0 along the axes that are broadcast.
  package func strides(broadcastTo target: Shape) -> AxisVector<Int> {
    let own = strides, missing = target.rank - rank
    return AxisVector(rank: target.rank) { axis in
      axis < missing || self[axis - missing] != target[axis] ? 0 : own[axis - missing]
    }
  }
}
