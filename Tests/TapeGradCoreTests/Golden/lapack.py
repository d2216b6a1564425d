"""How far LAPACK's results are from solving what was asked, on matrices that the Swift side makes in the same way, exactly:

    python lapack.py > LapackErrors.swift

Backward errors in the largest element, the residuals in 80 bits, of scipy's routines, which keep the scalar type
(NumPy's compute float32 in float64): of a system
max|A·X - B| / (n·max|A|·max|X|), of an inverse the same with B the identity, of a Cholesky factor max|L·L^T - A| / (n·max|A|).
Of a logarithm of a determinant, the error relative to the larger of 1 and the logarithm, against 60 digits. Needs numpy, scipy and
mpmath; nothing of the library does.
"""

import mpmath
import numpy as np
import scipy
import scipy.linalg

mpmath.mp.dps = 60
WIDE = np.longdouble


def random(n, start):
    """Multiples of 2^-10 between -1 and 1."""
    k = np.arange(n * n) + start
    return (((k * 7919 + (k * k % 1009) * 104729) % 2003 - 1001) / 1024).reshape(n, n)


def graded(n):
    """Rows and columns that become smaller and smaller."""
    scales = 2.0 ** -(np.arange(n) // 2 % 12)
    return random(n, 5) * scales[:, None] * scales[None, :]


def nearly_singular(n):
    """The last row is almost the first."""
    a = random(n, 9)
    a[n - 1] = a[0] + random(n, 11)[0] / 4096
    return a


def largest(x):
    return np.max(np.abs(x)) if x.size else WIDE(0)


def residual(a, x, b):
    a, x, b = (np.asarray(m, WIDE) for m in (a, x, b))
    return largest(a @ x - b) / (len(a) * largest(a) * largest(x))


def log_determinant(a):
    m = mpmath.matrix(a.astype(float).tolist())
    return mpmath.log(abs(mpmath.det(m)))


def log_of_pivots(a):
    """As slogdet does it."""
    return float(np.sum(np.log(np.abs(np.diag(scipy.linalg.lu_factor(a)[0])))))


print(f"// Written by lapack.py with NumPy {np.__version__} and SciPy {scipy.__version__}: not to be edited by hand.\n")
print("/// The backward errors of LAPACK's results.\nenum LapackErrors {\n  static let numbers: [String: Double] = [")
for n in (3, 20, 60):
    for kind, make in (("random", lambda n: random(n, 1)), ("graded", graded), ("nearlySingular", nearly_singular)):
        for name, dtype in (("Float", np.float32), ("Double", np.float64)):
            a, b = make(n).astype(dtype), random(n, 77)[:, :3].astype(dtype)
            spd = (make(n) @ make(n).T + np.eye(n) * (0 if kind == "random" else 2.0**-6)).astype(dtype)
            t = np.tril(make(n)) + np.eye(n)
            t = t.astype(dtype)
            errors = {
                "solve": residual(a, scipy.linalg.solve(a, b), b),
                "inverse": residual(a, scipy.linalg.inv(a), np.eye(n)),
                "triangularSolve": residual(t, scipy.linalg.solve_triangular(t, b, lower=True), b),
                "cholesky": None,
                "logDeterminant": abs(mpmath.mpf(log_of_pivots(a)) - log_determinant(a))
                / max(1, abs(log_determinant(a))),
            }
            try:
                l = scipy.linalg.cholesky(spd, lower=True).astype(WIDE)
                errors["cholesky"] = largest(l @ l.T - spd.astype(WIDE)) / (n * largest(spd))
            except scipy.linalg.LinAlgError:
                del errors["cholesky"]
            for word, error in errors.items():
                print(f'    "{word} {kind} {n} {name}": {float(error):.3e},')
            print(f'    "exact {kind} {n} {name}": {float(log_determinant(a))!r},')
print("  ]\n}")
