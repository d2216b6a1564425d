// Functions beyond the C library's: the derivatives of ln Γ, the normal distribution, a remainder.
//
// Polygamma functions, ψₙ(x) = d^(n+1) ln Γ(x)/dx^(n+1). For x > 0 the recurrence
//
//   ψₙ(x) = ψₙ(x + 1) + (−1)^(n+1)·n!/x^(n+1)
//
// lifts x until the asymptotic series has converged:
//
//   ψ₀(x) ≈ ln x − 1/(2x) − Σ B₂ₖ/(2k·x²ᵏ)
//   ψₙ(x) ≈ (−1)^(n+1)·n!/xⁿ·(1/n + 1/(2x) + Σ B₂ₖ·(2k + n − 1)!/((2k)!·n!·x²ᵏ))
//
// For n > 0 all terms have one sign, and nothing cancels. ψ₀ has a zero at 1.4616, where its terms cancel: around it,
// ψ₀ is its Taylor series, in powers of the distance to the zero. For x < 0 the reflection formula
//
//   ψₙ(x) = (−1)ⁿ·ψₙ(1 − x) − dⁿ/dxⁿ [π·cot πx]
//
// takes the cotangent from s, the distance to the nearest integer, which is exact; its derivatives are, by the same
// formula at s, differences of ψₙ(1 − s) and ψₙ(s).
//
//   ψ₀(1) = −0.5772, minus Euler's constant;   ψ₁(1) = π²/6 = 1.6449
#define _DEFAULT_SOURCE
#define _GNU_SOURCE
#include "Bodies/SpecialFunctions.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#pragma clang fp contract(off)

static const double pi = 0x1.921fb54442d18p1;

double tg_log_gamma(double x) {
#if defined(_WIN32)
  return lgamma(x);  // writes no sign there
#else
  int sign;
  return lgamma_r(x, &sign);
#endif
}

// B₂, B₄, …
static const double bernoulli[] = {
  1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798};
enum { bernoulli_count = sizeof bernoulli / sizeof *bernoulli };

// The zero of ψ₀ above 0, and ψ₀⁽ᵏ⁾/k! there for k = 1, 2, …, found with mpmath at 60 digits:
//   r = findroot(digamma, 1.46);  [polygamma(k, r)/factorial(k) for k in range(1, 34)]
static const double zero_high = 0x1.762d86356be3fp+0, zero_low = 0x1.b86a722197829p-54;
static const double digamma_taylor[] = {
  0x1.ef72bc8ee38acp-1, -0x1.c563b54aa1a35p-2, 0x1.08b4294d50381p-2, -0x1.4fc1317257da8p-3, 0x1.b9a5b6370f3abp-4,
  -0x1.27baba261cc2cp-4, 0x1.8fce02b239ca7p-5, -0x1.0fa7ec36a7d8fp-5, 0x1.723d6807edcc0p-6, -0x1.f970508e1b6a2p-7,
  0x1.5955caaa962f3p-7, -0x1.d828079282eb8p-8, 0x1.42e1acf81d8dcp-8, -0x1.b9afc7cee8a14p-9, 0x1.2e23345f79aafp-9,
  -0x1.9d626f71d1f7ap-10, 0x1.1acebbd761089p-10, -0x1.82f6345c65b35p-11, 0x1.08bdae1a261d4p-11,
  -0x1.6a3fddea11304p-12, 0x1.efacab6fb8985p-13, -0x1.531f5dc5eb563p-13, 0x1.d0080f810fab5p-14,
  -0x1.3d7972688af67p-14, 0x1.b2691182c5c34p-15, -0x1.29357f7d6cb86p-15, 0x1.96ae4a8e32b49p-16,
  -0x1.163cc7373be8bp-16, 0x1.7cb8b3916fd29p-17, -0x1.047a1894e0fdep-17, 0x1.646b54f410bdfp-18,
  -0x1.e7b34a5b78a3cp-19, 0x1.4dab173747443p-19};
