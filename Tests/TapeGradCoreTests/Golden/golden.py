"""Values and gradients of small graphs, by PyTorch and JAX in double precision: python golden.py > GoldenValues.swift

Needs torch and jax; nothing of the library does. See systems.py.
"""

import jax
import jax.numpy as jnp
import numpy as np
import torch
import torch.nn.functional as F

from systems import write

TARGETS, LABELS = [[1.0, 0, 1, 1, 0]], [2, 0, 1, 1, 0]


def mlp(w1, b1, w2, b2, x):
    return F.binary_cross_entropy_with_logits(w2 @ torch.tanh(w1 @ x + b1) + b2, torch.tensor(TARGETS))


def jax_mlp(w1, b1, w2, b2, x):
    z, t = w2 @ jnp.tanh(w1 @ x + b1) + b2, jnp.array(TARGETS)
    return jnp.mean(t * jax.nn.softplus(-z) + (1 - t) * jax.nn.softplus(z))


def jax_classifier(w, b, x):
    return -jnp.mean(jax.nn.log_softmax(w @ x + b, axis=0)[jnp.array(LABELS), jnp.arange(5)])


def jax_layer_norm(x, g, b):
    mean = x.mean(axis=1, keepdims=True)
    variance = jnp.square(x - mean).mean(axis=1, keepdims=True)
    return jnp.sum(jnp.square((x - mean) / jnp.sqrt(variance + 1e-5) * g + b))


def parts(concatenate, exp, x, y):
    joined = concatenate([x[1:3], y[np.array([0, 0, 1])], x])
    return (exp(joined[2:6, 1:]) * joined[:4, :2]).sum()


def choices(library, x, y):
    chosen = library.where(x > 0, x * x * y, library.exp(x) - y)
    return chosen.sum() + (library.maximum(x, y) * library.minimum(x, library.ones_like(x) * 0.3)).sum()


def activations(x):
    return torch.sum(
        F.softplus(x) * F.elu(x) + F.gelu(x, approximate="tanh") * F.silu(x) + F.leaky_relu(x, 0.125) * torch.sigmoid(x))


def jax_activations(x):
    return jnp.sum(
        jax.nn.softplus(x) * jax.nn.elu(x) + jax.nn.gelu(x, approximate=True) * jax.nn.silu(x)
        + jax.nn.leaky_relu(x, 0.125) * jax.nn.sigmoid(x))


def penalty(w, b, x):
    """Second order: the squared norm of a gradient."""
    (g,) = torch.autograd.grad(torch.mean(torch.square(torch.tanh(w @ x + b))), w, create_graph=True)
    return torch.sum(g * g)


def jax_penalty(w, b, x):
    g = jax.grad(lambda w: jnp.mean(jnp.square(jnp.tanh(w @ x + b))))(w)
    return jnp.sum(g * g)


def arithmetic(library, x, y):
    """Every operation of numbers and tensors, and every comparison as a factor."""
    z = 2 - (3 * x + 1) / 4 - y
    z = z * x
    z = z + 1.5 / (y + 3)
    z = z - (x - 0.5) / 2
    masks = (x < y) * 1.0 + (x <= y) * 2.0 + (x > 0.5) * 4.0 + (y >= -0.25) * 8.0 + (x == y) * 16.0 + (x != 0.25) * 32.0
    masks = masks + (((x < y) | (x > 1)) & ~(y < -1)) * 64.0
    return (z * z * masks).sum() + (library.sign(x) * y).sum() + (library.square(x) * z).mean()


# Name, shapes of the inputs, the graph in PyTorch and in JAX.
write("golden.py", "enum GoldenValues", "For each graph its value, then its gradients by every input, all elements in order.", "numbers", [
    ("mlp", [(3, 2), (3, 1), (1, 3), (1, 1), (2, 5)], mlp, jax_mlp),
    ("classifier", [(3, 4), (3, 1), (4, 5)], lambda w, b, x: F.cross_entropy((w @ x + b).T, torch.tensor(LABELS)), jax_classifier),
    ("logSumExp", [(3, 4)], lambda x: torch.logsumexp(x, 1).square().sum(),
     lambda x: jnp.sum(jnp.square(jax.nn.logsumexp(x, axis=1)))),
    ("batchedMatmul", [(2, 3, 4), (2, 4, 2)], lambda a, b: torch.bmm(a, b).tanh().sum(), lambda a, b: jnp.sum(jnp.tanh(a @ b))),
    ("layerNorm", [(2, 5), (5,), (5,)], lambda x, g, b: F.layer_norm(x, (5,), g, b, 1e-5).square().sum(), jax_layer_norm),
    ("parts", [(4, 3), (2, 3)], lambda *x: parts(torch.cat, torch.exp, *x), lambda *x: parts(jnp.concatenate, jnp.exp, *x)),
    ("meanSquaredError", [(3, 1), (1, 4)], lambda x, y: F.mse_loss(x * y, y.expand(3, 4)), lambda x, y: jnp.mean(jnp.square(x * y - y))),
    ("pow", [(2, 3), (3,)], lambda x, p: torch.pow(x + 2, p).sum(), lambda x, p: jnp.sum(jnp.power(x + 2, p))),
    ("choices", [(3, 4), (3, 4)], lambda *x: choices(torch, *x), lambda *x: choices(jnp, *x)),
    ("maxWithTies", [(3, 5)], lambda x: (x.abs().amax(1) * torch.arange(1.0, 4)).sum(),
     lambda x: jnp.sum(jnp.max(jnp.abs(x), axis=1) * jnp.arange(1.0, 4.0))),
    ("activations", [(7,)], activations, jax_activations),
    ("quotients", [(4,), (4,)], lambda x, y: (torch.log1p(x * x) / (2 + y) - torch.expm1(x) * torch.sqrt(y + 3)).sum(),
     lambda x, y: jnp.sum(jnp.log1p(x * x) / (2 + y) - jnp.expm1(x) * jnp.sqrt(y + 3))),
    ("layout", [(2, 3, 4), (6,)], lambda x, y: (x.permute(2, 0, 1).reshape(4, 6) * y).var(0, correction=0).sum(),
     lambda x, y: jnp.sum(jnp.var(jnp.transpose(x, (2, 0, 1)).reshape(4, 6) * y, axis=0))),
    ("penalty", [(2, 3), (2, 1), (3, 4)], penalty, jax_penalty),
    ("attention", [(2, 3, 4), (2, 5, 4), (2, 5, 2)],
     lambda q, k, v: (F.scaled_dot_product_attention(q, k, v) * torch.arange(1.0, 3)).sum(),
     lambda q, k, v: jnp.sum(jax.nn.softmax(q @ jnp.swapaxes(k, -1, -2) / 2, axis=-1) @ v * jnp.arange(1.0, 3.0))),
    ("arithmetic", [(2, 3), (2, 3)], lambda *x: arithmetic(torch, *x), lambda *x: arithmetic(jnp, *x)),
    ("product", [(4, 3)], lambda x: (x.prod(0) * torch.arange(1.0, 4)).sum() + (x[:2] + 2).prod(),
     lambda x: jnp.sum(jnp.prod(x, axis=0) * jnp.arange(1.0, 4.0)) + jnp.prod(x[:2] + 2)),
])
