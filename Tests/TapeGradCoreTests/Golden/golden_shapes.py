"""Values and gradients of the words for shapes, indices, products, convolutions and matrices, by PyTorch and JAX in double
precision:

    python golden_shapes.py > GoldenValues+Shapes.swift

For each word the value Σ y²·g, with g a grid in the shape of y, and its gradients by every input. Needs torch and jax; nothing
of the library does. See systems.py.
"""

import jax
import jax.numpy as jnp
import numpy as np
import torch
import torch.nn.functional as F

from systems import numbers, write


def weighted(word, array):
    def value(*x):
        y = word(*x)
        return (y * y * array(numbers(tuple(y.shape), 5))).sum()

    return value


def positive(x, eye, t):
    """A symmetric, positive definite matrix: x xᵀ + 3."""
    return x @ t(x) + 3 * eye


def swap(x):
    return x.swapaxes(-1, -2) if not isinstance(x, torch.Tensor) else x.transpose(-1, -2)


E3 = np.eye(3)
T3, J3 = torch.tensor(E3), jnp.array(E3)
C = dict(window_strides=(2, 1), padding=((1, 1), (2, 2)), rhs_dilation=(1, 2), feature_group_count=2)



def windows(x, initial, fold, size, stride, padding=0):
    """A pooling over the last axes, a length for each."""
    rank = len(size)
    return jax.lax.reduce_window(
        x, initial, fold, (1, 1) + size, (1, 1) + (stride,) * rank, ((0, 0),) * 2 + ((padding, padding),) * rank)


def untied(library, x):
    """The numbers, no two of them equal."""
    return x + library.arange(float(np.prod(x.shape))).reshape(x.shape) / 64


def transposed_convolution(x, w):
    """By its meaning: what the convolution with these filters pulls back."""
    def forward(y):
        return jax.lax.conv_general_dilated(y, w, (2, 1), ((1, 1), (0, 0)))

    return jax.vjp(forward, jnp.zeros((2, 2, 5, 4)))[1](x)[0]


