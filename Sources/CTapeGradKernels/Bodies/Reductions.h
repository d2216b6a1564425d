// Sums, extremes, and the logarithm of a sum of exponentials.
//
// x has the shape (outer, length, inner), and the middle axis is reduced. Of a matrix (3, 4): along the rows (axis 1)
// it is (3, 4, 1), the elements of a sum are neighbors, and FoldRow.h does it; down the columns (axis 0) it is (1, 3,
// 4), and FoldColumns.h does it.

// `columns` of the `inner` are done, from `first` on: threads that have no outer axis to share do some of them each.
INLINE void TG(reduce_by)(
  TG(Fold) fold, const SCALAR *x, SCALAR *y, size_t outer, size_t length, size_t inner, size_t first, size_t columns) {
  const SCALAR *const end = x + outer * length * inner;
  if (inner == 1) {
    for (size_t o = 0; o < outer; o++) y[o] = TG(fold_row)(fold, x + o * length, length, end, 0);
    return;
  }
  TG(FoldSpace) space;
  const TG(Strips) strips = TG(strips)(columns);
  for (size_t o = 0; o < outer; o++)
    for (size_t s = 0; s < strips.count; s++) {
      const size_t start = first + TG(strip_start)(strips, s, columns);
      TG(fold_columns)
      (fold, x + o * length * inner + start, end, length, inner, strips.width, NULL, y + o * inner + start, &space);
    }
}

static void TG(reduce)(
  TGReduction function, const SCALAR *x, SCALAR *y, size_t outer, size_t length, size_t inner, size_t first,
  size_t columns) {
#define TG_REDUCTION_CASE_OF(name, ...) \
  case TGReduction##name: TG(reduce_by)(TG(name), x, y, outer, length, inner, first, columns); break;
  switch (function) { TG_REDUCTIONS(TG_REDUCTION_CASE_OF) }
#undef TG_REDUCTION_CASE_OF
}

// Σ exp(x − maximum) without one largest element: the others below it, and a 1 for each that ties with it.
INLINE SCALAR TG(sum_but_one)(SCALAR maximum, SCALAR below, SCALAR ties) {
  return maximum == INFINITY || maximum == -INFINITY ? 0 : below + (ties - 1);
}

// Three passes: the maximum, how often it occurs, the exponentials of the others.
//
//   1000, 1000, −1000:  maximum 1000, ties 2, others e^−2000 = 0;  remainder = ln(1 + (0 + (2 − 1))) = ln 2
//
// Leaving one largest element out of the sum, as a 1 that only log1p adds, keeps the digits of a small rest: for 0 and
// −40 the remainder is 4.2·10⁻¹⁸, where ln(1 + 4.2·10⁻¹⁸) of a rounded sum would be 0.
static void TG(log_sum_exp)(
  const SCALAR *x, SCALAR *maximum, SCALAR *remainder, size_t outer, size_t length, size_t inner) {
  const SCALAR *const end = x + outer * length * inner;
  if (inner == 1) {
    for (size_t o = 0; o < outer; o++) {
      const SCALAR *row = x + o * length;
      maximum[o] = TG(fold_row)(TG(Maximum), row, length, end, 0);
      const SCALAR ties = TG(fold_row)(TG(Ties), row, length, end, maximum[o]);
      remainder[o] = TG(sum_but_one)(maximum[o], TG(fold_row)(TG(ExpBelow), row, length, end, maximum[o]), ties);
    }
  } else {
    TG(FoldSpace) space;
    SCALAR ties[TG(MOST_COLUMNS)];
    const TG(Strips) strips = TG(strips)(inner);
    for (size_t o = 0; o < outer; o++)
      for (size_t s = 0; s < strips.count; s++) {
        const size_t start = TG(strip_start)(strips, s, inner), width = strips.width;
        const SCALAR *columns = x + o * length * inner + start;
        SCALAR *most = maximum + o * inner + start, *rest = remainder + o * inner + start;
        TG(fold_columns)(TG(Maximum), columns, end, length, inner, width, NULL, most, &space);
        TG(fold_columns)(TG(Ties), columns, end, length, inner, width, most, ties, &space);
        TG(fold_columns)(TG(ExpBelow), columns, end, length, inner, width, most, rest, &space);
        for (size_t i = 0; i < width; i++) rest[i] = TG(sum_but_one)(most[i], rest[i], ties[i]);
      }
  }
  TG(unary)(TGUnaryLog1p, remainder, remainder, outer * inner, 0);
}
