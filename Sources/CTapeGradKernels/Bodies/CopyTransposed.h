// Copies of a matrix whose columns become rows: y[i·y_row + j] = x[i + j·x_column].
//
// Squares of 8 × 8 are turned in registers. Three perfect shuffles of eight vectors transpose them: each one rotates the
// six bits of an element's place, (vector, lane), by one, so three exchange the two halves.

typedef SCALAR TG(Eight) __attribute__((ext_vector_type(8)));
enum { TG(SIDE) = 8, TG(STRIP) = 64 };

INLINE void TG(copy_square)(const SCALAR *x, ptrdiff_t x_column, SCALAR *y, ptrdiff_t y_row) {
  TG(Eight) v[TG(SIDE)], w[TG(SIDE)];
#pragma clang loop unroll(full)
  for (ptrdiff_t j = 0; j < TG(SIDE); j++) memcpy(&v[j], x + j * x_column, sizeof v[j]);
#pragma clang loop unroll(full)
  for (int shuffle = 0; shuffle < 3; shuffle++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < TG(SIDE) / 2; j++) {
      w[2 * j] = __builtin_shufflevector(v[j], v[j + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      w[2 * j + 1] = __builtin_shufflevector(v[j], v[j + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    memcpy(v, w, sizeof v);
  }
#pragma clang loop unroll(full)
  for (ptrdiff_t i = 0; i < TG(SIDE); i++) memcpy(y + i * y_row, &v[i], sizeof v[i]);
}

// Strips of 64 columns of y: as many rows of x are read side by side, and y is written a few cache lines at a time.
static void TG(copy_transposed)(
  const SCALAR *x, ptrdiff_t x_column, SCALAR *y, ptrdiff_t y_row, size_t rows, size_t columns) {
  const size_t whole_rows = rows - rows % TG(SIDE);
  for (size_t start = 0; start < columns; start += TG(STRIP)) {
    const size_t end = columns - start < TG(STRIP) ? columns : start + TG(STRIP);
    const size_t whole_end = end - (end - start) % TG(SIDE);
    for (size_t i = 0; i < whole_rows; i += TG(SIDE)) {
      const SCALAR *from = x + i;
      SCALAR *to = y + (ptrdiff_t)i * y_row;
      for (size_t j = start; j < whole_end; j += TG(SIDE))
        TG(copy_square)(from + (ptrdiff_t)j * x_column, x_column, to + j, y_row);
      for (size_t j = whole_end; j < end; j++)
        for (ptrdiff_t k = 0; k < TG(SIDE); k++) to[k * y_row + (ptrdiff_t)j] = from[k + (ptrdiff_t)j * x_column];
    }
    for (size_t i = whole_rows; i < rows; i++)
      for (size_t j = start; j < end; j++) y[(ptrdiff_t)i * y_row + (ptrdiff_t)j] = x[(ptrdiff_t)i + (ptrdiff_t)j * x_column];
  }
}
