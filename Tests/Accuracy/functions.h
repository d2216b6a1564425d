// The functions that are measured: operation, truth, and the largest error that is promised. ulp.c includes this file
// once for each scalar type, with WIDE a type of more digits, in which the truth is computed, a batch at a time. What they
// are made of is the C library's, whose vector functions err by less than 4 ULP of double: 2⁻²⁶ ULP of float.

MAPPED_TO(exp, 700)
MAPPED(log)
MAPPED(expm1)
MAPPED(log1p)
MAPPED(tanh)
MAPPED(tan)
MAPPED(asin)
MAPPED(acos)
MAPPED(atan)
MAPPED(sin)
MAPPED(cos)
MAPPED(sinh)
MAPPED(cosh)
MAPPED(asinh)
MAPPED(acosh)
MAPPED(atanh)
MAPPED(exp2)
MAPPED(log2)
MAPPED(log10)
MAPPED(cbrt)
MAPPED(erf)
MAPPED(erfc)

// y = formula, where x is an element of the argument, and e one of an array that was computed before.
#define EACH(formula) for (int i = 0; i < BATCH; i++) { const WIDE x = xs[i]; ys[i] = (formula); }
#define EACH_WITH(es, formula) for (int i = 0; i < BATCH; i++) { const WIDE x = xs[i], e = (es)[i]; ys[i] = (formula); }

static void NAME(decay)(const WIDE *xs, WIDE *ys) {
  EACH(-WIDE_FUNCTION(fabs)(x))
  NAME(exp)(ys, ys);
}

static void NAME(sigmoid)(const WIDE *xs, WIDE *ys) {
  NAME(decay)(xs, ys);
  EACH_WITH(ys, (x < 0 ? e : 1) / (1 + e))
}

static void NAME(sigmoid_derivative)(const WIDE *xs, WIDE *ys) {
  NAME(decay)(xs, ys);
  for (int i = 0; i < BATCH; i++) ys[i] = ys[i] / ((1 + ys[i]) * (1 + ys[i]));
}

static void NAME(tanh_derivative)(const WIDE *xs, WIDE *ys) {
  WIDE twice[BATCH];
  for (int i = 0; i < BATCH; i++) twice[i] = 2 * xs[i];
  NAME(sigmoid_derivative)(twice, ys);
  for (int i = 0; i < BATCH; i++) ys[i] *= 4;
}

static void NAME(softplus)(const WIDE *xs, WIDE *ys) {
  NAME(decay)(xs, ys);
  NAME(log1p)(ys, ys);
  EACH_WITH(ys, (x > 0 ? x : 0) + e)
}

static void NAME(negated)(const WIDE *xs, WIDE *ys) { EACH(-x) }

static void NAME(entropy_of_0)(const WIDE *xs, WIDE *ys) { NAME(softplus)(xs, ys); }
static void NAME(entropy_of_1)(const WIDE *xs, WIDE *ys) {
  WIDE opposite[BATCH];
  NAME(negated)(xs, opposite);
  NAME(softplus)(opposite, ys);
}
static void NAME(entropy_of_soft)(const WIDE *xs, WIDE *ys) {
  WIDE of_1[BATCH];
  NAME(entropy_of_1)(xs, of_1);
  NAME(entropy_of_0)(xs, ys);
  for (int i = 0; i < BATCH; i++) ys[i] = SOFT_LABEL * of_1[i] + (1 - SOFT_LABEL) * ys[i];
}
static void NAME(residual_of_0)(const WIDE *xs, WIDE *ys) { NAME(sigmoid)(xs, ys); }
static void NAME(residual_of_1)(const WIDE *xs, WIDE *ys) {
  WIDE opposite[BATCH];
  NAME(negated)(xs, opposite);
  NAME(sigmoid)(opposite, ys);
  for (int i = 0; i < BATCH; i++) ys[i] = 0 - ys[i];
}
static void NAME(residual_of_soft)(const WIDE *xs, WIDE *ys) {
  NAME(sigmoid)(xs, ys);
  for (int i = 0; i < BATCH; i++) ys[i] -= SOFT_LABEL;
}

