// Factors, systems and determinants of the matrices that the last two axes are; the axes before them are a batch.
//
// Each function copies its matrices once and works in place on the copy, matrix by matrix, by LinearAlgebra.swift:
//
//   Cholesky       A = L·Lᵀ                        n³/6 multiplications, for positive definite matrices
//   solve          P·A = L·U, then two triangles   n³/3 + n²·k
//   determinant    sign of P times ∏ Uᵢᵢ           n³/3
//
// Pointers are bound to the scalar type here, outside of the loops, so that the loops are compiled for it.

extension NDArray {
  func pointer<T>(_: T.Type) -> UnsafeMutablePointer<T> { bytes.assumingMemoryBound(to: T.self) }

  /// L of `A = L·Lᵀ`, of the lower triangle of each matrix; NaN where it is not positive definite.
  package func cholesky() -> NDArray {
    let y = copy(), n = matrixSize.rows
    switch Scalar.scalarType {
    case .float: factor(y.pointer(Float.self))
    case .double: factor(y.pointer(Double.self))
    }
    return y

    @inline(__always) func factor<T: BinaryFloatingPoint>(_ a: UnsafeMutablePointer<T>) {
      withUnsafeTemporaryAllocation(of: T.self, capacity: n) { column in
        // One column of L, contiguous: in the matrix its elements lie a row apart.
        guard let column = column.baseAddress else { return }
        for matrix in 0..<matrixCount { factorCholesky(a + matrix * n * n, n, column) }
      }
    }
  }

  /// X of `op(T)·X = B`, of one triangle of each matrix; B is (…, n, k).
  package func solved(_ triangle: Triangle, _ b: NDArray) -> NDArray {
    // Substitution happens in place of B; the other triangle of T is not read.
    let x = b.copy(), (n, k) = b.matrixSize
    switch Scalar.scalarType {
    case .float: solve(pointer(Float.self), x.pointer(Float.self))
    case .double: solve(pointer(Double.self), x.pointer(Double.self))
    }
    return x

    @inline(__always) func solve<T: BinaryFloatingPoint>(_ t: UnsafeMutablePointer<T>, _ x: UnsafeMutablePointer<T>) {
      for matrix in 0..<matrixCount { solveTriangle(t + matrix * n * n, triangle, x + matrix * n * k, n, k) }
    }
  }

  /// X of `A·X = B`, or of `Aᵀ·X = B`; B is (…, n, k). Singular matrices give ∞ or NaN.
  package func solved(transposed: Bool, _ b: NDArray) -> NDArray {
    let x = b.copy(), factors = copy(), (n, k) = b.matrixSize
    switch Scalar.scalarType {
    case .float: solve(factors.pointer(Float.self), b.pointer(Float.self), x.pointer(Float.self))
    case .double: solve(factors.pointer(Double.self), b.pointer(Double.self), x.pointer(Double.self))
    }
    return x

    @inline(__always) func solve<T: BinaryFloatingPoint>(
      _ lu: UnsafeMutablePointer<T>, _ b: UnsafeMutablePointer<T>, _ x: UnsafeMutablePointer<T>
    ) {
      withUnsafeTemporaryAllocation(of: Int.self, capacity: n) { rows in
        guard let rows = rows.baseAddress else { return }
        for matrix in 0..<matrixCount {
          let lu = lu + matrix * n * n, b = b + matrix * n * k, x = x + matrix * n * k
          // L and U share the memory of the matrix: the diagonal is U's, that of L is ones and not stored.
          let lower = Triangle(isLower: true, isTransposed: transposed, hasUnitDiagonal: true)
          let upper = Triangle(isLower: false, isTransposed: transposed)
          // The order of the rows that pivoting chooses: row i of P·A is row `rows[i]` of A.
          _ = factorLU(lu, n, rows)  // P·A = L·U, so A·X = B is L·U·X = P·B
          if transposed {
            // Aᵀ = Uᵀ·Lᵀ·P: two systems, and then each row of P·X to its place.
            withUnsafeTemporaryAllocation(of: T.self, capacity: n * k) { unordered in
              guard let unordered = unordered.baseAddress else { return }
              unordered.update(from: b, count: n * k)
              solveTriangle(lu, upper, unordered, n, k)
              solveTriangle(lu, lower, unordered, n, k)
              for i in 0..<n { (x + rows[i] * k).update(from: unordered + i * k, count: k) }
            }
          } else {
            for i in 0..<n { (x + i * k).update(from: b + rows[i] * k, count: k) }
            solveTriangle(lu, lower, x, n, k)
            solveTriangle(lu, upper, x, n, k)
          }
        }
      }
    }
  }

  /// Of each matrix the sign of its determinant, and `ln |det|` or, where asked for, `det`: two arrays in one, (2, …).
  package func determinants(logarithms: Bool) -> NDArray {
    let factors = copy(), n = matrixSize.rows, count = matrixCount
    let y = NDArray(uninitialized: Shape([2] + shape.dimensions.dropLast(2)))
    switch Scalar.scalarType {
    case .float: reduce(factors.pointer(Float.self), y.pointer(Float.self), { Float(log(Double($0))) })
    case .double: reduce(factors.pointer(Double.self), y.pointer(Double.self), { log($0) })
    }
    return y

    /// `ln x`, as the kernels compute it.
    @inline(__always) func log(_ x: Double) -> Double {
      var x = x, y = 0.0
      Kernels.unary(.log, .double, &x, &y, 1)
      return y
    }

    @inline(__always) func reduce<T: BinaryFloatingPoint>(
      _ lu: UnsafeMutablePointer<T>, _ y: UnsafeMutablePointer<T>, _ log: (T) -> T
    ) {
      withUnsafeTemporaryAllocation(of: Int.self, capacity: Swift.max(n, 1)) { rows in
        guard let rows = rows.baseAddress else { return }
        for matrix in 0..<count {
          let lu = lu + matrix * n * n
          // A product of pivots overflows where a sum of their logarithms does not: 400 pivots of 10 have the logarithm 921.
          var sign = factorLU(lu, n, rows), value: T = logarithms ? 0 : sign
          // L has ones on its diagonal: what is left are the pivots, and the sign of the rows' order.
          for i in 0..<n {
            let pivot = lu[i * n + i]
            // A pivot 0 makes the sign 0 and the logarithm −∞; a NaN stays.
            sign *= pivot > 0 ? 1 : pivot < 0 ? -1 : pivot
            value = logarithms ? value + log(pivot.magnitude) : value * pivot
          }
          (y[matrix], y[count + matrix]) = (sign, value)
        }
      }
    }
  }

  /// Rows and columns of each matrix, and how many there are.
  private var matrixSize: (rows: Int, columns: Int) { (shape[shape.rank - 2], shape[shape.rank - 1]) }
  private var matrixCount: Int { shape.count(of: 0..<shape.rank - 2) }

  private func copy() -> NDArray {
    let y = NDArray(uninitialized: shape)
    y.bytes.copyMemory(from: bytes, byteCount: count * MemoryLayout<Scalar>.stride)
    return y
  }
}
