// The maximum of what a window sees of an image, and its derivative: down first, a row of maxima at a time, then along.
//
//   x  1 5 2 0        window 2 × 2, step 2        down   4 5 6 0        along   5 6
//      4 3 6 0
//
// Where the largest elements are is found in the same way: of each column that a row of windows sees its largest element
// and how many there are; then in which columns the maximum of a window is. `x < largest` is false of a NaN too.

#include "MaxPoolLines.h"

// The larger of two, and where either is NaN: cheaper than to choose NaN at every step.
#define TG_TAKE_LARGER(largest, is_nan, element) \
  (is_nan) |= (element) != (element), (largest) = (element) > (largest) ? (element) : (largest)

// Where the columns of the first window are among those set apart: that of the next window follows each.
#define TG_EACH_COLUMN(place) \
  for (size_t column = 0, phase = 0, place = 0; column < lines->window_columns; column++, \
       place = ++phase < lines->phases ? place + lines->apart : (phase = 0, place + 1 - (lines->phases - 1) * lines->apart))

// The rows of an image that a row of windows sees: those inside.
typedef struct {
  const SCALAR *x;
  size_t first, count;
} TG(SeenRows);
INLINE TG(SeenRows) TG(seen_rows)(
  const TGPooling *pooling, const TG(PoolingLines) *lines, size_t row, const SCALAR *image, const SCALAR *end) {
  const size_t start = row * pooling->row_step, below = start + pooling->window_rows, above = pooling->row_padding;
  const size_t first = start > above ? start - above : 0;
  const size_t count = TG(smaller)(below - above, pooling->height) - first;
  const SCALAR *const x = TG(with_room)(image + first * pooling->width, count * pooling->width, end, lines->rows);
  return (TG(SeenRows)){x, first, count};
}

// The largest element of each of a vector's columns of some rows, from c on, and how many there are.
INLINE void TG(find_largest)(size_t width, const SCALAR *x, size_t rows, size_t c, VECTOR *largest, VECTOR *count) {
  *largest = TG(splat)(-INFINITY), *count = TG(splat)(0);
  if (c >= width) return;
  VECTOR most = TG(load)(x + c), number = *count;
  TG(Mask) is_nan = most != most;
  for (size_t i = 1; i < rows; i++) {
    const VECTOR element = TG(load)(x + i * width + c);
    TG_TAKE_LARGER(most, is_nan, element);
  }
  most = is_nan ? TG(splat)(NAN) : most;
  for (size_t i = 0; i < rows; i++)
    number += TG(load)(x + i * width + c) < most ? TG(splat)(0) : TG(splat)(1);
  const TG(Mask) inside = TG(lanes_of)(width - c);
  *largest = inside ? most : *largest, *count = inside ? number : *count;
}

// The largest element of each column of some rows of an image and, where they are wanted, how many there are.
INLINE void TG(find_columns)(
  const TGPooling *pooling, const TG(PoolingLines) *lines, const SCALAR *x, size_t rows, bool wants_counts) {
  for (size_t c = 0; c < pooling->width; c += 2 * VECTOR_LANES) {
    TG(Columns) largest, counts;
    TG(find_largest)(pooling->width, x, rows, c, &largest.first, &counts.first);
    TG(find_largest)(pooling->width, x, rows, c + VECTOR_LANES, &largest.last, &counts.last);
    TG(set_apart)(pooling, lines, largest, lines->largest, c);
    if (wants_counts) TG(set_apart)(pooling, lines, counts, lines->counts, c);
  }
}

// The maxima of a vector of windows side by side, from place p on.
INLINE VECTOR TG(window_maxima)(const TG(PoolingLines) *lines, size_t p) {
  VECTOR top = TG(splat)(-INFINITY);
  TG(Mask) is_nan = top != top;
  TG_EACH_COLUMN(place) {
    const VECTOR element = TG(load)(lines->largest + place + p);
    TG_TAKE_LARGER(top, is_nan, element);
  }
  return is_nan ? TG(splat)(NAN) : top;
}

