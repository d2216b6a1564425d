// The kernels for AVX2 with fused multiply-add. The attribute, rather than a compiler flag, keeps the package usable as
// a dependency.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define TG_SET avx2
#define TG_FMA 1
#include "Bodies/All.h"
#pragma clang attribute pop
#endif
