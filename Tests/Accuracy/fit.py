#!/usr/bin/env python3
# Fits the polynomials of Bodies/ConstantsFloat.h and Bodies/ConstantsDouble.h and prints them as C initializers.
#
# Each is the polynomial p of its degree that makes the largest |weight(x)·(p(x) − target(x))| small: weighted least
# squares on Chebyshev points, the weights sharpened where the error is large (Lawson's iteration). Coefficients are
# rounded to the scalar type one after the other, lowest power first, and the remaining ones fitted again, so that they
# make good for the rounding. Needs mpmath.

from mpmath import mp, mpf, cos, exp, expm1, frexp, ldexp, log, log1p, lu_solve, matrix, nint, nstr, pi, sqrt, tanh

mp.dps = 50


def rounded(number, bits):
    fraction, exponent = frexp(number)
    return ldexp(nint(ldexp(fraction, bits)), exponent - bits)


def refit(points, targets, weights, fixed, degree, rounds):
    """The coefficients of powers len(fixed)...degree, given the lower ones."""
    first, count = len(fixed), degree + 1 - len(fixed)
    rest = [t - sum(c * x**i for i, c in enumerate(fixed)) for x, t in zip(points, targets)]
    powers = [[w * x**(first + i) for i in range(count)] for x, w in zip(points, weights)]
    rest = [w * r for w, r in zip(weights, rest)]
    emphasis, best, least = [mpf(1)] * len(points), None, None
    for _ in range(rounds):
        left, right = matrix(count, count), matrix(count, 1)
        for row, r, e in zip(powers, rest, emphasis):
            for i in range(count):
                scaled = e * row[i]
                right[i] += scaled * r
                for j in range(i, count):
                    left[i, j] += scaled * row[j]
        for i in range(count):
            for j in range(i):
                left[i, j] = left[j, i]
        solution = list(lu_solve(left, right))
        errors = [abs(sum(c * p for c, p in zip(solution, row)) - r) for row, r in zip(powers, rest)]
        if least is None or max(errors) < least:
            best, least = solution, max(errors)
        mean = sum(e * d for e, d in zip(emphasis, errors)) / sum(emphasis)
        emphasis = [e * (d / mean) for e, d in zip(emphasis, errors)]
    return best


def fit(title, target, weight, low, high, degree, bits, rounds):
    count = 24 * (degree + 1)
    points = [(low + high) / 2 - (high - low) / 2 * cos(pi * (i + mpf(1) / 2) / count) for i in range(count)]
    targets, weights = [target(x) for x in points], [weight(x) for x in points]
    fixed = []
    while len(fixed) <= degree:
        fixed.append(rounded(refit(points, targets, weights, fixed, degree, rounds)[0], bits))
    dense = [low + (high - low) * (2 * i + 1) / 8000 for i in range(4000)]
    error = max(abs(weight(x) * (sum(c * x**i for i, c in enumerate(fixed)) - target(x))) for x in dense)
    print(f"{title}, degree {degree}: largest error 2^{nstr(log(error, 2), 4)}")
    print("  " + ", ".join(float(c).hex() for c in fixed))


def fit_all(bits, exp_degree, log_degree, tanh_degree, rounds):
    # (e^r − 1 − r − r²/2)/r³ on |r| ≤ ln 2 / 2 (a little more: the reduction rounds), the error relative to e^r.
    half = log(2) / 2 * mpf("1.0001")
    fit("exp", lambda r: (expm1(r) - r - r**2 / 2) / r**3, lambda r: r**3 / exp(r), -half, half, exp_degree, bits, rounds)
    # (ln(1 + f) − f + f²/2)/f³ on |f| ≤ 1/3, the error relative to ln(1 + f).
    third = mpf(1) / 3
    fit("log", lambda f: (log1p(f) - f + f**2 / 2) / f**3, lambda f: f**3 / log1p(f), -third, third, log_degree, bits, rounds)
    # (tanh r − r)/r³ in z = r² on |r| ≤ 3/8·ln 2, the error relative to r.
    end = (log(2) * 3 / 8 * mpf("1.0001"))**2
    fit("tanh", lambda z: (tanh(sqrt(z)) - sqrt(z)) / sqrt(z)**3, lambda z: z, mpf("1e-12"), end, tanh_degree, bits, rounds)


if __name__ == "__main__":
    fit_all(24, 4, 7, 2, 30)
    fit_all(53, 8, 18, 6, 4)
