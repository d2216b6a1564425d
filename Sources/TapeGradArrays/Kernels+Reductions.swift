internal import CTapeGradKernels

// Folds of the middle axis of x, read as (outer, length, inner): of a matrix (3, 4), rows are (3, 4, 1), columns (1, 3, 4).

extension Kernels {
  /// Reduces the middle axis of `(outer, length, inner)`.
  /// Shape (2, 3, 4) along axis 1 is outer 2, length 3, inner 4. Along the last axis inner is 1; all elements at once are
  /// outer 1, inner 1.
  package static func reduce(
    _ f: Reduction, _ type: ScalarType, _ x: Input, _ y: Output, outer: Int, length: Int, inner: Int,
    share: Share = .whole
  ) {
    var (rows, columns) = (0..<outer, 0..<inner)
    // Columns are shared in whole vectors, where there are not enough of the outer axis.
    if outer < share.count, inner % 16 == 0 {
      columns = share.part(of: inner, unit: 16)
    } else {
      rows = share.part(of: outer)
    }
    if rows.isEmpty || columns.isEmpty { return }
    let x = x + rows.lowerBound * length * inner * type.byteCount
    let y = y + rows.lowerBound * inner * type.byteCount
    switch type {
    case .float:
      tg_reduce_f32(f, x.floats, y.floats, rows.count, length, inner, columns.lowerBound, columns.count)
    case .double:
      tg_reduce_f64(f, x.doubles, y.doubles, rows.count, length, inner, columns.lowerBound, columns.count)
    }
  }

  /// `log Σ exp` over the middle axis, in two parts.
  /// `maximum = max x` and `remainder = ln Σ exp(x − max x)`, each (outer, inner).
  package static func logSumExp(
    _ type: ScalarType, _ x: Input, _ maximum: Output, _ remainder: Output, outer: Int, length: Int, inner: Int
  ) {
    switch type {
    case .float: tg_log_sum_exp_f32(x.floats, maximum.floats, remainder.floats, outer, length, inner)
    case .double: tg_log_sum_exp_f64(x.doubles, maximum.doubles, remainder.doubles, outer, length, inner)
    }
  }
}
