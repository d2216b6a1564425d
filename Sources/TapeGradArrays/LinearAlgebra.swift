// Factors of matrices and systems of equations, on one matrix in row-major order. The inner loops run along rows, so that they
// are vectorized; each element is computed in the textbook's order.
//
// Cholesky's factor of a 2 × 2 matrix, column by column, and the LU factor of another with its rows exchanged:
//
//   4 2     2 0     √4, 2/2          1 2     3 4        P·A has the larger pivot first,
//   2 5  →  1 2     √(5 − 1·1)       3 4  →  ⅓ ⅔        ⅓ = 1/3 is L's, ⅔ = 2 − ⅓·4 is U's
//
// Nothing is checked and nothing fails: a matrix that has no such factor gives NaN or ∞.

/// `A = L·Lᵀ`, in place, of the lower triangle of A; the upper one becomes 0. Where A is not positive definite, L is NaN.
@inline(__always)
func factorCholesky<T: BinaryFloatingPoint>(_ a: UnsafeMutablePointer<T>, _ n: Int, _ column: UnsafeMutablePointer<T>) {
  for j in 0..<n {
    let pivot = a[j * n + j]
    guard pivot > 0, pivot.isFinite else {
      return a.update(repeating: .nan, count: n * n)
    }
    let root = pivot.squareRoot()
    a[j * n + j] = root
    for i in j + 1..<max(n, j + 1) {
      a[i * n + j] /= root
      column[i] = a[i * n + j]
    }
    // What is left of the lower triangle, less column · columnᵀ.
    for i in j + 1..<max(n, j + 1) {
      let factor = column[i], row = a + i * n
      for k in j + 1...i { row[k] -= factor * column[k] }
    }
  }
  for i in 0..<n { for j in i + 1..<max(n, i + 1) { a[i * n + j] = 0 } }
}

/// `P·A = L·U`, in place, with partial pivoting: U on and above the diagonal, L, whose diagonal is 1, below it.
///
/// - Parameter rows: becomes the order of the rows of A.
/// - Returns: the sign of that order.
@inline(__always)
func factorLU<T: BinaryFloatingPoint>(
  _ a: UnsafeMutablePointer<T>, _ n: Int, _ rows: UnsafeMutablePointer<Int>
) -> T {
  var sign: T = 1
  for i in 0..<n { rows[i] = i }
  for j in 0..<n {
    var pivot = j
    // The largest element below: no factor exceeds 1, so rounding errors do not grow with them.
    for i in j + 1..<max(n, j + 1) where a[i * n + j].magnitude > a[pivot * n + j].magnitude { pivot = i }
    if pivot != j {
      for k in 0..<n { (a[j * n + k], a[pivot * n + k]) = (a[pivot * n + k], a[j * n + k]) }
      (rows[j], rows[pivot]) = (rows[pivot], rows[j])
      sign = -sign
    }
    // Invariant: columns before j are done; rows from j on hold what is left of A after their elimination.
    let top = a + j * n
    // A column of zeros is eliminated already.
    if top[j] == 0 { continue }
    for i in j + 1..<max(n, j + 1) {
      let row = a + i * n, factor = row[j] / top[j]
      row[j] = factor
      for k in j + 1..<max(n, j + 1) { row[k] -= factor * top[k] }
    }
  }
  return sign
}

/// A triangle of a matrix, and how it stands in a system of equations.
package struct Triangle: Hashable, Sendable {
  package var isLower, isTransposed, hasUnitDiagonal: Bool

  package init(isLower: Bool, isTransposed: Bool = false, hasUnitDiagonal: Bool = false) {
    (self.isLower, self.isTransposed, self.hasUnitDiagonal) = (isLower, isTransposed, hasUnitDiagonal)
  }
}

/// `op(T)·X = B`, in place of B (n, k), of one triangle of T. A 0 on the diagonal gives ∞ or NaN.
@inline(__always)
func solveTriangle<T: BinaryFloatingPoint>(
  _ t: UnsafePointer<T>, _ triangle: Triangle, _ b: UnsafeMutablePointer<T>, _ n: Int, _ k: Int
) {
  // For a lower triangle 2 0 / 1 4 and B = (6, 7): x₀ = 6/2 = 3, which leaves 7 − 1·3 = 4, and x₁ = 4/4 = 1.
  // The unknowns from the first to the last, or back. Each row of X, once known, leaves all later equations.
  let isForward = triangle.isLower != triangle.isTransposed
  for step in 0..<n {
    let i = isForward ? step : n - 1 - step, row = b + i * k
    if !triangle.hasUnitDiagonal {
      let pivot = t[i * n + i]
      for c in 0..<k { row[c] /= pivot }
    }
    for later in isForward ? i + 1..<max(n, i + 1) : 0..<i {
      let factor = triangle.isTransposed ? t[i * n + later] : t[later * n + i], target = b + later * k
      for c in 0..<k { target[c] -= factor * row[c] }
    }
  }
}
