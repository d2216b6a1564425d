// Products of vectors, matrices and tensors of any rank: changes of shape around one matrix product.
//
//   matmul     (k)·(k, n)  →  (1, k)·(k, n)  →  (n)
//   outer      (m), (n)    →  (m, 1)·(1, n)
//   tensordot  (2, 3, 4), (4, 3, 5) over axes [1, 2] and [1, 0]  →  (2, 12)·(12, 5)

/// The matrix product `A·B`, `(…, m, k)·(…, k, n) → (…, m, n)`. The axes before the last two are a batch, which broadcasts. A
/// vector is a row on the left and a column on the right, and the result loses that axis: `(k)·(k)` is a number.
///
/// Derivatives: `Ā = C̄·Bᵀ`, `B̄ = Aᵀ·C̄`. Every element is a sum in a fixed order, so one row of a product has the same
/// bits as the product of one row. Lengths that do not fit, and numbers, give a failed tensor.
public func matmul<S>(_ a: Tensor<S>, _ b: Tensor<S>) -> Tensor<S> {
  let rank = a.shape.rank
  if rank == b.shape.rank, rank >= 2, (0..<rank - 2).allSatisfy({ a.shape[$0] == b.shape[$0] }) {
    return a.applying(MatrixProduct(), b)
  }
  return a.attempt("matmul", with: [b]) { () throws(TensorError) in try a.multipliedAsMatrix(by: b) }
}

/// `Σ xᵢ·yᵢ` for two vectors of one length.
public func dot<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> {
  x.attempt("dot", with: [y]) { () throws(TensorError) in
    guard x.shape.rank == 1, x.shape == y.shape else { throw TensorError("they are not two vectors of one length") }
    return matmul(x, y)
  }
}

/// `Aᵢⱼ = xᵢ·yⱼ` for vectors; the elements of tensors of other ranks are taken in row-major order.
public func outer<S>(_ x: Tensor<S>, _ y: Tensor<S>) -> Tensor<S> {
  x.attempt("outer", with: [y]) { () throws(TensorError) in
    x.reshaped(to: [x.shape.count, 1]).applying(MatrixProduct(), y.reshaped(to: [1, y.shape.count]))
  }
}

/// The sum of products over pairs of axes, `x`'s first with `y`'s first and so on. The result has the other axes of x, then
/// those of y. Of matrices, over `[1]` and `[0]`, it is the matrix product.
public func tensordot<S>(_ x: Tensor<S>, _ y: Tensor<S>, axes: (x: [Int], y: [Int])) -> Tensor<S> {
  x.attempt("tensordot", with: [y]) { () throws(TensorError) in
    let (first, second) = (try x.shape.existing(axes.x), try y.shape.existing(axes.y))
    guard first.count == second.count else {
      throw TensorError("\(first.count) axes do not pair with \(second.count)")
    }
    for (a, b) in zip(first, second) where x.shape[a] != y.shape[b] {
      throw TensorError("axis \(a) has length \(x.shape[a]), and axis \(b), with which it pairs, \(y.shape[b])")
    }
    let rows = (0..<x.shape.rank).filter { !first.contains($0) }, inner = first.reduce(1) { $0 * x.shape[$1] }
    let columns = (0..<y.shape.rank).filter { !second.contains($0) }
    let shape = rows.map { x.shape[$0] } + columns.map { y.shape[$0] }
    let left = x.permuted(rows + first).reshaped(to: [rows.reduce(1) { $0 * x.shape[$1] }, inner])
    let right = y.permuted(second + columns).reshaped(to: [inner, columns.reduce(1) { $0 * y.shape[$1] }])
    return left.applying(MatrixProduct(), right).reshaped(to: Shape(shape))
  }
}

/// The sum of products over the last `count` axes of x and the first `count` of y.
public func tensordot<S>(_ x: Tensor<S>, _ y: Tensor<S>, axes count: Int = 2) -> Tensor<S> {
  x.attempt("tensordot", with: [y]) { () throws(TensorError) in
    guard 0...min(x.shape.rank, y.shape.rank) ~= count else {
      throw TensorError("they do not both have \(count) axes")
    }
    return tensordot(x, y, axes: (Array(x.shape.rank - count..<x.shape.rank), Array(0..<count)))
  }
}

extension Tensor {
  /// The matrix product with what is a vector here made a matrix, and a batch broadcast.
  fileprivate func multipliedAsMatrix(by other: Tensor) throws(TensorError) -> Tensor {
    guard shape.rank > 0, other.shape.rank > 0 else {
      throw TensorError("a matrix product takes vectors and matrices", suggestion: "x * y would fit")
    }
    let isRow = shape.rank == 1, isColumn = other.shape.rank == 1
    let a = isRow ? reshaped(to: [1, shape.count]) : self
    let b = isColumn ? other.reshaped(to: [other.shape.count, 1]) : other
    let (m, k) = try a.shape.matrix, (l, n) = try b.shape.matrix
    guard k == l else { throw TensorError("inner dimensions \(k) and \(l) differ") }
    let batch = try Shape.batch(a.shape, b.shape)
    var result = batch.dimensions
    if !isRow { result.append(m) }
    if !isColumn { result.append(n) }
    // One matrix on the right for all of the batch: its rows are as well rows of one large matrix.
    if b.shape.count(of: 0..<b.shape.rank - 2) == 1, a.shape.count(of: 0..<a.shape.rank - 2) == batch.count {
      let rows = a.reshaped(to: [batch.count * m, k])
      return rows.applying(MatrixProduct(), b.reshaped(to: [k, n])).reshaped(to: Shape(result))
    }
    let left = a.broadcast(to: Shape(batch.dimensions + [m, k])),
      right = b.broadcast(to: Shape(batch.dimensions + [k, n]))
    return left.applying(MatrixProduct(), right).reshaped(to: Shape(result))
  }
}

extension Shape {
  /// What the batches of two tensors of matrices broadcast to.
  static func batch(_ a: Shape, _ b: Shape) throws(TensorError) -> Shape {
    let (first, second) = (Shape(a.dimensions.dropLast(2)), Shape(b.dimensions.dropLast(2)))
    do {
      return try Shape.broadcast(first, second)
    } catch {
      throw TensorError("the batches \(first) and \(second) do not broadcast")
    }
  }
}
