// The functions that have a kernel, each in one line. From these lists come the enumerations (CTapeGradKernels.h), the
// loops and their table (Bodies/), what an element costs, and how a plan prints the function (FunctionList.c). To add a
// function, add a line; its body, where it is longer than a line, stands in Bodies/.
//
// A line gives
//   the name;
//   about how many nanoseconds an element takes;
//   how it reads, with $x, $c, $a, $b for its operands;
//   how it is computed: `vector`, on 16 floats or 8 doubles at once, or `scalar`, on one number, by the C library or by
//   SpecialFunctions.c;
//   the formula. TG(name) is the function of that name for the scalar type at hand; `zero` and `one` are constants. A
//   function of C, such as `tan`, takes a double: of a float, the result is that of double precision, rounded once.

#ifndef TG_FUNCTION_LIST_H
#define TG_FUNCTION_LIST_H

// y = f(x), element by element, with a number c where the function takes one.
#define TG_UNARY_FUNCTIONS(FUNCTION) \
  FUNCTION(Negate, 0.1, "−$x", vector, -x) \
  FUNCTION(Absolute, 0.1, "|$x|", vector, TG(magnitude)(x)) \
  /* −1, 0 or 1; NaN at NaN. */ \
  FUNCTION(Sign, 0.1, "sign $x", vector, x > 0 ? one : x < 0 ? -one : x == 0 ? zero : x) \
  FUNCTION(Square, 0.1, "$x²", vector, (x * x)) \
  FUNCTION(SquareRoot, 0.2, "√$x", vector, __builtin_elementwise_sqrt(x)) \
  FUNCTION(Exp, 0.5, "exp $x", vector, TG(exp)(x)) \
  FUNCTION(Log, 0.5, "log $x", vector, TG(log)(x)) \
  /* eˣ − 1 and ln(1 + x), accurate near 0. */ \
  FUNCTION(Expm1, 0.5, "expm1 $x", vector, TG(expm1)(x)) \
  FUNCTION(Log1p, 0.5, "log1p $x", vector, TG(log1p)(x)) \
  /* 1/x where x ≥ 0, NaN below: the derivative of log. */ \
  FUNCTION(LogDerivative, 0.2, "log′ $x", vector, x >= 0 ? 1 / x : TG(splat)(NAN)) \
  FUNCTION(Tanh, 0.5, "tanh $x", vector, TG(tanh)(x)) \
  FUNCTION(TanhDerivative, 0.5, "tanh′ $x", vector, TG(tanh_derivative)(x)) \
  FUNCTION(Sigmoid, 0.5, "sigmoid $x", vector, TG(sigmoid)(x)) \
  FUNCTION(SigmoidDerivative, 0.5, "sigmoid′ $x", vector, TG(logistic_density)(x, 1)) \
  /* ln(1 + eˣ). */ \
  FUNCTION(Softplus, 0.5, "softplus $x", vector, TG(softplus)(x)) \
  /* max(x, 0); NaN at NaN, +0 at ±0. */ \
  FUNCTION(Relu, 0.1, "relu $x", vector, x <= 0 ? zero : x) \
  /* 1 where x > 0, 0 where x ≤ 0, NaN at NaN: the derivative of relu. */ \
  FUNCTION(Step, 0.1, "step $x", vector, x > 0 ? one : x <= 0 ? zero : x) \
  /* x where it lies in [0, 1], NaN elsewhere. */ \
  FUNCTION(Label, 0.1, "label $x", vector, TG(label)(x)) \
  FUNCTION(Scale, 0.1, "$c × $x", vector, (c * x)) \
  FUNCTION(Offset, 0.1, "$x + $c", vector, x + c) \
  FUNCTION(Complement, 0.1, "$c − $x", vector, c - x) \
  FUNCTION(Quotient, 0.2, "$x / $c", vector, x / c) \
  FUNCTION(Reciprocal, 0.2, "$c / $x", vector, c / x) \
  /* x where x > 0, c·x elsewhere; and its derivative. */ \
  FUNCTION(LeakyRelu, 0.1, "leakyRelu $x, slope $c", vector, x > 0 ? x : c * x) \
  FUNCTION(LeakyStep, 0.1, "leakyStep $x, slope $c", vector, x > 0 ? one : x <= 0 ? c : x) \
  FUNCTION(Power, 10, "$x to the power $c", scalar, TG(power)(x, c)) \
  FUNCTION(Sine, 8, "sin $x", scalar, TG(sin)(x)) \
  FUNCTION(Cosine, 8, "cos $x", scalar, TG(cos)(x)) \
  FUNCTION(Tangent, 7.5, "tan $x", scalar, tan(x)) \
  FUNCTION(ArcSine, 3, "asin $x", scalar, asin(x)) \
  FUNCTION(ArcCosine, 3, "acos $x", scalar, acos(x)) \
  FUNCTION(ArcTangent, 7, "atan $x", scalar, atan(x)) \
  FUNCTION(HyperbolicSine, 8, "sinh $x", scalar, sinh(x)) \
  FUNCTION(HyperbolicCosine, 5, "cosh $x", scalar, cosh(x)) \
  FUNCTION(AreaSine, 12, "asinh $x", scalar, asinh(x)) \
  FUNCTION(AreaCosine, 10, "acosh $x", scalar, acosh(x)) \
  FUNCTION(AreaTangent, 7, "atanh $x", scalar, atanh(x)) \
  FUNCTION(PowerOfTwo, 2, "exp2 $x", scalar, exp2(x)) \
  FUNCTION(BinaryLogarithm, 2.5, "log2 $x", scalar, log2(x)) \
  FUNCTION(DecimalLogarithm, 5, "log10 $x", scalar, log10(x)) \
  FUNCTION(CubeRoot, 11, "cbrt $x", scalar, cbrt(x)) \
  FUNCTION(ReciprocalSquareRoot, 0.3, "1 / √$x", vector, 1 / __builtin_elementwise_sqrt(x)) \
  FUNCTION(ErrorFunction, 3, "erf $x", scalar, erf(x)) \
  FUNCTION(ErrorComplement, 3, "erfc $x", scalar, erfc(x)) \
  FUNCTION(NormalDistribution, 7, "Φ $x", scalar, tg_normal_distribution(x)) \
  /* exp(−c·x²) for c = 1 or ½, to the last digits in the tails too. */ \
  FUNCTION(Gaussian, 0.4, "exp(−$c × $x²)", vector, TG(gaussian)(x, c)) \
  /* ln |Γ(x)|, and its derivative of order c + 1. */ \
  FUNCTION(LogGamma, 8, "lgamma $x", scalar, tg_log_gamma(x)) \
  FUNCTION(Polygamma, 100, "polygamma $x, order $c", scalar, tg_polygamma(c, x)) \
  /* Integers near x: below, above, nearest (the even one of two as near), towards 0. */ \
  FUNCTION(Floor, 0.1, "⌊$x⌋", vector, __builtin_elementwise_floor(x)) \
  FUNCTION(Ceiling, 0.1, "⌈$x⌉", vector, __builtin_elementwise_ceil(x)) \
  FUNCTION(Round, 0.1, "round $x", vector, __builtin_elementwise_rint(x)) \
  FUNCTION(Truncate, 0.1, "trunc $x", vector, __builtin_elementwise_trunc(x))

