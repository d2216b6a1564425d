// Tiles that cannot be written where they belong: the last columns where there are fewer of them than a vector has lanes, and
// all tiles of a product that is computed as its transpose.

// `c[j] (+)= sum[j]` for part of a row of a tile.
static inline void TG(store_part)(const SCALAR *sum, SCALAR *c, size_t count, bool accumulates) {
  size_t j = 0;
  for (; j + TG(GROUP) <= count; j += TG(GROUP)) {
    const TG(group) added = *(const TG(group) *)(sum + j);
    *(TG(group) *)(c + j) = accumulates ? *(TG(group) *)(c + j) + added : added;
  }
#pragma clang loop vectorize(disable)
  for (; j < count; j++) c[j] = accumulates ? c[j] + sum[j] : sum[j];
}

// A tile narrower than a vector, or one that is written across: computed beside C, then moved.
static void TG(multiply_edge_tile)(
  size_t row_count, size_t column_count, TG(TileWork) work, size_t c_row_step, size_t c_column_step) {
  SCALAR tile[TG_TILE_ROWS * TG(TILE_COLUMNS)] __attribute__((aligned(64)));
  SCALAR *const c = work.c;
  const SCALAR *const added = work.added;
  const bool accumulates = work.accumulates;
  work.c = tile, work.ldc = TG(TILE_COLUMNS), work.accumulates = false, work.added = NULL;
  TG(multiply_any_tile)(row_count, TG(rounded_up)(column_count, TG(LANES)) / TG(LANES), &work);
  for (size_t r = 0; r < row_count; r++) {
    const SCALAR *const sum = tile + r * TG(TILE_COLUMNS);
    if (c_column_step == 1) TG(store_part)(sum, c + r * c_row_step, column_count, accumulates);
    else
      for (size_t j = 0; j < column_count; j++)
        TG(store_part)(sum + j, c + r * c_row_step + j * c_column_step, 1, accumulates);
    // Where rows are added to, they are written along.
    if (added != NULL)
      for (size_t j = 0; j < column_count; j++) c[r * c_row_step + j] += added[r * work.added_step];
  }
}