static void NAME(rsqrt)(const WIDE *xs, WIDE *ys) { EACH(1 / WIDE_FUNCTION(sqrt)(x)) }
static void NAME(gaussian)(const WIDE *xs, WIDE *ys) {
  EACH(-x * x)
  NAME(exp)(ys, ys);
}
static void NAME(normal)(const WIDE *xs, WIDE *ys) {
  EACH(-x * (WIDE)0x1.6a09e667f3bcc908b2fb1366ea95p-1L)
  NAME(erfc)(ys, ys);
  for (int i = 0; i < BATCH; i++) ys[i] /= 2;
}
static void NAME(log_gamma)(const WIDE *xs, WIDE *ys) { EACH(WIDE_FUNCTION(lgamma)(x)) }

// By recurrence to 40, and the asymptotic series from there; a reflection for negative numbers.
static WIDE NAME(digamma_of)(WIDE x) {
  const WIDE pi = (WIDE)0x3.243f6a8885a308d313198a2e037p0L;
  if (x < 0) {
    const WIDE distance = x - WIDE_FUNCTION(rint)(x);
    return distance == 0 || x == -(WIDE)INFINITY ? (WIDE)NAN : NAME(digamma_of)(1 - x) - pi / WIDE_FUNCTION(tan)(pi * distance);
  }
  if (x == 0) return WIDE_FUNCTION(copysign)((WIDE)INFINITY, -x);
  WIDE sum = 0;
  for (; x < 40; x++) sum -= 1 / x;
  const WIDE s = 1 / (x * x);
  const WIDE series = s * ((WIDE)1 / 12 - s * ((WIDE)1 / 120 - s * ((WIDE)1 / 252 - s * ((WIDE)1 / 240 - s / 132))));
  return sum + (WIDE_FUNCTION(log)(x) - 1 / (2 * x) - series);
}
static void NAME(digamma)(const WIDE *xs, WIDE *ys) { EACH(NAME(digamma_of)(x)) }

static void NAME(add_exp)(const WIDE *xs, WIDE *ys) {
  WIDE distance[BATCH];
  for (int i = 0; i < BATCH; i++) distance[i] = xs[i] - SOFT_LABEL;
  NAME(softplus)(distance, ys);
  for (int i = 0; i < BATCH; i++) ys[i] += SOFT_LABEL;
}
static void NAME(times_log)(const WIDE *xs, WIDE *ys) {
  const WIDE logarithm = WIDE_FUNCTION(log)((WIDE)SOFT_LABEL);
  EACH(x == 0 ? 0 : x * logarithm)
}
static void NAME(hypot)(const WIDE *xs, WIDE *ys) { EACH(WIDE_FUNCTION(hypot)(x, SOFT_LABEL)) }
static void NAME(atan2)(const WIDE *xs, WIDE *ys) { EACH(WIDE_FUNCTION(atan2)(x, SOFT_LABEL)) }

static WIDE NAME(remainder_of)(WIDE x) {
  const WIDE r = WIDE_FUNCTION(fmod)(x, SOFT_LABEL);
  return r < 0 ? r + (WIDE)SOFT_LABEL : r == 0 ? 0 : r;
}
static void NAME(fmod)(const WIDE *xs, WIDE *ys) { EACH(WIDE_FUNCTION(fmod)(x, SOFT_LABEL)) }
static void NAME(remainder)(const WIDE *xs, WIDE *ys) { EACH(NAME(remainder_of)(x)) }

#undef EACH
#undef EACH_WITH
#undef MAPPED_TO

typedef struct {
  const char *name;
  // Of BATCH numbers at a time.
  void (*truth)(const WIDE *, WIDE *);
  double bound;
  int operation;
  // A binary operation, with this label as its second operand; of a unary one it is the number.
  bool binary;
  double label;
  // Errors are counted in ULP of the truth, or of this if it is larger: of the terms where the result is a difference.
  double magnitude;
} NAME(Function);

