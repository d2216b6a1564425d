// The functions of one instruction set. Dispatch.c picks a table; Bodies/All.h fills one for each set.
//
// The members are those of CTapeGradKernels.h, in the same order and with the same arguments, for float and for double.

#ifndef TG_KERNEL_TABLE_H
#define TG_KERNEL_TABLE_H

#include "../include/CTapeGradKernels.h"

#define TG_TABLE_MEMBERS(scalar, suffix) \
  void (*unary_##suffix)(TGUnary, const scalar *, scalar *, size_t, scalar); \
  void (*binary_##suffix)( \
    TGBinary, const scalar *, ptrdiff_t, ptrdiff_t, const scalar *, ptrdiff_t, ptrdiff_t, scalar *, size_t, size_t); \
  void (*select_##suffix)(const scalar *, const scalar *, const scalar *, scalar *, size_t); \
  void (*rounds_##suffix)(TGRoundStep *, size_t, size_t); \
  void (*reduce_##suffix)(TGReduction, const scalar *, scalar *, size_t, size_t, size_t, size_t, size_t); \
  void (*log_sum_exp_##suffix)(const scalar *, scalar *, scalar *, size_t, size_t, size_t); \
  void (*copy_##suffix)(const scalar *, const ptrdiff_t *, scalar *, const ptrdiff_t *, const size_t *, size_t); \
  void (*add_rows_##suffix)(const scalar *, size_t, scalar *, size_t, size_t, size_t, size_t); \
  void (*fill_##suffix)(scalar, scalar *, size_t); \
  void (*matmul_##suffix)( \
    const scalar *, size_t, bool, const scalar *, size_t, bool, scalar *, size_t, size_t, size_t, size_t, \
    const scalar *, size_t, scalar *); \
  void (*matmul_patches_##suffix)( \
    const scalar *, size_t, const scalar *, const ptrdiff_t *, scalar *, size_t, bool, size_t, size_t, size_t, \
    scalar *); \
  size_t (*matmul_workspace_##suffix)(size_t, size_t, size_t, bool, bool); \
  void (*max_pool_##suffix)(const TGPooling *, const scalar *, scalar *, scalar *); \
  void (*max_spread_##suffix)(const TGPooling *, const scalar *, const scalar *, scalar *, scalar *); \
  void (*max_collect_##suffix)(const TGPooling *, const scalar *, const scalar *, scalar *, scalar *);

typedef struct {
  const char *name;
  TG_TABLE_MEMBERS(float, f32)
  TG_TABLE_MEMBERS(double, f64)
} TGKernelTable;

extern const TGKernelTable tg_kernels_baseline;
#if defined(__x86_64__)
extern const TGKernelTable tg_kernels_avx2, tg_kernels_avx512;
#elif defined(__aarch64__)
extern const TGKernelTable tg_kernels_neon;
#endif

#endif
