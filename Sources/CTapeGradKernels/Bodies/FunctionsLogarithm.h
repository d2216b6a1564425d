// ln x and ln(1 + x).
//
// Reduction: u = 2ᵏ·m with 2/3 ≤ m < 4/3 and f = m − 1, exact. With ln 2 split as in exp, k·LN2_HIGH is exact, and
//
//   ln u = k·LN2_HIGH + f + tail,  tail = −f²/2 + f³·p(f) + k·LN2_LOW,
//
// with p the polynomial of ConstantsFloat.h or ConstantsDouble.h. The tail is below 0.08, and the sum of the first two
// terms keeps its rounding error. For k = 0 the leading term is f itself, so nothing cancels near u = 1.
//
// Largest errors over all floats, and over 10⁶ doubles, in ULP: log 0.89 and 0.74, log1p 0.96 and 0.81.
//
//   ln 5:    5 = 2²·1.25,   f =  0.25,  ln 5 = 2·0.6931 + 0.2231 = 1.6094
//   ln 1.5:  1.5 = 2¹·0.75, f = −0.25,  ln 1.5 = 0.6931 − 0.2877 = 0.4055
//
// The interval [2/3, 4/3) lies around 1, where ln is 0: |f| ≤ 1/3 either way, which keeps the polynomial short.

typedef struct {
  VECTOR k, m;
  TG(Bits) exponent;  // k where a number has its exponent
} TG(LogParts);

// For u positive and normal. Less the bits of 2/3, its bits ascend through one interval [2/3, 4/3) at one exponent.
INLINE TG(LogParts) TG(log_parts)(VECTOR u) {
  const UNSIGNED mantissa = ((UNSIGNED)1 << TG(MANTISSA_BITS)) - 1, bias = TG(EXPONENT_BIAS);
  const SCALAR whole = (SCALAR)(mantissa + 1);  // 2^MANTISSA_BITS: its last bit stands for 1
  const TG(Bits) origin = TG(bits)(TG(splat)((SCALAR)2 / 3));
  const TG(Bits) offset = TG(bits)(u) - origin;
  const TG(Bits) biased = (offset + (bias << TG(MANTISSA_BITS))) >> TG(MANTISSA_BITS);
  return (TG(LogParts)){
    .k = TG(from_bits)(biased | TG(bits)(TG(splat)(whole))) - (whole + (SCALAR)bias),
    .m = TG(from_bits)((offset & mantissa) + origin),
    .exponent = offset & ~mantissa};
}

// k·LN2_HIGH + head + (−f²/2 + f³·p(f) + low)
// `sum` is rounded; the fused multiply-add computes k·LN2_HIGH − sum exactly, as it rounds only once and the result
// fits, so `error` is what the rounding lost. It comes back together with the small terms.
INLINE VECTOR TG(log_sum)(VECTOR k, VECTOR head, VECTOR low, VECTOR f) {
  const VECTOR square = f * f;
  const VECTOR p = TG(polynomial)(f, square, TG(log_coefficients), sizeof TG(log_coefficients) / sizeof(SCALAR));
  const VECTOR tail = TG(quadratic_tail)((SCALAR)-0.5, p, f, square, low);
  const VECTOR sum = TG(multiply_add)(k, TG(splat)(TG(LN2_HIGH)), head);
  const VECTOR error = TG(multiply_add)(k, TG(splat)(TG(LN2_HIGH)), -sum) + head;
  return sum + (error + tail);
}

// ln u where u = 2^raised·x, for the x that is meant.
INLINE VECTOR TG(log_of_normal)(VECTOR u, SCALAR raised) {
  const TG(LogParts) parts = TG(log_parts)(u);
  const VECTOR k = parts.k - raised, f = parts.m - 1;
  return TG(log_sum)(k, f, k * TG(LN2_LOW), f);
}

// ln x for all x: −∞ at ±0, NaN below. The usual vector has positive normal numbers only; in any other, a subnormal x is
// multiplied by 2⁶⁴ first.
INLINE VECTOR TG(log)(VECTOR x) {
  const VECTOR usual = TG(log_of_normal)(x, 0);
  if (TG(all)((x >= TG(SMALLEST_NORMAL)) & (x < INFINITY))) return usual;
  const VECTOR subnormal = TG(log_of_normal)(x * (SCALAR)0x1p64, 64);
  const VECTOR positive = x < TG(SMALLEST_NORMAL) ? subnormal : x == INFINITY ? x : usual;
  const VECTOR outside = x == 0 ? TG(splat)(-INFINITY) : TG(splat)(NAN);
  return x > 0 ? positive : outside;
}

// ln(1 + x) for finite x > −1. u = 1 + x rounds; what that loses, scaled by 2⁻ᵏ, is added to f = m − 1. The sum rounds
// too: what remains goes into the tail, with −f times it for the curvature. Quarters keep 2⁻ᵏ a normal number for the
// largest x. Near 0 the answer is x.
INLINE VECTOR TG(log1p_inside)(VECTOR x) {
  const VECTOR u = 1 + x;
  const VECTOR lost = (x - (u - 1)) * (SCALAR)0.25;
  const TG(LogParts) parts = TG(log_parts)(u);
  const VECTOR scale = TG(from_bits)(TG(bits)(TG(splat)(4)) - parts.exponent);
  const VECTOR head = parts.m - 1, rest = lost * scale;
  const VECTOR f = head + rest;
  const VECTOR remains = (head - f) + rest;
  const VECTOR curved = TG(multiply_add)(remains, -f, remains);
  const VECTOR result = TG(log_sum)(parts.k, f, TG(multiply_add)(parts.k, TG(splat)(TG(LN2_LOW)), curved), f);
  return TG(magnitude)(x) < TG(LINEAR) ? x : result;
}

// ln(1 + x) for all x: −∞ at −1, NaN below.
INLINE VECTOR TG(log1p)(VECTOR x) {
  const VECTOR usual = TG(log1p_inside)(x);
  if (TG(all)((x > -1) & (x < INFINITY))) return usual;
  const VECTOR outside = x == -1 ? TG(splat)(-INFINITY) : TG(splat)(NAN);
  return x > -1 ? (x == INFINITY ? x : usual) : outside;
}
