// What the generic kernels need to know about `float`: its format, splits of ln 2, and three polynomials.
//
// The polynomials are this project's own fits (Tests/Accuracy/fit.py): weighted least squares on Chebyshev points,
// sharpened towards the smallest largest error, coefficients rounded one by one and the others fitted again.
//
// Why not Taylor's: a Taylor polynomial is best at 0 and worst at the ends of the interval. One whose error is equally
// large at many points, up and down in turn, is best for the whole interval, at the same degree. And why coefficients
// are rounded one by one: each rounded one is a little wrong, and those fitted after it make good for it.
//
// The leading terms (1 + r + r²/2 of the exponential, f − f²/2 of the logarithm, r of tanh) are exact and not fitted:
// the polynomial is only what follows them, so its error enters with the factor r³.
//
// Numbers are written in hexadecimal, 0x1.8p23 = 1.5·2²³, which says every bit.

enum { MANTISSA_BITS_f32 = 23, EXPONENT_BIAS_f32 = 127 };

// The lanes of two vectors in turn: of their lower halves, and of their upper halves.
#define LOWER_PAIRS_f32 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER_PAIRS_f32 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31

// Adding 1.5 · 2²³ rounds to an integer, which then stands in the lowest bits.
#define ROUNDER_f32 0x1.8p23f
#define SMALLEST_NORMAL_f32 0x1p-126f

#define LOG2_E_f32 0x1.715476p0f
// 16 bits: its product with any exponent is exact.
#define LN2_HIGH_f32 0x1.62e4p-1f
#define LN2_LOW_f32 0x1.7f7d1cp-20f

// eˣ rounds to 0 below −103.973, is infinite above 88.723; eˣ − 1 rounds to −1 below −20, tanh x to 1 above 10.
#define EXP_LEAST_f32 (-104.0f)
#define EXP_GREATEST_f32 89.0f
#define EXPM1_LEAST_f32 (-20.0f)
#define TANH_GREATEST_f32 10.0f
// Half the exponents of either sign, and two to that power.
#define RAISE_f32 64
#define RAISED_f32 0x1p64f
#define ROOT_RAISED_f32 0x1p32f
// Below it, eˣ − 1 and ln(1 + x) round to x.
#define LINEAR_f32 0x1p-25f

// (eʳ − 1 − r − r²/2)/r³ on |r| ≤ ln 2 / 2: the error relative to eʳ is at most 2^−33.2.
static const float exp_coefficients_f32[] = {
  0x1.555554p-3f, 0x1.5554e8p-5f, 0x1.11130ep-7f, 0x1.6d4cbap-10f, 0x1.9dfb8ap-13f};

// (ln(1 + f) − f + f²/2)/f³ on |f| ≤ 1/3: the error relative to ln(1 + f) is at most 2^−27.6.
static const float log_coefficients_f32[] = {
  0x1.555506p-2f, -0x1.fffef8p-3f, 0x1.99d05ep-3f, -0x1.559c8cp-3f,
  0x1.1ed426p-3f, -0x1.f3322cp-4f, 0x1.1e738ep-3f, -0x1.07c07ep-3f};

// (tanh r − r)/r³ in r², on |r| ≤ 3/8·ln 2: the error relative to tanh r is at most 2^−27.9.
static const float tanh_coefficients_f32[] = {-0x1.555508p-2f, 0x1.10d9fep-3f, -0x1.a3c2dap-5f};
