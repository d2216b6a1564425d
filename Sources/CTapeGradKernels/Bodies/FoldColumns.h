// Folds along an axis of which many lie side by side: vectors run across the columns. Folds.h gives the order.
//
// The lanes are a tile of 16 rows, one element for each column, in the first-level cache. Where the columns are all that
// there are, 16 rows of x are one run of memory, and a single column would be as welcome as a hundred.
//
//   x, rows of 3 columns       tile, 16 lanes of 3 columns
//   row 0    a0   b0   c0      lane 0    a0 + a16 + …   b0 + b16 + …   c0 + c16 + …
//   row 1    a1   b1   c1      lane 1    a1 + a17 + …   b1 + b17 + …   c1 + c17 + …
//   …                          …
//   row 16   a16  b16  c16     then lanes 0…7 += lanes 8…15, 0…3 += 4…7, 0…1 += 2…3, 0 += 1
//
// Going down each column by itself would read one element of every row, a cache line for each; going along the rows
// reads memory in its order. A column's additions are those of FoldRow.h, one by one, so the bits are the same.

enum { TG(MOST_COLUMNS) = 1024 / sizeof(SCALAR), TG(TILE_ROOM) = TG(FOLD_LANES) * TG(MOST_COLUMNS) + VECTOR_LANES };

// Left uninitialized where it is declared: what is used is filled first.
typedef struct {
  SCALAR tile[TG(TILE_ROOM)];
  SCALAR references[TG(TILE_ROOM)];
  SCALAR totals[TG(FOLD_LEVELS)][TG(MOST_COLUMNS)];
} TG(FoldSpace);

// tile[i] combined with the term of x[i], an element of an array that ends at `end`; whole vectors are written.
INLINE void TG(take_run)(
  TG(Fold) fold, SCALAR *tile, const SCALAR *x, const SCALAR *end, const SCALAR *references, size_t count) {
  size_t i = 0;
  for (; i + VECTOR_LANES <= count; i += VECTOR_LANES) {
    const VECTOR so_far = TG(load)(tile + i), term = TG(term)(fold, TG(load)(x + i), TG(load)(references + i));
    TG(store)(tile + i, COMBINE(fold, so_far, term));
  }
  if (i < count) {
    const VECTOR some = TG(load_padded)(fold, x + i, count - i, end);
    const VECTOR so_far = TG(load)(tile + i), term = TG(term)(fold, some, TG(load)(references + i));
    TG(store)(tile + i, COMBINE(fold, so_far, term));
  }
}

// to[i] = earlier[i] combined with later[i], rounded up to whole vectors.
INLINE void TG(combine_runs)(TG(Fold) fold, SCALAR *to, const SCALAR *earlier, const SCALAR *later, size_t count) {
  for (size_t i = 0; i < count; i += VECTOR_LANES) {
    const VECTOR before = TG(load)(earlier + i), after = TG(load)(later + i);
    TG(store)(to + i, COMBINE(fold, before, after));
  }
}

// The totals of `rows` ≤ 1024 rows, in the first row of the tile. A width below `inner` is a multiple of the vectors'.
INLINE void TG(fold_block_of_rows)(
  TG(Fold) fold, const SCALAR *x, const SCALAR *end, size_t rows, size_t inner, size_t width, TG(FoldSpace) *space) {
  SCALAR *const tile = space->tile;
  const size_t filled = TG(FOLD_LANES) * width + VECTOR_LANES;
  for (size_t i = 0; i < filled; i++) tile[i] = TG(identity)(fold);
  for (size_t k = 0; k < rows; k += TG(FOLD_LANES)) {
    const size_t count = rows - k < TG(FOLD_LANES) ? rows - k : TG(FOLD_LANES);
    if (width == inner) {
      TG(take_run)(fold, tile, x + k * inner, end, space->references, count * width);
    } else {
      for (size_t j = 0; j < count; j++)
        TG(take_run)(fold, tile + j * width, x + (k + j) * inner, end, space->references + j * width, width);
    }
  }
  // The last vector of a half may reach into the other half, but only where that has been read already.
  for (size_t half = TG(FOLD_LANES) / 2; half > 0; half /= 2)
    TG(combine_runs)(fold, tile, tile, tile + half * width, half * width);
}

// `width` ≤ MOST_COLUMNS columns of x, which has `length` rows of `inner` elements and ends at `end`. `references` are the columns', or
// null where the fold has none.
INLINE void TG(fold_columns)(
  TG(Fold) fold, const SCALAR *x, const SCALAR *end, size_t length, size_t inner, size_t width,
  const SCALAR *references, SCALAR *result, TG(FoldSpace) *space) {
  if (references != NULL)
    for (size_t j = 0; j < TG(FOLD_LANES); j++) memcpy(space->references + j * width, references, width * sizeof(SCALAR));
  size_t blocks = 0, depth = 0;
  do {
    const size_t k = blocks * TG(FOLD_BLOCK), rows = length - k < TG(FOLD_BLOCK) ? length - k : TG(FOLD_BLOCK);
    TG(fold_block_of_rows)(fold, x + k * inner, end, rows, inner, width, space);
    // The binary counter of FoldRow.h, with a row of totals in each place.
    for (size_t carry = blocks; carry & 1; carry >>= 1)
      TG(combine_runs)(fold, space->tile, space->totals[--depth], space->tile, width);
    memcpy(space->totals[depth++], space->tile, width * sizeof(SCALAR));
    blocks++;
  } while (blocks * TG(FOLD_BLOCK) < length);
  for (; depth > 1; depth--)
    TG(combine_runs)(fold, space->totals[depth - 2], space->totals[depth - 2], space->totals[depth - 1], width);
  memcpy(result, space->totals[0], width * sizeof(SCALAR));
}

// How the columns are divided: strips of equal width, whole vectors where there are several. The last one ends at the
// last column, and does some columns a second time.
//
//   600 floats, at most 256 a strip:  3 strips of 208, at 0, 208 and 392; columns 392 … 415 are done twice
typedef struct { size_t count, width; } TG(Strips);

INLINE TG(Strips) TG(strips)(size_t inner) {
  const size_t count = (inner + TG(MOST_COLUMNS) - 1) / TG(MOST_COLUMNS);
  if (count <= 1) return (TG(Strips)){count, inner};
  const size_t vectors = (inner + count * VECTOR_LANES - 1) / (count * VECTOR_LANES);
  return (TG(Strips)){count, vectors * VECTOR_LANES};
}

INLINE size_t TG(strip_start)(TG(Strips) strips, size_t index, size_t inner) {
  return index + 1 < strips.count ? index * strips.width : inner - strips.width;
}
