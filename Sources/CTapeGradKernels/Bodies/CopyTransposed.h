// Copies of a matrix whose columns become rows: y[i·y_row + j] = x[i + j·x_column].
//
// Squares of as many vectors as a vector has lanes are turned in registers. Each perfect shuffle of the vectors rotates
// the bits of every element's place, (vector, lane), by one; after half of the bits, vector and lane have changed places.
//
//   four vectors of four       after one shuffle          after two
//   v0  a0 a1 a2 a3            a0 c0 a1 c1                a0 b0 c0 d0
//   v1  b0 b1 b2 b3            a2 c2 a3 c3                a1 b1 c1 d1
//   v2  c0 c1 c2 c3            b0 d0 b1 d1                a2 b2 c2 d2
//   v3  d0 d1 d2 d3            b2 d2 b3 d3                a3 b3 c3 d3
//
// A shuffle takes the lanes of v[j] and v[j + half] in turn. Sixteen vectors of 16 floats need four such rounds, eight
// of 8 doubles three. Element by element, every store would touch another cache line; here every load and every store
// is a whole one.

enum { TG(SIDE) = VECTOR_LANES, TG(PATCH) = 128 };

INLINE void TG(copy_square)(const SCALAR *x, ptrdiff_t x_column, SCALAR *y, ptrdiff_t y_row) {
  VECTOR v[TG(SIDE)], w[TG(SIDE)];
#pragma clang loop unroll(full)
  for (ptrdiff_t j = 0; j < TG(SIDE); j++) v[j] = TG(load)(x + j * x_column);
#pragma clang loop unroll(full)
  for (int bits = 1; bits < TG(SIDE); bits *= 2) {
#pragma clang loop unroll(full)
    for (int j = 0; j < TG(SIDE) / 2; j++) {
      w[2 * j] = __builtin_shufflevector(v[j], v[j + TG(SIDE) / 2], TG(LOWER_PAIRS));
      w[2 * j + 1] = __builtin_shufflevector(v[j], v[j + TG(SIDE) / 2], TG(UPPER_PAIRS));
    }
    memcpy(v, w, sizeof v);
  }
#pragma clang loop unroll(full)
  for (ptrdiff_t i = 0; i < TG(SIDE); i++) TG(store)(y + i * y_row, v[i]);
}

// Less than a square: filled up to one beside it. Of a few elements, one after the other.
static void TG(copy_corner)(
  const SCALAR *x, ptrdiff_t x_column, SCALAR *y, ptrdiff_t y_row, size_t rows, size_t columns) {
  if (rows * columns <= 4 * TG(SIDE)) {
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < columns; j++) y[(ptrdiff_t)i * y_row + (ptrdiff_t)j] = x[(ptrdiff_t)i + (ptrdiff_t)j * x_column];
    return;
  }
  SCALAR read[TG(SIDE)][TG(SIDE)] = {{0}}, turned[TG(SIDE)][TG(SIDE)];
  for (size_t j = 0; j < columns; j++) TG(copy_row)(x + (ptrdiff_t)j * x_column, read[j], rows);
  TG(copy_square)(*read, TG(SIDE), *turned, TG(SIDE));
  for (size_t i = 0; i < rows; i++) TG(copy_row)(turned[i], y + (ptrdiff_t)i * y_row, columns);
}

// Patch by patch, so that the pages of either side are few.
static void TG(copy_transposed)(
  const SCALAR *x, ptrdiff_t x_column, SCALAR *y, ptrdiff_t y_row, size_t row_count, size_t column_count) {
  const ptrdiff_t rows = (ptrdiff_t)row_count, columns = (ptrdiff_t)column_count, side = TG(SIDE), patch = TG(PATCH);
  for (ptrdiff_t top = 0; top < rows; top += patch)
    for (ptrdiff_t left = 0; left < columns; left += patch) {
      const ptrdiff_t bottom = rows - top < patch ? rows : top + patch;
      const ptrdiff_t right = columns - left < patch ? columns : left + patch;
      for (ptrdiff_t i = top; i < bottom; i += side)
        for (ptrdiff_t j = left; j < right; j += side) {
          const SCALAR *from = x + i + j * x_column;
          SCALAR *to = y + i * y_row + j;
          const ptrdiff_t height = bottom - i, width = right - j;
          if (height >= side && width >= side) TG(copy_square)(from, x_column, to, y_row);
          else
            TG(copy_corner)(
              from, x_column, to, y_row, (size_t)(height < side ? height : side), (size_t)(width < side ? width : side));
        }
    }
}