// The sum of a line over the columns of windows that hold their maxima.
INLINE VECTOR TG(sum_at_maxima)(const TG(PoolingLines) *lines, const SCALAR *line, VECTOR top, size_t p) {
  VECTOR sum = TG(splat)(0);
  TG_EACH_COLUMN(place) {
    const VECTOR largest = TG(load)(lines->largest + place + p);
    sum += largest < top ? TG(splat)(0) : TG(load)(line + place + p);
  }
  return sum;
}

static void TG(max_pool)(const TGPooling *pooling, const SCALAR *x, SCALAR *y, SCALAR *workspace) {
  const TG(PoolingLines) all = TG(pooling_lines)(pooling, workspace), *const lines = &all;
  const size_t size = pooling->height * pooling->width;
  const SCALAR *const end = x + pooling->images * size;
  for (; x < end; x += size)
    for (size_t row = 0; row < pooling->rows; row++, y += pooling->columns) {
      const TG(SeenRows) seen = TG(seen_rows)(pooling, lines, row, x, end);
      TG(find_columns)(pooling, lines, seen.x, seen.count, false);
      for (size_t p = 0; p < pooling->columns; p += VECTOR_LANES)
        TG(store_first)(y + p, TG(window_maxima)(lines, p), pooling->columns - p);
    }
}

// The shares of columns: of every window's z an equal part for each of its largest elements.
INLINE void TG(share_out)(const TGPooling *pooling, const TG(PoolingLines) *lines, const SCALAR *z) {
  for (size_t p = 0; p < pooling->columns; p += VECTOR_LANES) {
    const size_t left = pooling->columns - p;
    const VECTOR top = TG(window_maxima)(lines, p);
    const VECTOR count = TG(sum_at_maxima)(lines, lines->counts, top, p);
    const VECTOR part = top != top ? TG(splat)(NAN) : TG(load)(z + p) / count;
    TG(store)(lines->tops + p, top);
    TG(store)(lines->parts + p, TG(lanes_of)(left) ? part : TG(splat)(0));
  }
  // The windows that see a column are side by side. Those beyond the first and the last one have no part.
  for (size_t phase = 0; phase < lines->phases; phase++) {
    const SCALAR *const largest = lines->largest + phase * lines->apart;
    for (size_t step = 0; step < lines->steps; step += VECTOR_LANES) {
      const VECTOR element = TG(load)(largest + step);
      VECTOR sum = TG(splat)(0);
      for (size_t column = phase, back = 0; column < lines->window_columns; column += lines->phases, back++) {
        const VECTOR top = TG(load)(lines->tops + step - back);
        sum += element < top ? TG(splat)(0) : TG(load)(lines->parts + step - back);
      }
      TG(store)(lines->shares + phase * lines->apart + step, sum);
    }
  }
}

// What comes to columns from c on goes to those of their elements that are the largest; NaN goes to all of them. Rows that
// the row of windows before saw have something already.
INLINE void TG(give_to_largest)(
  size_t width, const SCALAR *x, size_t rows, VECTOR largest, VECTOR share, SCALAR *y, size_t seen_before, size_t c) {
  if (c >= width) return;
  const VECTOR least = share == share ? largest : TG(splat)(-INFINITY);
  for (size_t i = 0; i < rows; i++) {
    const size_t at = i * width + c;
    VECTOR part = TG(load)(x + at) < least ? TG(splat)(0) : share;
    if (i < seen_before) part += TG(load_first)(y + at, width - c);
    TG(store_first)(y + at, part, width - c);
  }
}
INLINE void TG(spread_row)(
  const TGPooling *pooling, const TG(PoolingLines) *lines, const SCALAR *x, size_t rows, const SCALAR *z, SCALAR *y,
  size_t seen_before) {
  TG(find_columns)(pooling, lines, x, rows, true);
  TG(share_out)(pooling, lines, z);
  const size_t width = pooling->width;
  for (size_t c = 0; c < width; c += 2 * VECTOR_LANES) {
    const TG(Columns) largest = TG(bring_together)(pooling, lines, lines->largest, c);
    const TG(Columns) shares = TG(bring_together)(pooling, lines, lines->shares, c);
    TG(give_to_largest)(width, x, rows, largest.first, shares.first, y, seen_before, c);
    TG(give_to_largest)(width, x, rows, largest.last, shares.last, y, seen_before, c + VECTOR_LANES);
  }
}

