// The vectors that the element-wise functions and the reductions are written with: 64 bytes, 16 floats or 8 doubles. On
// a set with narrower registers the compiler splits each into two or four. An element never sees its neighbors, so the
// bits of a result do not depend on the split.
//
// The names in capitals are short for this file's readers; Scalar.h takes them back.
//
// Comparisons give a mask, all bits set or none, and `mask ? a : b` chooses lane by lane. Both sides are computed: the
// functions built on this have no branch for a single element, and a vector takes the same time whatever is in it.

#define VECTOR TG(Vector)
#define VECTOR_LANES (64 / sizeof(SCALAR))
// Inlining everywhere, in debug builds too, is what lets vectors be arguments on sets without such registers.
#define INLINE static inline __attribute__((always_inline))

typedef SCALAR TG(Vector) __attribute__((ext_vector_type(VECTOR_LANES)));
typedef UNSIGNED TG(Bits) __attribute__((ext_vector_type(VECTOR_LANES)));
typedef __typeof__((VECTOR)0 == (VECTOR)0) TG(Mask);
_Static_assert(sizeof(SCALAR) == sizeof(UNSIGNED), "the bits of a scalar fill one unsigned integer");

// Loads and stores at any address. A memcpy of constant size is one instruction; a cast pointer would claim an
// alignment.
INLINE VECTOR TG(load)(const SCALAR *from) {
  VECTOR v;
  memcpy(&v, from, sizeof v);
  return v;
}

INLINE void TG(store)(SCALAR *to, VECTOR v) { memcpy(to, &v, sizeof v); }

INLINE VECTOR TG(splat)(SCALAR value) { return (VECTOR)value; }

// The pieces of 11 floats among 16 lanes: the first eight, and the last eight, which overlap.
//
//   array      0  1  2  3  4  5  6  7  8  9 10
//   v.lo       0  1  2  3  4  5  6  7
//   v.hi                3  4  5  6  7  8  9 10
//
// Lanes hold elements 0…7 and 3…10. Whatever is computed lane by lane, storing the pieces where they came from gives
// every element once or twice the same bits. `.lo` and `.hi` are the halves of a vector.
#define LOAD_PIECES(v) \
  do { \
    __typeof__((v).lo) first, last; \
    memcpy(&first, from, sizeof first); \
    memcpy(&last, from + count - sizeof last / sizeof(SCALAR), sizeof last); \
    (v).lo = first; \
    (v).hi = last; \
  } while (0)

#define STORE_PIECES(v) \
  do { \
    const __typeof__((v).lo) first = (v).lo, last = (v).hi; \
    memcpy(to, &first, sizeof first); \
    memcpy(to + count - sizeof last / sizeof(SCALAR), &last, sizeof last); \
  } while (0)

// `count` < 16 elements, in pieces of sizes that the compiler knows: a call of memcpy would take longer than the kernel.
INLINE void TG(copy_few)(const SCALAR *from, SCALAR *to, size_t count) {
#pragma clang loop unroll(full)
  for (size_t piece = 8; piece > 0; piece /= 2) {
    if ((count & piece) == 0) continue;
    memcpy(to, from, piece * sizeof(SCALAR));
    from += piece;
    to += piece;
  }
}

// 0 < count < VECTOR_LANES elements, in two pieces of a power of two that may overlap, and repetitions behind them. No
// way leads through memory, where a vector would wait for its pieces to be written. store_few puts them back.
INLINE VECTOR TG(load_few)(const SCALAR *from, size_t count) {
  VECTOR v = TG(splat)(*from);
  if (count >= VECTOR_LANES / 2) LOAD_PIECES(v);
  else if (count >= VECTOR_LANES / 4) LOAD_PIECES(v.lo);
  else if (count >= VECTOR_LANES / 8) LOAD_PIECES(v.lo.lo);
  return v;
}

INLINE void TG(store_few)(SCALAR *to, VECTOR v, size_t count) {
  if (count >= VECTOR_LANES / 2) STORE_PIECES(v);
  else if (count >= VECTOR_LANES / 4) STORE_PIECES(v.lo);
  else if (count >= VECTOR_LANES / 8) STORE_PIECES(v.lo.lo);
  else *to = v[0];
}

// A run of neighbors on both sides. The last vector of a short one reaches back; a call of memcpy would take longer than they.
INLINE void TG(copy_row)(const SCALAR *x, SCALAR *y, size_t n) {
  if (n < VECTOR_LANES) {
    TG(store_few)(y, TG(load_few)(x, n), n);
  } else if (n <= 8 * VECTOR_LANES) {
    for (size_t i = 0; i < n - VECTOR_LANES; i += VECTOR_LANES) TG(store)(y + i, TG(load)(x + i));
    TG(store)(y + n - VECTOR_LANES, TG(load)(x + n - VECTOR_LANES));
  } else {
    memcpy(y, x, n * sizeof(SCALAR));
  }
}

