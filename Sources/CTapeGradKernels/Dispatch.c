// Chooses the instruction set once, and forwards every call to its table.
//
// How one source becomes four sets of kernels:
//
//   AVX2.c      TG_SET = avx2      ─┐                ┌─ Scalar.h, float:   unary_f32, …  ─┐
//   AVX512.c    TG_SET = avx512    ─┼─ Bodies/All.h ─┤                                    ├─ tg_kernels_avx2, …
//   NEON.c      TG_SET = neon      ─┤                └─ Scalar.h, double:  unary_f64, …  ─┘
//   Baseline.c  TG_SET = baseline  ─┘
//
// The kernels of a set are static functions of its file; what leaves the file is one table of pointers to them. A file
// may use instructions that this machine does not have, as long as nobody calls through its table.

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "Bodies/KernelTable.h"

// Best first; the last one runs everywhere.
// `limit` names a set by which to replace the best one, or is null. Each set asks for all the features that its file
// was compiled with: the compiler may use any of them anywhere.
static const TGKernelTable *best_within(const char *limit) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
    && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  const TGKernelTable *const sets[] = {
    avx512 ? &tg_kernels_avx512 : NULL, avx2 ? &tg_kernels_avx2 : NULL, &tg_kernels_baseline};
#elif defined(__aarch64__)
  const TGKernelTable *const sets[] = {&tg_kernels_neon, &tg_kernels_baseline};
#else
  const TGKernelTable *const sets[] = {&tg_kernels_baseline};
#endif
  const TGKernelTable *best = NULL;
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    if (sets[i] == NULL) continue;
    if (limit != NULL && strcmp(limit, sets[i]->name) == 0) return sets[i];
    if (best == NULL) best = sets[i];
  }
  return best;
}

// The table in use. Two threads that come first at the same time both choose, and choose the same: no lock is needed.
// Afterwards a call costs one load and one indirect jump more than a direct one.
static const TGKernelTable *kernels(void) {
  static _Atomic(const TGKernelTable *) chosen;
  const TGKernelTable *table = atomic_load_explicit(&chosen, memory_order_acquire);
  if (table == NULL) {
    const char *const limit = getenv("TAPEGRAD_INSTRUCTION_SET");
    table = best_within(limit);
    if (limit != NULL && strcmp(limit, table->name) != 0)
      fprintf(
        stderr,
        "TAPEGRAD_INSTRUCTION_SET is '%s', which is none of baseline, avx2, avx512, neon, or not of this machine; %s is "
        "used\n",
        limit, table->name);
    atomic_store_explicit(&chosen, table, memory_order_release);
  }
  return table;
}

const char *tg_instruction_set(void) { return kernels()->name; }

// The public functions, which CTapeGradKernels.h describes: each passes its arguments on to the table.
#define TG_FORWARD(scalar, suffix) \
  void tg_unary_##suffix(TGUnary operation, const scalar *x, scalar *y, size_t n, scalar c) { \
    kernels()->unary_##suffix(operation, x, y, n, c); \
  } \
  void tg_binary_##suffix( \
    TGBinary operation, const scalar *a, ptrdiff_t a_row, ptrdiff_t a_column, const scalar *b, ptrdiff_t b_row, \
    ptrdiff_t b_column, scalar *y, size_t rows, size_t columns) { \
    kernels()->binary_##suffix(operation, a, a_row, a_column, b, b_row, b_column, y, rows, columns); \
  } \
  void tg_select_##suffix(const scalar *mask, const scalar *a, const scalar *b, scalar *y, size_t n) { \
    kernels()->select_##suffix(mask, a, b, y, n); \
  } \
  void tg_rounds_##suffix(TGRoundStep *steps, size_t count, size_t rounds) { \
    kernels()->rounds_##suffix(steps, count, rounds); \
  } \
  void tg_reduce_##suffix( \
    TGReduction operation, const scalar *x, scalar *y, size_t outer, size_t length, size_t inner, size_t first, \
    size_t columns) { \
    kernels()->reduce_##suffix(operation, x, y, outer, length, inner, first, columns); \
  } \
  void tg_log_sum_exp_##suffix( \
    const scalar *x, scalar *maximum, scalar *remainder, size_t outer, size_t length, size_t inner) { \
    kernels()->log_sum_exp_##suffix(x, maximum, remainder, outer, length, inner); \
  } \
  void tg_copy_##suffix( \
    const scalar *x, const ptrdiff_t *x_strides, scalar *y, const ptrdiff_t *y_strides, const size_t *shape, \
    size_t rank) { \
    kernels()->copy_##suffix(x, x_strides, y, y_strides, shape, rank); \
  } \
  void tg_add_rows_##suffix( \
    const scalar *x, size_t x_row, scalar *y, size_t y_row, size_t y_column, size_t rows, size_t columns) { \
    kernels()->add_rows_##suffix(x, x_row, y, y_row, y_column, rows, columns); \
  } \
  void tg_fill_##suffix(scalar value, scalar *y, size_t n) { kernels()->fill_##suffix(value, y, n); } \
  void tg_matmul_##suffix( \
    const scalar *a, size_t lda, bool a_transposed, const scalar *b, size_t ldb, bool b_transposed, scalar *c, \
    size_t ldc, size_t m, size_t k, size_t n, const scalar *added, size_t added_step, scalar *workspace) { \
    kernels()->matmul_##suffix( \
      a, lda, a_transposed, b, ldb, b_transposed, c, ldc, m, k, n, added, added_step, workspace); \
  } \
  void tg_matmul_patches_##suffix( \
    const scalar *a, size_t lda, const scalar *x, const ptrdiff_t *starts, scalar *c, size_t ldc, \
    bool accumulates, size_t m, size_t k, size_t n, scalar *workspace) { \
    kernels()->matmul_patches_##suffix(a, lda, x, starts, c, ldc, accumulates, m, k, n, workspace); \
  } \
  size_t tg_matmul_workspace_##suffix(size_t m, size_t k, size_t n, bool a_transposed, bool b_transposed) { \
    return kernels()->matmul_workspace_##suffix(m, k, n, a_transposed, b_transposed); \
  } \
  void tg_max_pool_##suffix(const TGPooling *pooling, const scalar *x, scalar *y, scalar *workspace) { \
    kernels()->max_pool_##suffix(pooling, x, y, workspace); \
  } \
  void tg_max_spread_##suffix( \
    const TGPooling *pooling, const scalar *x, const scalar *z, scalar *y, scalar *workspace) { \
    kernels()->max_spread_##suffix(pooling, x, z, y, workspace); \
  } \
  void tg_max_collect_##suffix( \
    const TGPooling *pooling, const scalar *x, const scalar *u, scalar *y, scalar *workspace) { \
    kernels()->max_collect_##suffix(pooling, x, u, y, workspace); \
  }

TG_FORWARD(float, f32)
TG_FORWARD(double, f64)
