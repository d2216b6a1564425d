"""Functions of one number and of two, by mpmath at 50 digits and by PyTorch: python golden_functions.py > GoldenFunctions.swift

For each point: the argument; value, first and second derivative by mpmath; value and first derivative by PyTorch in double
precision. Arguments are multiples of 1/64. Needs mpmath and torch.
"""

import mpmath as mp
import torch

mp.mp.dps = 50
F = torch.nn.functional


def phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def softplus(x):
    return mp.log1p(mp.exp(x))


def approximate_gelu(x):
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)))


def elu(x, a=1):
    return x if x > 0 else a * mp.expm1(x)


def trunc(x):
    return mp.floor(x) if x > 0 else mp.ceil(x)


SCALE, ALPHA = mp.mpf("1.0507009873554804934193349852946"), mp.mpf("1.6732632423543772848170429916717")
near, unit, positive = [-3.5, -1.25, -0.015625, 0.25, 1.5, 4.75], [-0.984375, -0.5, 0.015625, 0.75], [0.015625, 0.5, 1.25, 3, 40]
wide = near + [-8, 9]

UNARY = [
    ("exp", mp.exp, torch.exp, wide), ("expm1", mp.expm1, torch.expm1, wide), ("log", mp.log, torch.log, positive),
    ("log1p", mp.log1p, torch.log1p, unit + positive), ("sqrt", mp.sqrt, torch.sqrt, positive),
    ("square", lambda x: x * x, torch.square, near), ("abs", abs, torch.abs, near), ("sign", mp.sign, torch.sign, near),
    ("sin", mp.sin, torch.sin, near + [100]), ("cos", mp.cos, torch.cos, near + [100]), ("tanh", mp.tanh, torch.tanh, wide),
    ("sigmoid", lambda x: 1 / (1 + mp.exp(-x)), torch.sigmoid, wide), ("softplus", softplus, F.softplus, wide),
    ("silu", lambda x: x / (1 + mp.exp(-x)), F.silu, wide), ("elu", elu, F.elu, wide),
    ("relu", lambda x: max(x, 0), F.relu, near), ("leakyRelu", lambda x: x if x > 0 else x / 8, lambda x: F.leaky_relu(x, 0.125), near),
    ("cubed", lambda x: x**3, lambda x: x.pow(3), near), ("raised", lambda x: x**mp.mpf(2.5), lambda x: x.pow(2.5), positive),
    ("tan", mp.tan, torch.tan, near + [100]), ("asin", mp.asin, torch.asin, unit), ("acos", mp.acos, torch.acos, unit),
    ("atan", mp.atan, torch.atan, wide), ("sinh", mp.sinh, torch.sinh, wide), ("cosh", mp.cosh, torch.cosh, wide),
    ("asinh", mp.asinh, torch.asinh, wide), ("acosh", mp.acosh, torch.acosh, [1.015625, 1.5, 8]),
    ("atanh", mp.atanh, torch.atanh, unit), ("exp2", lambda x: mp.mpf(2)**x, torch.exp2, wide),
    ("log2", lambda x: mp.log(x, 2), torch.log2, positive), ("log10", mp.log10, torch.log10, positive),
    ("cbrt", lambda x: mp.sign(x) * mp.cbrt(abs(x)), lambda x: x.sign() * x.abs().pow(1 / 3), near),
    ("rsqrt", lambda x: 1 / mp.sqrt(x), torch.rsqrt, positive), ("reciprocal", lambda x: 1 / x, torch.reciprocal, near),
    ("erf", mp.erf, torch.erf, wide), ("erfc", mp.erfc, torch.erfc, wide),
    ("lgamma", lambda x: mp.log(abs(mp.gamma(x))), torch.lgamma, positive + [-0.75, -1.5, -7.25]),
    ("digamma", mp.digamma, torch.digamma, positive + [-0.75, -1.25, -7.25]),
    ("gelu", lambda x: x * phi(x), F.gelu, wide),
    ("approximateGelu", approximate_gelu, lambda x: F.gelu(x, approximate="tanh"), near),
    ("selu", lambda x: SCALE * elu(x, ALPHA), F.selu, wide), ("mish", lambda x: x * mp.tanh(softplus(x)), F.mish, wide),
    ("logSigmoid", lambda x: -softplus(-x), F.logsigmoid, wide),
    ("hardSwish", lambda x: 0 if x <= -3 else x if x >= 3 else x * (x + 3) / 6, F.hardswish, near),
    ("relu6", lambda x: min(max(x, 0), 6), F.relu6, near + [7]),
    ("floor", mp.floor, torch.floor, near), ("ceil", mp.ceil, torch.ceil, near), ("round", mp.nint, torch.round, [-3.25, -1.75, -0.015625, 0.25, 2.75]),
    ("trunc", trunc, torch.trunc, near),
]
BINARY = [
    ("atan2", mp.atan2, torch.atan2, [(1, 2), (-0.5, -3), (2, -0.25), (-4, 0.015625)]),
    ("hypot", lambda x, y: mp.sqrt(x * x + y * y), torch.hypot, [(3, 4), (-0.5, 2), (0.015625, -8)]),
    ("logAddExp", lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), torch.logaddexp, [(1, 2), (-3, 4.5), (30, -9)]),
    ("xLogY", lambda x, y: x * mp.log(y), torch.xlogy, [(1.5, 2), (-3, 0.25), (0.5, 40)]),
    ("maximum", lambda x, y: max(x, y), torch.maximum, [(1, 2), (3, -4.5)]),
    ("minimum", lambda x, y: min(x, y), torch.minimum, [(1, 2), (3, -4.5)]),
    ("pow", lambda x, p: x**p, torch.pow, [(1.5, 2), (0.25, -3.5), (40, 0.5)]),
    ("fmod", lambda x, y: x - y * trunc(x / y), torch.fmod, [(5.5, 2), (-5.5, 2), (5.5, -2), (-7, -1.5), (0.75, 3)]),
    ("remainder", lambda x, y: x - y * mp.floor(x / y), torch.remainder, [(5.5, 2), (-5.5, 2), (5.5, -2), (-7, -1.75 + 0.25)]),
]


