// Products with few rows. They do too little with each element of the right factor for packing to pay: what counts is
// to read it once, in the order of memory.

enum {
  /// The chunk of k whose products are summed before they are added to C.
  TG(CHUNK) = 256,
  /// Up to here a product is one of few rows, if the lines of the right factor run along memory.
  TG(FEW_ROWS) = 4,
  /// Vectors of lines that `dot_lines` sums at the same time, to cover the latency of the multiply-adds.
  TG(DOT_VECTORS) = 2,
  /// Columns that `sweep_row` handles at a time: their sums stay in the first-level cache.
  TG(SWEEP_COLUMNS) = 2048,
};

/// One row times a row-major matrix: `c[j] = Σ row[p·row_step] · x[p·ldx + j]` for j < n.
///
/// Sums a strip of C in memory rather than a tile in registers, because x is then read along its rows: long runs, which
/// the hardware fetches ahead. Four rows a pass share the load and the store of the sums.
static void TG(sweep_row)(
  const SCALAR *row, size_t row_step, const SCALAR *x, size_t ldx, SCALAR *c, size_t k, size_t n, SCALAR *workspace) {
  for (size_t j0 = 0; j0 < n; j0 += TG(SWEEP_COLUMNS), x += TG(SWEEP_COLUMNS), c += TG(SWEEP_COLUMNS)) {
    const size_t width = n - j0 < TG(SWEEP_COLUMNS) ? n - j0 : TG(SWEEP_COLUMNS);
    for (size_t p0 = 0; p0 < k; p0 += TG(CHUNK)) {
      const size_t end = k - p0 < TG(CHUNK) ? k : p0 + TG(CHUNK);
      SCALAR *const sum = p0 == 0 ? c : workspace;
      for (size_t p = p0; p < end;) {
        const SCALAR *const x0 = x + p * ldx, *const r = row + p * row_step;
        const bool starts = p == p0;
        size_t j = 0;
        if (p + 4 <= end) {
          const SCALAR *const x1 = x0 + ldx, *const x2 = x1 + ldx, *const x3 = x2 + ldx;
          const SCALAR r0 = r[0], r1 = r[row_step], r2 = r[2 * row_step], r3 = r[3 * row_step];
          for (; j + TG(LANES) <= width; j += TG(LANES)) {
            TG(lanes) s = starts ? (TG(lanes)){0} : *(TG(loose_lanes) *)(sum + j);
            s = TG_MULTIPLY_ADD(TG(in_all_lanes)(r0), *(const TG(loose_lanes) *)(x0 + j), s);
            s = TG_MULTIPLY_ADD(TG(in_all_lanes)(r1), *(const TG(loose_lanes) *)(x1 + j), s);
            s = TG_MULTIPLY_ADD(TG(in_all_lanes)(r2), *(const TG(loose_lanes) *)(x2 + j), s);
            s = TG_MULTIPLY_ADD(TG(in_all_lanes)(r3), *(const TG(loose_lanes) *)(x3 + j), s);
            *(TG(loose_lanes) *)(sum + j) = s;
          }
          for (; j < width; j++) {
            SCALAR s = starts ? 0 : sum[j];
            s = TG_MULTIPLY_ADD(r0, x0[j], s);
            s = TG_MULTIPLY_ADD(r1, x1[j], s);
            s = TG_MULTIPLY_ADD(r2, x2[j], s);
            sum[j] = TG_MULTIPLY_ADD(r3, x3[j], s);
          }
          p += 4;
        } else {
          for (; j < width; j++) sum[j] = TG_MULTIPLY_ADD(r[0], x0[j], starts ? 0 : sum[j]);
          p += 1;
        }
      }
      if (p0 > 0)
        for (size_t j = 0; j < width; j++) c[j] += sum[j];
    }
  }
}

// DOT_VECTORS (or one) vectors of right lines times `row_count` left lines; with constant counts, all in registers.
static inline __attribute__((always_inline)) void TG(dot_panel)(
  const size_t row_count, const size_t vector_count, TG(Factor) left, TG(Factor) right, SCALAR *c, size_t c_row,
  size_t c_column, size_t k, size_t count) {
  const SCALAR *lines[TG(DOT_VECTORS)][TG(LANES)];
  for (size_t v = 0; v < vector_count; v++)
    TG(find_lines)(TG(factor_from)(right, v * TG(LANES), 0), count - v * TG(LANES), lines[v]);
  for (size_t p0 = 0; p0 < k; p0 += TG(CHUNK)) {
    const size_t end = k - p0 < TG(CHUNK) ? k : p0 + TG(CHUNK);
    TG(lanes) sum[TG(FEW_ROWS)][TG(DOT_VECTORS)];
    for (size_t r = 0; r < row_count; r++)
      for (size_t v = 0; v < vector_count; v++) sum[r][v] = (TG(lanes)){0};
    size_t p = p0;
    for (; p + TG(GROUP) <= end; p += TG(GROUP))
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vector_count; v++) {
        TG(lanes) turned[TG(GROUP)];
        TG(turn)(lines[v], p, turned);
#pragma clang loop unroll(full)
        for (size_t t = 0; t < TG(GROUP); t++)
#pragma clang loop unroll(full)
          for (size_t r = 0; r < row_count; r++)
            sum[r][v] = TG_MULTIPLY_ADD(
              TG(in_all_lanes)(left.data[r * left.line_step + (p + t) * left.depth_step]), turned[t], sum[r][v]);
      }
    for (; p < end; p++)
      for (size_t v = 0; v < vector_count; v++) {
        TG(lanes) x;
        for (size_t i = 0; i < TG(LANES); i++) x[i] = lines[v][i][p];
        for (size_t r = 0; r < row_count; r++)
          sum[r][v] = TG_MULTIPLY_ADD(
            TG(in_all_lanes)(left.data[r * left.line_step + p * left.depth_step]), x, sum[r][v]);
      }
    for (size_t r = 0; r < row_count; r++) {
      const SCALAR *const sums = (const SCALAR *)sum[r];
      for (size_t j = 0; j < vector_count * TG(LANES) && j < count; j++) {
        SCALAR *const target = c + r * c_row + j * c_column;
        *target = p0 == 0 ? sums[j] : *target + sums[j];
      }
    }
  }
}

/// Few rows times lines that run along memory (a transposed right factor): each element of C is a dot product.
///
/// k has to ascend within every element, so lanes hold different lines; they are turned over in registers on the way.
#define TG_DOT_ROWS(count) \
  case count: \
    if (rest > TG(LANES)) \
      TG(dot_panel)(count, TG(DOT_VECTORS), left, here, target, c_row, c_column, k, rest); \
    else TG(dot_panel)(count, 1, left, here, target, c_row, c_column, k, rest); \
    break;
static void TG(dot_lines)(
  TG(Factor) left, TG(Factor) right, SCALAR *c, size_t c_row, size_t c_column, size_t rows, size_t k, size_t columns) {
  for (size_t j = 0; j < columns; j += TG(DOT_VECTORS) * TG(LANES)) {
    const size_t rest = columns - j;
    const TG(Factor) here = TG(factor_from)(right, j, 0);
    SCALAR *const target = c + j * c_column;
    switch (rows) { TG_DOT_ROWS(1) TG_DOT_ROWS(2) TG_DOT_ROWS(3) TG_DOT_ROWS(4) }
  }
}
#undef TG_DOT_ROWS
