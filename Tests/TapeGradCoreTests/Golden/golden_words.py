"""Values and gradients of reductions, sorting, masks, losses and conveniences, by PyTorch and JAX in double precision:

    python golden_words.py > GoldenWords.swift

No inputs tie along an axis. Needs torch and jax; nothing of the library does. See systems.py.
"""

import jax
import jax.numpy as jnp
import numpy as np
import torch
from torch.utils.checkpoint import checkpoint

from systems import write

F, inf = torch.nn.functional, float("inf")


def weigh(y):
    """A weighted sum with weights 1, 2, 3, ...: every element counts differently."""
    return (y.reshape(-1) * np.arange(1.0, y.size + 1)).sum()


def weigh_torch(y):
    return torch.sum(y.reshape(-1) * torch.arange(1.0, y.numel() + 1))


def weighed(word, other):
    return lambda *x: weigh_torch(word(*x)), lambda *x: weigh(other(*x))


LABELS, WEIGHTS, CLASS_WEIGHTS = np.array([2, 0, 1, 1]), np.array([1.0, 0.5, 2, 0]), np.array([0.5, 2, 1])
SIGNS = np.array([1.0, -1, -1, 1, 1])
T = torch.tensor


def cross_entropy(z, **options):
    return F.cross_entropy(z.T, T(LABELS), **options)


def losses(z, smoothing=0):
    """Cross-entropies by their formula, one for each example (a column)."""
    log = jax.nn.log_softmax(z, axis=0)
    return -(1 - smoothing) * log[LABELS, np.arange(4)] - smoothing * log.mean(0)


def averaged(z, weights, smoothing=0):
    return jnp.sum(losses(z, smoothing) * weights) / weights.sum()


def divergence(t, z):
    t = jax.nn.softmax(t, axis=0)
    return jnp.sum(t * (jnp.log(t) - jax.nn.log_softmax(z, axis=0))) / 4


def binary_sum(z, t):
    t = jax.nn.sigmoid(t)
    return jnp.sum(t * jax.nn.softplus(-z) + (1 - t) * jax.nn.softplus(z))


def huber(d, delta):
    return jnp.where(jnp.abs(d) <= delta, d * d / 2, delta * (jnp.abs(d) - delta / 2))


def gradient_of(f, x):
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    return g


def cube(x):
    """For directions and Hessians: f(x) = Σ x³·x₀."""
    return (x**3).sum() * x[0]


def squared_slopes(f):
    """The squares of all first derivatives, added up: what is differentiated next are rules."""
    def graph(*x):
        slopes = torch.autograd.grad(f(*x), x, create_graph=True)
        return sum((g * g).sum() for g in slopes)

    return graph


def jax_squared_slopes(f):
    def graph(*x):
        return sum((g * g).sum() for g in jax.grad(f, argnums=tuple(range(len(x))))(*x))

    return graph


def twice(f, other):
    return squared_slopes(f), jax_squared_slopes(other)


def spread(library, x):
    """x, no two elements equal."""
    return x + library.arange(float(np.prod(x.shape))).reshape(x.shape) / 64


def windows(x):
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 1, 1), "VALID")