def derivative(f, x, order):
    return mp.diff(f, mp.mpf(x), order) if order else f(mp.mpf(x))


def number(x):
    return repr(float(x)).replace("inf", ".infinity")


print(f"// Written by golden_functions.py with mpmath {mp.__version__} and PyTorch {torch.__version__}: not to be edited by hand.\n")
print("enum GoldenFunctions {\n  /// Argument; value, first and second derivative by mpmath; value and first derivative by PyTorch.")
print("  static let unary: [String: [[Double]]] = [")
for name, f, g, points in UNARY:
    print(f'    "{name}": [')
    for x in points:
        t = torch.tensor(float(x), dtype=torch.float64, requires_grad=True)
        y = g(t)
        (slope,) = torch.autograd.grad(y, t)
        row = [x] + [derivative(f, x, order) for order in range(3)]
        exact = ", ".join(number(v) for v in row)
        print(f"      [{exact},\n       {number(y.item())}, {number(slope.item())}],")
    print("    ],")
print("  ]\n\n  /// Arguments; value and derivatives by each, by mpmath, then by PyTorch.")
print("  static let binary: [String: [[Double]]] = [")
for name, f, g, points in BINARY:
    print(f'    "{name}": [')
    for x, y in points:
        a = torch.tensor(float(x), dtype=torch.float64, requires_grad=True)
        b = torch.tensor(float(y), dtype=torch.float64, requires_grad=True)
        z = g(a, b)
        slopes = torch.autograd.grad(z, (a, b))
        exact = [x, y, f(mp.mpf(x), mp.mpf(y)), mp.diff(f, (mp.mpf(x), mp.mpf(y)), (1, 0)), mp.diff(f, (mp.mpf(x), mp.mpf(y)), (0, 1))]
        print("      [" + ", ".join(number(v) for v in exact) + ",")
        print("       " + ", ".join(number(v) for v in [z.item(), slopes[0].item(), slopes[1].item()]) + "],")
    print("    ],")
print("  ]\n}")
