// Functions of one array, and the choice between two. Each formula of the list in FunctionList.h becomes a loop, and the
// loops a table.
//
// How 20 floats are done with vectors of 16 and no loop for the rest:
//
//   element        0 … 3   4 … 15   16 … 19
//   first vector   └────────────┘
//   last vector            └──────────────┘      elements 4 … 15 twice, to the same bits
//
// A loop over single elements for the last four would cost more than the vector, and it could round differently: here a
// tail runs the very same instructions as the body. Fewer elements than one vector go through load_few and store_few
// (Vectors.h).

typedef void TG(UnaryLoop)(const SCALAR *x, SCALAR *y, size_t n, SCALAR c);

INLINE SCALAR TG(sin)(SCALAR x) { return sizeof(SCALAR) == sizeof(float) ? (SCALAR)sinf((float)x) : (SCALAR)sin(x); }
INLINE SCALAR TG(cos)(SCALAR x) { return sizeof(SCALAR) == sizeof(float) ? (SCALAR)cosf((float)x) : (SCALAR)cos(x); }

INLINE SCALAR TG(power)(SCALAR base, SCALAR exponent) {
  return sizeof(SCALAR) == sizeof(float) ? (SCALAR)powf((float)base, (float)exponent) : (SCALAR)pow(base, exponent);
}

// The last vector ends at the last element, so it may overlap the one before. It is loaded before anything is stored:
// in place, its first elements would otherwise go through f twice.
#define TG_UNARY_LOOP_vector(name, formula) \
  INLINE VECTOR TG(apply##name)(VECTOR x, VECTOR c) { \
    const VECTOR zero = TG(splat)(0), one = TG(splat)(1); \
    (void)zero, (void)one, (void)c; \
    return formula; \
  } \
  static void TG(loop##name)(const SCALAR *x, SCALAR *y, size_t n, SCALAR c) { \
    if (n == 0) return; \
    if (n < VECTOR_LANES) { \
      TG(store_few)(y, TG(apply##name)(TG(load_few)(x, n), TG(splat)(c)), n); \
      return; \
    } \
    const VECTOR last = TG(load)(x + n - VECTOR_LANES); \
    for (size_t i = 0; i < n - VECTOR_LANES; i += VECTOR_LANES) \
      TG(store)(y + i, TG(apply##name)(TG(load)(x + i), TG(splat)(c))); \
    TG(store)(y + n - VECTOR_LANES, TG(apply##name)(last, TG(splat)(c))); \
  }

// Functions that the C library computes, one number after the other.
#define TG_UNARY_LOOP_scalar(name, formula) \
  static void TG(loop##name)(const SCALAR *start, SCALAR *y, size_t n, SCALAR c) { \
    (void)c; \
    for (size_t i = 0; i < n; i++) { \
      const SCALAR x = start[i]; \
      y[i] = formula; \
    } \
  }

#define TG_UNARY_LOOP(name, cost, reading, kind, formula) TG_UNARY_LOOP_##kind(name, formula)
#define TG_UNARY_ENTRY(name, ...) TG(loop##name),

TG_UNARY_FUNCTIONS(TG_UNARY_LOOP)

static void TG(unary)(TGUnary function, const SCALAR *x, SCALAR *y, size_t n, SCALAR c) {
  static TG(UnaryLoop) *const loops[] = {TG_UNARY_FUNCTIONS(TG_UNARY_ENTRY)};
  loops[function](x, y, n, c);
}

// Both operands are read, and each lane takes one of them: a NaN in the one that is not taken goes nowhere.
static void TG(select)(const SCALAR *mask, const SCALAR *a, const SCALAR *b, SCALAR *y, size_t n) {
  if (n == 0) return;
  if (n < VECTOR_LANES) {
    const VECTOR few = TG(load_few)(mask, n) != 0 ? TG(load_few)(a, n) : TG(load_few)(b, n);
    TG(store_few)(y, few, n);
    return;
  }
  const size_t end = n - VECTOR_LANES;
  const VECTOR last = TG(load)(mask + end) != 0 ? TG(load)(a + end) : TG(load)(b + end);
  for (size_t i = 0; i < end; i += VECTOR_LANES)
    TG(store)(y + i, TG(load)(mask + i) != 0 ? TG(load)(a + i) : TG(load)(b + i));
  TG(store)(y + end, last);
}

#undef TG_UNARY_LOOP_vector
#undef TG_UNARY_LOOP_scalar
#undef TG_UNARY_LOOP
#undef TG_UNARY_ENTRY
