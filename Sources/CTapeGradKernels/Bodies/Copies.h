// Strided copies, which broadcast, slice, permute, pad and join arrays, and fills.
//
// A copy is brought to its fewest axes. The last one and, where there is one, an axis along which x is contiguous are
// done by one of the loops over a plane; the other axes count upwards around it.
//
//   what                          shape    strides of x   of y      becomes
//   a plain copy of (2, 3, 4)     2, 3, 4  12, 4, 1       12, 4, 1  one row of 24: memcpy
//   the transpose of (3, 4)       4, 3      1, 4           3, 1     CopyTransposed.h
//   a bias (3, 1) over 100        3, 100    1, 0         100, 1     three fills
//   a row backwards               4        −1              1        an element at a time
//
// A stride says how far apart neighbors along an axis lie; 0 repeats an element, a negative one walks backwards.

static void TG(fill)(SCALAR value, SCALAR *y, size_t n) {
  const VECTOR values = TG(splat)(value);
  if (n == 0) return;
  if (n < VECTOR_LANES) {
    TG(store_few)(y, values, n);
    return;
  }
  for (size_t i = 0; i < n - VECTOR_LANES; i += VECTOR_LANES) TG(store)(y + i, values);
  TG(store)(y + n - VECTOR_LANES, values);
}

typedef struct {
  size_t count;
  ptrdiff_t x, y;  // strides
} TG(Axis);

enum { TG(MOST_AXES) = 8 };

// The axes of more than one element, neighbors joined where one continues the other in x and in y; how many they are.
static size_t TG(join_axes)(
  const ptrdiff_t *x_strides, const ptrdiff_t *y_strides, const size_t *shape, size_t rank, TG(Axis) *axes) {
  size_t joined = 0;
  for (size_t i = 0; i < rank; i++) {
    if (shape[i] == 1) continue;
    const TG(Axis) axis = {shape[i], x_strides[i], y_strides[i]};
    TG(Axis) *const before = &axes[joined - 1];
    const ptrdiff_t count = (ptrdiff_t)axis.count;
    if (joined > 0 && before->x == count * axis.x && before->y == count * axis.y)
      *before = (TG(Axis)){before->count * axis.count, axis.x, axis.y};
    else
      axes[joined++] = axis;
  }
  return joined;
}

// Every second element, as convolutions whose windows move by two see them. A vector reads one behind the last it takes.
static void TG(copy_every_second)(const SCALAR *x, SCALAR *y, size_t n) {
  const size_t half = VECTOR_LANES / 2;
  size_t j = 0;
  for (; j + half < n; j += half) {
    const __typeof__(TG(splat)(0).even) taken = TG(load)(x + 2 * j).even;
    memcpy(y + j, &taken, sizeof taken);
  }
  for (; j < n; j++) y[j] = x[2 * j];
}

// Rows of n neighbors, each as two pieces of a size that the compiler knows, which may overlap: piece ≤ n ≤ 2·piece ≤ 16.
// What load_few and store_few do, with the choice outside of the loop.
INLINE void TG(copy_pieces)(const SCALAR *x, SCALAR *y, TG(Axis) rows, size_t n, const size_t piece) {
  SCALAR first[8], last[8];
  for (size_t i = 0; i < rows.count; i++, x += rows.x, y += rows.y) {
    memcpy(first, x, piece * sizeof(SCALAR));
    memcpy(last, x + n - piece, piece * sizeof(SCALAR));
    memcpy(y, first, piece * sizeof(SCALAR));
    memcpy(y + n - piece, last, piece * sizeof(SCALAR));
  }
}
// Two neighbors at least: an axis of one element is none.
static void TG(copy_rows)(const SCALAR *x, SCALAR *y, TG(Axis) rows, size_t n) {
  if (n < 4) TG(copy_pieces)(x, y, rows, n, 2);
  else if (n < 8) TG(copy_pieces)(x, y, rows, n, 4);
  else if (n < 16) TG(copy_pieces)(x, y, rows, n, 8);
  else
    for (size_t i = 0; i < rows.count; i++, x += rows.x, y += rows.y) TG(copy_row)(x, y, n);
}

