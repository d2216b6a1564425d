// ln x and ln(1 + x).
//
// Reduction: u = 2ᵏ·m with 2/3 ≤ m < 4/3 and f = m − 1, exact. With ln 2 split as in exp, k·LN2_HIGH is exact, and
//
//   ln u = k·LN2_HIGH + f + tail,  tail = −f²/2 + f³·p(f) + k·LN2_LOW,
//
// with p the polynomial of FunctionsFloat.h or FunctionsDouble.h. The tail is below 0.08, and the first two terms are
// summed with their rounding error kept. For k = 0 the leading term is f itself, so nothing cancels near u = 1.

typedef struct {
  VECTOR k, m;
  TG(Bits) exponent;  // k, in place of an exponent
} TG(LogParts);

// For u positive and normal. Shifting the bits by those of 2/3 makes them ascend through m in [2/3, 4/3).
INLINE TG(LogParts) TG(log_parts)(VECTOR u) {
  const TG(Bits) origin = TG(bits)(TG(splat)((SCALAR)2 / 3));
  const TG(Bits) mantissa = ((UNSIGNED)1 << TG(MANTISSA_BITS)) - 1;
  const TG(Bits) offset = TG(bits)(u) - origin;
  // The bias makes the exponent positive; the bits of 2^MANTISSA_BITS make a number of it.
  const SCALAR ulp_is_one = (SCALAR)((UNSIGNED)1 << TG(MANTISSA_BITS));
  const TG(Bits) biased = (offset + ((UNSIGNED)TG(EXPONENT_BIAS) << TG(MANTISSA_BITS))) >> TG(MANTISSA_BITS);
  return (TG(LogParts)){
    .k = TG(from_bits)(biased | TG(bits)(TG(splat)(ulp_is_one))) - (ulp_is_one + (SCALAR)TG(EXPONENT_BIAS)),
    .m = TG(from_bits)((offset & mantissa) + origin),
    .exponent = offset & ~mantissa};
}

// k·ln 2 + ln(1 + f) with `f` = `head` + `low` − k·LN2_LOW up to rounding.
INLINE VECTOR TG(log_sum)(VECTOR k, VECTOR head, VECTOR low, VECTOR f) {
  const VECTOR p = TG(polynomial)(f, TG(log_coefficients), sizeof TG(log_coefficients) / sizeof(SCALAR));
  const VECTOR square = f * f;
  const VECTOR tail = TG(multiply_add)(square * f, p, TG(multiply_add)(square, TG(splat)((SCALAR)-0.5), low));
  const VECTOR whole = k * TG(LN2_HIGH);
  const VECTOR sum = whole + head;
  const VECTOR error = (whole - sum) + head;
  return sum + (error + tail);
}

// ln x for all x: −∞ at ±0, NaN below. A subnormal x is multiplied by 2⁶⁴ first.
INLINE VECTOR TG(log)(VECTOR x) {
  const VECTOR u = x < TG(SMALLEST_NORMAL) ? x * (SCALAR)0x1p64 : x;
  const TG(LogParts) parts = TG(log_parts)(u);
  const VECTOR k = x < TG(SMALLEST_NORMAL) ? parts.k - 64 : parts.k;
  const VECTOR f = parts.m - 1;
  const VECTOR finite = TG(log_sum)(k, f, k * TG(LN2_LOW), f);
  const VECTOR outside = x == 0 ? TG(splat)(-INFINITY) : TG(splat)(NAN);
  const VECTOR inside = x == INFINITY ? x : finite;
  return x > 0 ? inside : outside;
}

// ln(1 + x) for finite x > −1. u = 1 + x rounds; what that loses, scaled by 2⁻ᵏ, is added to f, and goes into the sum by
// itself. Quarters keep 2⁻ᵏ a normal number for the largest x. Near 0 the answer is x.
INLINE VECTOR TG(log1p_inside)(VECTOR x) {
  const VECTOR u = 1 + x;
  const VECTOR lost = (x - (u - 1)) * (SCALAR)0.25;
  const TG(LogParts) parts = TG(log_parts)(u);
  const VECTOR scale = TG(from_bits)(TG(bits)(TG(splat)(4)) - parts.exponent);
  const VECTOR head = parts.m - 1;
  const VECTOR low = TG(multiply_add)(parts.k, TG(splat)(TG(LN2_LOW)), lost * scale);
  const VECTOR result = TG(log_sum)(parts.k, head, low, TG(multiply_add)(lost, scale, head));
  return TG(magnitude)(x) < TG(LINEAR) ? x : result;
}

// ln(1 + x) for all x: −∞ at −1, NaN below.
INLINE VECTOR TG(log1p)(VECTOR x) {
  const VECTOR outside = x == -1 ? TG(splat)(-INFINITY) : TG(splat)(NAN);
  const VECTOR inside = x == INFINITY ? x : TG(log1p_inside)(x);
  return x > -1 ? inside : outside;
}
