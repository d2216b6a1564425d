#!/usr/bin/env python3
"""StableHLO that TapeGrad wrote, run by XLA on the CPU through JAX, against TapeGrad's own results.

    python3 check_stablehlo.py FOLDER

FOLDER  what the test ExportTests/stableHLO wrote there
Needs jax and safetensors. When results agree is said in cases.py.
"""

import sys

import cases
import numpy
from modules import compiled

# In units of the last place. XLA's ln(1 + x) in double is up to 130 of them off (near x = -0.4).
TOLERANCE = {"float": 32, "double": 256}


def run(case):
    results = compiled(case.text, case.inputs, case.results)(*case.inputs)
    return [numpy.asarray(x) for x in results]


if __name__ == "__main__":
    sys.exit(cases.compare(sys.argv[1], "stablehlo", run, TOLERANCE, has_signed_zeros=True))
