"""PyTorch, one operation after the other and with torch.compile."""
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from problem import RATE

torch._dynamo.config.recompile_limit = 100  # each problem is a compilation of the same step


class Eager:
    version = f"PyTorch {torch.__version__}"

    def __init__(self, problem):
        self.problem = problem
        self.x, self.y = map(torch.from_numpy, problem.data())
        self.activation = {"tanh": torch.tanh, "relu": torch.relu}[problem.activation]

    def loss(self, parameters):
        w1, b1, w2, b2 = parameters
        return binary_cross_entropy_with_logits(w2 @ self.activation(w1 @ self.x + b1) + b2, self.y)

    def start(self):
        self.parameters = [torch.from_numpy(weights).requires_grad_() for weights in self.problem.weights()]

    def run(self, steps):
        for _ in range(steps):
            loss = self.loss(self.parameters)
            loss.backward()
            with torch.no_grad():
                for parameter in self.parameters:
                    parameter.sub_(parameter.grad, alpha=RATE)
                    parameter.grad = None
        return loss.item()

    @staticmethod
    def product(a, b, transposed):
        a, b = torch.from_numpy(a), torch.from_numpy(b)
        b = b.T if transposed else b
        return lambda: a @ b


class Compiled(Eager):
    """The whole step in one graph, which is faster than to compile the loss and leave the rest to autograd."""

    def __init__(self, problem):
        super().__init__(problem)

        def step(parameters):
            gradients, loss = torch.func.grad_and_value(self.loss)(parameters)
            for parameter, gradient in zip(parameters, gradients):
                parameter.sub_(gradient, alpha=RATE)
            return loss

        self.step = torch.compile(step, dynamic=False, fullgraph=True)

    def start(self):
        self.parameters = list(map(torch.from_numpy, self.problem.weights()))

    def run(self, steps):
        for _ in range(steps):
            loss = self.step(self.parameters)
        return loss.item()