# Name, shapes of the inputs, the graph in PyTorch and in JAX.
write("golden_words.py", "enum GoldenWords", "For each graph its value, then its gradients by every input, all elements in order.", "numbers", [
    (name, shapes, *graphs) for name, shapes, graphs in [
        ("min", [(3, 4)], weighed(lambda x: x.min(dim=1).values, lambda x: x.min(1))),
        ("minAll", [(2, 4)], (lambda x: x.min(), jnp.min)),
        ("normTwo", [(3, 4)], weighed(lambda x: torch.linalg.vector_norm(x, 2, dim=0), lambda x: jnp.linalg.norm(x, 2, 0))),
        ("normOne", [(3, 4)], weighed(
            lambda x: torch.linalg.vector_norm(x + 0.125, 1, dim=1), lambda x: jnp.linalg.norm(x + 0.125, 1, 1))),
        ("normMaximum", [(3, 4)], weighed(
            lambda x: torch.linalg.vector_norm(x + 0.125, inf, dim=1), lambda x: jnp.linalg.norm(x + 0.125, inf, 1))),
        ("normThree", [(3, 4)], weighed(lambda x: torch.linalg.vector_norm(x, 3, dim=1), lambda x: jnp.linalg.norm(x, 3, 1))),
        ("normHalf", [(3, 4)], weighed(
            lambda x: torch.linalg.vector_norm(x + 0.125, 0.5, dim=0), lambda x: jnp.linalg.norm(x + 0.125, 0.5, 0))),
        ("cumulativeSum", [(3, 5)], weighed(lambda x: torch.cumsum(x, 1), lambda x: jnp.cumsum(x, 1))),
        ("cumulativeProduct", [(5, 3)], weighed(lambda x: torch.cumprod(x, 0), lambda x: jnp.cumprod(x, 0))),
        ("cumulativeLogSumExp", [(2, 6)], weighed(lambda x: torch.logcumsumexp(x, 1), lambda x: jax.lax.cumlogsumexp(x, 1))),
        ("variance", [(3, 4)], weighed(lambda x: torch.var(x, dim=1, correction=1), lambda x: jnp.var(x, 1, ddof=1))),
        ("standardDeviation", [(3, 4)], (lambda x: torch.std(x, correction=2), lambda x: jnp.std(x, ddof=2))),
        ("logSumExp", [(2, 3, 4)], weighed(lambda x: torch.logsumexp(x, dim=(0, 2)), lambda x: jax.nn.logsumexp(x, (0, 2)))),
        ("sorted", [(3, 5)], weighed(lambda x: torch.sort(x, dim=1).values, lambda x: jnp.sort(x, 1))),
        ("sortedDescending", [(5, 3)], weighed(
            lambda x: torch.sort(x, dim=0, descending=True).values, lambda x: jnp.sort(x, 0, descending=True))),
        ("topK", [(3, 5)], weighed(lambda x: torch.topk(x, 2, dim=1).values, lambda x: jax.lax.top_k(x, 2)[0])),
        ("median", [(3, 6)], weighed(lambda x: torch.quantile(x, 0.5, dim=1), lambda x: jnp.median(x, 1))),
        ("quantile", [(6, 3)], weighed(lambda x: torch.quantile(x, 0.3, dim=0), lambda x: jnp.quantile(x, 0.3, 0))),
        ("argMax", [(3, 5)], weighed(
            lambda x: torch.take_along_dim(x, x.argmax(dim=1, keepdim=True), 1) * x,
            lambda x: jnp.take_along_axis(x, x.argmax(1, keepdims=True), 1) * x)),
        ("argMin", [(3, 5)], weighed(
            lambda x: torch.take_along_dim(x, x.argmin(dim=0, keepdim=True), 0) * x,
            lambda x: jnp.take_along_axis(x, x.argmin(0, keepdims=True), 0) * x)),
        ("softmax", [(3, 4)], weighed(
            lambda x: torch.softmax(x, 0) * torch.log_softmax(x, 1),
            lambda x: jax.nn.softmax(x, 0) * jax.nn.log_softmax(x, 1))),
        ("clamped", [(3, 4)], weighed(
            lambda x: x * x.clamp(-0.625, 0.875) + x.clamp(min=0.125) ** 2 + x.clamp(max=-0.125),
            lambda x: x * x.clip(-0.625, 0.875) + x.clip(min=0.125) ** 2 + x.clip(max=-0.125))),
        ("anyAndAll", [(3, 4)], weighed(
            lambda x: x.sum(1) * (x > 1).any(1) + 2 * x.prod(1) * (x > -1).all(1) + (x > 9).any() + 4 * (x < 9).all(),
            lambda x: x.sum(1) * (x > 1).any(1) + 2 * x.prod(1) * (x > -1).all(1) + (x > 9).any() + 4 * (x < 9).all())),
        ("isFinite", [(7,)], weighed(
            lambda x: torch.where(torch.isfinite(1 / x), x, 8 * x) + torch.where(torch.isnan(x / x), 5 * x, x * x),
            lambda x: jnp.where(jnp.isfinite(1 / x), x, 8 * x) + jnp.where(jnp.isnan(x / x), 5 * x, x * x))),
        ("stopGradient", [(5,)], weighed(
            lambda x: x.detach() * x * checkpoint(torch.tanh, x, use_reentrant=False),
            lambda x: jax.lax.stop_gradient(x) * x * jax.checkpoint(jnp.tanh)(x))),
        ("creations", [(3, 3)], weighed(
            lambda x: x @ torch.linspace(-1, 2, 3) + F.one_hot(T([2, 0, 1]), 3).double() @ x.sum(0) + torch.arange(3) + torch.full((3,), 0.5),
            lambda x: x @ jnp.linspace(-1, 2, 3) + jax.nn.one_hot(np.array([2, 0, 1]), 3) @ x.sum(0) + jnp.arange(3) + jnp.full(3, 0.5))),
        ("directions", [(3,), (3,)], weighed(
            lambda x, v: torch.func.jvp(lambda x: torch.sin(x) * x[0], (x,), (v,))[1]
            + torch.func.vjp(lambda x: torch.exp(x / 2) * x[1], x)[1](v)[0]
            + torch.func.jvp(torch.func.grad(cube), (x,), (v,))[1],
            lambda x, v: jax.jvp(lambda x: jnp.sin(x) * x[0], (x,), (v,))[1]
            + jax.vjp(lambda x: jnp.exp(x / 2) * x[1], x)[1](v)[0]
            + jax.jvp(jax.grad(cube), (x,), (v,))[1])),
        ("jacobians", [(3,), (4, 3)], weighed(
            lambda x, w: torch.func.jacfwd(lambda x: torch.tanh(w @ x) * x[0])(x) * torch.func.jacrev(lambda x: (w @ x) ** 2)(x)
            + torch.func.hessian(cube)(x)[0],
            lambda x, w: jax.jacfwd(lambda x: jnp.tanh(w @ x) * x[0])(x) * jax.jacrev(lambda x: (w @ x) ** 2)(x)
            + jax.hessian(cube)(x)[0])),
        ("powTwice", [(2, 3), (2, 3)], twice(lambda x, p: torch.pow(x + 2, p).sum(), lambda x, p: jnp.power(x + 2, p).sum())),
        ("maxPoolTwice", [(1, 1, 3, 4)], twice(
            lambda x: (F.max_pool2d(spread(torch, x), 2, 1) ** 3).sum(), lambda x: (windows(spread(jnp, x)) ** 3).sum())),
        ("sigmoidTwice", [(5,)], twice(
            lambda x: (torch.sigmoid(x) * torch.tanh(x)).sum(), lambda x: (jax.nn.sigmoid(x) * jnp.tanh(x)).sum())),
        ("usedProduct", [(3, 4), (4, 2)], weighed(
            lambda x, y: torch.where(x @ y > 0, torch.log(torch.where(x @ y > 0, x @ y, 1)), 0),
            lambda x, y: jnp.where(x @ y > 0, jnp.log(jnp.where(x @ y > 0, x @ y, 1)), 0))),
        ("meanAbsoluteError", [(3, 4), (3, 4)], (F.l1_loss, lambda x, y: jnp.mean(jnp.abs(x - y)))),
        ("huber", [(3, 4), (3, 4)], (
            lambda x, y: F.huber_loss(x, y, delta=0.75), lambda x, y: jnp.mean(huber(x - y, 0.75)))),
        ("huberSum", [(3, 4), (3, 4)], (
            lambda x, y: F.huber_loss(x, y, reduction="sum"), lambda x, y: jnp.sum(huber(x - y, 1.0)))),
        ("hinge", [(5,)], (
            lambda s: torch.mean(F.relu(1 - T(SIGNS) * s)), lambda s: jnp.mean(jax.nn.relu(1 - SIGNS * s)))),
        ("kullbackLeibler", [(3, 4), (3, 4)], (
            lambda t, z: F.kl_div(torch.log_softmax(z, 0).T, torch.softmax(t, 0).T, reduction="batchmean"), divergence)),
        ("likelihood", [(3, 4)], (
            lambda z: F.nll_loss(torch.log_softmax(z, 0).T, T(LABELS)), lambda z: losses(z).mean())),
        ("likelihoodByClass", [(3, 4)], (
            lambda z: F.nll_loss(torch.log_softmax(z, 0).T, T(LABELS), weight=T(CLASS_WEIGHTS)),
            lambda z: averaged(z, CLASS_WEIGHTS[LABELS]))),
        ("crossEntropyIgnoring", [(3, 4)], (lambda z: cross_entropy(z, ignore_index=1), lambda z: averaged(z, LABELS != 1))),
        ("crossEntropySmoothed", [(3, 4)], (
            lambda z: cross_entropy(z, label_smoothing=0.1), lambda z: losses(z, 0.1).mean())),
        ("crossEntropySmoothedIgnoring", [(3, 4)], (
            lambda z: cross_entropy(z, label_smoothing=0.2, ignore_index=2), lambda z: averaged(z, LABELS != 2, 0.2))),
        ("crossEntropyByClass", [(3, 4)], (
            lambda z: cross_entropy(z, weight=T(CLASS_WEIGHTS)), lambda z: averaged(z, CLASS_WEIGHTS[LABELS]))),
        ("crossEntropySum", [(3, 4)], (lambda z: cross_entropy(z, reduction="sum"), lambda z: losses(z).sum())),
        ("crossEntropyNone", [(3, 4)], weighed(lambda z: cross_entropy(z, reduction="none"), losses)),
        ("crossEntropyWeighted", [(3, 4)], (
            lambda z: torch.sum(cross_entropy(z, reduction="none") * T(WEIGHTS)) / WEIGHTS.sum(), lambda z: averaged(z, WEIGHTS))),
        ("squaresWeighted", [(3, 4), (3, 4)], (
            lambda x, y: torch.sum(F.mse_loss(x, y, reduction="none") * T(WEIGHTS)) / (3 * WEIGHTS.sum()),
            lambda x, y: jnp.sum(jnp.square(x - y) * WEIGHTS) / (3 * WEIGHTS.sum()))),
        ("binarySum", [(3, 4), (3, 4)], (
            lambda z, t: F.binary_cross_entropy_with_logits(z, torch.sigmoid(t), reduction="sum"), binary_sum)),
        ("binaryOfProbabilities", [(3, 4), (3, 4)], (
            lambda x, t: F.binary_cross_entropy(x / 4 + 0.5, torch.sigmoid(t)),
            lambda x, t: -jnp.mean(jax.nn.sigmoid(t) * jnp.log(x / 4 + 0.5) + (1 - jax.nn.sigmoid(t)) * jnp.log(0.5 - x / 4)))),
    ]
])
