"""MLX on the processor: as it comes, and with mlx.compile."""
from importlib.metadata import version

import mlx.core as mx

from problem import RATE

mx.set_default_device(mx.cpu)


class Lazy:
    version = f"MLX {version('mlx')}"

    def __init__(self, problem):
        self.problem = problem
        self.dtype = {"Float": mx.float32, "Double": mx.float64}[problem.scalar]
        x, y = (mx.array(array, self.dtype) for array in problem.data())
        zero = mx.array(0, x.dtype)
        activation = {"tanh": mx.tanh, "relu": lambda z: mx.maximum(z, zero)}[problem.activation]

        def loss(parameters):
            w1, b1, w2, b2 = parameters
            z = w2 @ activation(w1 @ x + b1) + b2
            return mx.mean(mx.logaddexp(zero, z) - y * z)

        gradient = mx.value_and_grad(loss)

        def step(parameters):
            value, gradients = gradient(parameters)
            return [p - RATE * g for p, g in zip(parameters, gradients)], value

        self.step = self.prepare(step)

    @staticmethod
    def prepare(step):
        return step

    def start(self):
        self.parameters = [mx.array(weights, self.dtype) for weights in self.problem.weights()]
        mx.eval(self.parameters)

    def run(self, steps):
        for _ in range(steps):
            self.parameters, loss = self.step(self.parameters)
            mx.eval(self.parameters, loss)
        return loss.item()

    @staticmethod
    def product(a, b, transposed):
        a, b = (mx.array(array, {4: mx.float32, 8: mx.float64}[array.itemsize]) for array in (a, b))
        b = b.T if transposed else b
        return lambda: mx.eval(a @ b)


class Compiled(Lazy):
    @staticmethod
    def prepare(step):
        return mx.compile(step)
