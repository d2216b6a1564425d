// Systems of equations. With X of op(A)·X = B, the cotangent of B solves the transposed system, and the cotangent of A is a product:
//
//   B̄ = op(A)⁻ᵀ·X̄        Ā = −B̄·Xᵀ, or −X·B̄ᵀ where op transposes
//
// Why: A·X = B has the differential dA·X + A·dX = dB, so dX = A⁻¹(dB − dA·X), and
// ⟨X̄, dX⟩ = ⟨A⁻ᵀX̄, dB⟩ − ⟨A⁻ᵀX̄·Xᵀ, dA⟩. For numbers, 2·x = 6 has x = 3, ∂x/∂b = 1/2 and ∂x/∂a = −b/a² = −1.5,
// which is −(1/2)·3.
//
// Of a triangular A only the triangle is read, and so Ā is 0 outside it.

/// `op(A)·X = B` by elimination with partial pivoting, for each matrix of a batch.
struct Solve: Worded {
  static let name = "solve"
  var isTransposed = false
  var word: ArrayWord { .solve(isTransposed: isTransposed) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try operands[1].validated(asRightSideOf: operands[0])
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].solved(transposed: isTransposed, operands[1])
  }

  static var derivativeRule: DerivativeRule { .joint }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { vjps(cotangent: cotangent, operands: operands, result: result)[i] }

  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result x: Tensor<S>
  ) -> [Tensor<S>] {
    // One more solve, with the system transposed. (It factors the matrix again: a node keeps its result only.)
    let b = operands[0].applying(Solve(isTransposed: !isTransposed), cotangent)
    return [systemCotangent(b, x, isTransposed), b]
  }

  func formula(_ x: [Formula]) -> Formula { .call(self, x) }
}

/// `op(T)·X = B`, of one triangle of T.
struct TriangularSolve: Worded, CustomStringConvertible {
  static let name = "triangularSolve"
  let triangle: Triangle
  var word: ArrayWord { .triangularSolve(triangle) }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    try operands[1].validated(asRightSideOf: operands[0])
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> {
    operands[0].solved(triangle, operands[1])
  }

  static var derivativeRule: DerivativeRule { .joint }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> { vjps(cotangent: cotangent, operands: operands, result: result)[i] }

  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result x: Tensor<S>
  ) -> [Tensor<S>] {
    var transpose = triangle
    transpose.isTransposed.toggle()
    let b = operands[0].applying(TriangularSolve(triangle: transpose), cotangent)
    // A unit diagonal was not read, so it gets nothing either.
    let full = systemCotangent(b, x, triangle.isTransposed), skipped = triangle.hasUnitDiagonal ? 1 : 0
    return [triangle.isLower ? full.lowerTriangle(diagonal: -skipped) : full.upperTriangle(diagonal: skipped), b]
  }

  var description: String {
    "triangularSolve[\(triangle.isLower ? "lower" : "upper")\(triangle.isTransposed ? ", transposed" : "")]"
  }
}

/// `−B̄·Xᵀ`, or its transpose `−X·B̄ᵀ`: the cotangent of the matrix.
private func systemCotangent<S>(_ b: Tensor<S>, _ x: Tensor<S>, _ isTransposed: Bool) -> Tensor<S> {
  -(isTransposed ? x : b).applying(MatrixProduct(transposesRight: true), isTransposed ? b : x)
}

extension Shape {
  /// This shape, which is (…, n, k) for a matrix of shape (…, n, n).
  fileprivate func validated(asRightSideOf a: Shape) throws(TensorError) -> Shape {
    let n = try a.squareSide
    guard rank == a.rank, self[rank - 2] == n, (0..<rank - 2).allSatisfy({ self[$0] == a[$0] }) else {
      throw TensorError("a right side of shape \(self) does not fit a matrix of shape \(a)")
    }
    return self
  }

  /// The side of square matrices, which the last two axes are.
  var squareSide: Int {
    get throws(TensorError) {
      let (rows, columns) = try matrix
      guard rows == columns else { throw TensorError("\(rows) × \(columns) is not a square matrix") }
      return rows
    }
  }
}

/// X of `A·X = B`: A (…, n, n), B (…, n, k), whose batches broadcast; or B a vector (n). By elimination with partial pivoting.
///
/// Derivatives: `B̄ = A⁻ᵀ·X̄`, `Ā = −B̄·Xᵀ`. A singular matrix gives ∞ or NaN, and a nearly singular one what rounding makes of
/// it. Shapes that do not fit give a failed tensor.
public func solve<S>(_ a: Tensor<S>, _ b: Tensor<S>) -> Tensor<S> { solved("solve", a, b) { Solve() } }

/// X of `T·X = B`, or `Tᵀ·X = B`, for a triangular T, of which only the lower or the upper triangle is read; a unit diagonal is
/// not read either. Shapes as in ``solve(_:_:)``.
///
/// Derivatives: `B̄ = T⁻ᵀ·X̄`, `T̄ = −B̄·Xᵀ` in the triangle. A 0 on the diagonal gives ∞ or NaN.
public func triangularSolve<S>(
  _ t: Tensor<S>, _ b: Tensor<S>, lower: Bool = true, transposed: Bool = false, unitDiagonal: Bool = false
) -> Tensor<S> {
  solved("triangularSolve", t, b) {
    TriangularSolve(
      triangle: Triangle(isLower: lower, isTransposed: transposed, hasUnitDiagonal: unitDiagonal))
  }
}

private func solved<S>(
  _ word: String, _ a: Tensor<S>, _ b: Tensor<S>, _ primitive: () -> some Primitive
) -> Tensor<S> {
  a.attempt(word, with: [b]) { () throws(TensorError) in
    let n = try a.shape.squareSide
    if b.shape.rank == 1 {
      guard b.shape[0] == n else { throw TensorError("a right side of length \(b.shape[0]) for \(n) equations") }
      // A vector is a right side of one column.
      return try solved(word, a, b.reshaped(to: [n, 1]), primitive).validated().squeezed(axis: -1)
    }
    let (rows, columns) = try b.shape.matrix, batch = try Shape.batch(a.shape, b.shape).dimensions
    guard rows == n else { throw TensorError("a right side of \(rows) rows for \(n) equations") }
    return a.broadcast(to: Shape(batch + [n, n])).applying(primitive(), b.broadcast(to: Shape(batch + [n, columns])))
  }
}

extension Tensor {
  /// The inverse of a square matrix, of each of a batch: `X` of `A·X = I`. Derivative: `Ā = −A⁻ᵀ·X̄·A⁻ᵀ`. Singular matrices give ∞ or
  /// NaN. (To solve equations, ``solve(_:_:)`` is quicker and more accurate.)
  public func inverse() -> Tensor {
    attempt("inverse") { () throws(TensorError) in
      applying(Solve(), Tensor.eye(try shape.squareSide).broadcast(to: shape))
    }
  }
}
