// Operations on one array, and the choice between two.
//
// Each operation stands once, in the list: its name in the public enumeration and its formula on a vector x (and a
// vector c that holds the number). The list becomes one loop for each operation and a table of the loops.

#define TG_UNARY_OPERATIONS(OPERATION) \
  OPERATION(Negate, -x) \
  OPERATION(Absolute, TG(magnitude)(x)) \
  OPERATION(Sign, x > 0 ? one : x < 0 ? -one : x == 0 ? zero : x) \
  OPERATION(Square, (x * x)) \
  OPERATION(SquareRoot, __builtin_elementwise_sqrt(x)) \
  OPERATION(Exp, TG(exp)(x)) \
  OPERATION(Log, TG(log)(x)) \
  OPERATION(Expm1, TG(expm1)(x)) \
  OPERATION(Log1p, TG(log1p)(x)) \
  OPERATION(LogDerivative, x >= 0 ? 1 / x : TG(splat)(NAN)) \
  OPERATION(Tanh, TG(tanh)(x)) \
  OPERATION(TanhDerivative, TG(tanh_derivative)(x)) \
  OPERATION(Sigmoid, TG(sigmoid)(x)) \
  OPERATION(SigmoidDerivative, TG(logistic_density)(x)) \
  OPERATION(Softplus, TG(softplus)(x)) \
  OPERATION(Relu, x <= 0 ? zero : x) \
  OPERATION(Step, x > 0 ? one : x <= 0 ? zero : x) \
  OPERATION(Scale, (c * x)) \
  OPERATION(Offset, x + c) \
  OPERATION(Complement, c - x) \
  OPERATION(Quotient, x / c) \
  OPERATION(Reciprocal, c / x) \
  OPERATION(LeakyRelu, x > 0 ? x : c * x) \
  OPERATION(LeakyStep, x > 0 ? one : x <= 0 ? c : x)

typedef void TG(UnaryLoop)(const SCALAR *x, SCALAR *y, size_t n, SCALAR c);

// The last vector ends at the last element, so it may overlap the one before. It is loaded before anything is stored:
// in place, its first elements would otherwise go through f twice.
#define TG_UNARY_LOOP(name, formula) \
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

TG_UNARY_OPERATIONS(TG_UNARY_LOOP)

INLINE SCALAR TG(power)(SCALAR base, SCALAR exponent) {
  return sizeof(SCALAR) == sizeof(float) ? (SCALAR)powf((float)base, (float)exponent) : (SCALAR)pow(base, exponent);
}

static void TG(loopPower)(const SCALAR *x, SCALAR *y, size_t n, SCALAR c) {
  for (size_t i = 0; i < n; i++) y[i] = TG(power)(x[i], c);
}

static void TG(unary)(TGUnary operation, const SCALAR *x, SCALAR *y, size_t n, SCALAR c) {
#define TG_UNARY_ENTRY(name, formula) [TGUnary##name] = TG(loop##name),
  static TG(UnaryLoop) *const loops[] = {TG_UNARY_OPERATIONS(TG_UNARY_ENTRY)[TGUnaryPower] = TG(loopPower)};
#undef TG_UNARY_ENTRY
  loops[operation](x, y, n, c);
}

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

#undef TG_UNARY_LOOP
#undef TG_UNARY_OPERATIONS
