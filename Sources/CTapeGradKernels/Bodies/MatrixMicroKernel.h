// The innermost loop of the matrix product: one tile of C, kept in registers while one chunk of k runs.

typedef SCALAR TG(lanes) __attribute__((vector_size(TG_VECTOR_BYTES), may_alias));
// The same vector at any address that suits one element.
typedef SCALAR TG(loose_lanes) __attribute__((vector_size(TG_VECTOR_BYTES), aligned(sizeof(SCALAR)), may_alias));

enum { TG(LANES) = TG_VECTOR_BYTES / sizeof(SCALAR), TG(TILE_COLUMNS) = TG_TILE_VECTORS * TG(LANES) };

/// The work of one call: `c[r, j] (+)= Σ over p < depth of rows[p·rows_step + r] · columns[p·columns_step + j]`.
typedef struct {
  const SCALAR *rows;
  size_t rows_step;
  const SCALAR *columns;
  size_t columns_step;
  size_t depth;
  SCALAR *c;
  size_t ldc;
  /// Whether the chunk is added to C, or is the first one and replaces it.
  bool accumulate;
} TG(TileWork);

// With constant arguments every loop but the one over p unrolls, and `sum` lives in registers.
static inline __attribute__((always_inline)) void TG(multiply_tile)(
  const size_t row_count, const size_t vector_count, const TG(TileWork) work) {
  TG(lanes) sum[TG_TILE_ROWS][TG_TILE_VECTORS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < row_count; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vector_count; v++) sum[r][v] = (TG(lanes)){0};

  const SCALAR *row = work.rows, *column = work.columns;
#pragma clang loop unroll(disable)
  for (size_t p = 0; p < work.depth; p++, row += work.rows_step, column += work.columns_step) {
    TG(lanes) b[TG_TILE_VECTORS];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vector_count; v++) b[v] = ((const TG(loose_lanes) *)column)[v];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < row_count; r++) {
      const TG(lanes) a = row[r] - (TG(lanes)){0};
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vector_count; v++) {
#ifdef TG_FMA
        sum[r][v] = __builtin_elementwise_fma(a, b[v], sum[r][v]);
#else
        sum[r][v] += a * b[v];
#endif
      }
    }
  }

#pragma clang loop unroll(full)
  for (size_t r = 0; r < row_count; r++)
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vector_count; v++) {
      TG(loose_lanes) *c = (TG(loose_lanes) *)(work.c + r * work.ldc) + v;
      *c = work.accumulate ? *c + sum[r][v] : sum[r][v];
    }
}

// One instance for each height: a last panel of few rows costs what it computes. (Rows above the tile's are dropped by
// the compiler.)
#define TG_ROWS_CASE(count) \
  case count: \
    if (count <= TG_TILE_ROWS) TG(multiply_tile)(count, vector_count, work); \
    break;
static inline __attribute__((always_inline)) void TG(multiply_tile_of_width)(
  size_t row_count, const size_t vector_count, const TG(TileWork) work) {
  switch (row_count) {
    TG_ROWS_CASE(1) TG_ROWS_CASE(2) TG_ROWS_CASE(3) TG_ROWS_CASE(4) TG_ROWS_CASE(5) TG_ROWS_CASE(6) TG_ROWS_CASE(7)
    TG_ROWS_CASE(8) TG_ROWS_CASE(9) TG_ROWS_CASE(10) TG_ROWS_CASE(11) TG_ROWS_CASE(12) TG_ROWS_CASE(13) TG_ROWS_CASE(14)
  }
}
#undef TG_ROWS_CASE