static const NAME(Function) NAME(functions)[] = {
  {"exp", NAME(exp), LOGARITHM_BOUND, TGUnaryExp, false, 0, 0},
  {"log", NAME(log), LOGARITHM_BOUND, TGUnaryLog, false, 0, 0},
  {"expm1", NAME(expm1), LOGARITHM_BOUND, TGUnaryExpm1, false, 0, 0},
  {"log1p", NAME(log1p), LOGARITHM_BOUND, TGUnaryLog1p, false, 0, 0},
  {"tanh", NAME(tanh), 2, TGUnaryTanh, false, 0, 0},
  {"sigmoid", NAME(sigmoid), 2, TGUnarySigmoid, false, 0, 0},
  {"softplus", NAME(softplus), 2, TGUnarySoftplus, false, 0, 0},
  {"tanh'", NAME(tanh_derivative), 5, TGUnaryTanhDerivative, false, 0, 0},
  {"sigmoid'", NAME(sigmoid_derivative), 5, TGUnarySigmoidDerivative, false, 0, 0},
  {"sin", NAME(sin), 2, TGUnarySine, false, 0, 0},
  {"cos", NAME(cos), 2, TGUnaryCosine, false, 0, 0},
  {"tan", NAME(tan), 2, TGUnaryTangent, false, 0, 0},
  {"asin", NAME(asin), 2, TGUnaryArcSine, false, 0, 0},
  {"acos", NAME(acos), 2, TGUnaryArcCosine, false, 0, 0},
  {"atan", NAME(atan), 2, TGUnaryArcTangent, false, 0, 0},
  {"sinh", NAME(sinh), 2, TGUnaryHyperbolicSine, false, 0, 0},
  {"cosh", NAME(cosh), 2, TGUnaryHyperbolicCosine, false, 0, 0},
  {"asinh", NAME(asinh), 2, TGUnaryAreaSine, false, 0, 0},
  {"acosh", NAME(acosh), 2.5, TGUnaryAreaCosine, false, 0, 0},
  {"atanh", NAME(atanh), 2, TGUnaryAreaTangent, false, 0, 0},
  {"exp2", NAME(exp2), 2, TGUnaryPowerOfTwo, false, 0, 0},
  {"log2", NAME(log2), 2, TGUnaryBinaryLogarithm, false, 0, 0},
  {"log10", NAME(log10), 2, TGUnaryDecimalLogarithm, false, 0, 0},
  {"cbrt", NAME(cbrt), 4, TGUnaryCubeRoot, false, 0, 0},
  {"rsqrt", NAME(rsqrt), 2, TGUnaryReciprocalSquareRoot, false, 0, 0},
  {"erf", NAME(erf), 2, TGUnaryErrorFunction, false, 0, 0},
  {"erfc", NAME(erfc), 5, TGUnaryErrorComplement, false, 0, 0},
  {"normal distribution", NAME(normal), 5, TGUnaryNormalDistribution, false, 0, 0},
  {"gaussian", NAME(gaussian), 2, TGUnaryGaussian, false, 1, 0},
  {"lgamma", NAME(log_gamma), 5, TGUnaryLogGamma, false, 0, 1},
  {"digamma", NAME(digamma), 12, TGUnaryPolygamma, false, 0, 1},
  {"logAddExp", NAME(add_exp), 2, TGBinaryLogAddExp, true, SOFT_LABEL, 0},
  {"xLogY", NAME(times_log), 2, TGBinaryXLogY, true, SOFT_LABEL, 0},
  {"hypot", NAME(hypot), 2, TGBinaryHypotenuse, true, SOFT_LABEL, 0},
  {"atan2", NAME(atan2), 2, TGBinaryArcTangent2, true, SOFT_LABEL, 0},
  {"remainder", NAME(remainder), 2, TGBinaryRemainder, true, SOFT_LABEL, 0},
  {"fmod", NAME(fmod), 0.5, TGBinaryTruncatedRemainder, true, SOFT_LABEL, 0},
  {"entropy, label 0", NAME(entropy_of_0), 2, TGBinaryLogitsCrossEntropy, true, 0, 0},
  {"entropy, label 1", NAME(entropy_of_1), 2, TGBinaryLogitsCrossEntropy, true, 1, 0},
  {"entropy, label 0.3", NAME(entropy_of_soft), 3, TGBinaryLogitsCrossEntropy, true, SOFT_LABEL, 0},
  {"residual, label 0", NAME(residual_of_0), 2, TGBinarySigmoidResidual, true, 0, 0},
  {"residual, label 1", NAME(residual_of_1), 2, TGBinarySigmoidResidual, true, 1, 0},
  {"residual, label 0.3", NAME(residual_of_soft), 3, TGBinarySigmoidResidual, true, SOFT_LABEL, SOFT_LABEL},
};