enum { taylor_count = sizeof digamma_taylor / sizeof *digamma_taylor };

// ψ₀ for x > 0.
static double digamma_of_positive(double x) {
  const double distance = (x - zero_high) - zero_low;
  if (fabs(distance) <= 0.5) {
    double sum = 0;
    for (size_t k = taylor_count; k-- > 0;) sum = distance * (digamma_taylor[k] + sum);
    return sum;
  }
  // One step further, where its value is still small.
  if (distance > 0 && distance <= 1.5) return digamma_of_positive(x - 1) + 1 / (x - 1);
  double lifted = x, recurrence = 0;
  for (; lifted < 10; lifted++) recurrence += 1 / lifted;
  const double square = 1 / (lifted * lifted);
  double series = 0;
  for (size_t k = bernoulli_count; k-- > 0;) series = square * (bernoulli[k] / (2 * (double)k + 2) + series);
  return log(lifted) - (recurrence + (0.5 / lifted + series));
}

// (−1)^(n+1)·ψₙ/n! for x > 0 and n > 0: a sum of positive terms, the smallest first.
static double polygamma_sum(double n, double x) {
  const double enough = n + 12;
  const double steps = x < enough ? ceil(enough - x) : 0, lifted = x + steps, square = 1 / (lifted * lifted);
  double coefficient = (n + 1) / 2, power = 1, series = 0;
  for (size_t k = 0; k < bernoulli_count; k++) {
    power *= square;
    series += bernoulli[k] * coefficient * power;
    const double order = 2 * (double)k + 2;
    coefficient *= (order + n) * (order + n + 1) / ((order + 1) * (order + 2));
  }
  double sum = (1 / n + (0.5 / lifted + series)) * pow(lifted, -n);
  for (double step = steps - 1; step >= 0; step--) sum += pow(x + step, -n - 1);
  return sum;
}

double tg_polygamma(double n, double x) {
  const bool is_even = fmod(n, 2) == 0;
  const double sign = is_even ? -1 : 1, scale = n == 0 ? 1 : sign * tgamma(n + 1);
  if (x > 0) return n == 0 ? digamma_of_positive(x) : x == INFINITY ? sign * 0.0 : scale * polygamma_sum(n, x);
  if (x == 0) return is_even ? -copysign(INFINITY, x) : INFINITY;
  // NaN, −∞, and the poles: of odd order ∞ from both sides, of even order from one.
  const double distance = x - rint(x), s = fabs(distance);
  if (!(s > 0)) return is_even || x == -INFINITY ? NAN : distance == 0 ? INFINITY : x;
  if (n == 0) return digamma_of_positive(1 - x) - copysign(pi / tan(pi * s), distance);
  // The derivative of the cotangent, over −n!·π^(n+1) times a sign. For even n it is an odd function of the distance.
  const double near = polygamma_sum(n, s), far = polygamma_sum(n, 1 - s), mirrored = polygamma_sum(n, 1 - x);
  return scale * (is_even ? copysign(near - far, distance) + mirrored : near + far - mirrored);
}

double tg_normal_distribution(double x) {
  if (!(fabs(x) < 40)) return x > 0 ? 1 : x < 0 ? 0 : x;
  // The rounding of x/√2 would count x² times: erfc(t + δ) = erfc t − 2/√π·exp(−t²)·δ, with √½ in two parts.
  const double root_high = 0x1.6a09e667f3bcdp-1, root_low = -0x1.bdd3413b26456p-55;
  const double t = -x * root_high, error = fma(-x, root_high, -t) - x * root_low;
  return 0.5 * (erfc(t) - 1.1283791670955126 * exp(-t * t) * error);
}

double tg_floored_remainder(double x, double y) {
  const double remainder = fmod(x, y);
  if (remainder == 0) return copysign(remainder, y);
  return (remainder < 0) != (y < 0) ? remainder + y : remainder;
}
