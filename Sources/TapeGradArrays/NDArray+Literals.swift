extension NDArray {
  /// An array of two axes, from its rows: `[[1, 2], [3, 4]]`.
  ///
  /// - Throws: `ShapeError` where the rows differ in length.
  public init(_ rows: [[Scalar]]) throws(ShapeError) {
    try self.init(stacking: rows.map { NDArray($0) }, row: [0])
  }

  /// An array of three axes, from its planes of rows.
  ///
  /// - Throws: `ShapeError` where planes or rows differ in size.
  public init(_ planes: [[[Scalar]]]) throws(ShapeError) {
    var matrices: [NDArray] = []
    for rows in planes { matrices.append(try NDArray(rows)) }
    try self.init(stacking: matrices, row: [0, 0])
  }

  /// Arrays of one shape along a new first axis; `row` is the shape of each where there are none.
  private init(stacking parts: [NDArray], row: Shape) throws(ShapeError) {
    let shape = parts.first?.shape ?? row
    for (index, part) in parts.enumerated() where part.shape != shape {
      throw ShapeError("a ragged literal: part 0 has shape \(shape), part \(index) has shape \(part.shape)")
    }
    try self.init(shape: Shape([parts.count] + shape.dimensions), scalars: parts.flatMap(\.scalars))
  }
}
