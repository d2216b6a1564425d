"""Values and gradients of scans and maps over batches, by PyTorch and JAX in double precision:

    python loops.py > LoopGoldenValues.swift

PyTorch has no scan with derivatives of every order: its loops are Python's. Needs torch and jax; nothing of the library
does. See systems.py.
"""

import jax
import jax.numpy as jnp
import torch

from systems import write


def loop(step, state, xs, reverse=False):
    """The last state, and the outputs of all steps in the order of their inputs."""
    outputs = []
    for x in xs.flip(0) if reverse else xs:
        state, output = step(state, x)
        outputs.append(output)
    return state, torch.stack(outputs[::-1] if reverse else outputs)


def recurrence(w, u, b, s, x, reverse=False):
    def step(s, x):
        after = torch.tanh(w @ s / 2 + u @ x + b)
        return after, after * s

    last, outputs = loop(step, s, x, reverse)
    return torch.sum(outputs**3) + torch.sum(torch.exp(last))


def jax_recurrence(w, u, b, s, x, reverse=False):
    def step(s, x):
        after = jnp.tanh(w @ s / 2 + u @ x + b)
        return after, after * s

    last, outputs = jax.lax.scan(step, s, x, reverse=reverse)
    return jnp.sum(outputs**3) + jnp.sum(jnp.exp(last))


def lstm(w, u, x):
    def step(state, x):
        h, c = state
        i, f, o, g = torch.chunk(w @ h + u @ x, 4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return (h, c), torch.sum(h * c)

    (h, c), outputs = loop(step, (torch.zeros(2), torch.ones(2)), x)
    return torch.sum(outputs) + torch.sum(h)


def jax_lstm(w, u, x):
    def step(state, x):
        h, c = state
        i, f, o, g = jnp.split(w @ h + u @ x, 4)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), jnp.sum(h * c)

    (h, c), outputs = jax.lax.scan(step, (jnp.zeros(2), jnp.ones(2)), x)
    return jnp.sum(outputs) + jnp.sum(h)


def penalty(w, u, b, s, x):
    """Second order: the squared norm of a recurrence's gradient."""
    (slope,) = torch.autograd.grad(recurrence(w, u, b, s, x), w, create_graph=True)
    return torch.sum(slope**2)


def per_example(w, x):
    slopes = torch.func.vmap(
        lambda x: torch.func.grad(lambda w: torch.logsumexp(torch.tanh(w @ x), 0))(w))(x)
    return torch.sum(slopes**2 * torch.arange(1.0, 5)[:, None, None])


def jax_per_example(w, x):
    slopes = jax.vmap(lambda x: jax.grad(lambda w: jax.nn.logsumexp(jnp.tanh(w @ x)))(w))(x)
    return jnp.sum(slopes**2 * jnp.arange(1.0, 5.0)[:, None, None])


def mapped(w, u, b, s, x):
    """A scan for each start, its sequence along the second axis."""
    return torch.sum(torch.func.vmap(lambda s, x: recurrence(w, u, b, s, x), (0, 1))(s, x) ** 2)


def jax_mapped(w, u, b, s, x):
    return jnp.sum(jax.vmap(lambda s, x: jax_recurrence(w, u, b, s, x), (0, 1))(s, x) ** 2)


def nested(x, y):
    """A map in a map: every pair."""
    vmap = torch.func.vmap
    return torch.sum(vmap(lambda a: vmap(lambda b: torch.sum(torch.sin(a * b)) ** 2)(y))(x) * torch.arange(1.0, 4))


def jax_nested(x, y):
    return jnp.sum(jax.vmap(lambda a: jax.vmap(lambda b: jnp.sum(jnp.sin(a * b)) ** 2)(y))(x) * jnp.arange(1.0, 4.0))


def curvature(x, w):
    hessian = torch.func.hessian(lambda x: torch.sum(torch.exp(torch.tanh(w @ x) / 2)))(x)
    return torch.sum(hessian * torch.arange(9.0).reshape(3, 3))


def jax_curvature(x, w):
    hessian = jax.hessian(lambda x: jnp.sum(jnp.exp(jnp.tanh(w @ x) / 2)))(x)
    return jnp.sum(hessian * jnp.arange(9.0).reshape(3, 3))


def slopes(x, w):
    return torch.sum(torch.func.jacrev(lambda x: torch.tanh(w @ torch.sin(x)))(x) ** 3)


def jax_slopes(x, w):
    return jnp.sum(jax.jacobian(lambda x: jnp.tanh(w @ jnp.sin(x)))(x) ** 3)


NETWORK = [(3, 3), (3, 2), (3,), (3,), (5, 2)]

# Name, shapes of the inputs, the graph in PyTorch and in JAX.
write("loops.py", "enum LoopGoldenValues", "For each graph its value, then its gradients by every input, all elements in order.", "numbers", [
    ("recurrence", NETWORK, recurrence, jax_recurrence),
    ("reversed", NETWORK, lambda *x: recurrence(*x, reverse=True), lambda *x: jax_recurrence(*x, reverse=True)),
    ("lstm", [(8, 2), (8, 3), (4, 3)], lstm, jax_lstm),
    ("penalty", NETWORK, penalty, lambda *p: jnp.sum(jax.grad(jax_recurrence)(*p) ** 2)),
    ("perExample", [(2, 3), (4, 3)], per_example, jax_per_example),
    ("mapped", NETWORK[:3] + [(4, 3), (5, 4, 2)], mapped, jax_mapped),
    ("nested", [(2, 4), (3, 4)], nested, jax_nested),
    ("curvature", [(3,), (2, 3)], curvature, jax_curvature),
    ("slopes", [(3,), (2, 3)], slopes, jax_slopes),
])
