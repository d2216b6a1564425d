// Measures the largest error of the kernels' functions, in units in the last place (ULP), on every instruction set that
// this machine has, and fails where a bound is exceeded. run.sh builds and runs it.
//
//   ulp [--quick] [--samples n] [--set name] [--only function] [--float | --double]
//
// Float functions are measured over all 2³² inputs (--quick: every 1009th) against the C library in double precision;
// Double functions at n samples (10⁸; --quick: 10⁶) against the C library in long double, which must be wider.

#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../Sources/CTapeGradKernels/Bodies/KernelTable.h"

enum { BATCH = 4096, BLOCK = 64, MOST_SETS = 3, THREADS = 2 };

typedef struct {
  bool floats, doubles;
  uint64_t stride, samples;
  const char *only;
  int set_count;
  const TGKernelTable *sets[MOST_SETS];
} Options;

typedef struct { double error, at; } Worst;

// Rounded to Float, so that both types mean the same number.
#define SOFT_LABEL ((double)0.3f)

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

// `name_f32(xs, ys)`: the double-precision function of BATCH numbers. Where run.sh found AVX-512 and glibc's vector
// functions, they are used: the run over all floats is then several times as fast. They leave arguments beyond `limit`, whose
// results Float rounds to 0 or ∞, to the scalar function, which is slow: so those are moved there. (NaN comes through: it is
// the second operand that counts.)
#ifdef __AVX512F__
#include <immintrin.h>
#define MAPPED_TO(name, limit)                                                                        \
  __m512d _ZGVeN8v_##name(__m512d);                                                                   \
  static void name##_f32(const double *xs, double *ys) {                                              \
    for (int i = 0; i < BATCH; i += 8) {                                                              \
      const __m512d x = _mm512_min_pd(_mm512_set1_pd(limit), _mm512_loadu_pd(&xs[i]));                \
      _mm512_storeu_pd(&ys[i], _ZGVeN8v_##name(_mm512_max_pd(_mm512_set1_pd(-(limit)), x)));          \
    }                                                                                                 \
  }
#else
#define MAPPED_TO(name, limit) \
  static void name##_f32(const double *xs, double *ys) { for (int i = 0; i < BATCH; i++) ys[i] = name(xs[i]); }
#endif
#define MAPPED(name) MAPPED_TO(name, INFINITY)

// One ULP of a float near `truth`: the power of 2 that its exponent says, times ε.
static double least_ulp_f32(double truth) {
  uint64_t bits;
  memcpy(&bits, &truth, sizeof bits);
  bits &= 0x7ff0000000000000;
  memcpy(&truth, &bits, sizeof bits);
  truth *= FLT_EPSILON;
  return truth < FLT_TRUE_MIN ? FLT_TRUE_MIN : truth;
}

#define NAME(name) name##_f32
#define SCALAR float
#define WIDE double
#define WIDE_FUNCTION(name) name
#define SCALAR_DIGITS FLT_MANT_DIG
#define SCALAR_LEAST_EXPONENT FLT_MIN_EXP
#define SCALAR_INFINITE_EXPONENT FLT_MAX_EXP
#define SCALAR_END 0x1p128
#define LOGARITHM_BOUND 1
#include "functions.h"
#include "measure.h"
#undef NAME
#undef SCALAR
#undef WIDE
#undef WIDE_FUNCTION
#undef SCALAR_DIGITS
#undef SCALAR_LEAST_EXPONENT
#undef SCALAR_INFINITE_EXPONENT
#undef SCALAR_END
#undef LOGARITHM_BOUND

#define MAPPED_TO(name, limit) \
  static void name##_f64(const long double *xs, long double *ys) { for (int i = 0; i < BATCH; i++) ys[i] = name##l(xs[i]); }

// At most one ULP of a double near `truth`.
static long double least_ulp_f64(long double truth) { return fabsl(truth) * (DBL_EPSILON / 2); }

