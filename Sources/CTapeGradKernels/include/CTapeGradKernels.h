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

#define TG_ENUM(name) \
  enum __attribute__((enum_extensibility(closed))) name : int; \
  typedef enum name name; \
  enum __attribute__((enum_extensibility(closed))) name : int

/// `y = f(x)`, element by element. The operations from `Scale` on read the number `c`.
TG_ENUM(TGUnary) {
  TGUnaryNegate,
  TGUnaryAbsolute,
  /// −1, 0 or 1; NaN at NaN.
  TGUnarySign,
  TGUnarySquare,
  TGUnarySquareRoot,
  TGUnaryExp,
  TGUnaryLog,
  /// `eˣ − 1`.
  TGUnaryExpm1,
  /// `ln(1 + x)`.
  TGUnaryLog1p,
  /// `1/x` where x ≥ 0, NaN below: the derivative of log.
  TGUnaryLogDerivative,
  TGUnaryTanh,
  /// `1 − tanh² x`, as `4e/(1 + e)²` with `e = exp(−2|x|)`: accurate in both tails.
  TGUnaryTanhDerivative,
  TGUnarySigmoid,
  /// `σ(x)(1 − σ(x))`, as `e/(1 + e)²` with `e = exp(−|x|)`: accurate in both tails.
  TGUnarySigmoidDerivative,
  /// `ln(1 + eˣ) = max(x, 0) + log1p(exp(−|x|))`.
  TGUnarySoftplus,
  /// `max(x, 0)`; NaN at NaN; +0 at ±0.
  TGUnaryRelu,
  /// 1 where x > 0, 0 where x ≤ 0, NaN at NaN.
  TGUnaryStep,
  /// `c·x`.
  TGUnaryScale,
  /// `x + c`.
  TGUnaryOffset,
  /// `c − x`.
  TGUnaryComplement,
  /// `x / c`.
  TGUnaryQuotient,
  /// `c / x`.
  TGUnaryReciprocal,
  /// `x` where x > 0, `c·x` elsewhere.
  TGUnaryLeakyRelu,
  /// 1 where x > 0, `c` elsewhere, NaN at NaN.
  TGUnaryLeakyStep,
  /// `xᶜ`, by the C library.
  TGUnaryPower,
};

/// `y = f(a, b)`, element by element.
TG_ENUM(TGBinary) {
  TGBinaryAdd,
  TGBinarySubtract,
  TGBinaryMultiply,
  TGBinaryDivide,
  /// The larger; NaN if either is NaN.
  TGBinaryMaximum,
  /// The smaller; NaN if either is NaN.
  TGBinaryMinimum,
  /// `aᵇ`, by the C library.
  TGBinaryPower,
  /// `a·b`, and 0 where a = 0 whatever b is (even NaN or ∞): the product of a cotangent and a derivative.
  TGBinaryChain,
  /// 1 where a < b, else 0.
  TGBinaryLess,
  /// 1 where a = b, else 0.
  TGBinaryEqual,
  /// Cross-entropy of σ(a) with label b: `b·softplus(−a) + (1 − b)·softplus(a)`; a weight of 0 drops its term
  /// even where the term is infinite.
  TGBinaryLogitsCrossEntropy,
  /// `σ(a) − b` without cancellation: `(1 − b)·σ(a) − b·σ(−a)`.
  TGBinarySigmoidResidual,
};

/// `y = f over k of x[·, k, ·]`.
TG_ENUM(TGReduction) {
  /// Blocks of 1024 along k, 16 lanes a block (lane = k mod 16); lanes, then blocks, combine in a fixed binary tree.
  /// The bits do not depend on where the reduced axis lies.
  TGReductionSum,
  /// The largest; NaN if any is NaN.
  TGReductionMaximum,
  /// The smallest; NaN if any is NaN.
  TGReductionMinimum,
};

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
