"""Values and gradients of small graphs, computed by JAX in double precision: python golden.py > GoldenValues.swift

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


def bce(z, t):
    return jnp.mean(t * jax.nn.softplus(-z) + (1 - t) * jax.nn.softplus(z))


def mlp(w1, b1, w2, b2, x):
    z2 = w2 @ jnp.tanh(w1 @ x + b1) + b2
    return bce(z2, jnp.array([[1.0, 0, 1, 1, 0]]))


def classifier(w, b, x):
    z = w @ x + b
    return -jnp.mean(jax.nn.log_softmax(z, axis=0)[jnp.array([2, 0, 1, 1, 0]), jnp.arange(5)])


def layer_norm(x, g, b):
    mean = x.mean(axis=1, keepdims=True)
    variance = jnp.square(x - mean).mean(axis=1, keepdims=True)
    return jnp.sum(jnp.square((x - mean) / jnp.sqrt(variance + 1e-5) * g + b))


def parts(x, y):
    joined = jnp.concatenate([x[1:3], y[jnp.array([0, 0, 1])], x], axis=0)
    return jnp.sum(jnp.exp(joined[2:6, 1:]) * joined[:4, :2])


def choices(x, y):
    return jnp.sum(jnp.where(x > 0, x * x * y, jnp.exp(x) - y)) + jnp.sum(jnp.maximum(x, y) * jnp.minimum(x, 0.3))


def activations(x):
    return jnp.sum(
        jax.nn.softplus(x) * jax.nn.elu(x) + jax.nn.gelu(x, approximate=True) * jax.nn.silu(x)
        + jax.nn.leaky_relu(x, 0.125) * jax.nn.sigmoid(x))


def penalty(w, b, x):
    """Second order: the squared norm of a gradient."""
    g = jax.grad(lambda w: jnp.mean(jnp.square(jnp.tanh(w @ x + b))))(w)
    return jnp.sum(g * g)


def attention(q, k, v):
    return jnp.sum(jax.nn.softmax(q @ jnp.swapaxes(k, -1, -2) / 2, axis=-1) @ v * jnp.arange(1.0, 3.0))


GRAPHS = [
    ("mlp", mlp, [(3, 2), (3, 1), (1, 3), (1, 1), (2, 5)]),
    ("classifier", classifier, [(3, 4), (3, 1), (4, 5)]),
    ("logSumExp", lambda x: jnp.sum(jnp.square(jax.nn.logsumexp(x, axis=1))), [(3, 4)]),
    ("batchedMatmul", lambda a, b: jnp.sum(jnp.tanh(a @ b)), [(2, 3, 4), (2, 4, 2)]),
    ("layerNorm", layer_norm, [(2, 5), (5,), (5,)]),
    ("parts", parts, [(4, 3), (2, 3)]),
    ("meanSquaredError", lambda x, y: jnp.mean(jnp.square(x * y - y)), [(3, 1), (1, 4)]),
    ("pow", lambda x, p: jnp.sum(jnp.power(x + 2, p)), [(2, 3), (3,)]),
    ("choices", choices, [(3, 4), (3, 4)]),
    ("maxWithTies", lambda x: jnp.sum(jnp.max(jnp.abs(x), axis=1) * jnp.arange(1.0, 4.0)), [(3, 5)]),
    ("activations", activations, [(7,)]),
    ("quotients", lambda x, y: jnp.sum(jnp.log1p(x * x) / (2 + y) - jnp.expm1(x) * jnp.sqrt(y + 3)), [(4,), (4,)]),
    ("layout", lambda x, y: jnp.sum(jnp.var(jnp.transpose(x, (2, 0, 1)).reshape(4, 6) * y, axis=0)), [(2, 3, 4), (6,)]),
    ("penalty", penalty, [(2, 3), (2, 1), (3, 4)]),
    ("attention", attention, [(2, 3, 4), (2, 5, 4), (2, 5, 2)]),
]


def literal(array):
    lines, line = [], "     "
    for number in [repr(float(x)) for x in array.reshape(-1)]:
        if len(line) + len(number) > 119:
            lines, line = lines + [line], "     "
        line += f" {number},"
    return "\n".join(lines + [line])


print(f"// Written by golden.py with JAX {jax.__version__}, float64, on a CPU: not to be edited by hand.\n")
print("enum GoldenValues {\n  /// For each graph its value, then its gradients by every input, all elements in order.")
print("  static let numbers: [String: [Double]] = [")
for name, graph, shapes in GRAPHS:
    inputs = [grid(shape, 3 * i + 1) for i, shape in enumerate(shapes)]
    value, gradients = jax.value_and_grad(graph, argnums=tuple(range(len(inputs))))(*inputs)
    print(f'    "{name}": [')
    print(literal(jnp.concatenate([value.reshape(1)] + [g.reshape(-1) for g in gradients])))
    print("    ],")
print("  ]\n}")
