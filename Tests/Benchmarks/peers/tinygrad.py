"""tinygrad with TinyJit, on the processor."""
from importlib.metadata import version

from tinygrad import Tensor, TinyJit

from problem import RATE


class Jitted:
    version = f"tinygrad {version('tinygrad')}"

    def __init__(self, problem):
        self.problem = problem
        x, y = (Tensor(array, device="CPU").realize() for array in problem.data())
        activation = {"tanh": Tensor.tanh, "relu": Tensor.relu}[problem.activation]
        parameters = self.parameters = self.weights()

        @TinyJit
        def step():
            w1, b1, w2, b2 = parameters
            loss = (w2 @ activation(w1 @ x + b1) + b2).binary_crossentropy_logits(y)
            for parameter, gradient in zip(parameters, loss.gradient(*parameters)):
                parameter.assign(parameter - RATE * gradient)
            return loss.realize(*parameters)

        self.step = step

    def weights(self):
        return [Tensor(array, device="CPU").contiguous().realize() for array in self.problem.weights()]

    def start(self):
        # The step is bound to these buffers.
        for parameter, weights in zip(self.parameters, self.weights()):
            parameter.assign(weights).realize()

    def run(self, steps):
        for _ in range(steps):
            loss = self.step()
        return loss.item()
