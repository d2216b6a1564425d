/// `C = op(A)·op(B)` over the last two axes, where op transposes if its flag says so; further axes are a batch.
struct MatrixProduct: Bilinear {
  static let name = "matmul"
  var transposesLeft = false
  var transposesRight = false

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    let a = operands[0], b = operands[1]
    guard a.rank >= 2, b.rank == a.rank else {
      throw TensorError("a matrix product takes two tensors of one rank, 2 or more")
    }
    let (rows, inner) = matrix(a, transposesLeft), (otherInner, columns) = matrix(b, transposesRight)
    guard inner == otherInner else {
      throw TensorError(
        "\(inner) columns meet \(otherInner) rows", suggestion: suggestion(rows, inner, otherInner, columns))
    }
    for axis in 0..<a.rank - 2 where a[axis] != b[axis] {
      throw TensorError("the batch lengths along axis \(axis) are \(a[axis]) and \(b[axis])")
    }
    return a.replacing(axis: a.rank - 2, with: rows).replacing(axis: a.rank - 1, with: columns)
  }

  private func matrix(_ shape: Shape, _ isTransposed: Bool) -> (rows: Int, columns: Int) {
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    return isTransposed ? (columns, rows) : (rows, columns)
  }

  /// The transpose that would make the operands fit.
  private func suggestion(_ m: Int, _ k: Int, _ l: Int, _ n: Int) -> String? {
    if m == l { return "matmul(a.transposed, b) would fit" }
    if k == n { return "matmul(a, b.transposed) would fit" }
    return m == n ? "matmul(b, a) would fit" : nil
  }

  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) -> NDArray<S> {
    matmul(
      operands.array(0), operands.array(1), transposingFirst: transposesLeft, transposingSecond: transposesRight)
  }

  /// `Ā = C̄·Bᵀ`; for a transposed A, its transpose `B·C̄ᵀ`. Transposes stay flags.
  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right b: Tensor<S>) -> Tensor<S> {
    transposesLeft
      ? b.applying(MatrixProduct(transposesLeft: transposesRight, transposesRight: true), cotangent)
      : cotangent.applying(MatrixProduct(transposesLeft: false, transposesRight: !transposesRight), b)
  }

  /// `B̄ = Aᵀ·C̄`; for a transposed B, its transpose `C̄ᵀ·A`.
  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left a: Tensor<S>) -> Tensor<S> {
    transposesRight
      ? cotangent.applying(MatrixProduct(transposesLeft: true, transposesRight: transposesLeft), a)
      : a.applying(MatrixProduct(transposesLeft: !transposesLeft, transposesRight: false), cotangent)
  }

  func formula(_ x: [Formula]) -> Formula {
    .matrixProduct(transposesLeft ? .transposed(x[0]) : x[0], transposesRight ? .transposed(x[1]) : x[1])
  }
}

/// The matrix product `A·B`, `(…, m, k)·(…, k, n) → (…, m, n)`; the leading axes are a batch, the same for both.
///
/// Derivatives: `Ā = C̄·Bᵀ`, `B̄ = Aᵀ·C̄`. Every element is a sum in a fixed order, so one row of a product has the same
/// bits as the product of one row.
public func matmul<S>(_ a: Tensor<S>, _ b: Tensor<S>) -> Tensor<S> { a.applying(MatrixProduct(), b) }