// y = f(a, b), element by element.
#define TG_BINARY_FUNCTIONS(FUNCTION) \
  FUNCTION(Add, 0.1, "$a + $b", vector, a + b) \
  FUNCTION(Subtract, 0.1, "$a − $b", vector, a - b) \
  FUNCTION(Multiply, 0.1, "$a × $b", vector, (a * b)) \
  FUNCTION(Divide, 0.2, "$a / $b", vector, a / b) \
  /* The larger and the smaller; NaN if either is NaN. */ \
  FUNCTION(Maximum, 0.1, "max($a, $b)", vector, MAXIMUM(a, b)) \
  FUNCTION(Minimum, 0.1, "min($a, $b)", vector, MINIMUM(a, b)) \
  FUNCTION(Power, 10, "$a to the power $b", scalar, TG(power)(a, b)) \
  /* a·b, and 0 where the weight a is 0, whatever b is (even NaN or ∞). */ \
  FUNCTION(Weight, 0.1, "$a × $b", vector, a == 0 ? zero : a * b) \
  /* 1 where it holds, else 0. */ \
  FUNCTION(Less, 0.1, "$a < $b", vector, a < b ? one : zero) \
  FUNCTION(Equal, 0.1, "$a = $b", vector, a == b ? one : zero) \
  FUNCTION(LessOrEqual, 0.1, "$a ≤ $b", vector, a <= b ? one : zero) \
  /* The cross-entropy of σ(a) with label b, `b·softplus(−a) + (1 − b)·softplus(a)`; a weight of 0 drops its term even */ \
  /* where the term is infinite. */ \
  FUNCTION(LogitsCrossEntropy, 0.8, "cross-entropy of sigmoid $a and $b", vector, TG(logits_cross_entropy)(a, b)) \
  /* σ(a) − b without cancellation: `(1 − b)·σ(a) − b·σ(−a)`. */ \
  FUNCTION(SigmoidResidual, 0.8, "sigmoid $a − $b", vector, TG(sigmoid_residual)(a, b)) \
  /* ln(eᵃ + eᵇ), without overflow. */ \
  FUNCTION(LogAddExp, 1.2, "logAddExp($a, $b)", vector, TG(log_add_exp)(a, b)) \
  /* a·ln b, and 0 where a is 0, unless b is NaN. */ \
  FUNCTION(XLogY, 0.5, "$a × log $b", vector, ((a == 0) & (b == b)) ? zero : a * TG(log)(b)) \
  /* The angle of the point (b, a); √(a² + b²) without overflow; the remainders with the signs of b and of a. */ \
  FUNCTION(ArcTangent2, 10, "atan2($a, $b)", scalar, atan2(a, b)) \
  FUNCTION(Hypotenuse, 6, "hypot($a, $b)", scalar, hypot(a, b)) \
  FUNCTION(Remainder, 3, "$a mod $b", scalar, tg_floored_remainder(a, b)) \
  FUNCTION(TruncatedRemainder, 3, "fmod($a, $b)", scalar, fmod(a, b)) \
  /* a/b for a component a of a vector with length b: 0 in a vector of length 0, ±1 for an infinite component. */ \
  FUNCTION(Direction, 0.1, "direction $a / $b", vector, TG(direction)(a, b))

// y = f over an axis of x: its name, how it reads, the value of an empty reduction, and how two values combine. The order
// of combination depends on the length only (Bodies/Folds.h), so the bits do not depend on where the axis lies. Maximum
// and Minimum are NaN if any element is.
#define TG_REDUCTIONS(REDUCTION) \
  REDUCTION(Sum, "sum", 0, a + b) \
  REDUCTION(Product, "product", 1, (a * b)) \
  REDUCTION(Maximum, "maximum", -INFINITY, MAXIMUM(a, b)) \
  REDUCTION(Minimum, "minimum", INFINITY, MINIMUM(a, b))

#endif
