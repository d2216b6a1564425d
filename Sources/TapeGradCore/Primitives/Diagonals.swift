// Triangles and diagonals of matrices, which are the last two axes; the axes before them are a batch.
//
//   diagonal         0    1         [[1, 2, 3],        lowerTriangle()   [[1, 0, 0],     diagonal(1)   [2, 6]
//   of (2, 3):     1, 5  2, 6        [4, 5, 6]]                           [4, 5, 0]]

extension Tensor {
  /// The elements on and below a diagonal, those above 0. Diagonal k is that of the elements (i, i + k). What is replaced has
  /// derivative exactly 0.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    triangle("lowerTriangle") { row, column in column - row <= diagonal }
  }

  /// The elements on and above a diagonal, those below 0.
  public func upperTriangle(diagonal: Int = 0) -> Tensor {
    triangle("upperTriangle") { row, column in column - row >= diagonal }
  }

  private func triangle(_ operation: String, _ isKept: (Int, Int) -> Bool) -> Tensor {
    attempt(operation) { () throws(TensorError) in
      let (rows, columns) = try shape.matrix
      let mask = (0..<rows).flatMap { row in (0..<columns).map { isKept(row, $0) ? Scalar(1) : 0 } }
      return select(Tensor(mask, shape: [rows, columns]), self, 0)
    }
  }

  /// The elements (i, i + offset) of a matrix, as a vector; of each matrix of a batch. A diagonal beyond the matrix is empty.
  public func diagonal(_ offset: Int = 0) -> Tensor {
    attempt("diagonal") { () throws(TensorError) in
      rearranged(by: View(layout: try shape.diagonal(offset)))
    }
  }

  /// The square matrix that has this vector on a diagonal, and 0 elsewhere; for a batch of vectors, of each.
  public func embeddedDiagonal(_ offset: Int = 0) -> Tensor {
    attempt("embedDiagonal") { () throws(TensorError) in
      guard let length = shape.dimensions.last else { throw TensorError("a number has no axis to put on a diagonal") }
      let side = length + abs(offset)
      let matrix = Shape(shape.dimensions.dropLast() + [side, side])
      if let defect = matrix.defect { throw TensorError("\(defect)") }
      return applying(ViewTranspose(layout: try matrix.diagonal(offset)))
    }
  }

  /// `Σ xᵢᵢ`, of each matrix of a batch. Derivative: the identity.
  public func trace(_ offset: Int = 0) -> Tensor {
    attempt("trace") { () throws(TensorError) in
      _ = try shape.matrix
      return diagonal(offset).sum(axis: -1)
    }
  }
}

extension Shape {
  /// The lengths of the last two axes.
  var matrix: (rows: Int, columns: Int) {
    get throws(TensorError) {
      guard rank >= 2 else { throw TensorError("a matrix has two axes, and this tensor \(rank)") }
      return (self[rank - 2], self[rank - 1])
    }
  }

  /// The layout of a diagonal of each matrix.
  func diagonal(_ offset: Int) throws(TensorError) -> StridedLayout {
    let (rows, columns) = try matrix
    let length = Swift.max(0, offset < 0 ? Swift.min(rows + offset, columns) : Swift.min(rows, columns - offset))
    let batch = Array(dimensions.dropLast(2)), strides = (0..<batch.count).map { self.strides[$0] }
    return StridedLayout(
      "diagonal[\(offset)]", of: self, Shape(batch + [length]),
      start: length == 0 ? 0 : offset < 0 ? -offset * columns : offset, strides: strides + [columns + 1])
  }
}
