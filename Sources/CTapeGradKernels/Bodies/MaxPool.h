// The maximum of what a window sees of an image, and its derivative: down first, a row of maxima at a time, then along.
//
//   x  1 5 2 0        window 2 × 2, step 2        down   4 5 6 0        along   5 6
//      4 3 6 0
//
// Where the largest elements are is found in the same way: of each column that a row of windows sees its largest element
// and how many there are; then in which columns the maximum of a window is. `x < largest` is false of a NaN too.
//
// Windows that move by more than a column see every second one, say. So columns are set apart by their phase, and windows
// side by side then read neighbors:
//
//   columns, step 2     c0 c1 c2 c3 c4 c5      apart   c0 c2 c4 · c1 c3 c5
//   window 2 × 2        columns 0 and 1 of three windows are c0 c2 c4 and c1 c3 c5
//
// Columns outside the image hold −∞, of which there are none.

// Lines of a row of windows: of the columns they see the largest elements, how many these are, and what comes to each or
// from each; in their order, and apart by phases of which each has `steps` columns. The same memory where the step is 1.
typedef struct {
  size_t phases, steps;
  SCALAR *largest, *counts, *shares;
  SCALAR *largest_apart, *counts_apart, *shares_apart;
  // The maxima of the windows, and what each gives to a column.
  SCALAR *tops, *parts;
} TG(PoolingLines);

static TG(PoolingLines) TG(pooling_lines)(const TGPooling *pooling, SCALAR *workspace) {
  const TGPoolingLength length = tg_pooling_length(pooling);
  SCALAR *line[8];
  // The first column of the image is where a vector's stores are cheapest.
  const size_t skipped = VECTOR_LANES - pooling->column_padding % VECTOR_LANES;
  for (size_t i = 0; i < 8; i++) line[i] = workspace + i * length.line + (i < 3 ? skipped : 0);
  TG(fill)((SCALAR)-INFINITY, workspace, length.line);
  TG(fill)(0, workspace + length.line, 7 * length.line);
  const size_t apart = length.phases > 1 ? 3 : 0;
  return (TG(PoolingLines)){
    length.phases, length.steps, line[0], line[1], line[2], line[apart], line[apart + 1], line[apart + 2],
    line[6] + length.before, line[7] + length.before};
}

// Columns in their order, set apart by phases; or the other way. The usual numbers of phases get loops of their own.
INLINE void TG(move_phases)(SCALAR *restrict line, SCALAR *restrict apart, const size_t phases, size_t steps, bool back) {
  for (size_t step = 0; step < steps; step++)
    for (size_t phase = 0; phase < phases; phase++)
      if (back) line[step * phases + phase] = apart[phase * steps + step];
      else apart[phase * steps + step] = line[step * phases + phase];
}
static void TG(set_apart)(const TG(PoolingLines) *lines, SCALAR *line, SCALAR *apart) {
  if (lines->phases == 2) TG(move_phases)(line, apart, 2, lines->steps, false);
  else if (lines->phases > 1) TG(move_phases)(line, apart, lines->phases, lines->steps, false);
}
static void TG(bring_together)(const TG(PoolingLines) *lines, SCALAR *line, SCALAR *apart) {
  if (lines->phases == 2) TG(move_phases)(line, apart, 2, lines->steps, true);
  else if (lines->phases > 1) TG(move_phases)(line, apart, lines->phases, lines->steps, true);
}

// The larger of two, and where either is NaN: cheaper than to choose NaN at every step.
#define TG_TAKE_LARGER(largest, is_nan, element) \
  (is_nan) |= (element) != (element), (largest) = (element) > (largest) ? (element) : (largest)

// Where the columns of the first window are among those set apart: that of the next window follows each.
#define TG_EACH_COLUMN(place) \
  for (size_t column = 0, phase = 0, place = 0; column < pooling->window_columns; column++, \
       place = ++phase < lines->phases ? place + lines->steps : (phase = 0, place + 1 - (lines->phases - 1) * lines->steps))