// Up to a vector's elements.
INLINE VECTOR TG(load_part)(const SCALAR *from, size_t count) {
  return count >= VECTOR_LANES ? TG(load)(from) : TG(load_few)(from, count);
}
INLINE void TG(store_part_of)(SCALAR *to, VECTOR v, size_t count) {
  if (count >= VECTOR_LANES) TG(store)(to, v);
  else TG(store_few)(to, v, count);
}

// a·b + c, rounded once where the set can.
INLINE VECTOR TG(multiply_add)(VECTOR a, VECTOR b, VECTOR c) {
#ifdef TG_FMA
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

// x² − square, where x² rounds to `square`: exact. Without fused multiply-add x is cut into two halves, whose products are.
INLINE VECTOR TG(lost_by_square)(VECTOR x, VECTOR square) {
#ifdef TG_FMA
  return TG(multiply_add)(x, x, -square);
#else
  const VECTOR shifted = x * (SCALAR)(((UNSIGNED)1 << (TG(MANTISSA_BITS) + 2) / 2) + 1);
  const VECTOR high = shifted - (shifted - x), low = x - high;
  return ((high * high - square) + 2 * high * low) + low * low;
#endif
}

INLINE VECTOR TG(magnitude)(VECTOR x) { return __builtin_elementwise_abs(x); }
INLINE VECTOR TG(with_sign_of)(VECTOR x, VECTOR sign) { return __builtin_elementwise_copysign(x, sign); }

// The conditions are written so that NaN in `x` stays.
INLINE VECTOR TG(at_least)(VECTOR x, SCALAR bound) { return x < bound ? TG(splat)(bound) : x; }
INLINE VECTOR TG(at_most)(VECTOR x, SCALAR bound) { return x > bound ? TG(splat)(bound) : x; }

// NaN if either is NaN; for vectors and for scalars.
#define MAXIMUM(a, b) ((((a) > (b)) | ((a) != (a))) ? (a) : (b))
#define MINIMUM(a, b) ((((a) < (b)) | ((a) != (a))) ? (a) : (b))

// A component of a vector over the vector's length; 0 where all are 0, ±1 where both are infinite.
INLINE VECTOR TG(direction)(VECTOR component, VECTOR length) {
  const VECTOR unit = TG(with_sign_of)(TG(splat)(1), component);
  const VECTOR quotient = component / length;
  const VECTOR limit = length == INFINITY ? (TG(magnitude)(component) == INFINITY ? unit : quotient) : quotient;
  return length == 0 ? TG(splat)(0) : limit;
}

INLINE TG(Bits) TG(bits)(VECTOR x) { return __builtin_bit_cast(TG(Bits), x); }
INLINE VECTOR TG(from_bits)(TG(Bits) bits) { return __builtin_bit_cast(VECTOR, bits); }

// Whether a comparison held in every lane.
INLINE bool TG(all)(TG(Mask) mask) { return __builtin_reduce_and(mask) != 0; }

// c₀ + c₁x + c₂x² + …, in pairs: half as long a chain of dependent operations as Horner's rule, and one more of them.
//
// For five coefficients: c₀ + c₁x + x²·(c₂ + c₃x + x²·c₄). The two pairs do not wait for each other; Horner's rule, c₀
// + x·(c₁ + x·(c₂ + x·(c₃ + x·c₄))), is one chain of four, each of which takes four cycles or so.
INLINE VECTOR TG(polynomial)(VECTOR x, VECTOR square, const SCALAR *coefficients, size_t count) {
  size_t i = (count - 1) / 2 * 2;
  VECTOR sum = TG(splat)(coefficients[i]);
  if (i + 1 < count) sum = TG(multiply_add)(TG(splat)(coefficients[i + 1]), x, sum);
#pragma clang loop unroll(full)
  for (; i > 0; i -= 2) {
    const VECTOR pair = TG(multiply_add)(TG(splat)(coefficients[i - 1]), x, TG(splat)(coefficients[i - 2]));
    sum = TG(multiply_add)(sum, square, pair);
  }
  return sum;
}

// half·x² + p·x³ + low for |x| < 1/2: the roundings of the small second term must not grow to the size of the first.
INLINE VECTOR TG(quadratic_tail)(SCALAR half, VECTOR p, VECTOR x, VECTOR square, VECTOR low) {
#ifdef TG_FMA
  return TG(multiply_add)(square, TG(multiply_add)(p, x, TG(splat)(half)), low);
#else
  return square * half + (square * x * p + low);
#endif
}
