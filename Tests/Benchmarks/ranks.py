#!/usr/bin/env python3
"""Training over one rank and two: what a step takes, what the sum over ranks costs, and what to expect of more ranks.

    swift build -c release --traits MPI --scratch-path .build/mpi --product TapeGradRanks
    python3 ranks.py .build/mpi/release/TapeGradRanks [ROUNDS [MPIRUN...]]

Every number is the shortest of all rounds, in which one rank and two take turns; each rank has one thread. Strong scaling
keeps the batch of all ranks together, weak scaling the rows of each rank. The page "What more ranks bring" of TapeGradMPI
derives the formula.
"""

import math
import os
import subprocess
import sys

RANKS = sys.argv[1]
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
MPIRUN = sys.argv[3:] or ["mpirun", "--allow-run-as-root", "--oversubscribe"]
# Layers, and the batch.
NETWORKS = [("30,16,1", 569), ("784,128,1", 256), ("784,512,10", 512), ("1024,1024,1024,10", 256)]
# Seconds, and bytes a second: not measured, but what 25 Gbit/s Ethernet is sold for.
ETHERNET = 20e-6, 3e9


def run(size, *words):
    """The numbers of the lines that TapeGradRanks prints."""
    done = subprocess.run(
        [*MPIRUN, "-n", str(size), RANKS, *map(str, words)], stdout=subprocess.PIPE, text=True, check=True,
        env=os.environ | {"TAPEGRAD_THREADS": "1"})
    return [[float(word) for word in line.split()] for line in done.stdout.splitlines()]


def exchange(ranks, size, latency, bandwidth):
    """Seconds for a sum of so many bytes: halves are summed and gathered, in log₂ R rounds each."""
    return 2 * math.ceil(math.log2(ranks)) * latency + 2 * (1 - 1 / ranks) * size / bandwidth


def main():
    shortest = {}

    def measure(size, *words):
        for count, seconds in run(size, *words):
            key = (size, *words, count)
            shortest[key] = min(shortest.get(key, seconds), seconds)

    def found(*words):
        """The first number and the seconds of what these words measured."""
        return [(key[-1], seconds) for key, seconds in shortest.items() if key[:-1] == words]

    for _ in range(ROUNDS):
        measure(2, "sums")
        measure(1, "orders")
        for layers, batch in NETWORKS:
            for size, rows in (1, batch), (1, 2 * batch), (2, batch), (2, 2 * batch):
                measure(size, "steps", layers, rows)

    sums, orders = found(2, "sums"), found(1, "orders")
    order = min(seconds / count for count, seconds in orders)
    print("a sum over 2 ranks (Float)\n  numbers        µs    GB/s")
    for count, seconds in sums:
        print(f"{count:9.0f} {seconds * 1e6:9.2f} {4 * count / seconds / 1e9:7.2f}")
    print("drawing an order: " + ", ".join(f"{s / c * 1e9:.2f} ns of {c:.0f}" for c, s in orders))
    print("\nlayers             parameters  batch   1 rank  2, strong          2, weak")
    for layers, batch in NETWORKS:
        (count, one), = found(1, "steps", layers, batch)
        (_, strong), = found(2, "steps", layers, batch)
        (_, weak), = found(2, "steps", layers, 2 * batch)
        print(f"{layers:18} {count:10.0f} {batch:6} {one * 1e3:6.3f} ms {strong * 1e3:6.3f} ms "
              f"({one / strong:4.2f}×) {weak * 1e3:6.3f} ms ({one / weak:4.0%})")

    print("\nto expect: strong (times as fast as one rank), weak (share of R times)")
    for layers, batch in NETWORKS:
        (count, one), = found(1, "steps", layers, batch)
        (_, double), = found(1, "steps", layers, 2 * batch)
        (_, weak), = found(2, "steps", layers, 2 * batch)
        size = 4 * (count + 1)
        # Of the sizes measured, the next larger one says what a number costs.
        numbers, seconds = next(pair for pair in sums if pair[0] > count)
        shared = sums[0][1] / 2, 4 * numbers / max(seconds - sums[0][1], 1e-9)
        example = (double - one) / batch
        fixed = max(weak - example * batch - exchange(2, size, *shared) - order * 2 * batch, 0)
        print(f"{layers}: {example * 1e6:.3f} µs an example, {fixed * 1e6:.0f} µs a step, "
              f"α {shared[0] * 1e6:.2f} µs, β {shared[1] / 1e9:.2f} GB/s")
        for name, link in ("as measured", shared), ("25 Gbit/s", ETHERNET):
            line = f"  {name:12}"
            for ranks in 2, 8, 64, 1024:
                common = fixed + exchange(ranks, size, *link)
                strong_time = common + example * batch / ranks + order * batch
                weak_time = common + example * batch + order * batch * ranks
                line += f"  {ranks}: {one / strong_time:.2f}×, {one / weak_time:.0%}"
            print(line)


main()
