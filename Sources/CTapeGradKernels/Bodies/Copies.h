// Strided copies and fills.
static void TG(fill)(SCALAR value, SCALAR *y, size_t n) { for (size_t i = 0; i < n; i++) y[i] = value; }
static void TG(copy)(
  const SCALAR *x, const ptrdiff_t *x_strides, SCALAR *y, const ptrdiff_t *y_strides, const size_t *shape, size_t rank) {
  if (rank == 0) { *y = *x; return; }
  for (size_t i = 0; i < shape[0]; i++)
    TG(copy)(x + (ptrdiff_t)i * x_strides[0], x_strides + 1, y + (ptrdiff_t)i * y_strides[0], y_strides + 1, shape + 1, rank - 1);
}
