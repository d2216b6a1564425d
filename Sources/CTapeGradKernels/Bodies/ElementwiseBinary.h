// Functions of two arrays, either of which may be repeated along rows or columns. As in Elementwise.h, the formulas are
// those of FunctionList.h.
//
// Broadcasting is a matter of strides. For a result of 3 rows and 4 columns:
//
//   operand                   row   step
//   a matrix (3, 4)             4      1     the next row lies 4 elements on
//   a column (3, 1), a bias     1      0     one element for each row
//   a row (4)                   0      1     the same row again and again
//   one number                  0      0
//
// Where the rows of both operands follow each other without a gap (the first and the last case), all 12 elements are
// done as one row.

// The element of row r and column s is start[r·row + s·step]; step is 1, or 0 where one element stands for the row.
typedef struct {
  const SCALAR *start;
  ptrdiff_t row, step;
} TG(Operand);

typedef void TG(BinaryLoop)(TG(Operand) a, TG(Operand) b, SCALAR *y, size_t rows, size_t columns);

INLINE const SCALAR *TG(row_start)(TG(Operand) operand, size_t row) { return operand.start + (ptrdiff_t)row * operand.row; }

// Where the vectors of a row are read: the row itself, or a vector full of its only element. Either way the vector of
// column s is at s·step.
INLINE const SCALAR *TG(row_vectors)(TG(Operand) operand, size_t row, VECTOR *repeated) {
  const SCALAR *start = TG(row_start)(operand, row);
  if (operand.step != 0) return start;
  *repeated = TG(splat)(*start);
  return (const SCALAR *)repeated;
}

INLINE VECTOR TG(load_few_of)(TG(Operand) operand, size_t row, size_t count) {
  const SCALAR *start = TG(row_start)(operand, row);
  return operand.step == 0 ? TG(splat)(*start) : TG(load_few)(start, count);
}

// The last vector of a row as in Elementwise.h.
#define TG_BINARY_LOOP_vector(name, formula) \
  INLINE VECTOR TG(apply_to##name)(VECTOR a, VECTOR b) { \
    const VECTOR zero = TG(splat)(0), one = TG(splat)(1); \
    (void)zero, (void)one; \
    return formula; \
  } \
  static void TG(loop_of##name)(TG(Operand) a, TG(Operand) b, SCALAR *y, size_t rows, size_t columns) { \
    for (size_t row = 0; row < rows; row++, y += columns) { \
      if (columns < VECTOR_LANES) { \
        TG(store_few)(y, TG(apply_to##name)(TG(load_few_of)(a, row, columns), TG(load_few_of)(b, row, columns)), columns); \
        continue; \
      } \
      VECTOR repeated_a, repeated_b; \
      const SCALAR *u = TG(row_vectors)(a, row, &repeated_a), *v = TG(row_vectors)(b, row, &repeated_b); \
      const ptrdiff_t end = (ptrdiff_t)(columns - VECTOR_LANES); \
      const VECTOR last = TG(apply_to##name)(TG(load)(u + end * a.step), TG(load)(v + end * b.step)); \
      for (ptrdiff_t i = 0; i < end; i += VECTOR_LANES) \
        TG(store)(y + i, TG(apply_to##name)(TG(load)(u + i * a.step), TG(load)(v + i * b.step))); \
      TG(store)(y + end, last); \
    } \
  }

#define TG_BINARY_LOOP_scalar(name, formula) \
  static void TG(loop_of##name)(TG(Operand) u, TG(Operand) v, SCALAR *y, size_t rows, size_t columns) { \
    for (size_t row = 0; row < rows; row++, y += columns) \
      for (size_t i = 0; i < columns; i++) { \
        const SCALAR a = TG(row_start)(u, row)[(ptrdiff_t)i * u.step]; \
        const SCALAR b = TG(row_start)(v, row)[(ptrdiff_t)i * v.step]; \
        y[i] = formula; \
      } \
  }

#define TG_BINARY_LOOP(name, cost, reading, kind, formula) TG_BINARY_LOOP_##kind(name, formula)
#define TG_BINARY_ENTRY(name, ...) TG(loop_of##name),

TG_BINARY_FUNCTIONS(TG_BINARY_LOOP)

// One column has any step: with its row stride for a step, it may be flat.
INLINE TG(Operand) TG(operand)(const SCALAR *start, ptrdiff_t row, ptrdiff_t step, size_t columns) {
  return (TG(Operand)){start, row, columns == 1 && (row == 0 || row == 1) ? row : step};
}

// Whether its rows continue each other, or repeat one element throughout.
INLINE bool TG(is_flat)(TG(Operand) operand, size_t columns) {
  return operand.row == (ptrdiff_t)columns * operand.step;
}

// Room for short rows on the stack: two batches of floats are 2 KB. A row of 3 elements would leave 13 lanes of 16
// idle; 85 such rows, side by side, fill theirs.
enum { TG(BATCH) = 256 };

// The elements of `rows` rows side by side: in `batch`, or where they are if they lie so.
INLINE TG(Operand) TG(side_by_side)(TG(Operand) operand, size_t row, size_t rows, size_t columns, SCALAR *batch) {
  const SCALAR *from = TG(row_start)(operand, row);
  if (TG(is_flat)(operand, columns)) return (TG(Operand)){from, 0, operand.step};
  SCALAR *to = batch;
  for (size_t r = 0; r < rows; r++, from += operand.row)
    for (size_t s = 0; s < columns; s++) *to++ = from[(ptrdiff_t)s * operand.step];
  return (TG(Operand)){batch, 0, 1};
}

static TG(BinaryLoop) *const TG(binary_loops)[] = {TG_BINARY_FUNCTIONS(TG_BINARY_ENTRY)};

static void TG(binary)(
  TGBinary function, const SCALAR *a_start, ptrdiff_t a_row, ptrdiff_t a_column, const SCALAR *b_start, ptrdiff_t b_row,
  ptrdiff_t b_column, SCALAR *y, size_t rows, size_t columns) {
  TG(BinaryLoop) *const loop = TG(binary_loops)[function];
  const TG(Operand) a = TG(operand)(a_start, a_row, a_column, columns);
  const TG(Operand) b = TG(operand)(b_start, b_row, b_column, columns);
  if (rows == 0 || columns == 0) return;
  if (rows == 1 || (TG(is_flat)(a, columns) && TG(is_flat)(b, columns))) {
    loop(a, b, y, 1, rows * columns);
  } else if (columns >= VECTOR_LANES) {
    loop(a, b, y, rows, columns);
  } else {
    // Rows shorter than a vector go many at a time.
    SCALAR a_batch[TG(BATCH)], b_batch[TG(BATCH)];
    const size_t most = TG(BATCH) / columns;
    for (size_t row = 0; row < rows; row += most) {
      const size_t count = rows - row < most ? rows - row : most;
      const TG(Operand) u = TG(side_by_side)(a, row, count, columns, a_batch);
      const TG(Operand) v = TG(side_by_side)(b, row, count, columns, b_batch);
      loop(u, v, y + row * columns, 1, count * columns);
    }
  }
}

#undef TG_BINARY_LOOP_vector
#undef TG_BINARY_LOOP_scalar
#undef TG_BINARY_LOOP
#undef TG_BINARY_ENTRY
