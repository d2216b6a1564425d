// eˣ and eˣ − 1.
//
// Reduction: x = n·ln 2 + r with n the integer nearest to x/ln 2, so |r| ≤ ln 2 / 2 and eˣ = 2ⁿ·eʳ. ln 2 is split into
// two parts, LN2_HIGH so short that n·LN2_HIGH is exact; then
//
//   r = head − n·LN2_LOW,  head = x − n·LN2_HIGH, exact,
//   eʳ = 1 + head + tail,  tail = r²/2 + r³·p(r) − n·LN2_LOW,
//
// with p the polynomial of ConstantsFloat.h or ConstantsDouble.h. The tail is below 0.08: its roundings hardly count.
//
// Largest errors over all floats, and over 10⁶ doubles, in ULP: exp 0.85 and 0.85, expm1 0.91 and 1.15.
//
//   e¹:  n = 1,  r = 1 − 0.6931 = 0.3069,  e¹ = 2·e^0.3069 = 2·1.3591 = 2.7183
//
// How n is rounded without an instruction for it: between 2²³ and 2²⁴ neighboring floats differ by 1. Adding 1.5·2²³ to
// x/ln 2 therefore rounds it to an integer, to nearest, and leaves that integer in the lowest bits of the sum;
// subtracting 1.5·2²³ again gives n as a number. (One and a half, so that a negative n stays in the same interval.) The
// exponent's bias is added on the way. Shifted up by 23 places, the lowest bits become an exponent, and all above them
// fall off the end: that is 2ⁿ.
//
// Where the error comes from: the last fused multiply-add rounds once, at most 0.5 ULP; the sum head + tail is below
// 0.5, and its rounding adds at most 0.25; the rest is the tail's. The polynomial's own error, 2^−33 for a float's
// 2^−24, does not show.

typedef struct {
  VECTOR head, tail;
  VECTOR scale;  // 2ⁿ, times a power of two that the caller asked for
} TG(ExpParts);

// The parts of eˣ, with scale = 2^(n + raise). The bits of `rounded` end in n + raise + bias, which the shift turns into
// the bits of that power; it must lie between 1 and 2·bias.
INLINE TG(ExpParts) TG(exp_parts)(VECTOR x, VECTOR raise) {
  const VECTOR rounder = TG(ROUNDER) + (SCALAR)TG(EXPONENT_BIAS) + raise;
  const VECTOR rounded = TG(multiply_add)(x, TG(splat)(TG(LOG2_E)), rounder);
  const VECTOR n = rounded - rounder;
  const VECTOR head = TG(multiply_add)(n, TG(splat)(-TG(LN2_HIGH)), x);
  const VECTOR low = n * TG(LN2_LOW);
  const VECTOR r = head - low;
  const VECTOR square = r * r;
  const VECTOR p = TG(polynomial)(r, square, TG(exp_coefficients), sizeof TG(exp_coefficients) / sizeof(SCALAR));
  return (TG(ExpParts)){
    .head = head,
    .tail = TG(quadratic_tail)((SCALAR)0.5, p, r, square, -low),
    .scale = TG(from_bits)(TG(bits)(rounded) << TG(MANTISSA_BITS))};
}

// eˣ = eʳ·scale·lower: `raise` = ±RAISE makes the scale a normal number even where 2ⁿ is not, and lower = 2^−raise. Where
// the result is subnormal, only the last product rounds as such.
INLINE VECTOR TG(exp_raised)(VECTOR x, VECTOR raise, VECTOR lower) {
  const TG(ExpParts) parts = TG(exp_parts)(x, raise);
  return TG(multiply_add)(parts.head + parts.tail, parts.scale, parts.scale) * lower;
}

// eˣ for all x.
INLINE VECTOR TG(exp)(VECTOR x) {
  const VECTOR bounded = TG(at_most)(TG(at_least)(x, TG(EXP_LEAST)), TG(EXP_GREATEST));
  const VECTOR raise = x < 0 ? TG(splat)(TG(RAISE)) : TG(splat)(-TG(RAISE));
  const VECTOR lower = x < 0 ? TG(splat)(1 / TG(RAISED)) : TG(splat)(TG(RAISED));
  return TG(exp_raised)(bounded, raise, lower);
}

// eˣ for x ≤ 0, the same bits with less work.
INLINE VECTOR TG(exp_of_negative)(VECTOR x) {
  return TG(exp_raised)(TG(at_least)(x, TG(EXP_LEAST)), TG(splat)(TG(RAISE)), TG(splat)(1 / TG(RAISED)));
}

// eˣ − 1 for all x, as twice (2ⁿ⁻¹ − 1/2) + 2ⁿ⁻¹·(head + tail); the half keeps 2ⁿ finite for the largest x. The first
// term rounds where n is large, and it is 0 or larger than the head's, so both sums give up their rounding errors by
// subtractions. Near 0, the answer is x: halving would lose the last bit of a subnormal x and the sign of −0.
INLINE VECTOR TG(expm1)(VECTOR x) {
  const VECTOR bounded = TG(at_most)(TG(at_least)(x, TG(EXPM1_LEAST)), TG(EXP_GREATEST));
  const TG(ExpParts) parts = TG(exp_parts)(bounded, TG(splat)(-1));
  const VECTOR whole = parts.scale - (SCALAR)0.5, head = parts.scale * parts.head;
  const VECTOR sum = whole + head;
  const VECTOR error = ((parts.scale - whole) - (SCALAR)0.5) + ((whole - sum) + head);
  const VECTOR half = sum + TG(multiply_add)(parts.scale, parts.tail, error);
  return TG(magnitude)(x) < TG(LINEAR) ? x : half + half;
}

// exp(−c·x²) for c = 1 or ½. The rounding of x² would count as many times as x² is large, so what it loses comes back as
// a factor: exp(−c·(s + lost)) = exp(−c·s)·(1 − c·lost). Beyond 40 the result is 0.
INLINE VECTOR TG(gaussian)(VECTOR x, VECTOR c) {
  const VECTOR size = TG(at_most)(TG(magnitude)(x), 40), square = size * size;
  const VECTOR e = TG(exp_of_negative)(-c * square);
  return TG(multiply_add)(-e, c * TG(lost_by_square)(size, square), e);
}
