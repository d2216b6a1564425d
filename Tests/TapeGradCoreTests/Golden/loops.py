"""Values and gradients of scans and maps over batches, by JAX in double precision: python loops.py > LoopGoldenValues.swift

Inputs are multiples of 1/4 that the Swift side makes in the same way, exactly. Needs jax; nothing of the library does.
"""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def grid(shape, start):
    """((7k + start) mod 11 - 5)/4 for k = 0, 1, 2, ..."""
    count = 1
    for length in shape:
        count *= length
    return jnp.array([((7 * k + start) % 11 - 5) / 4 for k in range(count)], jnp.float64).reshape(shape)


def recurrence(w, u, b, s, x, reverse=False):
    def step(s, x):
        after = jnp.tanh(w @ s / 2 + u @ x + b)
        return after, after * s

    last, outputs = jax.lax.scan(step, s, x, reverse=reverse)
    return jnp.sum(outputs ** 3) + jnp.sum(jnp.exp(last))


def lstm(w, u, x):
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
    return jnp.sum(jax.grad(recurrence)(w, u, b, s, x) ** 2)


def per_example(w, x):
    slopes = jax.vmap(lambda x: jax.grad(lambda w: jax.nn.logsumexp(jnp.tanh(w @ x)))(w))(x)
    return jnp.sum(slopes ** 2 * jnp.arange(1.0, 5.0)[:, None, None])


def mapped(w, u, b, s, x):
    """A scan for each start, its sequence along the second axis."""
    return jnp.sum(jax.vmap(lambda s, x: recurrence(w, u, b, s, x), (0, 1))(s, x) ** 2)


def nested(x, y):
    """A map in a map: every pair."""
    return jnp.sum(jax.vmap(lambda a: jax.vmap(lambda b: jnp.sum(jnp.sin(a * b)) ** 2)(y))(x) * jnp.arange(1.0, 4.0))


def curvature(x, w):
    hessian = jax.hessian(lambda x: jnp.sum(jnp.exp(jnp.tanh(w @ x) / 2)))(x)
    return jnp.sum(hessian * jnp.arange(9.0).reshape(3, 3))


def slopes(x, w):
    return jnp.sum(jax.jacobian(lambda x: jnp.tanh(w @ jnp.sin(x)))(x) ** 3)


NETWORK = [(3, 3), (3, 2), (3,), (3,), (5, 2)]
GRAPHS = [
    ("recurrence", recurrence, NETWORK),
    ("reversed", lambda *x: recurrence(*x, reverse=True), NETWORK),
    ("lstm", lstm, [(8, 2), (8, 3), (4, 3)]),
    ("penalty", penalty, NETWORK),
    ("perExample", per_example, [(2, 3), (4, 3)]),
    ("mapped", mapped, NETWORK[:3] + [(4, 3), (5, 4, 2)]),
    ("nested", nested, [(2, 4), (3, 4)]),
    ("curvature", curvature, [(3,), (2, 3)]),
    ("slopes", slopes, [(3,), (2, 3)]),
]


def literal(array):
    lines, line = [], "     "
    for number in [repr(float(x)) for x in array.reshape(-1)]:
        if len(line) + len(number) > 117:
            lines, line = lines + [line], "     "
        line += f" {number},"
    return "\n".join(lines + [line])


print(f"// Written by loops.py with JAX {jax.__version__}, float64, on a CPU: not to be edited by hand.\n")
print("enum LoopGoldenValues {\n  /// For each graph its value, then its gradients by every input, all elements in order.")
print("  static let numbers: [String: [Double]] = [")
for name, graph, shapes in GRAPHS:
    inputs = [grid(shape, 3 * i + 1) for i, shape in enumerate(shapes)]
    value, gradients = jax.value_and_grad(graph, argnums=tuple(range(len(inputs))))(*inputs)
    print(f'    "{name}": [')
    print(literal(jnp.concatenate([value.reshape(1)] + [g.reshape(-1) for g in gradients])))
    print("    ],")
print("  ]\n}")