// The largest element of each column of some rows of an image and, where they are wanted, how many there are.
static void TG(find_columns)(
  const TGPooling *pooling, const TG(PoolingLines) *lines, const SCALAR *x, size_t rows, bool counts) {
  const size_t width = pooling->width;
  for (size_t c = 0; c < width; c += VECTOR_LANES) {
    const size_t left = width - c, place = pooling->column_padding + c;
    VECTOR largest = TG(load_part)(x + c, left), count = TG(splat)(0);
    TG(Mask) is_nan = largest != largest;
    for (size_t i = 1; i < rows; i++) {
      const VECTOR element = TG(load_part)(x + i * width + c, left);
      TG_TAKE_LARGER(largest, is_nan, element);
    }
    largest = is_nan ? TG(splat)(NAN) : largest;
    TG(store_part_of)(lines->largest + place, largest, left);
    if (!counts) continue;
    for (size_t i = 0; i < rows; i++)
      count += TG(load_part)(x + i * width + c, left) < largest ? TG(splat)(0) : TG(splat)(1);
    TG(store_part_of)(lines->counts + place, count, left);
  }
  TG(set_apart)(lines, lines->largest, lines->largest_apart);
  if (counts) TG(set_apart)(lines, lines->counts, lines->counts_apart);
}

// The maxima of some windows side by side, from place p on.
INLINE VECTOR TG(window_maxima)(const TGPooling *pooling, const TG(PoolingLines) *lines, size_t p, size_t left) {
  VECTOR top = TG(load_part)(lines->largest_apart + p, left);
  TG(Mask) is_nan = top != top;
  TG_EACH_COLUMN(place) {
    const VECTOR element = TG(load_part)(lines->largest_apart + place + p, left);
    TG_TAKE_LARGER(top, is_nan, element);
  }
  return is_nan ? TG(splat)(NAN) : top;
}

// The sum of a line over the columns of windows that hold their maxima.
INLINE VECTOR TG(sum_at_maxima)(
  const TGPooling *pooling, const TG(PoolingLines) *lines, const SCALAR *line, VECTOR top, size_t p, size_t left) {
  VECTOR sum = TG(splat)(0);
  TG_EACH_COLUMN(place) {
    const VECTOR largest = TG(load_part)(lines->largest_apart + place + p, left);
    sum += largest < top ? TG(splat)(0) : TG(load_part)(line + place + p, left);
  }
  return sum;
}

// The rows of an image that a row of windows sees: those inside.
typedef struct {
  size_t first, count;
} TG(SeenRows);
INLINE TG(SeenRows) TG(seen_rows)(const TGPooling *pooling, size_t row) {
  const size_t start = row * pooling->row_step, end = start + pooling->window_rows, above = pooling->row_padding;
  const size_t first = start > above ? start - above : 0;
  return (TG(SeenRows)){first, TG(smaller)(end - above, pooling->height) - first};
}

static void TG(max_pool)(const TGPooling *pooling, const SCALAR *x, SCALAR *y, SCALAR *workspace) {
  const TG(PoolingLines) all = TG(pooling_lines)(pooling, workspace), *const lines = &all;
  for (size_t image = 0; image < pooling->images; image++, x += pooling->height * pooling->width)
    for (size_t row = 0; row < pooling->rows; row++, y += pooling->columns) {
      const TG(SeenRows) seen = TG(seen_rows)(pooling, row);
      TG(find_columns)(pooling, lines, x + seen.first * pooling->width, seen.count, false);
      for (size_t p = 0; p < pooling->columns; p += VECTOR_LANES) {
        const size_t left = pooling->columns - p;
        TG(store_part_of)(y + p, TG(window_maxima)(pooling, lines, p, left), left);
      }
    }
}

// The shares of columns: of every window's z an equal part for each of its largest elements.
static void TG(share_out)(const TGPooling *pooling, const TG(PoolingLines) *lines, const SCALAR *z) {
  for (size_t p = 0; p < pooling->columns; p += VECTOR_LANES) {
    const size_t left = pooling->columns - p;
    const VECTOR top = TG(window_maxima)(pooling, lines, p, left);
    const VECTOR count = TG(sum_at_maxima)(pooling, lines, lines->counts_apart, top, p, left);
    TG(store_part_of)(lines->tops + p, top, left);
    TG(store_part_of)(lines->parts + p, top != top ? TG(splat)(NAN) : TG(load_part)(z + p, left) / count, left);
  }
  // The windows that see a column are side by side. Those beyond the first and the last one have no part.
  for (size_t phase = 0; phase < lines->phases; phase++) {
    const SCALAR *const largest = lines->largest_apart + phase * lines->steps;
    for (size_t step = 0; step < lines->steps; step += VECTOR_LANES) {
      const size_t left = lines->steps - step;
      const VECTOR element = TG(load_part)(largest + step, left);
      VECTOR sum = TG(splat)(0);
      for (size_t column = phase, back = 0; column < pooling->window_columns; column += lines->phases, back++) {
        const VECTOR top = TG(load_part)(lines->tops + step - back, left);
        sum += element < top ? TG(splat)(0) : TG(load_part)(lines->parts + step - back, left);
      }
      TG(store_part_of)(lines->shares_apart + phase * lines->steps + step, sum, left);
    }
  }
}

