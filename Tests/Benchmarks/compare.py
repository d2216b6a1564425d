#!/usr/bin/env python3
"""Sets `tapegrad benchmark` beside PyTorch and NumPy, run in turn on one thread.

    swift build -c release
    python3 Tests/Benchmarks/compare.py .build/release/tapegrad [rounds]

Needs torch and numpy, in an environment of their own. Prints the median over the rounds of each one's fastest time, and
the ratio to TapeGrad.
"""
import json
import os
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy
import torch

torch.set_num_threads(1)


def fastest(body, repetitions, runs=15):
    body()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(repetitions):
            body()
        times.append((time.perf_counter() - start) / repetitions)
    return min(times)


def torch_step(inputs, hidden, examples):
    torch.manual_seed(1)
    x, y = torch.randn(inputs, examples), (torch.rand(1, examples) > 0.5).float()
    w1, w2 = torch.randn(hidden, inputs) * 0.01, torch.randn(1, hidden) * 0.01
    parameters = [p.requires_grad_() for p in (w1, torch.zeros(hidden, 1), w2, torch.zeros(1, 1))]

    def step():
        w1, b1, w2, b2 = parameters
        logits = w2 @ torch.tanh(w1 @ x + b1) + b2
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, y)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
                parameter -= 0.5 * gradient

    return fastest(step, max(5, 20_000_000 // (inputs * hidden * examples + 100_000)))


def product(library, side):
    a, b = (library.ones((side, side), dtype=library.float32) for _ in range(2))
    return fastest(lambda: a @ b, max(1, 2**29 // side**3))


def peers():
    figures = {}
    for size in [(2, 4, 400), (30, 16, 569), (784, 128, 256)]:
        figures[f"step {size}", "PyTorch eager"] = torch_step(*size)
    for side in [64, 256, 512, 1024, 2048]:
        figures[f"matmul {side}", "NumPy"] = product(numpy, side)
        figures[f"matmul {side}", "PyTorch"] = product(torch, side)
    return figures


def main():
    command, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    ours, theirs = {}, {}
    for _ in range(rounds):
        for figure in json.loads(subprocess.check_output([command, "benchmark", "--json"])):
            ours.setdefault(figure["name"], []).append(figure["fastest_seconds"])
        for key, seconds in peers().items():
            theirs.setdefault(key, []).append(seconds)
    for name, times in ours.items():
        print(f"{name:26} TapeGrad       {statistics.median(times) * 1e6:12.2f} µs")
        for (measured, peer), others in theirs.items():
            if measured == name:
                ratio = statistics.median(o / t for o, t in zip(others, times))
                print(f"{'':26} {peer:14} {statistics.median(others) * 1e6:12.2f} µs   {ratio:5.2f} ×")


main()
