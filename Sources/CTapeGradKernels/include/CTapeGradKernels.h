// The numerical kernels of TapeGrad: pointers in, pointers out, no allocation.
//
// Arrays are row-major and contiguous unless strides are given (in elements, not bytes). A result may share its buffer
// with an operand of the same length and position, and must not overlap it in any other way. Each function exists for
// `float` (suffix _f32) and `double` (suffix _f64).
//
// One source body is compiled once for each instruction set (see Bodies/), and the best set that the machine has is
// chosen at the first call. The environment variable TAPEGRAD_INSTRUCTION_SET (baseline, avx2, avx512, neon) forces a
// lower one. The order of every sum depends on shapes only.

#ifndef CTAPEGRADKERNELS_H
#define CTAPEGRADKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "FunctionList.h"

// Swift sees each list as an enumeration: `UnaryFunction.exp`, `BinaryFunction.add`, `Reduction.sum`.
#define TG_ENUM(name, swift) \
  enum __attribute__((enum_extensibility(closed), swift_name(swift))) name : int; \
  typedef enum name name; \
  enum __attribute__((enum_extensibility(closed), swift_name(swift))) name : int

#define TG_UNARY_CASE(name, ...) TGUnary##name,
#define TG_BINARY_CASE(name, ...) TGBinary##name,
#define TG_REDUCTION_CASE(name, ...) TGReduction##name,

/// `y = f(x)`, element by element, with a number `c` where the function takes one.
TG_ENUM(TGUnary, "UnaryFunction") {TG_UNARY_FUNCTIONS(TG_UNARY_CASE)};

/// `y = f(a, b)`, element by element.
TG_ENUM(TGBinary, "BinaryFunction") {TG_BINARY_FUNCTIONS(TG_BINARY_CASE)};

/// `y = f over k of x[·, k, ·]`.
TG_ENUM(TGReduction, "Reduction") {TG_REDUCTIONS(TG_REDUCTION_CASE)};

/// About how many nanoseconds an element takes.
double tg_unary_cost(TGUnary function);
double tg_binary_cost(TGBinary function);

/// How a function reads, with `$x`, `$c`, `$a`, `$b` for its operands; of a reduction, its name.
const char *tg_unary_reading(TGUnary function);
const char *tg_binary_reading(TGBinary function);
const char *tg_reduction_reading(TGReduction function);

/// Tells the processor that this thread waits for another one.
static inline void tg_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

/// How many processors this process may run on.
size_t tg_processor_count(void);

/// The bytes of this machine's memory.
ptrdiff_t tg_memory_size(void);

/// Writes the return addresses of the calls under way on this thread, innermost first, found by the unwind tables; at
/// most `capacity`. Returns how many there are. Takes about a microsecond for each, and reads no file.
size_t tg_return_addresses(uintptr_t *addresses, size_t capacity);

#if defined(__linux__)
/// A program or library in memory. The caller lends room for the path and for the program headers.
struct TGImage {
  /// What was added to the addresses in its file.
  uintptr_t base;
  char *path;
  size_t path_capacity;
  /// The program headers, by which its file can be known again.
  void *headers;
  size_t headers_size, headers_capacity;
};

/// Finds the image that holds an address. False where there is none, or the room does not suffice.
bool tg_find_image(uintptr_t address, struct TGImage *image);
#endif

/// Of Swift's runtime: the name that a mangled one stands for, to be freed; null where it is none.
char *swift_demangle(const char *name, size_t length, char *buffer, size_t *capacity, uint32_t flags);

/// The name of the instruction set in use: "baseline", "avx2", "avx512" or "neon".
const char *tg_instruction_set(void);

/// What a step of a round reads or writes: its first element; how many elements on the next row and column are; and how
/// many bytes on it is in the next round.
typedef struct {
  void *start;
  ptrdiff_t row, column, move;
} TGRoundOperand;

TG_ENUM(TGRoundStepKind, "RoundStepKind") {TGRoundStepUnary, TGRoundStepBinary, TGRoundStepSelect};

/// A step of a round on a grid of elements: a function of the list for its kind, with the number where that takes one, on a
/// and, where there are two operands, b. A mask chooses between them, and is read nowhere else. Strides are read of binary steps.
typedef struct {
  TGRoundStepKind kind;
  int function;
  double number;
  size_t rows, columns;
  TGRoundOperand a, b, mask, y;
} TGRoundStep;

/// How windows see images of `height` rows of `width` elements: window (i, j) of `rows × columns` begins at row
/// i·row_step − row_padding, and so for columns. Nothing stands outside; each window sees an element.
typedef struct {
  size_t images, height, width, rows, columns;
  size_t window_rows, window_columns, row_step, column_step, row_padding, column_padding;
} TGPooling;

/// The columns that windows see are those of `phases` times `steps`. A line has them `apart` elements from phase to phase,
/// room for the windows `before` the first that a column is not seen by, and vectors more at both ends; copied rows have two.
typedef struct {
  size_t phases, steps, apart, before, line, rows;
} TGPoolingLength;

static inline TGPoolingLength tg_pooling_length(const TGPooling *pooling) {
  const size_t inside = pooling->column_padding + pooling->width;
  const size_t seen = (pooling->columns - 1) * pooling->column_step + pooling->window_columns;
  const size_t length = inside > seen ? inside : seen;
  const size_t phases = pooling->column_step < length ? pooling->column_step : length;
  const size_t steps = (length + phases - 1) / phases;
  // Whole vectors of one of two phases end before the other begins.
  const size_t apart = phases == 2 ? (steps + 31) / 16 * 16 : steps;
  const size_t before = pooling->window_columns / phases + 1;
  const size_t rows = pooling->window_rows * pooling->width + 32;
  return (TGPoolingLength){phases, steps, apart, before, (before + phases * apart + 79) / 16 * 16, rows};
}

