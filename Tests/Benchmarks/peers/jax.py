"""JAX: a step compiled by jax.jit, and a loop of steps by lax.fori_loop."""
import os

import jax
import jax.numpy as jnp

from problem import RATE

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)  # numbers keep the type that they have
if os.environ.get("OMP_NUM_THREADS") == "1":
    jax.config.update("jax_cpu_enable_async_dispatch", False)  # the thread that dispatches would be a second one


class Jit:
    version = f"JAX {jax.__version__}"

    def __init__(self, problem):
        self.problem = problem
        x, y = map(jnp.asarray, problem.data())
        activation = {"tanh": jnp.tanh, "relu": jax.nn.relu}[problem.activation]

        def loss(parameters, x, y):
            w1, b1, w2, b2 = parameters
            z = w2 @ activation(w1 @ x + b1) + b2
            # Faster than logaddexp and log_sigmoid. Where z is 0, −|z| in place of the minimum would have the slope −1.
            return jnp.mean(jnp.maximum(z, 0) - y * z + jnp.log1p(jnp.exp(jnp.minimum(z, -z))))

        def step(parameters, x, y):
            value, gradients = jax.value_and_grad(loss)(parameters, x, y)
            return [p - RATE * g for p, g in zip(parameters, gradients)], value

        self.step, self.x, self.y = step, x, y
        self.compile()

    def compile(self):
        self.compiled = jax.jit(self.step, donate_argnums=0)

    def start(self):
        self.parameters = [jnp.array(weights) for weights in self.problem.weights()]

    def run(self, steps):
        for _ in range(steps):
            self.parameters, loss = self.compiled(self.parameters, self.x, self.y)
        jax.block_until_ready(self.parameters)
        return float(loss)

    @staticmethod
    def product(a, b, transposed):
        a, b = jnp.asarray(a), jnp.asarray(b)
        multiply = jax.jit(lambda a, b: a @ (b.T if transposed else b))
        return lambda: multiply(a, b).block_until_ready()


class Loop(Jit):
    def compile(self):
        def train(parameters, x, y, steps):
            start = (parameters, jnp.zeros((), x.dtype))
            return jax.lax.fori_loop(0, steps, lambda _, state: self.step(state[0], x, y), start)

        self.compiled = jax.jit(train, donate_argnums=0)

    def run(self, steps):
        self.parameters, loss = self.compiled(self.parameters, self.x, self.y, steps)
        jax.block_until_ready(self.parameters)
        return float(loss)
