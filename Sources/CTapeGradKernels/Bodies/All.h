// Every kernel of one instruction set. TG_SET names the set; the file that includes this one has pushed its target
// attribute. Scalar.h is included once for each scalar type.
//
// TG(exp) is exp_f32 while Scalar.h is included for float, and exp_f64 while it is for double: C has no generic
// functions, and this takes their place. `TG_JOIN` needs its two steps, since ## joins its arguments before they are
// expanded.
//
// The promise that the same numbers come out everywhere starts here. `fp contract(off)` forbids the compiler to make a
// fused multiply-add of a product and a sum that stand apart in the source: it would do so in one loop and not in
// another, or on one set and not on the next. Where one rounding is wanted instead of two, the source says
// `multiply_add`.

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "KernelTable.h"
#include "SpecialFunctions.h"

#pragma clang fp contract(off)
// Vectors wider than the set's registers are passed to inlined functions only: no calling convention is concerned.
#pragma clang diagnostic ignored "-Wpsabi"

#define TG_JOIN2(a, b) a##b
#define TG_JOIN(a, b) TG_JOIN2(a, b)

#include "ConstantsFloat.h"
#define SCALAR float
#define UNSIGNED uint32_t
#define TG(name) TG_JOIN(name, _f32)
#include "Scalar.h"

#include "ConstantsDouble.h"
#define SCALAR double
#define UNSIGNED uint64_t
#define TG(name) TG_JOIN(name, _f64)
#include "Scalar.h"

#define TG_TABLE_ENTRIES(suffix) \
  .unary_##suffix = unary_##suffix, .binary_##suffix = binary_##suffix, .select_##suffix = select_##suffix, \
  .rounds_##suffix = rounds_##suffix, .reduce_##suffix = reduce_##suffix, .log_sum_exp_##suffix = log_sum_exp_##suffix, \
  .copy_##suffix = copy_##suffix, .add_rows_##suffix = add_rows_##suffix, .fill_##suffix = fill_##suffix, \
  .matmul_##suffix = matmul_##suffix, \
  .matmul_patches_##suffix = matmul_patches_##suffix, .matmul_workspace_##suffix = matmul_workspace_##suffix, \
  .max_pool_##suffix = max_pool_##suffix, .max_spread_##suffix = max_spread_##suffix, \
  .max_collect_##suffix = max_collect_##suffix

#define TG_STRING2(s) #s
#define TG_STRING(s) TG_STRING2(s)

const TGKernelTable TG_JOIN(tg_kernels_, TG_SET) = {
  .name = TG_STRING(TG_SET), TG_TABLE_ENTRIES(f32), TG_TABLE_ENTRIES(f64)};