# Name, shapes, the word in PyTorch and in JAX.
WORDS = [
    ("stack", [(2, 3), (2, 3)], lambda x, y: torch.stack([x, y], 1), lambda x, y: jnp.stack([x, y], 1)),
    ("split", [(6, 2)], lambda x: x.split([1, 3, 2])[1] * x.chunk(2)[1], lambda x: jnp.split(x, [1, 4])[1] * jnp.split(x, 2)[1]),
    ("tiled", [(2, 3)], lambda x: x.tile((2, 1, 2)), lambda x: jnp.tile(x, (2, 1, 2))),
    ("repeated", [(2, 3)], lambda x: x.repeat_interleave(2, 1), lambda x: jnp.repeat(x, 2, 1)),
    ("repeatedCounts", [(3, 2)], lambda x: x.repeat_interleave(torch.tensor([2, 0, 1]), 0),
     lambda x: jnp.repeat(x, jnp.array([2, 0, 1]), 0)),
    ("rolled", [(2, 5)], lambda x: x.roll(-7, 1), lambda x: jnp.roll(x, -7, 1)),
    ("flipped", [(2, 3, 2)], lambda x: x.flip([0, 2]), lambda x: jnp.flip(x, (0, 2))),
    ("padded", [(2, 3)], lambda x: F.pad(x, (0, 2, 1, 0), value=1.5), lambda x: jnp.pad(x, ((1, 0), (0, 2)), constant_values=1.5)),
    ("swappedAxes", [(2, 3, 4)], lambda x: x.swapaxes(0, 2), lambda x: x.swapaxes(0, 2)),
    ("movedAxis", [(2, 3, 4)], lambda x: x.movedim(0, -1), lambda x: jnp.moveaxis(x, 0, -1)),
    ("lowerTriangle", [(2, 3, 4)], lambda x: x.tril(1), lambda x: jnp.tril(x, 1)),
    ("upperTriangle", [(3, 3)], lambda x: x.triu(-1), lambda x: jnp.triu(x, -1)),
    ("diagonal", [(2, 3, 4)], lambda x: x.diagonal(1, -2, -1), lambda x: jnp.diagonal(x, 1, -2, -1)),
    ("embeddedDiagonal", [(2, 3)], lambda x: torch.diag_embed(x, -1),
     lambda x: jax.vmap(lambda row: jnp.diag(row, -1))(x)),
    ("flattened", [(2, 3, 2)], lambda x: torch.outer(x.flatten(), x.flatten(1)[1]), lambda x: jnp.outer(x.ravel(), x[1].ravel())),
    ("squeezed", [(1, 3, 1)], lambda x: x.squeeze() * x.squeeze(2).unsqueeze(-1), lambda x: x.squeeze() * x.squeeze(2)[..., None]),
    ("unstacked", [(3, 2, 2)], lambda x: x.unbind(0)[1] @ x.unbind(-1)[0].mT, lambda x: jnp.unstack(x)[1] @ jnp.unstack(x, axis=-1)[0].mT),
    ("sliced", [(3, 5)], lambda x: x.narrow(1, 1, 3), lambda x: jax.lax.slice_in_dim(x, 1, 4, axis=1)),
    ("trace", [(3, 4)], lambda x: x.trace(), lambda x: jnp.trace(x)),
    ("subscriptSteps", [(5, 6)], lambda x: x.flip(0)[::2, 1:-1:3], lambda x: x[::-2, 1:-1:3]),
    ("subscriptMixed", [(3, 4, 5)], lambda x: x[1, ..., None, -2:], lambda x: x[1, ..., None, -2:]),
    ("subscriptPairs", [(3, 4, 2)], lambda x: x[[0, 2, 0], [1, -1, 1]], lambda x: x[jnp.array([0, 2, 0]), jnp.array([1, -1, 1])]),
    ("subscriptApart", [(3, 2, 4)], lambda x: x[[0, 2], :, [1, 3]], lambda x: x[jnp.array([0, 2]), :, jnp.array([1, 3])]),
    ("takeAlong", [(3, 4)], lambda x: x.gather(1, torch.tensor([[3, 0, 3]] * 3)),
     lambda x: jnp.take_along_axis(x, jnp.array([[3, 0, 3]] * 3), 1)),
    ("scatterAdded", [(4, 2), (3, 2)], lambda x, u: x.index_add(0, torch.tensor([1, 3, 1]), u),
     lambda x, u: x.at[jnp.array([1, 3, 1])].add(u)),
    ("scattered", [(2, 4), (2, 2)], lambda x, u: x.index_copy(1, torch.tensor([3, 0]), u),
     lambda x, u: x.at[:, jnp.array([3, 0])].set(u)),
    ("matmulVectors", [(4,), (2, 4, 3)], torch.matmul, jnp.matmul),
    ("matmulColumn", [(2, 3, 4), (4,)], torch.matmul, jnp.matmul),
    ("matmulBatches", [(2, 1, 3, 4), (5, 4, 2)], torch.matmul, jnp.matmul),
    ("dot", [(5,), (5,)], torch.dot, jnp.dot),
    ("outer", [(3,), (4,)], torch.outer, jnp.outer),
    ("tensordot", [(2, 3, 4), (4, 3, 5)], lambda x, y: torch.tensordot(x, y, ([1, 2], [1, 0])),
     lambda x, y: jnp.tensordot(x, y, ((1, 2), (1, 0)))),
] + [
    (f"einsum {pattern}", shapes, lambda *x, pattern=pattern: torch.einsum(pattern, *x),
     lambda *x, pattern=pattern: jnp.einsum(pattern, *x))
    for pattern, shapes in [
        ("bij,bjk->bik", [(2, 3, 4), (2, 4, 2)]), ("ij,jk", [(2, 3), (3, 4)]), ("ii->i", [(3, 3)]), ("ii", [(3, 3)]),
        ("ij->ji", [(2, 3)]), ("ijk->j", [(2, 3, 4)]), ("i,j->ij", [(3,), (4,)]), ("ij,ij->", [(2, 3), (2, 3)]),
        ("ij,ik,jl->kl", [(2, 3), (2, 4), (3, 2)]), ("bhid,bhjd->bhij", [(2, 2, 3, 4), (2, 2, 5, 4)]),
        ("...ij,...jk->...ik", [(5, 2, 3, 4), (2, 4, 2)]), ("ki,kj->ij", [(4, 2), (4, 3)]), ("iij,jk->ik", [(2, 2, 3), (3, 2)]),
        ("...i,i->...", [(2, 3, 4), (4,)]),
    ]
] + [
    ("convolution2D", [(2, 4, 5, 6), (6, 2, 3, 2)],
     lambda x, w: F.conv2d(x, w, stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2),
     lambda x, w: jax.lax.conv_general_dilated(x, w, **C)),
    ("convolution1D", [(2, 3, 7), (4, 3, 3)], lambda x, w: F.conv1d(x, w, stride=2, padding=1),
     lambda x, w: jax.lax.conv_general_dilated(x, w, (2,), ((1, 1),))),
    ("transposedConvolution2D", [(2, 4, 3, 3), (4, 2, 3, 2)],
     lambda x, w: F.conv_transpose2d(x, w, stride=(2, 1), padding=(1, 0)), transposed_convolution),
    ("maxPool2D", [(1, 2, 5, 5)], lambda x: F.max_pool2d(untied(torch, x), 3, 2, 1),
     lambda x: windows(untied(jnp, x), -jnp.inf, jax.lax.max, (3, 3), 2, 1)),
    ("averagePool2D", [(1, 2, 5, 5)], lambda x: F.avg_pool2d(x, 3, 2, 1),
     lambda x: windows(x, 0.0, jax.lax.add, (3, 3), 2, 1) / 9),
    ("maxPool1D", [(1, 2, 6)], lambda x: F.max_pool1d(untied(torch, x), 2),
     lambda x: windows(untied(jnp, x), -jnp.inf, jax.lax.max, (2,), 2)),
    ("averagePool1D", [(1, 2, 6)], lambda x: F.avg_pool1d(x, 2), lambda x: windows(x, 0.0, jax.lax.add, (2,), 2) / 2),
    ("cholesky", [(2, 3, 3)], lambda x: torch.linalg.cholesky(positive(x, T3, swap)),
     lambda x: jnp.linalg.cholesky(positive(x, J3, swap))),
    ("solve", [(2, 3, 3), (3, 2)], lambda a, b: torch.linalg.solve(a + 3 * T3, b.expand(2, 3, 2)),
     lambda a, b: jnp.linalg.solve(a + 3 * J3, jnp.broadcast_to(b, (2, 3, 2)))),
    ("triangularSolve", [(3, 3), (3, 2)],
     lambda a, b: torch.linalg.solve_triangular((a + 3 * T3).triu().T, b, upper=False),
     lambda a, b: jax.scipy.linalg.solve_triangular(a + 3 * J3, b, lower=False, trans=1)),
    ("inverse", [(3, 3)], lambda a: torch.linalg.inv(a + 3 * T3), lambda a: jnp.linalg.inv(a + 3 * J3)),
    ("determinant", [(2, 3, 3)], lambda a: torch.linalg.det(a + 3 * T3), lambda a: jnp.linalg.det(a + 3 * J3)),
    ("signAndLogDeterminant", [(2, 3, 3)], lambda a: torch.prod(torch.stack(torch.linalg.slogdet(a - 2 * T3)), 0),
     lambda a: jnp.prod(jnp.stack(jnp.linalg.slogdet(a - 2 * J3)), 0)),
    ("logDeterminant", [(3, 3)], lambda a: torch.logdet(positive(a, T3, swap)),
     lambda a: jnp.linalg.slogdet(positive(a, J3, swap))[1]),
]


write("golden_shapes.py", "extension GoldenValues", "For each word Σ y²·g, then its gradients by every input, all elements in order.", "shapes", [
    (name, shapes, weighted(word, torch.tensor), weighted(other, jnp.array)) for name, shapes, word, other in WORDS
])
