// The Cholesky factor. With Φ(M) the lower triangle of M, its diagonal halved,
//
//   A = L·Lᵀ     S = L⁻ᵀ·Φ(Lᵀ·L̄)·L⁻¹     Ā = ½(S + Sᵀ)
//
// for symmetric changes of A (Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527). The primitive reads
// the lower triangle only, so its cotangent has what belongs to both halves there.

/// L of `A = L·Lᵀ`, of the lower triangle of A.
struct Cholesky: Worded {
  static let name = "cholesky"
  var word: ArrayWord { .cholesky }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    _ = try operands[0].squareSide
    return operands[0]
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) -> NDArray<S> { operands[0].cholesky() }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result l: Tensor<S>
  ) -> Tensor<S> {
    let back = TriangularSolve(triangle: Triangle(isLower: true, isTransposed: true))
    let inner = l.applying(MatrixProduct(transposesLeft: true), cotangent.lowerTriangle())
    // L⁻ᵀ·Φ, and (L⁻ᵀ·(L⁻ᵀ·Φ)ᵀ)ᵀ.
    let half = l.applying(back, inner.lowerTriangle(diagonal: -1) + inner.diagonalOnly / 2)
    let s = l.applying(back, half.transposed)
    return (s + s.transposed).lowerTriangle(diagonal: -1) + s.diagonalOnly
  }
}

extension Tensor {
  /// The matrix with 0 off its diagonal.
  fileprivate var diagonalOnly: Tensor { diagonal().embeddedDiagonal() }

  /// The lower triangular matrix L of `L·Lᵀ = ½(A + Aᵀ)`, for a symmetric and positive definite A; of each matrix of a batch.
  ///
  /// Derivative: with Φ the lower triangle, its diagonal halved, `Ā` is the symmetric part of `L⁻ᵀ·Φ(Lᵀ·L̄)·L⁻¹`. A matrix that is
  /// not positive definite gives NaN throughout. One that is not square gives a failed tensor.
  public func cholesky() -> Tensor {
    attempt("cholesky") { () throws(TensorError) in
      _ = try shape.squareSide
      return ((self + transposed) / 2).applying(Cholesky())
    }
  }
}
