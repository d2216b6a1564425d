extension NDArray {
  /// An array of two axes, from its rows: `[[1, 2], [3, 4]]`.
  ///
  /// - Throws: `ShapeError` where the rows differ in length.
  @_disfavoredOverload  // `NDArray([])` is the empty vector
  public init(_ rows: [[Scalar]]) throws(ShapeError) {
    let columns = try commonCount(rows.map(\.count), of: "numbers") { "row \($0)" }
    try self.init(rows.flatMap(\.self), shape: [rows.count, columns])
  }

  /// An array of three axes, from its planes of rows.
  ///
  /// - Throws: `ShapeError` where planes or rows differ in size.
  @_disfavoredOverload
  public init(_ planes: [[[Scalar]]]) throws(ShapeError) {
    let rows = try commonCount(planes.map(\.count), of: "rows") { "plane \($0)" }
    let columns = try commonCount(planes.joined().map(\.count), of: "numbers") {
      "row \($0 % rows) of plane \($0 / rows)"
    }
    try self.init(planes.joined().flatMap(\.self), shape: [planes.count, rows, columns])
  }
}

/// The count that all parts of a literal have, 0 where there is no part.
private func commonCount(
  _ counts: [Int], of content: String, in part: (Int) -> String
) throws(ShapeError) -> Int {
  let count = counts.first ?? 0
  for (index, other) in counts.enumerated() where other != count {
    throw ShapeError("the literal is ragged: \(part(0)) has \(count) \(content), \(part(index)) has \(other)")
  }
  return count
}
