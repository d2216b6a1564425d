// eˣ and eˣ − 1.
//
// Reduction: x = n·ln 2 + r with n the integer nearest to x/ln 2, so |r| ≤ ln 2 / 2 and eˣ = 2ⁿ·eʳ. ln 2 is split into
// two parts, LN2_HIGH so short that n·LN2_HIGH is exact; then
//
//   r = head − n·LN2_LOW,  head = x − n·LN2_HIGH, exact,
//   eʳ = 1 + head + tail,  tail = r²·p(r) − n·LN2_LOW,
//
// with p the polynomial of FunctionsFloat.h or FunctionsDouble.h. The tail is below 0.08, so what rounding does to it
// hardly counts, and 1 + head is summed with its rounding error kept.

typedef struct {
  VECTOR scale;  // 2ⁿ, times a power of two that the caller asked for
  VECTOR head, tail;
} TG(ExpParts);

// The parts of eˣ, with scale = 2^(n + raise). The bits of `rounded` end in n + raise + bias, which the shift turns into
// the bits of the power; it must lie between 1 and 2·bias.
INLINE TG(ExpParts) TG(exp_parts)(VECTOR x, VECTOR raise) {
  const VECTOR rounder = TG(ROUNDER) + (SCALAR)TG(EXPONENT_BIAS) + raise;
  const VECTOR rounded = TG(multiply_add)(x, TG(splat)(TG(LOG2_E)), rounder);
  const VECTOR n = rounded - rounder;
  const VECTOR head = TG(multiply_add)(n, TG(splat)(-TG(LN2_HIGH)), x);
  const VECTOR low = n * TG(LN2_LOW);
  const VECTOR r = head - low;
  const VECTOR p = TG(polynomial)(r, TG(exp_coefficients), sizeof TG(exp_coefficients) / sizeof(SCALAR));
  return (TG(ExpParts)){
    .scale = TG(from_bits)(TG(bits)(rounded) << TG(MANTISSA_BITS)),
    .head = head,
    .tail = TG(multiply_add)(r * r, p, -low)};
}

// eˣ where `raise` = ±bias/2 brings 2^(n + raise) into the range of normal numbers: the last product rounds once, so
// subnormal results are as good as others.
INLINE VECTOR TG(exp_raised)(VECTOR x, VECTOR raise, VECTOR lower) {
  const TG(ExpParts) parts = TG(exp_parts)(x, raise);
  const VECTOR sum = 1 + parts.head;
  const VECTOR error = (1 - sum) + parts.head;
  return (sum + (error + parts.tail)) * parts.scale * lower;
}

enum { TG(RAISE) = (TG(EXPONENT_BIAS) + 1) / 2 };
#define RAISING ((SCALAR)TG(RAISE))
// 2^RAISE
#define RAISED (sizeof(SCALAR) == 4 ? (SCALAR)0x1p64 : (SCALAR)0x1p512)

// eˣ for all x.
INLINE VECTOR TG(exp)(VECTOR x) {
  const VECTOR bounded = TG(at_most)(TG(at_least)(x, TG(EXP_LEAST)), TG(EXP_GREATEST));
  const VECTOR raise = x < 0 ? TG(splat)(RAISING) : TG(splat)(-RAISING);
  const VECTOR lower = x < 0 ? TG(splat)(1 / RAISED) : TG(splat)(RAISED);
  return TG(exp_raised)(bounded, raise, lower);
}

// eˣ for x ≤ 0, the same bits with less work.
INLINE VECTOR TG(exp_of_negative)(VECTOR x) {
  return TG(exp_raised)(TG(at_least)(x, TG(EXP_LEAST)), TG(splat)(RAISING), TG(splat)(1 / RAISED));
}

// (eˣ − 1)/2 = (2ⁿ⁻¹ − 1/2) + 2ⁿ⁻¹·(head + tail); the half keeps 2ⁿ finite up to the largest x. The first term is 0 or
// larger than the head's, so their sum gives up its rounding error by one subtraction.
INLINE VECTOR TG(half_expm1)(VECTOR x) {
  const TG(ExpParts) parts = TG(exp_parts)(TG(at_least)(x, TG(EXPM1_LEAST)), TG(splat)(-1));
  const VECTOR whole = parts.scale - (SCALAR)0.5, head = parts.scale * parts.head;
  const VECTOR sum = whole + head;
  const VECTOR error = (whole - sum) + head;
  return sum + TG(multiply_add)(parts.scale, parts.tail, error);
}

// eˣ − 1 for all x. Near 0, the answer is x: halving would lose the last bit of a subnormal x and the sign of −0.
INLINE VECTOR TG(expm1)(VECTOR x) {
  const VECTOR half = TG(half_expm1)(TG(at_most)(x, TG(EXP_GREATEST)));
  return TG(magnitude)(x) < TG(LINEAR) ? x : half + half;
}
