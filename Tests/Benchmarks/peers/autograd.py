"""HIPS autograd: NumPy, recorded."""
from importlib.metadata import version

import autograd.numpy as np
from autograd import value_and_grad

from problem import RATE


class Autograd:
    version = f"autograd {version('autograd')}"

    def __init__(self, problem):
        self.problem = problem
        x, y = problem.data()
        activation = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[problem.activation]

        def loss(parameters):
            w1, b1, w2, b2 = parameters
            # Its rule of dot is faster than its rule of matmul.
            z = np.dot(w2, activation(np.dot(w1, x) + b1)) + b2
            return np.mean(np.logaddexp(0, z) - y * z)

        self.gradient = value_and_grad(loss)

    def start(self):
        self.parameters = self.problem.weights()

    def run(self, steps):
        for _ in range(steps):
            loss, gradients = self.gradient(self.parameters)
            for parameter, gradient in zip(self.parameters, gradients):
                parameter -= RATE * gradient
        return float(loss)
