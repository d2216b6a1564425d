"""What everybody trains, and multiplies: the numbers that `tapegrad benchmark` makes (TrainingProblem.swift), by the same formula."""
from typing import NamedTuple

RATE = 0.5
"""The learning rate."""


class Problem(NamedTuple):
    """A two-layer network n_x × n_1, its activation and number type, and m examples."""

    size: tuple
    activation: str = "tanh"
    scalar: str = "Float"

    def __str__(self):
        return f"{'x'.join(map(str, self.size))} {self.activation} {self.scalar}"

    @property
    def dtype(self):
        return {"Float": "float32", "Double": "float64"}[self.scalar]

    def data(self):
        """Features (n_x, m), uniform in −1...1, and labels (1, m): whether the first feature is positive."""
        inputs, _, examples = self.size
        features = uniform((inputs, examples), 1, 1).astype(self.dtype)
        return features, (features[:1] > 0).astype(self.dtype)

    def weights(self):
        """W1, b1, W2 and b2: uniform in ±1/√n_in, and 0."""
        import numpy

        inputs, hidden, _ = self.size
        arrays = (
            uniform((hidden, inputs), inputs**-0.5, 2), numpy.zeros((hidden, 1)),
            uniform((1, hidden), hidden**-0.5, 3), numpy.zeros((1, 1)),
        )
        return [array.astype(self.dtype) for array in arrays]


class Product(NamedTuple):
    """A product of an (m, k) and a (k, n) matrix; the second one is a view of (n, k) where it is transposed."""

    lengths: tuple
    transposed: bool

    @classmethod
    def named(cls, text):
        """By names that `tapegrad benchmark --products` knows: 256, 16x30x569, 16x569x30t."""
        lengths = tuple(int(number) for number in text.removesuffix("t").split("x"))
        if len(lengths) not in (1, 3):
            raise ValueError
        return cls(lengths if len(lengths) == 3 else 3 * lengths, text.endswith("t"))

    def __str__(self):
        m, k, n = self.lengths
        return (str(m) if m == k == n else f"{m}x{k}x{n}") + ("t" if self.transposed else "")


def uniform(shape, bound, seed):
    """Numbers in −bound...bound: SplitMix64, the upper 53 bits of each of its outputs, as SeededGenerator has it."""
    import numpy

    def word(number):
        return numpy.uint64(number)

    z = word(seed) + numpy.arange(1, shape[0] * shape[1] + 1, dtype="uint64") * word(0x9E3779B97F4A7C15)
    z = (z ^ (z >> word(30))) * word(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> word(27))) * word(0x94D049BB133111EB)
    z ^= z >> word(31)
    return (-bound + 2 * bound * ((z >> word(11)) * 2.0**-53)).reshape(shape)
