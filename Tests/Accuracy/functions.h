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

typedef struct {
  const char *name;
  WIDE (*truth)(WIDE);
  double bound;
  int operation;
  // A binary operation, with this label as its second operand.
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
  {"entropy, label 0", NAME(entropy_of_0), 2, TGBinaryLogitsCrossEntropy, true, 0, 0},
  {"entropy, label 1", NAME(entropy_of_1), 2, TGBinaryLogitsCrossEntropy, true, 1, 0},
  {"entropy, label 0.3", NAME(entropy_of_soft), 3, TGBinaryLogitsCrossEntropy, true, SOFT_LABEL, 0},
  {"residual, label 0", NAME(residual_of_0), 2, TGBinarySigmoidResidual, true, 0, 0},
  {"residual, label 1", NAME(residual_of_1), 2, TGBinarySigmoidResidual, true, 1, 0},
  {"residual, label 0.3", NAME(residual_of_soft), 3, TGBinarySigmoidResidual, true, SOFT_LABEL, SOFT_LABEL},
};
