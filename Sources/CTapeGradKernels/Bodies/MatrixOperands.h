// What the parts of the matrix product hand each other.
//
//   A of 2 rows and 3 columns, row-major      a0 a1 a2 b0 b1 b2
//   as the left factor                        lines a, b             line_step 3, depth_step 1
//   as the left factor, transposed            lines a0b0, a1b1, …    line_step 1, depth_step 3
//
// So a transpose changes two numbers, and the code below need not know of it.

/// A factor of the product, seen as lines (rows of the left one, columns of the right one) that run along k. Element p
/// of line i is `data[i·line_step + p·depth_step]`, and one of the steps is 1.
///
/// A right factor may be what windows see of images: a matrix that nobody writes out, whose rows are runs of a copy of the
/// images, each begun elsewhere (the picture is in Patches.swift). Then `starts` says where: element p of line i is
/// `data[i + starts[p]]`.
typedef struct {
  const SCALAR *data;
  size_t line_step, depth_step;
  const ptrdiff_t *starts;
} TG(Factor);

/// The same factor, seen from line i and element p on.
static inline TG(Factor) TG(factor_from)(TG(Factor) factor, size_t i, size_t p) {
  factor.data += i * factor.line_step + p * factor.depth_step;
  if (factor.starts != NULL) factor.starts += p;
  return factor;
}

/// `c[i·c_row_step + j·c_column_step] = Σ over p < depth of left line i, element p · right line j, element p`.
typedef struct {
  TG(Factor) left, right;
  size_t rows, depth, columns;
  SCALAR *c;
  size_t c_row_step, c_column_step;
  /// What is added to each whole sum, one number for a row: that of row i is `added[i·added_step]`. NULL for nothing.
  const SCALAR *added;
  size_t added_step;
} TG(MatrixProduct);

enum {
  /// The chunk of k whose products are summed before they are added to C.
  TG(CHUNK) = 256,
};

static inline size_t TG(smaller)(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t TG(rounded_up)(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }
