// The lines in which pooling keeps what it knows of a row of windows, and how vectors get there and back.
//
// Windows that move by more than a column see every second one, say. So columns are set apart by their phase, and windows
// side by side then read neighbors:
//
//   columns, step 2     c0 c1 c2 c3 c4 c5      apart   c0 c2 c4 · c1 c3 c5
//   window 2 × 2        columns 0 and 1 of three windows are c0 c2 c4 and c1 c3 c5
//
// Columns outside the image hold −∞, of which there are none. Whole vectors are read and written everywhere but in the
// results: a line, and an array too, has room for one that ends beyond the last column.

// Of the columns that a row of windows sees, apart by phases of which each has `steps`: the largest elements, how many these
// are, and what comes to each or from each. Of the windows: the maxima, and what each gives to a column. Then copies of z, and
// of rows of one image and of another.
typedef struct {
  size_t window_columns, phases, steps, apart;
  SCALAR *largest, *counts, *shares, *tops, *parts, *windows, *rows, *other_rows;
} TG(PoolingLines);

INLINE TG(PoolingLines) TG(pooling_lines)(const TGPooling *pooling, SCALAR *workspace) {
  const TGPoolingLength length = tg_pooling_length(pooling);
  // The first column of the image is where a vector's stores are cheapest.
  const size_t skipped = VECTOR_LANES - pooling->column_padding / length.phases % VECTOR_LANES;
  SCALAR *line[7];
  for (size_t i = 0; i < 7; i++) line[i] = workspace + i * length.line + (i < 3 ? skipped : 0);
  TG(fill)((SCALAR)-INFINITY, workspace, length.line);
  TG(fill)(0, workspace + length.line, 4 * length.line);
  return (TG(PoolingLines)){
    pooling->window_columns, length.phases, length.steps, length.apart, line[0], line[1], line[2],
    line[3] + length.before, line[4] + length.before, line[5], line[6], line[6] + length.rows};
}

// Columns of an image side by side, two vectors of them: the even ones are a vector, and the odd ones.
typedef struct {
  VECTOR first, last;
} TG(Columns);

// Where in a line apart a column of the image stands, and where the one after it.
INLINE size_t TG(place_of)(const TGPooling *pooling, const TG(PoolingLines) *lines, size_t column) {
  const size_t padded = pooling->column_padding + column;
  if (lines->phases == 1) return padded;
  return padded % lines->phases * lines->apart + padded / lines->phases;
}
INLINE size_t TG(next_place)(const TG(PoolingLines) *lines, size_t place) {
  const size_t last = (lines->phases - 1) * lines->apart;
  return place < last ? place + lines->apart : place - last + 1;
}

// Two vectors of neighbors as the even ones and the odd ones; and back.
INLINE TG(Columns) TG(even_and_odd)(TG(Columns) columns) {
  TG(Columns) apart;
  apart.first.lo = columns.first.even, apart.first.hi = columns.last.even;
  apart.last.lo = columns.first.odd, apart.last.hi = columns.last.odd;
  return apart;
}
INLINE TG(Columns) TG(alternating)(TG(Columns) apart) {
  TG(Columns) columns;
  columns.first.even = apart.first.lo, columns.first.odd = apart.last.lo;
  columns.last.even = apart.first.hi, columns.last.odd = apart.last.hi;
  return columns;
}

// Sets columns from c on apart by phases, or brings them together. One and two phases are usual.
INLINE void TG(set_apart)(
  const TGPooling *pooling, const TG(PoolingLines) *lines, TG(Columns) columns, SCALAR *line, size_t c) {
  size_t place = TG(place_of)(pooling, lines, c);
  if (lines->phases == 1) {
    TG(store)(line + place, columns.first);
    TG(store)(line + place + VECTOR_LANES, columns.last);
  } else if (lines->phases == 2) {
    const TG(Columns) apart = TG(even_and_odd)(columns);
    TG(store)(line + place, apart.first);
    TG(store)(line + TG(next_place)(lines, place), apart.last);
  } else {
    const size_t count = TG(smaller)(2 * VECTOR_LANES, pooling->width - c);
    SCALAR some[2 * VECTOR_LANES];
    memcpy(some, &columns, sizeof some);
    for (size_t i = 0; i < count; i++, place = TG(next_place)(lines, place)) line[place] = some[i];
  }
}
INLINE TG(Columns) TG(bring_together)(
  const TGPooling *pooling, const TG(PoolingLines) *lines, const SCALAR *line, size_t c) {
  size_t place = TG(place_of)(pooling, lines, c);
  TG(Columns) columns;
  if (lines->phases == 1) {
    columns.first = TG(load)(line + place);
    columns.last = TG(load)(line + place + VECTOR_LANES);
  } else if (lines->phases == 2) {
    columns = TG(alternating)(
      (TG(Columns)){TG(load)(line + place), TG(load)(line + TG(next_place)(lines, place))});
  } else {
    const size_t count = TG(smaller)(2 * VECTOR_LANES, pooling->width - c);
    SCALAR some[2 * VECTOR_LANES] = {0};
    for (size_t i = 0; i < count; i++, place = TG(next_place)(lines, place)) some[i] = line[place];
    memcpy(&columns, some, sizeof some);
  }
  return columns;
}

// `count` elements, behind which an array that reaches to `end` has two vectors more; near its end a copy, which has.
INLINE const SCALAR *TG(with_room)(const SCALAR *from, size_t count, const SCALAR *end, SCALAR *copy) {
  if (end - from >= (ptrdiff_t)(count + 2 * VECTOR_LANES)) return from;
  memcpy(copy, from, count * sizeof(SCALAR));
  return copy;
}

// Up to a vector's elements in their order.
INLINE VECTOR TG(load_first)(const SCALAR *from, size_t count) {
  if (count >= VECTOR_LANES) return TG(load)(from);
  SCALAR few[VECTOR_LANES] = {0};
  TG(copy_few)(from, few, count);
  return TG(load)(few);
}

// The first of a vector's elements: halves of what is left, as `count` has them in binary.
INLINE void TG(store_first)(SCALAR *to, VECTOR v, size_t count) {
  if (count >= VECTOR_LANES) {
    TG(store)(to, v);
    return;
  }
#define TG_STORE_HALF(v) \
  if (count & sizeof (v).lo / sizeof(SCALAR)) { \
    const __typeof__((v).lo) half = (v).lo; \
    memcpy(to, &half, sizeof half); \
    to += sizeof half / sizeof(SCALAR); \
    (v).lo = (v).hi; \
  }
  TG_STORE_HALF(v)
  TG_STORE_HALF(v.lo)
  TG_STORE_HALF(v.lo.lo)
#undef TG_STORE_HALF
  if (count & VECTOR_LANES / 16) *to = v[0];
}

// The lanes of up to a vector's elements.
INLINE TG(Mask) TG(lanes_of)(size_t count) {
  static const SCALAR lane[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return TG(load)(lane) < (SCALAR)TG(smaller)(count, VECTOR_LANES);
}
