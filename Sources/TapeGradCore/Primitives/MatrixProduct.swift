// C = A·B, (m, k)·(k, n) → (m, n). Its derivatives are products as well, of the only shapes that fit:
//
//   Ā (m, k) = C̄ (m, n) · Bᵀ (n, k)
//   B̄ (k, n) = Aᵀ (k, m) · C̄ (m, n)
//
// A transposed factor is a flag, here and in the kernels: no transpose is ever written out on the way back.

/// `C = op(A)·op(B)` over the last two axes, where op transposes if its flag says so; further axes are a batch.
struct MatrixProduct: Bilinear, Computed {
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
        "inner dimensions \(inner) and \(otherInner) differ", suggestion: suggestion(rows, inner, otherInner, columns))
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

  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.matrixProduct(x[0], transposed: transposesLeft, x[1], transposed: transposesRight)
  }

  /// `Ā = C̄·Bᵀ`; for a transposed A, its transpose `B·C̄ᵀ`. Transposes stay flags.
  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right b: Tensor<S>) -> Tensor<S> {
    guard let used = UsedParts(cotangent) else { return leftRule.product(of: cotangent, b) }
    return leftRule.product(of: cotangent, b, used: used.columns).whereUsed(used.rows, transposed: transposesLeft)
  }

  /// `B̄ = Aᵀ·C̄`; for a transposed B, its transpose `C̄ᵀ·A`.
  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left a: Tensor<S>) -> Tensor<S> {
    guard let used = UsedParts(cotangent) else { return rightRule.product(of: cotangent, a) }
    return rightRule.product(of: cotangent, a, used: used.rows).whereUsed(used.columns, transposed: transposesRight)
  }

  /// The product that is the left factor's cotangent.
  var leftRule: CotangentProduct {
    transposesLeft
      ? CotangentProduct(
        product: MatrixProduct(transposesLeft: transposesRight, transposesRight: true), isCotangentFirst: false)
      : CotangentProduct(
        product: MatrixProduct(transposesLeft: false, transposesRight: !transposesRight), isCotangentFirst: true)
  }

  /// The product that is the right factor's cotangent.
  var rightRule: CotangentProduct {
    transposesRight
      ? CotangentProduct(
        product: MatrixProduct(transposesLeft: true, transposesRight: transposesLeft), isCotangentFirst: true)
      : CotangentProduct(
        product: MatrixProduct(transposesLeft: !transposesLeft, transposesRight: false), isCotangentFirst: false)
  }

  func formula(_ x: [Formula]) -> Formula {
    .matrixProduct(transposesLeft ? .transposed(x[0]) : x[0], transposesRight ? .transposed(x[1]) : x[1])
  }
}

/// The product of a cotangent and the other factor, in the order that the transposes ask for.
struct CotangentProduct {
  let product: MatrixProduct
  let isCotangentFirst: Bool

  func product<S>(of cotangent: Tensor<S>, _ other: Tensor<S>) -> Tensor<S> {
    isCotangentFirst ? cotangent.applying(product, other) : other.applying(product, cotangent)
  }

  /// The same without what stands behind the cotangent's elements where `mask`, which broadcasts to it, is 0.
  func product<S>(of cotangent: Tensor<S>, _ other: Tensor<S>, used mask: Tensor<S>) -> Tensor<S> {
    let used = UsedProduct(product: product, masked: isCotangentFirst ? 0 : 1)
    let mask = mask.broadcast(to: cotangent.shape)
    return isCotangentFirst ? cotangent.applying(used, [other, mask]) : other.applying(used, [cotangent, mask])
  }
}

/// The rows and columns of a cotangent of which at least one element was used, as masks of shape (…, m, 1) and (…, 1, n).
///
/// A column of C̄ that nothing used meets a column of B in `Ā = C̄·Bᵀ`: if that holds a NaN (an example that a loss masks
/// out), it must not count. A row of C̄ that nothing used gives a row of Ā that nothing used.
private struct UsedParts<Scalar: TensorScalar> {
  let rows, columns: Tensor<Scalar>

  /// Nil where all are used.
  init?(_ cotangent: Tensor<Scalar>) {
    guard cotangent.value.content.isMasked, let mask = cotangent.mask else { return nil }
    rows = mask.sum(axis: -1, keepingDimensions: true)
    columns = mask.sum(axis: -2, keepingDimensions: true)
  }
}

extension Tensor {
  fileprivate func whereUsed(_ mask: Tensor, transposed isTransposed: Bool) -> Tensor {
    whereUsed(isTransposed ? mask.transposed : mask)
  }
}
