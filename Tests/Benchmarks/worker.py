"""A process that runs one peer, in the peers' environment: `worker.py peers.jax Loop`.

Reads requests, one JSON object in each line, and answers each with another:

    {"size": [2, 4, 400], "activation": "tanh", "scalar": "Float", "runs": 7, "batch": 0.01}
    → {"loss": the loss that the 20th step computes, "seconds": [by step, one number for each run]}
    {"product": [16, 569, 30], "transposed": true, "scalar": "Float", "runs": 7, "batch": 0.01}
    → {"seconds": [by product of an (m, k) and a (k, n) matrix, the second one a view of (n, k) where it is transposed]}

With `--once` it only trains the smallest network for 20 steps, and prints the most memory that it had, in bytes.
"""
import importlib
import json
import os
import sys
import time

from problem import Problem, uniform


def main():
    # What a library prints goes to standard error; the answers have standard output for themselves.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(**values):
        print(json.dumps(values), file=answers, flush=True)

    peer = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
    if "--once" in sys.argv:
        network = peer(Problem((2, 4, 400)))
        network.start()
        network.run(20)
        print(peak_memory(), file=answers, flush=True)
        return
    answer(version=peer.version)
    trained = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "product" in request:
                answer(seconds=timed(product(peer, request), request))
            else:
                problem = Problem(tuple(request["size"]), request["activation"], request["scalar"])
                if problem not in trained:
                    trained[problem] = peer(problem)  # kept: what it compiles, it compiles once
                network = trained[problem]
                network.start()
                answer(loss=network.run(20), seconds=timed(network.run, request))
        except Exception as error:
            answer(error=f"{type(error).__name__}: {error}")


def product(peer, request):
    dtype = Problem((1, 1, 1), scalar=request["scalar"]).dtype
    m, k, n = request["product"]
    a, b = uniform((m, k), 1, 1).astype(dtype), uniform((n, k) if request["transposed"] else (k, n), 1, 2).astype(dtype)
    multiply = peer.product(a, b, request["transposed"])

    def run(count):
        for _ in range(count):
            multiply()

    return run


def timed(run, request):
    """The seconds of one repetition, by batches: as Stopwatch.swift takes them."""

    def seconds(count):
        start = time.perf_counter()
        run(count)
        return time.perf_counter() - start

    times, total, count = [], 0.0, 1
    if request["runs"] == 0:
        return times
    while seconds(count) < request["batch"]:
        count *= 2
    while len(times) < request["runs"] and (len(times) < 3 or total < 2):
        times.append(seconds(count) / count)
        total += times[-1] * count
    return times


def peak_memory():
    """In bytes. Not by getrusage where it can be helped: on Linux that counts the parent's memory too."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


main()