/// How many elements of workspace the pooling kernels need.
static inline size_t tg_pooling_workspace(const TGPooling *pooling) {
  const TGPoolingLength length = tg_pooling_length(pooling);
  return 6 * length.line + 2 * length.rows;
}

#define TG_DECLARE(scalar, suffix) \
  /* y[i] = f(x[i]) for i < n. */ \
  void tg_unary_##suffix(TGUnary operation, const scalar *x, scalar *y, size_t n, scalar c); \
  /* y[r, s] = f(a[r·a_row + s·a_column], b[r·b_row + s·b_column]), y contiguous; column strides are 0 or 1. */ \
  void tg_binary_##suffix( \
    TGBinary operation, const scalar *a, ptrdiff_t a_row, ptrdiff_t a_column, const scalar *b, ptrdiff_t b_row, \
    ptrdiff_t b_column, scalar *y, size_t rows, size_t columns); \
  /* y[i] = mask[i] ≠ 0 ? a[i] : b[i]. */ \
  void tg_select_##suffix(const scalar *mask, const scalar *a, const scalar *b, scalar *y, size_t n); \
  /* The steps, one after the other, in each of so many rounds; operands go on from round to round. */ \
  void tg_rounds_##suffix(TGRoundStep *steps, size_t count, size_t rounds); \
  /* y[o, i] = f over k of x[o, k, i], with x of shape (outer, length, inner), for `columns` of the i from `first` on: */ \
  /* all of them, or some multiple of 16. An empty sum is 0; an empty maximum is not called for. */ \
  void tg_reduce_##suffix( \
    TGReduction operation, const scalar *x, scalar *y, size_t outer, size_t length, size_t inner, size_t first, \
    size_t columns); \
  /* The largest of x[o, ·, i] and the log1p of the sum of exp(x − largest) over all but one largest element, so that */ \
  /* log Σ exp x = maximum + remainder without cancellation. Where the largest is ±∞ the remainder is 0. */ \
  void tg_log_sum_exp_##suffix( \
    const scalar *x, scalar *maximum, scalar *remainder, size_t outer, size_t length, size_t inner); \
  /* y[index·y_strides] = x[index·x_strides] over all of shape; rank ≤ 8; strides of x may be 0 or negative. */ \
  void tg_copy_##suffix( \
    const scalar *x, const ptrdiff_t *x_strides, scalar *y, const ptrdiff_t *y_strides, const size_t *shape, size_t rank); \
  /* y[i·y_row + j·y_column] += x[i·x_row + j]. */ \
  void tg_add_rows_##suffix( \
    const scalar *x, size_t x_row, scalar *y, size_t y_row, size_t y_column, size_t rows, size_t columns); \
  /* y[i] = value. */ \
  void tg_fill_##suffix(scalar value, scalar *y, size_t n); \
  /* C = op(A)·op(B), C contiguous (m, n), op(A) (m, k), op(B) (k, n); a transposed operand is stored (k, m) or (n, k). */ \
  /* Row strides lda, ldb, ldc. `workspace` holds tg_matmul_workspace elements, 64-byte aligned. Every element of C is */ \
  /* the sum over chunks of 256 of k of chunk sums that ascend in k, by fused multiply-add where the set has it, */ \
  /* whatever the shape: the same bits for one row or all rows. To the sums of row i, added[i·added_step] is then added, */ \
  /* unless `added` is null. */ \
  void tg_matmul_##suffix( \
    const scalar *a, size_t lda, bool a_transposed, const scalar *b, size_t ldb, bool b_transposed, scalar *c, size_t ldc, \
    size_t m, size_t k, size_t n, const scalar *added, size_t added_step, scalar *workspace); \
  /* C (+)= A·P, where P is what windows see of images: its element (p, q) is x[starts[p] + q]. Elements of C are summed as */ \
  /* by tg_matmul; where C is added to, one chunk after the other. Up to 16 elements behind what is seen of x are read. */ \
  void tg_matmul_patches_##suffix( \
    const scalar *a, size_t lda, const scalar *x, const ptrdiff_t *starts, scalar *c, size_t ldc, \
    bool accumulates, size_t m, size_t k, size_t n, scalar *workspace); \
  /* How many elements of workspace a product needs. */ \
  size_t tg_matmul_workspace_##suffix(size_t m, size_t k, size_t n, bool a_transposed, bool b_transposed); \
  /* y = the largest element of each window; NaN wins. `workspace` holds tg_pooling_workspace elements, 64-byte aligned. */ \
  void tg_max_pool_##suffix(const TGPooling *pooling, const scalar *x, scalar *y, scalar *workspace); \
  /* The transpose at x: y = for each element the sum of its shares of z. A window divides its z evenly among its largest */ \
  /* elements; all get NaN where one is NaN. */ \
  void tg_max_spread_##suffix( \
    const TGPooling *pooling, const scalar *x, const scalar *z, scalar *y, scalar *workspace); \
  /* The transpose of that: y = for each window the mean of u over the largest elements of x; NaN where one is NaN. */ \
  void tg_max_collect_##suffix( \
    const TGPooling *pooling, const scalar *x, const scalar *u, scalar *y, scalar *workspace);

TG_DECLARE(float, f32)
TG_DECLARE(double, f64)

#endif
