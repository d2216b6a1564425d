// The innermost loop of the matrix product: one tile of C, kept in registers while one chunk of k runs.
//
//   step p          b = row p of the columns     [ b0 │ b1 ]          two vectors
//   for each row r  a = element p of row r       sum[r] += a · b      a in every lane: two multiply-adds
//
// Each step adds an outer product to the tile. Every element of the tile is its own sum over ascending k, from 0, in
// its own lane: which rows and columns stand beside it changes nothing in it. The chunk's sum is then added to C. So an
// element's error is at most that of 256 roundings in a chunk, one for each chunk added, and no more: (min(K, 256) +
// ⌈K/256⌉ + 1)·u·Σ|a·b|.
//
// Fused multiply-add is there for speed first (one instruction instead of two), and it rounds once instead of twice. As
// every path of the product uses it wherever the set has it, all of them give the same bits.

typedef SCALAR TG(lanes) __attribute__((vector_size(TG_VECTOR_BYTES), may_alias));
// The same vector at any address that suits one element.
typedef SCALAR TG(loose_lanes) __attribute__((vector_size(TG_VECTOR_BYTES), aligned(sizeof(SCALAR)), may_alias));

enum { TG(LANES) = TG_VECTOR_BYTES / sizeof(SCALAR), TG(TILE_COLUMNS) = TG_TILE_VECTORS * TG(LANES) };

#define TG_SCALAR_BYTES TG_JOIN(TG_SCALAR_BYTES_, SCALAR)
#define TG_SCALAR_BYTES_float 4
#define TG_SCALAR_BYTES_double 8

#ifdef TG_FMA
#define TG_MULTIPLY_ADD(a, b, sum) __builtin_elementwise_fma(a, b, sum)
#else
#define TG_MULTIPLY_ADD(a, b, sum) ((a) * (b) + (sum))
#endif

// `x` in every lane. (Subtracting 0 changes no value, −0 included, and costs no instruction.)
static inline __attribute__((always_inline)) TG(lanes) TG(in_all_lanes)(SCALAR x) { return x - (TG(lanes)){0}; }

/// One tile's work: `c[r·ldc + j] (+)= Σ over p < depth of rows[r·row_step + p·row_depth_step] · columns[p·column_depth_step + j]`;
/// with `column_starts`, where there are some, for the multiples of the step.
///
/// Where the tile's columns are no whole number of vectors, its last vector overlaps the one before: it starts at column
/// `last_in_c`, which is element `last_in_columns` of each step of k.
typedef struct {
  const SCALAR *rows;
  size_t row_step, row_depth_step;
  const SCALAR *columns;
  size_t column_depth_step;
  /// Where the tile writes its columns in packed order, if it packs.
  SCALAR *packed;
  const ptrdiff_t *column_starts;
  size_t depth;
  SCALAR *c;
  size_t ldc;
  size_t last_in_columns, last_in_c;
  /// Whether the chunk is added to C, or is the first one and replaces it.
  bool accumulates;
  /// What is added to each row after that, behind the last chunk: `added[r·added_step]`; NULL elsewhere, and for columns with
  /// starts.
  const SCALAR *added;
  size_t added_step;
} TG(TileWork);

// With constant arguments every loop but the one over p unrolls, and `sum` lives in registers. A tile that packs has whole
// vectors of columns.
static inline __attribute__((always_inline)) void TG(multiply_tile)(
  const size_t row_count, const size_t vector_count, const bool has_starts, const bool packs, const TG(TileWork) *work) {
  const size_t row_step = work->row_step, row_depth_step = work->row_depth_step;
  const size_t column_depth_step = work->column_depth_step, ldc = work->ldc;
  const size_t last_in_columns = work->last_in_columns, last_in_c = work->last_in_c;
  SCALAR *const c = work->c;

  TG(lanes) sum[TG_TILE_ROWS][TG_TILE_VECTORS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < row_count; r++) {
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vector_count; v++) {
      sum[r][v] = (TG(lanes)){0};
      // C is wanted only after the loop: time enough to fetch it, a line of the cache at a time.
      if (v * TG_VECTOR_BYTES % 64 == 0) __builtin_prefetch(c + r * ldc + v * TG(LANES), 1);
    }
  }

  // Two pointers and six multiples of the step reach fourteen rows: no row needs a register of its own, so rows may be
  // packed (step 1) or stand in their matrix.
  const SCALAR *near = work->rows, *far = near + 7 * row_step, *column = work->columns;
  SCALAR *packed = work->packed;
#pragma clang loop unroll_count(TG_TILE_STEPS)
  for (size_t p = 0; p < work->depth; p++, near += row_depth_step, far += row_depth_step, column += column_depth_step) {
    if (has_starts) column = work->columns + work->column_starts[p];
    TG(lanes) b[TG_TILE_VECTORS];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vector_count; v++) {
      if (packs && v * TG_VECTOR_BYTES % 64 == 0) __builtin_prefetch(column + 16 * column_depth_step + v * TG(LANES));
      b[v] = *(const TG(loose_lanes) *)(column + (v + 1 < vector_count ? v * TG(LANES) : last_in_columns));
    }
    if (packs) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vector_count; v++) *(TG(lanes) *)(packed + v * TG(LANES)) = b[v];
      packed += vector_count * TG(LANES);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < row_count; r++) {
      const TG(lanes) a = TG(in_all_lanes)(r < 7 ? near[r * row_step] : far[(r - 7) * row_step]);
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vector_count; v++) sum[r][v] = TG_MULTIPLY_ADD(a, b[v], sum[r][v]);
    }
  }

  const SCALAR *const added = work->added;
  // All of a row's old values are read before the first is written, which may be part of the last vector too.
#pragma clang loop unroll(full)
  for (size_t r = 0; r < row_count; r++) {
    TG(loose_lanes) *target[TG_TILE_VECTORS];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vector_count; v++) {
      target[v] = (TG(loose_lanes) *)(c + r * ldc + (v + 1 < vector_count ? v * TG(LANES) : last_in_c));
      if (work->accumulates) sum[r][v] = *target[v] + sum[r][v];
      if (!has_starts && added != NULL) sum[r][v] += TG(in_all_lanes)(added[r * work->added_step]);
    }
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vector_count; v++) *target[v] = sum[r][v];
  }
}

// One instance for each height, so that a panel of few rows costs only what it computes. (The compiler drops the
// heights above the tile's.)
#define TG_HEIGHT(count) \
  case count: \
    if (count <= TG_TILE_ROWS) TG(multiply_tile)(count, vector_count, has_starts, false, work); \
    break;
static inline __attribute__((always_inline)) void TG(multiply_tile_of_width)(
  size_t row_count, const size_t vector_count, const bool has_starts, const TG(TileWork) *work) {
  switch (row_count) {
    TG_HEIGHT(1) TG_HEIGHT(2) TG_HEIGHT(3) TG_HEIGHT(4) TG_HEIGHT(5) TG_HEIGHT(6) TG_HEIGHT(7)
    TG_HEIGHT(8) TG_HEIGHT(9) TG_HEIGHT(10) TG_HEIGHT(11) TG_HEIGHT(12) TG_HEIGHT(13) TG_HEIGHT(14)
  }
}
#undef TG_HEIGHT

// The columns of a tile lie at equal steps, or where a list says.
#define TG_WIDTH(count) \
  case count: \
    if (work->column_starts == NULL) TG(multiply_tile_of_width)(row_count, count, false, work); \
    else TG(multiply_tile_of_width)(row_count, count, true, work); \
    break;
static void TG(multiply_any_tile)(size_t row_count, size_t vector_count, const TG(TileWork) *work) {
  switch (vector_count) {
    TG_WIDTH(1) TG_WIDTH(2)
#if TG_TILE_VECTORS >= 3
    TG_WIDTH(3)
#endif
  }
}
#undef TG_WIDTH

// A tile of full size that also packs its columns. By itself, so that it has all registers.
static __attribute__((noinline)) void TG(multiply_and_pack)(const TG(TileWork) *work) {
  TG(multiply_tile)(TG_TILE_ROWS, TG_TILE_VECTORS, false, true, work);
}