// Each window's share goes to columns first, then to the elements of a column that are its largest.
static void TG(max_spread)(const TGPooling *pooling, const SCALAR *x, const SCALAR *z, SCALAR *y, SCALAR *workspace) {
  const size_t width = pooling->width, size = pooling->height * width;
  const TG(PoolingLines) all = TG(pooling_lines)(pooling, workspace), *const lines = &all;
  for (size_t image = 0; image < pooling->images; image++, x += size, y += size) {
    size_t written = 0;
    for (size_t row = 0; row < pooling->rows; row++, z += pooling->columns) {
      const TG(SeenRows) seen = TG(seen_rows)(pooling, row);
      const size_t start = seen.first * width, seen_before = written > seen.first ? written - seen.first : 0;
      if (written < seen.first) memset(y + written * width, 0, (seen.first - written) * width * sizeof(SCALAR));
      written = seen.first + seen.count;
      TG(find_columns)(pooling, lines, x + start, seen.count, true);
      TG(share_out)(pooling, lines, z);
      TG(bring_together)(lines, lines->shares, lines->shares_apart);
      for (size_t c = 0; c < width; c += VECTOR_LANES) {
        const size_t left = width - c, place = pooling->column_padding + c;
        const VECTOR share = TG(load_part)(lines->shares + place, left);
        // NaN goes to all elements of a column.
        const VECTOR least = share == share ? TG(load_part)(lines->largest + place, left) : TG(splat)(-INFINITY);
        for (size_t i = 0; i < seen.count; i++) {
          const size_t at = start + i * width + c;
          const VECTOR part = TG(load_part)(x + at, left) < least ? TG(splat)(0) : share;
          TG(store_part_of)(y + at, i < seen_before ? TG(load_part)(y + at, left) + part : part, left);
        }
      }
    }
    if (written < pooling->height) memset(y + written * width, 0, (pooling->height - written) * width * sizeof(SCALAR));
  }
}

static void TG(max_collect)(const TGPooling *pooling, const SCALAR *x, const SCALAR *u, SCALAR *y, SCALAR *workspace) {
  const size_t width = pooling->width, size = pooling->height * width;
  const TG(PoolingLines) all = TG(pooling_lines)(pooling, workspace), *const lines = &all;
  for (size_t image = 0; image < pooling->images; image++, x += size, u += size)
    for (size_t row = 0; row < pooling->rows; row++, y += pooling->columns) {
      const TG(SeenRows) seen = TG(seen_rows)(pooling, row);
      const size_t start = seen.first * width;
      TG(find_columns)(pooling, lines, x + start, seen.count, true);
      for (size_t c = 0; c < width; c += VECTOR_LANES) {
        const size_t left = width - c, place = pooling->column_padding + c;
        const VECTOR largest = TG(load_part)(lines->largest + place, left);
        VECTOR sum = TG(splat)(0);
        for (size_t i = 0; i < seen.count; i++) {
          const size_t at = start + i * width + c;
          sum += TG(load_part)(x + at, left) < largest ? TG(splat)(0) : TG(load_part)(u + at, left);
        }
        TG(store_part_of)(lines->shares + place, sum, left);
      }
      TG(set_apart)(lines, lines->shares, lines->shares_apart);
      for (size_t p = 0; p < pooling->columns; p += VECTOR_LANES) {
        const size_t left = pooling->columns - p;
        const VECTOR top = TG(window_maxima)(pooling, lines, p, left);
        const VECTOR sum = TG(sum_at_maxima)(pooling, lines, lines->shares_apart, top, p, left);
        const VECTOR count = TG(sum_at_maxima)(pooling, lines, lines->counts_apart, top, p, left);
        TG(store_part_of)(y + p, top != top ? TG(splat)(NAN) : sum / count, left);
      }
    }
}
#undef TG_EACH_COLUMN
#undef TG_TAKE_LARGER
