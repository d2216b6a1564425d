// The loops that both ways are made of. Matrices are row by row; rows are worked on whole, so that the compiler can
// vectorize.

/// `y += a·x`.
@inline(__always) func add<S: Number>(
  _ a: S, _ x: UnsafePointer<S>, to y: UnsafeMutablePointer<S>, _ count: Int
) {
  for i in 0..<count { y[i] += a * x[i] }
}

/// `Σ x·y`, in 16 sums: the compiler may not change the order of one.
@inline(__always) func dot<S: Number>(_ x: UnsafePointer<S>, _ y: UnsafePointer<S>, _ count: Int) -> S {
  var sums = SIMD16<S>(repeating: 0)
  let whole = count & ~15
  for i in stride(from: 0, to: whole, by: 16) {
    let a = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<S>.self)
    let b = UnsafeRawPointer(y + i).loadUnaligned(as: SIMD16<S>.self)
    sums += a * b
  }
  var sum: S = 0
  for lane in 0..<16 { sum += sums[lane] }
  for i in whole..<count { sum += x[i] * y[i] }
  return sum
}

/// `C += A·B` of A (rows, inner) and B (inner, columns).
func multiply<S: Number>(
  _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>, rows: Int, inner: Int, columns: Int
) {
  for i in 0..<rows {
    for k in 0..<inner { add(a[i * inner + k], b + k * columns, to: c + i * columns, columns) }
  }
}

/// `C = A·Bᵀ` of A (rows, inner) and B (columns, inner).
func multiplyTransposed<S: Number>(
  _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, into c: UnsafeMutablePointer<S>, rows: Int, inner: Int, columns: Int
) {
  for i in 0..<rows {
    for j in 0..<columns { c[i * columns + j] = dot(a + i * inner, b + j * inner, inner) }
  }
}