// The first and the second columns of a vector of windows.
INLINE TG(Columns) TG(load_pairs)(const SCALAR *x) {
  return TG(even_and_odd)((TG(Columns)){TG(load)(x), TG(load)(x + VECTOR_LANES)});
}

// The same for windows of two columns none of which sees another's, the most usual ones: everything stays in registers.
INLINE void TG(spread_pairs)(const TGPooling *pooling, const SCALAR *x, size_t rows, const SCALAR *z, SCALAR *y) {
  const size_t width = pooling->width;
  for (size_t c = 0; c < width; c += 2 * VECTOR_LANES) {
    VECTOR top = TG(splat)(-INFINITY), count = TG(splat)(0);
    TG(Mask) is_nan = top != top;
    for (size_t i = 0; i < rows; i++) {
      const TG(Columns) pairs = TG(load_pairs)(x + i * width + c);
      TG_TAKE_LARGER(top, is_nan, pairs.first);
      TG_TAKE_LARGER(top, is_nan, pairs.last);
    }
    top = is_nan ? TG(splat)(NAN) : top;
    for (size_t i = 0; i < rows; i++) {
      const TG(Columns) pairs = TG(load_pairs)(x + i * width + c);
      count += pairs.first < top ? TG(splat)(0) : TG(splat)(1);
      count += pairs.last < top ? TG(splat)(0) : TG(splat)(1);
    }
    // A last column may be without a window.
    const size_t windows = pooling->columns - TG(smaller)(c / 2, pooling->columns);
    const VECTOR part = is_nan ? TG(splat)(NAN) : TG(load)(z + c / 2) / count, none = TG(splat)(0);
    const VECTOR given = TG(lanes_of)(windows) ? part : none;
    for (size_t i = 0; i < rows; i++) {
      const TG(Columns) pairs = TG(load_pairs)(x + i * width + c);
      SCALAR *const to = y + i * width + c;
      const TG(Columns) shares = TG(alternating)(
        (TG(Columns)){pairs.first < top ? none : given, pairs.last < top ? none : given});
      TG(store_first)(to, shares.first, width - c);
      if (width - c > VECTOR_LANES) TG(store_first)(to + VECTOR_LANES, shares.last, width - c - VECTOR_LANES);
    }
  }
}

// Each window's share goes to columns first, then to the elements of a column that are its largest. The number of columns of
// a usual window, which moves by 2, is known to the compiler; of others it is 0.
INLINE void TG(max_spread_of)(
  const TGPooling *pooling, const SCALAR *x, const SCALAR *z, SCALAR *y, SCALAR *workspace, size_t usual) {
  const size_t width = pooling->width, size = pooling->height * width;
  TG(PoolingLines) all = TG(pooling_lines)(pooling, workspace), *const lines = &all;
  if (usual > 0) all.window_columns = usual, all.phases = 2;
  const bool are_pairs = usual == 2 && pooling->column_padding == 0 && pooling->row_step >= pooling->window_rows;
  const SCALAR *const end = x + pooling->images * size;
  const SCALAR *const z_end = z + pooling->images * pooling->rows * pooling->columns;
  for (; x < end; x += size, y += size) {
    size_t written = 0;
    for (size_t row = 0; row < pooling->rows; row++, z += pooling->columns) {
      const TG(SeenRows) seen = TG(seen_rows)(pooling, lines, row, x, end);
      const size_t seen_before = written > seen.first ? written - seen.first : 0;
      if (written < seen.first) memset(y + written * width, 0, (seen.first - written) * width * sizeof(SCALAR));
      written = seen.first + seen.count;
      SCALAR *const to = y + seen.first * width;
      // As many elements as the next row of windows adds, in time for some row after it.
      for (size_t i = 0; i < pooling->row_step * width; i += VECTOR_LANES) {
        __builtin_prefetch(seen.x + i + 1024);
        __builtin_prefetch(to + i + 1024, 1);
      }
      const SCALAR *const given = TG(with_room)(z, pooling->columns, z_end, lines->windows);
      // Most usual windows see as many rows as columns.
      if (are_pairs && seen.count == usual) TG(spread_pairs)(pooling, seen.x, usual, given, to);
      else if (usual > 0 && seen.count == usual) TG(spread_row)(pooling, lines, seen.x, usual, given, to, seen_before);
      else TG(spread_row)(pooling, lines, seen.x, seen.count, given, to, seen_before);
    }
    if (written < pooling->height) memset(y + written * width, 0, (pooling->height - written) * width * sizeof(SCALAR));
  }
}

