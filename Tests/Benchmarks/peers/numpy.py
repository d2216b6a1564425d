"""NumPy, by the study notes' equations: the gradient is written by hand."""
import numpy

from problem import RATE


class ByHand:
    version = f"NumPy {numpy.__version__}"

    def __init__(self, problem):
        self.problem = problem
        self.X, self.Y = problem.data()
        numpy.seterr(over="ignore")  # e⁻ᶻ, where σ(z) is 0

    def start(self):
        self.W1, self.b1, self.W2, self.b2 = self.problem.weights()

    def run(self, steps):
        X, Y, m = self.X, self.Y, self.X.shape[1]
        W1, b1, W2, b2 = self.W1, self.b1, self.W2, self.b2
        is_tanh = self.problem.activation == "tanh"
        for _ in range(steps):
            Z1 = W1 @ X + b1
            A1 = numpy.tanh(Z1) if is_tanh else numpy.maximum(Z1, 0)
            Z2 = W2 @ A1 + b2
            A2 = 1 / (1 + numpy.exp(-Z2))
            J = -numpy.mean(numpy.log(numpy.where(Y > 0, A2, 1 - A2)))

            dZ2 = A2 - Y
            dW2 = dZ2 @ A1.T / m
            db2 = numpy.sum(dZ2, axis=1, keepdims=True) / m
            dZ1 = W2.T @ dZ2 * (1 - A1 * A1 if is_tanh else Z1 > 0)
            dW1 = dZ1 @ X.T / m
            db1 = numpy.sum(dZ1, axis=1, keepdims=True) / m

            W1 -= RATE * dW1
            b1 -= RATE * db1
            W2 -= RATE * dW2
            b2 -= RATE * db2
        return float(J)

    @staticmethod
    def product(a, b, transposed):
        b = b.T if transposed else b
        return lambda: a @ b