// Two axes, by the fastest loop that their strides allow.
static void TG(copy_plane)(const SCALAR *x, SCALAR *y, TG(Axis) rows, TG(Axis) columns) {
  if (columns.y == 1 && columns.x == 1) {
    TG(copy_rows)(x, y, rows, columns.count);
    return;
  }
  if (columns.y == 1 && rows.x == 1 && columns.x > 1) {
    TG(copy_transposed)(x, columns.x, y, rows.y, rows.count, columns.count);
    return;
  }
  for (size_t i = 0; i < rows.count; i++, x += rows.x, y += rows.y) {
    if (columns.y == 1 && columns.x == 0) TG(fill)(*x, y, columns.count);
    else if (columns.y == 1 && columns.x == 2) TG(copy_every_second)(x, y, columns.count);
    else
      for (size_t j = 0; j < columns.count; j++) y[(ptrdiff_t)j * columns.y] = x[(ptrdiff_t)j * columns.x];
  }
}

// Moves the axis that goes with the last one to the place before it: one along which x is contiguous, if the last is not.
static void TG(choose_plane)(TG(Axis) *axes, size_t rank) {
  if (axes[rank - 1].x == 1) return;
  for (size_t i = 0; i + 2 < rank; i++) {
    if (axes[i].x != 1) continue;
    const TG(Axis) chosen = axes[i];
    memmove(&axes[i], &axes[i + 1], (rank - 2 - i) * sizeof *axes);
    axes[rank - 2] = chosen;
    return;
  }
}

// The plane at every index of the outer axes. The index counts like an odometer: the last outer axis first; one that
// comes to its end goes back to 0, and the axis before it moves on by one.
static void TG(copy)(
  const SCALAR *x, const ptrdiff_t *x_strides, SCALAR *y, const ptrdiff_t *y_strides, const size_t *shape, size_t rank) {
  for (size_t i = 0; i < rank; i++)
    if (shape[i] == 0) return;
  // Two axes at least, of one element if need be: a plane.
  TG(Axis) storage[2 + TG(MOST_AXES)] = {{1, 0, 0}, {1, 0, 0}}, *axes = storage + 2;
  size_t count = TG(join_axes)(x_strides, y_strides, shape, rank, axes);
  for (; count < 2; count++) axes--;
  TG(choose_plane)(axes, count);

  size_t index[TG(MOST_AXES)] = {0};
  const size_t outer = count - 2;
  for (;;) {
    TG(copy_plane)(x, y, axes[outer], axes[outer + 1]);
    size_t axis = outer;
    for (; axis > 0; axis--) {
      const TG(Axis) turned = axes[axis - 1];
      x += turned.x;
      y += turned.y;
      if (++index[axis - 1] < turned.count) break;
      x -= (ptrdiff_t)turned.count * turned.x;
      y -= (ptrdiff_t)turned.count * turned.y;
      index[axis - 1] = 0;
    }
    if (axis == 0) return;
  }
}

// Rows added to rows elsewhere; where y's elements stand apart, one at a time.
static void TG(add_rows)(
  const SCALAR *x, size_t x_row, SCALAR *y, size_t y_row, size_t y_column, size_t rows, size_t columns) {
  for (; rows > 0; rows--, x += x_row, y += y_row) {
    if (y_column == 1)
      for (size_t j = 0; j < columns; j += VECTOR_LANES) {
        const size_t left = columns - j;
        TG(store_part_of)(y + j, TG(load_part)(y + j, left) + TG(load_part)(x + j, left), left);
      }
    else
      for (size_t j = 0; j < columns; j++) y[j * y_column] += x[j];
  }
}