static void TG(max_spread)(const TGPooling *pooling, const SCALAR *x, const SCALAR *z, SCALAR *y, SCALAR *workspace) {
  const size_t columns = pooling->window_columns;
  if (tg_pooling_length(pooling).phases != 2 || columns < 2 || columns > 3) TG(max_spread_of)(pooling, x, z, y, workspace, 0);
  else if (columns == 2) TG(max_spread_of)(pooling, x, z, y, workspace, 2);
  else TG(max_spread_of)(pooling, x, z, y, workspace, 3);
}

// The sum over a vector's columns, from c on, of u where the largest elements of x are.
INLINE VECTOR TG(sum_at_largest)(
  size_t width, const TG(SeenRows) *seen, const SCALAR *u, VECTOR largest, size_t c) {
  VECTOR sum = TG(splat)(0);
  for (size_t i = 0; i < seen->count; i++)
    sum += TG(load)(seen->x + i * width + c) < largest ? TG(splat)(0) : TG(load)(u + i * width + c);
  return TG(lanes_of)(c < width ? width - c : 0) ? sum : TG(splat)(0);
}

static void TG(max_collect)(const TGPooling *pooling, const SCALAR *x, const SCALAR *u, SCALAR *y, SCALAR *workspace) {
  const size_t width = pooling->width, size = pooling->height * width;
  const TG(PoolingLines) all = TG(pooling_lines)(pooling, workspace), *const lines = &all;
  const SCALAR *const end = x + pooling->images * size, *const u_end = u + pooling->images * size;
  for (; x < end; x += size, u += size)
    for (size_t row = 0; row < pooling->rows; row++, y += pooling->columns) {
      const TG(SeenRows) seen = TG(seen_rows)(pooling, lines, row, x, end);
      TG(find_columns)(pooling, lines, seen.x, seen.count, true);
      const SCALAR *const from = TG(with_room)(u + seen.first * width, seen.count * width, u_end, lines->other_rows);
      for (size_t c = 0; c < width; c += 2 * VECTOR_LANES) {
        const TG(Columns) largest = TG(bring_together)(pooling, lines, lines->largest, c);
        TG(Columns) sums;
        sums.first = TG(sum_at_largest)(width, &seen, from, largest.first, c);
        sums.last = TG(sum_at_largest)(width, &seen, from, largest.last, c + VECTOR_LANES);
        TG(set_apart)(pooling, lines, sums, lines->shares, c);
      }
      for (size_t p = 0; p < pooling->columns; p += VECTOR_LANES) {
        const VECTOR top = TG(window_maxima)(lines, p);
        const VECTOR sum = TG(sum_at_maxima)(lines, lines->shares, top, p);
        const VECTOR count = TG(sum_at_maxima)(lines, lines->counts, top, p);
        TG(store_first)(y + p, top != top ? TG(splat)(NAN) : sum / count, pooling->columns - p);
      }
    }
}

#undef TG_EACH_COLUMN
#undef TG_TAKE_LARGER
