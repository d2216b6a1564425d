#!/usr/bin/env python3
"""Sets gradients of recurrences (scan), Jacobians and Hessians beside JAX's, compiled, in Float, in one run.

    swift build -c release --package-path Tests/Benchmarks/Transforms
    python3 Tests/Benchmarks/transforms.py Tests/Benchmarks/Transforms/.build/release/transforms

A recurrence has 4,096 steps; its gradient is by all weights. In each round the two take turns, each in a process of its
own that times calls for half a second; the fastest counts. Printed are the medians over the rounds, the first call (which
traces and compiles; how long TapeGrad takes for these alone stands behind), and JAX's time over TapeGrad's: above 1,
TapeGrad is faster. Sums of squares of all results must
agree to a relative 1e-3, or nothing is printed for a case. Needs jax.
"""
import json
import statistics
import subprocess
import sys
import time

CASES = ["rnn-16", "rnn-64", "rnn-128", "rnnbatch-64", "lstm-32", "decay-16", "decay-256",
         "jacobian-100", "jacobian-500", "hessian-100", "hessian-500"]
STEPS = 4096


def call(name):
    """The case's function and arguments."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    def wave(shape, seed, scale):
        turns = (np.arange(np.prod(shape)) * 7 + seed * 13) / 97
        # Half turns go away from zero, as Swift's `rounded` does.
        return jnp.asarray((scale * (turns - np.floor(turns + 0.5)) * 2).reshape(shape).astype(np.float32))

    kind, size = name.split("-")
    size = int(size)
    root = size ** 0.5
    if kind in ("rnn", "rnnbatch"):
        batch = () if kind == "rnn" else (32,)
        w, u = wave((size, size), 1, 0.5 / root), wave((size, 8), 2, 0.3)
        b = wave((size, 1), 3, 0.1)
        b = b[:, 0] if kind == "rnn" else b
        x, s = wave((STEPS, 8) + batch, 4, 1), jnp.zeros((size,) + batch)

        def loss(w, u, b):
            def step(s, x):
                s = jnp.tanh(w @ s + u @ x + b)
                return s, s
            last, outputs = jax.lax.scan(step, s, x)
            return jnp.mean(outputs * outputs) + jnp.sum(last)
        return jax.grad(loss, (0, 1, 2)), (w, u, b)
    if kind == "lstm":
        w, u = wave((4 * size, size), 1, 0.5 / root), wave((4 * size, 8), 2, 0.3)
        b, x = wave((4 * size,), 3, 0.1), wave((STEPS, 8), 4, 1)

        def loss(w, u, b):
            def step(state, x):
                h, c = state
                i, f, o, g = jnp.split(w @ h + u @ x + b, 4)
                c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
                h = jax.nn.sigmoid(o) * jnp.tanh(c)
                return (h, c), h
            zeros = jnp.zeros(size)
            last, outputs = jax.lax.scan(step, (zeros, zeros), x)
            return jnp.mean(outputs * outputs) + jnp.sum(last[1])
        return jax.grad(loss, (0, 1, 2)), (w, u, b)
    if kind == "decay":
        a, b, x = wave((size,), 1, 0.4), wave((size,), 2, 1), wave((STEPS, size), 3, 1)

        def loss(a, b):
            def step(s, x):
                s = a * s + b * x
                return s, s
            return jnp.mean(jax.lax.scan(step, jnp.zeros(size), x)[1])
        return jax.grad(loss, (0, 1)), (a, b)
    w, v, x = wave((size, size), 1, 1 / root), wave((size, size), 2, 1 / root), wave((size,), 3, 1)
    if kind == "jacobian":
        return jax.jacrev(lambda x, w, v: jnp.tanh(v @ jnp.tanh(w @ x))), (x, w, v)
    return jax.hessian(lambda x, w: jnp.sum(jnp.tanh(w @ x) ** 2)), (x, w)


def measure(name):
    """What `transforms NAME` prints, for JAX."""
    import jax
    import numpy as np

    function, arguments = call(name)
    function = jax.jit(function)

    def timed():
        start = time.perf_counter()
        results = jax.block_until_ready(function(*arguments))
        return time.perf_counter() - start, results
    first, results = timed()
    fastest, calls, end = float("inf"), 0, time.perf_counter() + 0.5
    while time.perf_counter() < end or calls < 3:
        fastest, calls = min(fastest, timed()[0]), calls + 1
    total = sum(float(np.sum(np.square(np.asarray(r, np.float64)))) for r in jax.tree_util.tree_leaves(results))
    print(json.dumps({"first": first, "fastest": fastest, "sum": total}))


def main():
    if sys.argv[1] == "--measure":
        return measure(sys.argv[2])
    rounds = 3
    print(f"{'case':14} {'TapeGrad':>10} {'JAX':>10} {'ratio':>6}   {'first call':>10} {'JAX':>10} {'plan':>7}   milliseconds")
    for name in sys.argv[2:] or CASES:
        ours, jax = [], []
        for _ in range(rounds):
            for command, answers in (([sys.argv[1], name], ours),
                                     ([sys.executable, __file__, "--measure", name], jax)):
                answers.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        if abs(ours[0]["sum"] - jax[0]["sum"]) > 1e-3 * abs(jax[0]["sum"]):
            print(f"{name:14} results differ: {ours[0]['sum']} and {jax[0]['sum']}")
            continue
        ratio = statistics.median(j["fastest"] / o["fastest"] for o, j in zip(ours, jax))
        figures = [1e3 * statistics.median(a[key] for a in answers)
                   for key in ("fastest", "first") for answers in (ours, jax)]
        plan = 1e3 * statistics.median(o["plan"] for o in ours)
        print(f"{name:14} {figures[0]:10.3f} {figures[1]:10.3f} {ratio:6.2f}   {figures[2]:10.1f} {figures[3]:10.1f} {plan:7.1f}",
              flush=True)


if __name__ == "__main__":
    main()
