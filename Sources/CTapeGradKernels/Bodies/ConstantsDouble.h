// What exp and log need to know about `double`; ConstantsFloat.h explains each name and where the polynomials are from.

enum { MANTISSA_BITS_f64 = 52, EXPONENT_BIAS_f64 = 1023 };

#define ROUNDER_f64 0x1.8p52
#define SMALLEST_NORMAL_f64 0x1p-1022

#define LOG2_E_f64 0x1.71547652b82fep0
// 41 bits: its product with any exponent is exact.
#define LN2_HIGH_f64 0x1.62e42fefa4p-1
#define LN2_LOW_f64 -0x1.8432a1b0e2634p-43

// eˣ rounds to 0 below −745.134, is infinite above 709.783; eˣ − 1 rounds to −1 below −40, tanh x to 1 above 20.
#define EXP_LEAST_f64 (-746.0)
#define EXP_GREATEST_f64 710.0
#define EXPM1_LEAST_f64 (-40.0)
#define TANH_GREATEST_f64 20.0
#define RAISE_f64 512
#define RAISED_f64 0x1p512
#define LINEAR_f64 0x1p-54

// (eʳ − 1 − r)/r² on |r| ≤ ln 2 / 2: the error relative to eʳ is at most 2^−57.3.
static const double exp_coefficients_f64[] = {
  0x1p-1, 0x1.5555555555501p-3, 0x1.55555555531ep-5, 0x1.111111112893ep-7, 0x1.6c16c17cce3a2p-10,
  0x1.a01a011be40cp-13, 0x1.a019ab0d621abp-16, 0x1.71df55d6ac9f5p-19, 0x1.289fa84917ee3p-22, 0x1.ad1f15320b119p-26};

// (ln(1 + f) − f)/f² on |f| ≤ 1/3: the error relative to ln(1 + f) is at most 2^−56.6.
static const double log_coefficients_f64[] = {
  -0x1p-1, 0x1.5555555555544p-2, -0x1.000000000096fp-2, 0x1.999999999e2e6p-3, -0x1.555555540ba0ap-3,
  0x1.249249218db24p-3, -0x1.00000085f30cap-3, 0x1.c71c73a9b0a6cp-4, -0x1.999961f0fcdefp-4, 0x1.745cc2bb0e51p-4,
  -0x1.555c09be9bb02p-4, 0x1.3b1cb3c83360ap-4, -0x1.2413b54c36dcfp-4, 0x1.10762962bd57ap-4, -0x1.05c5db45ece54p-4,
  0x1.eefefca55a8f5p-5, -0x1.76a7519087a1ap-5, 0x1.593f48687af4ap-5, -0x1.614767853b8a8p-4, 0x1.594d53db335ap-4};

// (tanh r − r)/r³ in r², on |r| ≤ 3/8·ln 2: the error relative to tanh r is at most 2^−56.9.
static const double tanh_coefficients_f64[] = {
  -0x1.55555555554b2p-2, 0x1.11111110f2dd8p-3, -0x1.ba1ba17d9f111p-5, 0x1.664f2bc2795efp-6, -0x1.2266e2547f4eap-7,
  0x1.d4c48c65340a8p-9, -0x1.56cd5f6398713p-10};
