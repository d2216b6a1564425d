#!/usr/bin/env python3
"""Training over one rank and two: what a step takes, and what the sum over ranks costs.

    swift build -c release --traits MPI --scratch-path .build/mpi --product TapeGradRanks
    python3 ranks.py .build/mpi/release/TapeGradRanks [ROUNDS [MPIRUN...]]

Every number is the shortest of all rounds, in which one rank and two take turns; each rank has one thread. Strong scaling
keeps the batch of all ranks together, weak scaling the rows of each rank.
"""

import os
import subprocess
import sys

RANKS = sys.argv[1]
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
MPIRUN = sys.argv[3:] or ["mpirun", "--allow-run-as-root", "--oversubscribe"]
# Layers, and the batch of one rank.
NETWORKS = [("30,16,1", 569), ("784,128,1", 256), ("784,512,10", 512), ("1024,1024,1024,10", 256)]


def run(size, *words):
    """The numbers of the lines that TapeGradRanks prints."""
    done = subprocess.run(
        [*MPIRUN, "-n", str(size), RANKS, *map(str, words)], stdout=subprocess.PIPE, text=True, check=True,
        env=os.environ | {"TAPEGRAD_THREADS": "1"})
    return [[float(word) for word in line.split()] for line in done.stdout.splitlines()]


def main():
    shortest = {}

    def measure(size, *words):
        for count, seconds in run(size, *words):
            key = (size, *words, count)
            shortest[key] = min(shortest.get(key, seconds), seconds)

    for _ in range(ROUNDS):
        measure(2, "sums")
        for layers, batch in NETWORKS:
            measure(1, "steps", layers, batch)
            measure(2, "steps", layers, batch)
            measure(2, "steps", layers, 2 * batch)

    print("a sum over 2 ranks (Float)\n  numbers        µs    GB/s")
    for (*_, count), seconds in ((key, value) for key, value in shortest.items() if key[1] == "sums"):
        print(f"{count:9.0f} {seconds * 1e6:9.2f} {4 * count / seconds / 1e9:7.2f}")
    print("\nlayers             parameters  batch   1 rank  2, strong          2, weak")
    for layers, batch in NETWORKS:
        one, strong, weak = (
            next((key[-1], value) for key, value in shortest.items() if key[:4] == (size, "steps", layers, rows))
            for size, rows in ((1, batch), (2, batch), (2, 2 * batch)))
        print(f"{layers:18} {one[0]:10.0f} {batch:6} {one[1] * 1e3:6.3f} ms {strong[1] * 1e3:6.3f} ms "
              f"({one[1] / strong[1]:4.2f}×) {weak[1] * 1e3:6.3f} ms ({one[1] / weak[1]:4.0%})")


main()
