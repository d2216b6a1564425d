#!/usr/bin/env python3
"""A step of training that TapeGrad wrote, compiled by IREE for the CPU and taken 20 times: the weights that TapeGrad has.

    python3 check_iree.py FOLDER

FOLDER  a bundle with 20 steps' results beside it, expected.safetensors
Needs iree-base-compiler, iree-base-runtime, numpy and safetensors.
"""

import json
import sys
from pathlib import Path

import iree.compiler
import iree.runtime
import numpy
from safetensors.numpy import load_file

TOLERANCE = 1e-6


def main(folder):
    meta = json.loads((folder / "meta.json").read_text())
    binary = iree.compiler.compile_str(
        (folder / "program.mlir").read_text(), input_type="stablehlo", target_backends=["llvm-cpu"],
        extra_args=["--iree-llvmcpu-target-cpu=generic"])
    module = iree.runtime.load_vm_flatbuffer(binary, driver="local-sync")
    numbers, expected = (load_file(folder / f"{name}.safetensors") for name in ("arguments", "expected"))
    values = [numbers[x["name"]] for x in meta["arguments"]]
    for _ in range(20):
        results = module.main(*values)
        values[: meta["states"]] = results[: meta["states"]]
    found = {x["name"]: numpy.asarray(y.to_host()) for x, y in zip(meta["results"], results)}
    assert expected.keys() == found.keys(), found.keys()
    apart = max(float(numpy.abs(expected[name] - found[name]).max()) for name in expected)
    print(f"IREE: {apart:.1e} apart after 20 steps")
    return 0 if apart <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
