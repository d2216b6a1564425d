// The functions that are measured: operation, truth, and the largest error that is promised. ulp.c includes this file
// once for each scalar type, with WIDE a type of more digits, in which the truth is computed.

static WIDE NAME(exp)(WIDE x) { return WIDE_FUNCTION(exp)(x); }
static WIDE NAME(log)(WIDE x) { return WIDE_FUNCTION(log)(x); }
static WIDE NAME(expm1)(WIDE x) { return WIDE_FUNCTION(expm1)(x); }
static WIDE NAME(log1p)(WIDE x) { return WIDE_FUNCTION(log1p)(x); }
static WIDE NAME(tanh)(WIDE x) { return WIDE_FUNCTION(tanh)(x); }

static WIDE NAME(decay)(WIDE x) { return WIDE_FUNCTION(exp)(-WIDE_FUNCTION(fabs)(x)); }

static WIDE NAME(sigmoid)(WIDE x) { return (x < 0 ? NAME(decay)(x) : 1) / (1 + NAME(decay)(x)); }

static WIDE NAME(sigmoid_derivative)(WIDE x) {
  const WIDE e = NAME(decay)(x);
  return e / ((1 + e) * (1 + e));
}

static WIDE NAME(tanh_derivative)(WIDE x) { return 4 * NAME(sigmoid_derivative)(2 * x); }

static WIDE NAME(softplus)(WIDE x) { return (x > 0 ? x : 0) + NAME(log1p)(NAME(decay)(x)); }

static WIDE NAME(entropy_of_0)(WIDE x) { return NAME(softplus)(x); }
static WIDE NAME(entropy_of_1)(WIDE x) { return NAME(softplus)(-x); }
static WIDE NAME(entropy_of_soft)(WIDE x) {
  return SOFT_LABEL * NAME(softplus)(-x) + (1 - SOFT_LABEL) * NAME(softplus)(x);
}
static WIDE NAME(residual_of_0)(WIDE x) { return NAME(sigmoid)(x); }
static WIDE NAME(residual_of_1)(WIDE x) { return 0 - NAME(sigmoid)(-x); }
static WIDE NAME(residual_of_soft)(WIDE x) { return NAME(sigmoid)(x) - SOFT_LABEL; }

static WIDE NAME(rsqrt)(WIDE x) { return 1 / WIDE_FUNCTION(sqrt)(x); }
static WIDE NAME(gaussian)(WIDE x) { return WIDE_FUNCTION(exp)(-x * x); }
static WIDE NAME(normal)(WIDE x) {
  return WIDE_FUNCTION(erfc)(-x * (WIDE)0x1.6a09e667f3bcc908b2fb1366ea95p-1L) / 2;
}
static WIDE NAME(log_gamma)(WIDE x) { return WIDE_FUNCTION(lgamma)(x); }

// By recurrence to 40, and the asymptotic series from there; a reflection for negative numbers.
static WIDE NAME(digamma)(WIDE x) {
  const WIDE pi = (WIDE)0x3.243f6a8885a308d313198a2e037p0L;
  if (x < 0) {
    const WIDE distance = x - WIDE_FUNCTION(rint)(x);
    return distance == 0 || x == -(WIDE)INFINITY ? (WIDE)NAN : NAME(digamma)(1 - x) - pi / WIDE_FUNCTION(tan)(pi * distance);
  }
  if (x == 0) return WIDE_FUNCTION(copysign)((WIDE)INFINITY, -x);
  WIDE sum = 0;
  for (; x < 40; x++) sum -= 1 / x;
  const WIDE s = 1 / (x * x);
  const WIDE series = s * ((WIDE)1 / 12 - s * ((WIDE)1 / 120 - s * ((WIDE)1 / 252 - s * ((WIDE)1 / 240 - s / 132))));
  return sum + (WIDE_FUNCTION(log)(x) - 1 / (2 * x) - series);
}

static WIDE NAME(tan)(WIDE x) { return WIDE_FUNCTION(tan)(x); }
static WIDE NAME(asin)(WIDE x) { return WIDE_FUNCTION(asin)(x); }
static WIDE NAME(acos)(WIDE x) { return WIDE_FUNCTION(acos)(x); }
static WIDE NAME(atan)(WIDE x) { return WIDE_FUNCTION(atan)(x); }
static WIDE NAME(sin)(WIDE x) { return WIDE_FUNCTION(sin)(x); }
static WIDE NAME(cos)(WIDE x) { return WIDE_FUNCTION(cos)(x); }
static WIDE NAME(sinh)(WIDE x) { return WIDE_FUNCTION(sinh)(x); }
static WIDE NAME(cosh)(WIDE x) { return WIDE_FUNCTION(cosh)(x); }
static WIDE NAME(asinh)(WIDE x) { return WIDE_FUNCTION(asinh)(x); }
static WIDE NAME(acosh)(WIDE x) { return WIDE_FUNCTION(acosh)(x); }
static WIDE NAME(atanh)(WIDE x) { return WIDE_FUNCTION(atanh)(x); }
static WIDE NAME(exp2)(WIDE x) { return WIDE_FUNCTION(exp2)(x); }
static WIDE NAME(log2)(WIDE x) { return WIDE_FUNCTION(log2)(x); }
static WIDE NAME(log10)(WIDE x) { return WIDE_FUNCTION(log10)(x); }
static WIDE NAME(cbrt)(WIDE x) { return WIDE_FUNCTION(cbrt)(x); }
static WIDE NAME(erf)(WIDE x) { return WIDE_FUNCTION(erf)(x); }
static WIDE NAME(erfc)(WIDE x) { return WIDE_FUNCTION(erfc)(x); }
static WIDE NAME(add_exp)(WIDE x) { return (x > SOFT_LABEL ? x : SOFT_LABEL) + NAME(log1p)(NAME(decay)(x - SOFT_LABEL)); }
static WIDE NAME(times_log)(WIDE x) { return x == 0 ? 0 : x * NAME(log)((WIDE)SOFT_LABEL); }
static WIDE NAME(hypot)(WIDE x) { return WIDE_FUNCTION(hypot)(x, SOFT_LABEL); }
static WIDE NAME(atan2)(WIDE x) { return WIDE_FUNCTION(atan2)(x, SOFT_LABEL); }
static WIDE NAME(remainder)(WIDE x) {
  const WIDE r = WIDE_FUNCTION(fmod)(x, SOFT_LABEL);
  return r < 0 ? r + (WIDE)SOFT_LABEL : r == 0 ? 0 : r;
}

typedef struct {
  const char *name;
  WIDE (*truth)(WIDE);
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
  {"entropy, label 0", NAME(entropy_of_0), 2, TGBinaryLogitsCrossEntropy, true, 0, 0},
  {"entropy, label 1", NAME(entropy_of_1), 2, TGBinaryLogitsCrossEntropy, true, 1, 0},
  {"entropy, label 0.3", NAME(entropy_of_soft), 3, TGBinaryLogitsCrossEntropy, true, SOFT_LABEL, 0},
  {"residual, label 0", NAME(residual_of_0), 2, TGBinarySigmoidResidual, true, 0, 0},
  {"residual, label 1", NAME(residual_of_1), 2, TGBinarySigmoidResidual, true, 1, 0},
  {"residual, label 0.3", NAME(residual_of_soft), 3, TGBinarySigmoidResidual, true, SOFT_LABEL, SOFT_LABEL},
};
