#!/usr/bin/env python3
"""StableHLO that TapeGrad wrote, run by XLA on the CPU through JAX, against TapeGrad's own results.

    python3 check_stablehlo.py FOLDER

FOLDER  what the test ExportTests/stableHLO wrote there
Needs jax and safetensors. When results agree is said in cases.py.
"""

import os
import sys

import cases
import numpy

# Nearly all of the time is compilation; LLVM's optimizations change no result.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

from modules import compiled, joined  # noqa: E402

# In units of the last place. XLA's ln(1 + x) in double is up to 130 of them off (near x = -0.4).
TOLERANCE = {"float": 32, "double": 256}


# So many programs are compiled as one, which takes a third of the time.
TOGETHER = 25


def run(case):
    return run_together([case])[0]


def run_together(group):
    inputs, results = [x for case in group for x in case.inputs], [x for case in group for x in case.results]
    outputs = iter(compiled(joined([case.text for case in group]), inputs, results)(*inputs))
    return [[numpy.asarray(next(outputs)) for _ in case.results] for case in group]


def run_all(all_cases):
    for start in range(0, len(all_cases), TOGETHER):
        group = all_cases[start:start + TOGETHER]
        try:
            yield from run_together(group)
        except Exception:
            # One of them: each by itself tells which.
            yield from cases.one_by_one(run)(group)


if __name__ == "__main__":
    sys.exit(cases.compare(sys.argv[1], "stablehlo", run_all, TOLERANCE, has_signed_zeros=True))
