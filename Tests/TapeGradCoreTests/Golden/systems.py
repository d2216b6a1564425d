"""What the generators of golden values share: inputs, the two systems, and the table that is written.

Every graph is written twice, for PyTorch and for JAX. Both compute the value and the gradients by all inputs, in double
precision, and have to agree to 1e-12 of the larger of 1 and the number before anything is written.
"""

import jax
import jax.numpy as jnp
import numpy as np
import torch

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)
VERSIONS = f"PyTorch {torch.__version__.split('+')[0]} and JAX {jax.__version__}"


def numbers(shape, start):
    """((7k + start) mod 11 - 5)/4 for k = 0, 1, 2, ...: multiples of 1/4, which the Swift side makes exactly, too."""
    return (((7 * np.arange(int(np.prod(shape))) + start) % 11 - 5) / 4).reshape(shape)


def by_torch(graph, inputs):
    x = [torch.tensor(i, requires_grad=True) for i in inputs]
    value = graph(*x)
    # What a result does not depend on has no gradient in PyTorch; here it is 0, as in JAX.
    gradients = torch.autograd.grad(value, x, allow_unused=True, materialize_grads=True)
    return [value.item()] + [g for d in gradients for g in d.reshape(-1).tolist()]


def by_jax(graph, inputs):
    value, gradients = jax.value_and_grad(graph, argnums=tuple(range(len(inputs))))(*map(jnp.array, inputs))
    return [float(value)] + [float(g) for d in gradients for g in d.reshape(-1)]


def agreed(name, shapes, graph, other):
    """Value and gradients by PyTorch, which JAX's have confirmed."""
    inputs = [numbers(shape, 3 * i + 1) for i, shape in enumerate(shapes)]
    found, confirmed = np.array(by_torch(graph, inputs)), np.array(by_jax(other, inputs))
    error = np.abs(found - confirmed) / np.maximum(1, np.abs(confirmed))
    assert found.shape == confirmed.shape and error.max() <= 1e-12, (name, error.max(), found, confirmed)
    return found.tolist()


def literal(values):
    lines, line = [], "     "
    for number in map(repr, values):
        if len(line) + len(number) > 117:
            lines, line = lines + [line], "     "
        line += f" {number},"
    return "\n".join(lines + [line])


def write(script, opening, comment, member, graphs):
    """Prints a Swift dictionary: for each graph the numbers on which both systems agree."""
    print(f"// Written by {script} with {VERSIONS}, float64, on a CPU,")
    print(f"// which agree to 1e-12: not to be edited by hand.\n\n{opening} {{\n  /// {comment}")
    print(f"  static let {member}: [String: [Double]] = [")
    for name, shapes, graph, other in graphs:
        print(f'    "{name}": [\n{literal(agreed(name, shapes, graph, other))}\n    ],')
    print("  ]\n}")
