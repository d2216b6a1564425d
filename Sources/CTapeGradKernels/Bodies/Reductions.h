// Sums, extremes, and the logarithm of a sum of exponentials.

INLINE void TG(reduce_by)(TG(Fold) fold, const SCALAR *x, SCALAR *y, size_t outer, size_t length, size_t inner) {
  const SCALAR *const end = x + outer * length * inner;
  if (inner == 1) {
    for (size_t o = 0; o < outer; o++) y[o] = TG(fold_row)(fold, x + o * length, length, end, 0);
    return;
  }
  TG(FoldSpace) space;
  const TG(Strips) strips = TG(strips)(inner);
  for (size_t o = 0; o < outer; o++)
    for (size_t s = 0; s < strips.count; s++) {
      const size_t start = TG(strip_start)(strips, s, inner);
      TG(fold_columns)
      (fold, x + o * length * inner + start, end, length, inner, strips.width, NULL, y + o * inner + start, &space);
    }
}

static void TG(reduce)(TGReduction operation, const SCALAR *x, SCALAR *y, size_t outer, size_t length, size_t inner) {
  switch (operation) {
    case TGReductionSum: TG(reduce_by)(TG(Sum), x, y, outer, length, inner); break;
    case TGReductionMaximum: TG(reduce_by)(TG(Maximum), x, y, outer, length, inner); break;
    case TGReductionMinimum: TG(reduce_by)(TG(Minimum), x, y, outer, length, inner); break;
  }
}

// Σ exp(x − maximum) without one largest element: the others below it, and a 1 for each that ties with it.
INLINE SCALAR TG(sum_but_one)(SCALAR maximum, SCALAR below, SCALAR ties) {
  return maximum == INFINITY || maximum == -INFINITY ? 0 : below + (ties - 1);
}

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
