static void TG(reduce)(TGReduction operation, const SCALAR *x, SCALAR *y, size_t outer, size_t length, size_t inner) {
  for (size_t o = 0; o < outer; o++)
    for (size_t i = 0; i < inner; i++) {
      const SCALAR *p = x + o * length * inner + i;
      SCALAR r = operation == TGReductionSum ? 0 : p[0];
      for (size_t k = 0; k < length; k++) {
        SCALAR v = p[k * inner];
        r = operation == TGReductionSum ? r + v : r != r ? r : operation == TGReductionMaximum ? (v <= r ? r : v) : (v >= r ? r : v);
      }
      y[o * inner + i] = r;
    }
}
static void TG(log_sum_exp)(const SCALAR *x, SCALAR *maximum, SCALAR *remainder, size_t outer, size_t length, size_t inner) {
  TG(reduce)(TGReductionMaximum, x, maximum, outer, length, inner);
  for (size_t o = 0; o < outer; o++)
    for (size_t i = 0; i < inner; i++) {
      SCALAR largest = maximum[o * inner + i]; double rest = 0; bool seen = false;
      for (size_t k = 0; k < length; k++) {
        SCALAR v = x[(o * length + k) * inner + i];
        if (!seen && v == largest) seen = true; else rest += exp((double)v - (double)largest);
      }
      remainder[o * inner + i] = isinf(largest) ? 0 : (SCALAR)log1p(rest);
    }
}
