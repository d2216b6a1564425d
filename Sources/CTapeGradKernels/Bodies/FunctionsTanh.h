// tanh x and its derivative.
//
// Reduction: tanh is odd, so let x ≥ 0, and x = n·ln 2 / 2 + r with an integer n ≥ 0 such that −1/8·ln 2 ≤ r ≤ 3/8·ln 2.
// With s = 2ⁿ and w = tanh r, the addition theorem says
//
//   tanh x = N/D,  N = (s − 1) + (s + 1)·w,  D = N + 2(1 − w).
//
// w = r + r³·p(r²), with p the polynomial of ConstantsFloat.h or ConstantsDouble.h. For n = 0 the quotient is w itself. For
// n > 0 an error of N is in D too, and so changes the quotient by less than half; the lopsided choice of r is for this:
// it keeps n = 0 up to x = 0.26, where N is not yet a small difference.
//
// Largest errors over all floats, and over 10⁶ doubles, in ULP: 1.75 and 1.73.
//
//   tanh 1:  n = 3, s = 8, r = 1 − 1.0397 = −0.0397, w = −0.0397,
//            N = 7 − 9·0.0397 = 6.6427,  D = 6.6427 + 2.0794 = 8.7221,  N/D = 0.7616
//
// The obvious formula, 1 − 2/(e^2x + 1), takes a division too, and subtracts numbers that are nearly equal for small x:
// in a float it is 0 for x below 3·10⁻⁸.

INLINE VECTOR TG(tanh)(VECTOR x) {
  const SCALAR rounder = TG(ROUNDER) + TG(EXPONENT_BIAS);
  const VECTOR size = TG(at_most)(TG(magnitude)(x), TG(TANH_GREATEST));
  const VECTOR lowered = size - TG(LN2_HIGH) / 8;
  // As in exp: the rounded sum ends in the bits of n + bias.
  const VECTOR rounded = TG(multiply_add)(lowered, TG(splat)(2 * TG(LOG2_E)), TG(splat)(rounder));
  const VECTOR n = rounded - rounder;
  const VECTOR head = TG(multiply_add)(n, TG(splat)(-TG(LN2_HIGH) / 2), size);
  const VECTOR r = TG(multiply_add)(n, TG(splat)(-TG(LN2_LOW) / 2), head);
  const VECTOR square = r * r;
  const size_t count = sizeof TG(tanh_coefficients) / sizeof(SCALAR);
  const VECTOR p = TG(polynomial)(square, square * square, TG(tanh_coefficients), count);
  const VECTOR w = TG(multiply_add)(square * r, p, r);
  const VECTOR s = TG(from_bits)(TG(bits)(rounded) << TG(MANTISSA_BITS));
  const VECTOR numerator = TG(multiply_add)(s + 1, w, s - 1);
  const VECTOR denominator = numerator + TG(multiply_add)(w, TG(splat)(-2), TG(splat)(2));
  return TG(with_sign_of)(numerator / denominator, x);
}

// 1 − tanh² x = 4e/(1 + e)² with e = exp(−2|x|), which keeps its accuracy in both tails.
INLINE VECTOR TG(tanh_derivative)(VECTOR x) { return TG(logistic_density)(x + x, (SCALAR)0.5); }