#define NAME(name) name##_f64
#define SCALAR double
#define WIDE long double
#define WIDE_FUNCTION(name) name##l
#define SCALAR_DIGITS DBL_MANT_DIG
#define SCALAR_LEAST_EXPONENT DBL_MIN_EXP
#define SCALAR_INFINITE_EXPONENT DBL_MAX_EXP
#define SCALAR_END 0x1p1024L
#define LOGARITHM_BOUND 1.5
#include "functions.h"
#include "measure.h"

_Static_assert(LDBL_MANT_DIG >= DBL_MANT_DIG + 11, "long double is the reference for double");

// All inputs in turn.
static uint64_t float_count(const Options *options) { return ((uint64_t)1 << 32) / options->stride; }

static void fill_floats(const Options *options, uint64_t first, float *x) {
  for (uint64_t i = 0; i < BATCH; i++) {
    const uint32_t bits = (uint32_t)((first + i) * options->stride);
    memcpy(&x[i], &bits, sizeof bits);
  }
}

// Half the samples are uniform in ±800, where exp goes from 0 to infinity, and half have magnitudes from 2⁻⁷⁰ to 2¹²
// with all exponents as likely; the sample with number i is always the same.
static uint64_t double_count(const Options *options) { return options->samples; }

static void fill_doubles(const Options *options, uint64_t first, double *x) {
  (void)options;
  for (uint64_t i = 0; i < BATCH; i++) {
    // SplitMix64.
    uint64_t z = (first + i + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    const double unit = (double)(z >> 11) * 0x1p-53;
    if ((first + i) % 2 == 0) {
      x[i] = 1600 * unit - 800;
    } else {
      const uint64_t exponent = 1023 - 70 + (z >> 52) % 82;
      const uint64_t bits = (z & 0x800fffffffffffff) | exponent << 52;
      memcpy(&x[i], &bits, sizeof bits);
    }
  }
}

static int find_sets(const char *wanted, const TGKernelTable **sets) {
  const TGKernelTable *all[MOST_SETS] = {&tg_kernels_baseline};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all[1] = &tg_kernels_avx2;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) all[2] = &tg_kernels_avx512;
#elif defined(__aarch64__)
  all[1] = &tg_kernels_neon;
#endif
  int count = 0;
  for (int i = 0; i < MOST_SETS; i++)
    if (all[i] != NULL && (wanted == NULL || strcmp(wanted, all[i]->name) == 0)) sets[count++] = all[i];
  return count;
}

int main(int argument_count, char **arguments) {
  Options options = {.floats = true, .doubles = true, .stride = 1, .samples = 100000000};
  const char *set = NULL;
  for (int i = 1; i < argument_count; i++) {
    const char *argument = arguments[i], *value = i + 1 < argument_count ? arguments[i + 1] : NULL;
    if (strcmp(argument, "--quick") == 0) options.stride = 1009, options.samples = 1000000;
    else if (strcmp(argument, "--float") == 0) options.doubles = false;
    else if (strcmp(argument, "--double") == 0) options.floats = false;
    else if (strcmp(argument, "--samples") == 0 && value != NULL) options.samples = strtoull(value, NULL, 10), i++;
    else if (strcmp(argument, "--set") == 0 && value != NULL) set = value, i++;
    else if (strcmp(argument, "--only") == 0 && value != NULL) options.only = value, i++;
    else {
      fprintf(stderr, "usage: %s [--quick] [--samples n] [--set name] [--only function] [--float | --double]\n", *arguments);
      return 2;
    }
  }
  options.set_count = find_sets(set, options.sets);
  if (options.set_count == 0) {
    fprintf(stderr, "this machine has no instruction set %s\n", set);
    return 2;
  }
  printf("%-8s%-22s%-10s%8s%8s  %s\n", "type", "function", "set", "ULP", "bound", "at");
  bool passed = true;
  if (options.floats) passed &= measure_all_f32("Float", &options, float_count(&options), fill_floats);
  if (options.doubles) passed &= measure_all_f64("Double", &options, double_count(&options), fill_doubles);
  return passed ? 0 : 1;
}
