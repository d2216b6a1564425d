internal import CTapeGradKernels

/// The C kernels, called with the scalar type as a value: the one place where Swift calls the two sets of C functions.
///
/// Everything above is generic over the scalar type without being specialised for it. Bytes go in and out, since a
/// pointer type that depends on a generic parameter costs a look-up of its metadata at each call.
package enum Kernels {
  // Shapes and bounds are the callers' to check: here are pointers and counts of elements. An element-wise
  // result may lie where an operand of its shape lies.
  package typealias Input = UnsafeRawPointer
  package typealias Output = UnsafeMutableRawPointer

  /// `y = f(x)`, with the number `c` where the operation takes one.
  /// For n contiguous elements.
  package static func unary(_ f: UnaryFunction, _ type: ScalarType, _ x: Input, _ y: Output, _ n: Int, _ c: Double = 0)
  {
    switch type {
    case .float: tg_unary_f32(f, x.floats, y.floats, n, Float(c))
    case .double: tg_unary_f64(f, x.doubles, y.doubles, n, c)
    }
  }

  /// `y = f(a, b)` on a grid of `rows × columns`, each operand read with its strides.
  /// A stride of (0, 1) with one row is a contiguous array; (0, 0) a number for all; (1, 0) a number for each row. So a
  /// column (3, 1) and a row (1, 4) meet on a grid of 3 × 4 with strides (1, 0) and (0, 1).
  package static func binary(
    _ f: BinaryFunction, _ type: ScalarType, _ a: Input, _ aStrides: (Int, Int), _ b: Input, _ bStrides: (Int, Int),
    _ y: Output, rows: Int, columns: Int
  ) {
    switch type {
    case .float:
      tg_binary_f32(
        f, a.floats, aStrides.0, aStrides.1, b.floats, bStrides.0, bStrides.1, y.floats, rows, columns)
    case .double:
      tg_binary_f64(
        f, a.doubles, aStrides.0, aStrides.1, b.doubles, bStrides.0, bStrides.1, y.doubles, rows, columns)
    }
  }

  /// `y = mask ≠ 0 ? a : b`.
  package static func select(_ type: ScalarType, _ mask: Input, _ a: Input, _ b: Input, _ y: Output, _ n: Int) {
    switch type {
    case .float: tg_select_f32(mask.floats, a.floats, b.floats, y.floats, n)
    case .double: tg_select_f64(mask.doubles, a.doubles, b.doubles, y.doubles, n)
    }
  }

  /// Copies an array element by element, both sides read with strides.
  /// So a transpose, a broadcast (stride 0), a slice and a flip (negative stride) are one kernel.
  package static func copy(
    _ shape: Shape, _ type: ScalarType, _ x: Input, strides xStrides: AxisVector<Int>, to y: Output,
    strides yStrides: AxisVector<Int>
  ) {
    if shape.count == 0 { return }
    let lengths = AxisVector(rank: shape.rank) { shape[$0] }
    lengths.withUnsafePointer { lengths in
      xStrides.withUnsafePointer { xStrides in
        yStrides.withUnsafePointer { yStrides in
          switch type {
          case .float: tg_copy_f32(x.floats, xStrides, y.floats, yStrides, lengths, shape.rank)
          case .double: tg_copy_f64(x.doubles, xStrides, y.doubles, yStrides, lengths, shape.rank)
          }
        }
      }
    }
  }

  /// Rows of x added to rows of y, of which neighboring elements are `columnStep` apart.
  static func addRows(
    _ type: ScalarType, _ x: Input, step xStep: Int, to y: Output, step yStep: Int, columnStep: Int, rows: Int,
    columns: Int
  ) {
    switch type {
    case .float: tg_add_rows_f32(x.floats, xStep, y.floats, yStep, columnStep, rows, columns)
    case .double: tg_add_rows_f64(x.doubles, xStep, y.doubles, yStep, columnStep, rows, columns)
    }
  }

  /// `y = value`.
  package static func fill(_ value: Double, _ type: ScalarType, _ y: Output, _ n: Int) {
    switch type {
    case .float: tg_fill_f32(Float(value), y.floats, n)
    case .double: tg_fill_f64(value, y.doubles, n)
    }
  }

  /// A share of `C = op(A)·op(B)`, all contiguous, `(m, k)·(k, n)`: some of the columns of C; or of its rows, where it has
  /// more of them, or too few columns to share. Each share has a workspace of its own, as large as the whole product's. The
  /// bits do not depend on the number of shares.
  package static func matrixProduct(
    _ type: ScalarType, _ a: Input, transposed aTransposed: Bool, _ b: Input, transposed bTransposed: Bool,
    _ c: Output, m: Int, k: Int, n: Int, workspace: Output, share: Share = .whole
  ) {
    // Columns are cut at multiples of 32, the width of the widest micro-kernel. Where
    // there are fewer than two such for each share, rows are shared instead.
    let sharesRows = m > n || n < 64 * share.count && m >= 4 * share.count
    let rows = sharesRows ? share.part(of: m) : 0..<m
    let columns = sharesRows ? 0..<n : share.part(of: n, unit: 32)
    matrixProduct(
      type, a, transposed: aTransposed, b, transposed: bTransposed,
      c + (rows.lowerBound * n + columns.lowerBound) * type.byteCount, rowStep: n, m: m, k: k, n: n, rows: rows,
      columns: columns, workspace: workspace)
  }

  /// Some rows and columns of `op(A)·op(B)`, `(m, k)·(k, n)`, at `c`, where neighboring rows are `rowStep` apart; plus, in
  /// each row, a number from `added`.
  package static func matrixProduct(
    _ type: ScalarType, _ a: Input, transposed aTransposed: Bool, _ b: Input, transposed bTransposed: Bool,
    _ c: Output, rowStep: Int, m: Int, k: Int, n: Int, rows: Range<Int>, columns: Range<Int>,
    adding added: (start: Input, step: Int)? = nil, workspace: Output
  ) {
    let lda = aTransposed ? m : k, ldb = bTransposed ? k : n
    let a = a + rows.lowerBound * (aTransposed ? 1 : lda) * type.byteCount
    let b = b + columns.lowerBound * (bTransposed ? ldb : 1) * type.byteCount
    matrixProduct(
      type, a, lda, aTransposed, b, ldb, bTransposed, c, rowStep, m: rows.count, k: k, n: columns.count,
      adding: added.map { ($0.start + rows.lowerBound * $0.step * type.byteCount, $0.step) }, workspace: workspace)
  }

  /// `A·B`, `(m, k)·(k, n)`, where neighboring rows of B, and of C, are so far apart.
  static func matrixProduct(
    _ type: ScalarType, _ a: Input, _ b: Input, rowStep ldb: Int, _ c: Output, rowStep ldc: Int, m: Int, k: Int, n: Int,
    workspace: Output
  ) {
    matrixProduct(type, a, k, false, b, ldb, false, c, ldc, m: m, k: k, n: n, workspace: workspace)
  }

  /// `A·P`, where row p of P begins in a copy of images at `starts[p]`; written to C, or added to it.
  static func matrixProduct(
    _ type: ScalarType, _ a: Input, rowStep lda: Int, _ images: Input, _ starts: ArraySlice<Int>, _ c: Output,
    rowStep ldc: Int, adding: Bool, m: Int, n: Int, workspace: Output
  ) {
    starts.withUnsafeBufferPointer { list in
      guard let starts = list.baseAddress, !list.isEmpty else {
        // An empty sum.
        for row in 0..<m where !adding { fill(0, type, c + row * ldc * type.byteCount, n) }
        return
      }
      switch type {
      case .float:
        tg_matmul_patches_f32(
          a.floats, lda, images.floats, starts, c.floats, ldc, adding, m, list.count, n, workspace.floats)
      case .double:
        tg_matmul_patches_f64(
          a.doubles, lda, images.doubles, starts, c.doubles, ldc, adding, m, list.count, n, workspace.doubles)
      }
    }
  }

  /// The product as C does it, with the distances between rows in memory.
  private static func matrixProduct(
    _ type: ScalarType, _ a: Input, _ lda: Int, _ aTransposed: Bool, _ b: Input, _ ldb: Int, _ bTransposed: Bool,
    _ c: Output, _ ldc: Int, m: Int, k: Int, n: Int, adding added: (start: Input, step: Int)? = nil, workspace: Output
  ) {
    // The leading dimensions (`lda`, `ldb`, `ldc`) are in elements, as in BLAS. With k = 0 there is work: C becomes 0.
    if m == 0 || n == 0 { return }
    switch type {
    case .float:
      tg_matmul_f32(
        a.floats, lda, aTransposed, b.floats, ldb, bTransposed, c.floats, ldc, m, k, n, added?.start.floats,
        added?.step ?? 0, workspace.floats)
    case .double:
      tg_matmul_f64(
        a.doubles, lda, aTransposed, b.doubles, ldb, bTransposed, c.doubles, ldc, m, k, n, added?.start.doubles,
        added?.step ?? 0, workspace.doubles)
    }
  }

  /// How many elements of workspace a matrix product needs.
  package static func matrixProductWorkspace(
    _ type: ScalarType, m: Int, k: Int, n: Int, _ aTransposed: Bool, _ bTransposed: Bool
  ) -> Int {
    switch type {
    case .float: tg_matmul_workspace_f32(m, k, n, aTransposed, bTransposed)
    case .double: tg_matmul_workspace_f64(m, k, n, aTransposed, bTransposed)
    }
  }

  /// `y = x` in another scalar type, rounded to nearest.
  package static func convert(_ x: Input, _ type: ScalarType, to y: Output, _ target: ScalarType, _ n: Int) {
    switch (type, target) {
    case (.float, .double): for i in 0..<n { y.doubles[i] = Double(x.floats[i]) }
    case (.double, .float): for i in 0..<n { y.floats[i] = Float(x.doubles[i]) }
    case (.float, .float), (.double, .double): y.copyMemory(from: x, byteCount: n * type.byteCount)
    }
  }

  /// Whether all elements are equal.
  /// NaN differs from itself, 0 equals −0.
  package static func areEqual(_ type: ScalarType, _ a: Input, _ b: Input, _ n: Int) -> Bool {
    switch type {
    case .float: (0..<n).allSatisfy { a.floats[$0] == b.floats[$0] }
    case .double: (0..<n).allSatisfy { a.doubles[$0] == b.doubles[$0] }
    }
  }
}

extension UnsafeRawPointer {
  var floats: UnsafePointer<Float> { assumingMemoryBound(to: Float.self) }
  var doubles: UnsafePointer<Double> { assumingMemoryBound(to: Double.self) }
}

extension UnsafeMutableRawPointer {
  var floats: UnsafeMutablePointer<Float> { assumingMemoryBound(to: Float.self) }
  var doubles: UnsafeMutablePointer<Double> { assumingMemoryBound(to: Double.self) }
}

/// The instruction set whose kernels run: "baseline", "avx2", "avx512" or "neon".
///
/// The environment variable `TAPEGRAD_INSTRUCTION_SET` forces a lower one than the machine has. It is read once, at the
/// first operation; a name that the machine cannot run is passed over, with a line on standard error.
public var instructionSet: String { String(cString: tg_instruction_set()) }
