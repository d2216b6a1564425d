// The vectors that the element-wise functions and the reductions are written with: 64 bytes, 16 floats or 8 doubles. On
// a set with narrower registers the compiler splits each into two or four. An element never sees its neighbours, so the
// bits of a result do not depend on the split.
//
// The names in capitals are short for this file's readers; Scalar.h takes them back.

#define VECTOR TG(Vector)
#define VECTOR_LANES (64 / sizeof(SCALAR))
// Inlining everywhere, in debug builds too, is what lets vectors be arguments on sets without such registers.
#define INLINE static inline __attribute__((always_inline))

typedef SCALAR TG(Vector) __attribute__((ext_vector_type(VECTOR_LANES)));
typedef UNSIGNED TG(Bits) __attribute__((ext_vector_type(VECTOR_LANES)));
_Static_assert(sizeof(SCALAR) == sizeof(UNSIGNED), "the bits of a scalar fill one unsigned integer");

INLINE VECTOR TG(load)(const SCALAR *from) {
  VECTOR v;
  memcpy(&v, from, sizeof v);
  return v;
}

INLINE void TG(store)(SCALAR *to, VECTOR v) { memcpy(to, &v, sizeof v); }

INLINE VECTOR TG(splat)(SCALAR value) { return (VECTOR)value; }

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

// The first `count` < VECTOR_LANES elements, `padding` behind them.
INLINE VECTOR TG(load_few)(const SCALAR *from, size_t count, SCALAR padding) {
  VECTOR v = TG(splat)(padding);
  TG(copy_few)(from, (SCALAR *)&v, count);
  return v;
}

INLINE void TG(store_few)(SCALAR *to, VECTOR v, size_t count) { TG(copy_few)((const SCALAR *)&v, to, count); }

// a·b + c, rounded once where the set can; no function below relies on that for its error bound.
INLINE VECTOR TG(multiply_add)(VECTOR a, VECTOR b, VECTOR c) {
#ifdef TG_FMA
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
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

INLINE TG(Bits) TG(bits)(VECTOR x) { return __builtin_bit_cast(TG(Bits), x); }
INLINE VECTOR TG(from_bits)(TG(Bits) bits) { return __builtin_bit_cast(VECTOR, bits); }

// c₀ + c₁x + c₂x² + … by Horner's rule.
INLINE VECTOR TG(polynomial)(VECTOR x, const SCALAR *coefficients, size_t count) {
  VECTOR sum = TG(splat)(coefficients[count - 1]);
#pragma clang loop unroll(full)
  for (size_t i = count - 1; i > 0; i--) sum = TG(multiply_add)(sum, x, TG(splat)(coefficients[i - 1]));
  return sum;
}
