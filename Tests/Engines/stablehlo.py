#!/usr/bin/env python3
"""StableHLO that TapeGrad wrote, run by XLA on the CPU through JAX, against TapeGrad's own results.

    python3 stablehlo.py FOLDER

FOLDER  what the tests ExportTests wrote there: float.stablehlo.safetensors, double.stablehlo.safetensors
Needs jax and safetensors.

Results agree where they are NaN at the same places, equal where they are infinite or 0 with the sign of zero, and
elsewhere within TOLERANCE units of the last place of the larger of the result and 1. (Of random graphs see graphs().)
"""

import sys

import numpy
from cases import Case, disagreement, read_cases
from modules import compiled

TOLERANCE = {"float32": 32, "float64": 32}


def run(case):
    results = compiled(case.text, [x for x in case.inputs], case.results)(*case.inputs)
    return [numpy.asarray(x) for x in results]


def main(folder):
    failures = 0
    worst = {}
    found = {name: read_cases(f"{folder}/{name}.stablehlo.safetensors") for name in ("float", "double")}
    for name, cases in found.items():
        for number, case in enumerate(cases):
            try:
                results = run(case)
            except Exception as error:
                failures += 1
                print(f"{name}, {case.name}: {str(error)[:600]}")
                continue
            for k, (ours, theirs) in enumerate(zip(case.results, results)):
                exact = found["double"][number].results[k] if name == "float" else None
                problem, ulps = disagreement(case, ours, theirs, exact, TOLERANCE[str(ours.dtype)])
                kind = (name, case.name.split(":")[0])
                worst[kind] = max(worst.get(kind, (0, "")), (ulps, case.name))
                if problem:
                    failures += 1
                    print(f"{name}, {case.name}, result {k}: {problem}")
    for (name, kind), (ulps, which) in sorted(worst.items()):
        print(f"{name}, {kind}: at most {ulps:.1f} ULP ({which})")
    print(f"{sum(map(len, found.values()))} programs, {failures} failures")
    return 1 if failures or not found["float"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
