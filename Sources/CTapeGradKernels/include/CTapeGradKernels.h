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

#define TG_DECLARE(scalar, suffix) \
  /* y[i] = f(x[i]) for i < n. */ \
  void tg_unary_##suffix(TGUnary operation, const scalar *x, scalar *y, size_t n, scalar c); \
  /* y[r, s] = f(a[r·a_row + s·a_column], b[r·b_row + s·b_column]), y contiguous; column strides are 0 or 1. */ \
  void tg_binary_##suffix( \
    TGBinary operation, const scalar *a, ptrdiff_t a_row, ptrdiff_t a_column, const scalar *b, ptrdiff_t b_row, \
    ptrdiff_t b_column, scalar *y, size_t rows, size_t columns); \
  /* y[i] = mask[i] ≠ 0 ? a[i] : b[i]. */ \
  void tg_select_##suffix(const scalar *mask, const scalar *a, const scalar *b, scalar *y, size_t n); \
  /* y[o, i] = f over k of x[o, k, i], with x of shape (outer, length, inner). An empty sum is 0; an empty maximum */ \
  /* is not called for. */ \
  void tg_reduce_##suffix(TGReduction operation, const scalar *x, scalar *y, size_t outer, size_t length, size_t inner); \
  /* The largest of x[o, ·, i] and the log1p of the sum of exp(x − largest) over all but one largest element, so that */ \
  /* log Σ exp x = maximum + remainder without cancellation. Where the largest is ±∞ the remainder is 0. */ \
  void tg_log_sum_exp_##suffix( \
    const scalar *x, scalar *maximum, scalar *remainder, size_t outer, size_t length, size_t inner); \
  /* y[index·y_strides] = x[index·x_strides] over all of shape; rank ≤ 8; strides of x may be 0 or negative. */ \
  void tg_copy_##suffix( \
    const scalar *x, const ptrdiff_t *x_strides, scalar *y, const ptrdiff_t *y_strides, const size_t *shape, size_t rank); \
  /* y[i] = value. */ \
  void tg_fill_##suffix(scalar value, scalar *y, size_t n); \
  /* C = op(A)·op(B), C contiguous (m, n), op(A) (m, k), op(B) (k, n); a transposed operand is stored (k, m) or (n, k). */ \
  /* Row strides lda, ldb, ldc. `workspace` holds tg_matmul_workspace elements, 64-byte aligned. Every element of C is */ \
  /* the sum over chunks of 256 of k of chunk sums that ascend in k, by fused multiply-add where the set has it, */ \
  /* whatever the shape: the same bits for one row or all rows. */ \
  void tg_matmul_##suffix( \
    const scalar *a, size_t lda, bool a_transposed, const scalar *b, size_t ldb, bool b_transposed, scalar *c, size_t ldc, \
    size_t m, size_t k, size_t n, scalar *workspace); \
  /* How many elements of workspace the product needs. */ \
  size_t tg_matmul_workspace_##suffix(size_t m, size_t k, size_t n, bool a_transposed, bool b_transposed);

TG_DECLARE(float, f32)
TG_DECLARE(double, f64)

#endif
