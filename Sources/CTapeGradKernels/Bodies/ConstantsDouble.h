// What the generic kernels need to know about `double`; ConstantsFloat.h explains the names and where the polynomials are
// from.

enum { MANTISSA_BITS_f64 = 52, EXPONENT_BIAS_f64 = 1023 };

#define LOWER_PAIRS_f64 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER_PAIRS_f64 4, 12, 5, 13, 6, 14, 7, 15

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
#define ROOT_RAISED_f64 0x1p256
#define LINEAR_f64 0x1p-54

// (eʳ − 1 − r − r²/2)/r³ on |r| ≤ ln 2 / 2: the error relative to eʳ is at most 2^−57.3.
static const double exp_coefficients_f64[] = {
  0x1.5555555555501p-3, 0x1.55555555531ep-5, 0x1.111111112893ep-7, 0x1.6c16c17cce3c6p-10, 0x1.a01a011be42cap-13,
  0x1.a019ab0d56d47p-16, 0x1.71df55d609f8fp-19, 0x1.289fa856e0e33p-22, 0x1.ad1f16ba11ad4p-26};

// (ln(1 + f) − f + f²/2)/f³ on |f| ≤ 1/3: the error relative to ln(1 + f) is at most 2^−56.6.
static const double log_coefficients_f64[] = {
  0x1.5555555555544p-2, -0x1.000000000096fp-2, 0x1.999999999e2e6p-3, -0x1.555555540ba0ap-3, 0x1.249249218db27p-3,
  -0x1.00000085f30ccp-3, 0x1.c71c73a9b07bp-4, -0x1.999961f0fcc9cp-4, 0x1.745cc2bb1665ap-4, -0x1.555c09be909b3p-4,
  0x1.3b1cb3c75e216p-4, -0x1.2413b54e8645fp-4, 0x1.1076297220c04p-4, -0x1.05c5db1d03b1cp-4, 0x1.eefefb24ccc92p-5,
  -0x1.76a753ffbec28p-5, 0x1.593f52dd7296fp-5, -0x1.6147641b67696p-4, 0x1.594d4529555eep-4};

// (tanh r − r)/r³ in r², on |r| ≤ 3/8·ln 2: the error relative to tanh r is at most 2^−56.9.
static const double tanh_coefficients_f64[] = {
  -0x1.55555555554b2p-2, 0x1.11111110f2dd8p-3, -0x1.ba1ba17d9f111p-5, 0x1.664f2bc2795efp-6, -0x1.2266e2547f4eap-7,
  0x1.d4c48c65340a8p-9, -0x1.56cd5f6398713p-10};
