// Products with few rows. They do too little with each element of the right factor for packing to pay: what counts is
// to read it once, in the order of memory.
//
// A row of 1,000 times a matrix of 1,000 × 1,000 does one multiply-add with each element of the matrix, and memory
// delivers fewer elements than a core can multiply. Both orders of the matrix are read as they lie: row by row
// (`sweep_row`), or many columns along at a time (`dot_lines`). Each still sums an element of C over ascending k, in
// chunks of 256, as the micro-kernel does: that is why a row computed alone has the bits that it has among others.

enum {
  /// Up to here a product is one of few rows, if the lines of the right factor run along memory.
  TG(FEW_ROWS) = 4,
  /// Vectors of columns that `dot_lines` sums at the same time. Short ones need two, to cover the latency of the
  /// multiply-adds; of long ones, two would read more streams than the hardware fetches ahead.
  TG(DOT_VECTORS) = TG_VECTOR_BYTES == 64 ? 1 : 2,
  /// Columns that `sweep_row` handles at a time: their sums stay in the first-level cache.
  TG(SWEEP_COLUMNS) = 2048,
};

// Four steps of k for `width` columns, whose sums lie in memory. Four share one load and one store of the sums.
static inline void TG(sweep_four)(
  const SCALAR row[4], const SCALAR *x, size_t ldx, SCALAR *sum, size_t width, bool starts) {
  size_t j = 0;
  for (; j + TG(LANES) <= width; j += TG(LANES)) {
    TG(lanes) s = starts ? (TG(lanes)){0} : *(TG(loose_lanes) *)(sum + j);
#pragma clang loop unroll(full)
    for (size_t p = 0; p < 4; p++)
      s = TG_MULTIPLY_ADD(TG(in_all_lanes)(row[p]), *(const TG(loose_lanes) *)(x + p * ldx + j), s);
    *(TG(loose_lanes) *)(sum + j) = s;
  }
  for (; j < width; j++) {
    SCALAR s = starts ? 0 : sum[j];
    for (size_t p = 0; p < 4; p++) s = TG_MULTIPLY_ADD(row[p], x[p * ldx + j], s);
    sum[j] = s;
  }
}

/// One row times columns that lie side by side (a row-major right factor), with C along memory.
///
/// Sums a strip of C in memory rather than a tile in registers, because the right factor is then read along its rows:
/// long runs, which the hardware fetches ahead.
static void TG(sweep_row)(const TG(MatrixProduct) *product, SCALAR *workspace) {
  const size_t depth = product->depth, row_step = product->left.depth_step, ldx = product->right.depth_step;
  for (size_t j = 0; j < product->columns; j += TG(SWEEP_COLUMNS)) {
    const size_t width = TG(smaller)(product->columns - j, TG(SWEEP_COLUMNS));
    SCALAR *const c = product->c + j;
    for (size_t chunk = 0; chunk < depth; chunk += TG(CHUNK)) {
      const size_t end = TG(smaller)(depth, chunk + TG(CHUNK));
      SCALAR *const sum = chunk == 0 ? c : workspace;
      size_t p = chunk;
      for (; p + 4 <= end; p += 4) {
        const SCALAR *const row = product->left.data + p * row_step;
        const SCALAR four[4] = {row[0], row[row_step], row[2 * row_step], row[3 * row_step]};
        TG(sweep_four)(four, product->right.data + p * ldx + j, ldx, sum, width, p == chunk);
      }
      for (; p < end; p++) {
        const SCALAR one = product->left.data[p * row_step], *const x = product->right.data + p * ldx + j;
        for (size_t i = 0; i < width; i++) sum[i] = TG_MULTIPLY_ADD(one, x[i], p == chunk ? 0 : sum[i]);
      }
      if (chunk > 0)
        for (size_t i = 0; i < width; i++) c[i] += sum[i];
    }
  }
}

/// A column times a row, (m, 1)·(1, n), from a whole vector of columns on: each element is a sum of one product, and a tile
/// would be loaded and left for one multiply-add each. The last vector overlaps the one before.
static void TG(multiply_outer)(const TG(MatrixProduct) *product) {
  const SCALAR *const row = product->right.data;
  const size_t end = product->columns - TG(LANES);
  for (size_t i = 0; i < product->rows; i++) {
    const TG(lanes) factor = TG(in_all_lanes)(*TG(factor_from)(product->left, i, 0).data), zero = {0};
    SCALAR *const c = product->c + i * product->c_row_step;
    for (size_t j = 0; j < end; j += TG(LANES))
      *(TG(loose_lanes) *)(c + j) = TG_MULTIPLY_ADD(factor, *(const TG(loose_lanes) *)(row + j), zero);
    *(TG(loose_lanes) *)(c + end) = TG_MULTIPLY_ADD(factor, *(const TG(loose_lanes) *)(row + end), zero);
  }
}

// Continues the sums of `row_count` left lines and LANES right ones by `runs` times GROUP elements from p on.
static inline __attribute__((always_inline)) void TG(add_dots)(
  const size_t row_count, const size_t runs, TG(Factor) left, const SCALAR *const lines[], size_t p, TG(lanes) sum[]) {
  TG(lanes) turned[TG(LANES)];
  TG(turn)(lines, p, runs, turned);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < runs * TG(GROUP); t++)
#pragma clang loop unroll(full)
    for (size_t r = 0; r < row_count; r++)
      sum[r] = TG_MULTIPLY_ADD(TG(in_all_lanes)(*TG(factor_from)(left, r, t).data), turned[t], sum[r]);
}

// Rows times `vector_count` vectors of columns from column j on; with constant counts, the sums are in registers.
static inline __attribute__((always_inline)) void TG(dot_panel)(
  const size_t row_count, const size_t vector_count, const TG(MatrixProduct) *product, size_t j) {
  const TG(Factor) left = product->left;
  const size_t depth = product->depth, column_count = TG(smaller)(product->columns - j, vector_count * TG(LANES));
  const SCALAR *lines[TG(DOT_VECTORS)][TG(LANES)];
  for (size_t v = 0; v < vector_count; v++)
    TG(find_lines)(
      TG(factor_from)(product->right, j + v * TG(LANES), 0), column_count - v * TG(LANES), lines[v]);

  for (size_t chunk = 0; chunk < depth; chunk += TG(CHUNK)) {
    const size_t end = TG(smaller)(depth, chunk + TG(CHUNK));
    TG(lanes) sum[TG(DOT_VECTORS)][TG(FEW_ROWS)];
    for (size_t v = 0; v < vector_count; v++)
      for (size_t r = 0; r < row_count; r++) sum[v][r] = (TG(lanes)){0};
    size_t p = chunk;
    for (; p + TG(LANES) <= end; p += TG(LANES))
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vector_count; v++)
        TG(add_dots)(row_count, TG(LANES) / TG(GROUP), TG(factor_from)(left, 0, p), lines[v], p, sum[v]);
    for (; p + TG(GROUP) <= end; p += TG(GROUP))
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vector_count; v++)
        TG(add_dots)(row_count, 1, TG(factor_from)(left, 0, p), lines[v], p, sum[v]);
    for (; p < end; p++)
      for (size_t v = 0; v < vector_count; v++)
        for (size_t r = 0; r < row_count; r++)
          sum[v][r] = TG_MULTIPLY_ADD(
            TG(in_all_lanes)(*TG(factor_from)(left, r, p).data), TG(gather)(lines[v], p), sum[v][r]);

    for (size_t r = 0; r < row_count; r++)
      for (size_t i = 0; i < column_count; i++) {
        SCALAR *const c = product->c + r * product->c_row_step + (j + i) * product->c_column_step;
        const SCALAR added = sum[i / TG(LANES)][r][i % TG(LANES)];
        *c = chunk == 0 ? added : *c + added;
      }
  }
}

/// Up to FEW_ROWS rows times columns that run along memory (a transposed right factor): dot products.
///
/// k has to ascend within every element, so lanes hold different columns; they are transposed in registers on the way.
static void TG(dot_lines)(const TG(MatrixProduct) *product) {
#define TG_DOT_ROWS(count) \
  case count: \
    if (product->columns - j <= TG(LANES)) TG(dot_panel)(count, 1, product, j); \
    else TG(dot_panel)(count, TG(DOT_VECTORS), product, j); \
    break;
  for (size_t j = 0; j < product->columns; j += TG(DOT_VECTORS) * TG(LANES))
    switch (product->rows) { TG_DOT_ROWS(1) TG_DOT_ROWS(2) TG_DOT_ROWS(3) TG_DOT_ROWS(4) }
#undef TG_DOT_ROWS
}

/// One long dot product: lanes hold chunks of k, which are independent sums.
///
///   k = 1,000:  lane 0 sums 0…255, lane 1 256…511, lane 2 512…767; then 768…999 one by one; at last the four sums
static SCALAR TG(dot)(const SCALAR *x, const SCALAR *y, size_t k) {
  SCALAR total = 0;
  size_t p = 0;
  while (k - p >= TG(CHUNK)) {
    const size_t chunks = TG(smaller)((k - p) / TG(CHUNK), TG(LANES));
    const SCALAR *x_chunks[TG(LANES)], *y_chunks[TG(LANES)];
    TG(find_lines)((TG(Factor)){x + p, TG(CHUNK), 1, NULL}, chunks, x_chunks);
    TG(find_lines)((TG(Factor)){y + p, TG(CHUNK), 1, NULL}, chunks, y_chunks);
    TG(lanes) sum = {0};
    for (size_t q = 0; q < TG(CHUNK); q += TG(GROUP)) {
      TG(lanes) x_turned[TG(GROUP)], y_turned[TG(GROUP)];
      TG(turn)(x_chunks, q, 1, x_turned);
      TG(turn)(y_chunks, q, 1, y_turned);
#pragma clang loop unroll(full)
      for (size_t t = 0; t < TG(GROUP); t++) sum = TG_MULTIPLY_ADD(x_turned[t], y_turned[t], sum);
    }
    for (size_t i = 0; i < chunks; i++, p += TG(CHUNK)) total = p == 0 ? sum[i] : total + sum[i];
  }
  if (p < k) {
    SCALAR sum = 0;
    const size_t start = p;
    for (; p < k; p++) sum = TG_MULTIPLY_ADD(x[p], y[p], sum);
    total = start == 0 ? sum : total + sum;
  }
  return total;
}
