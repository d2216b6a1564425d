#!/usr/bin/env python3
"""A bundle that TapeGrad wrote, trained by its own runner on one device, on four, and by two processes: the same weights.

    python3 check_bundle.py FOLDER

FOLDER  a bundle with 20 steps' results beside it, expected.safetensors
Needs jax and safetensors.
"""

import os
import subprocess
import sys

import numpy
from safetensors.numpy import load_file

TOLERANCE = 1e-6


def run(folder, *options, environment):
    command = [sys.executable, f"{folder}/run.py", folder, "--steps", "20", *options]
    return subprocess.Popen(command, env=os.environ | {"JAX_PLATFORMS": "cpu"} | environment)


def check(folder, what, processes):
    codes = [process.wait() for process in processes]
    assert codes == [0] * len(codes), f"{what}: exit codes {codes}"
    expected, found = (load_file(f"{folder}/{name}.safetensors") for name in ("expected", "results"))
    assert expected.keys() == found.keys(), found.keys()
    apart = max(float(numpy.abs(expected[name] - found[name]).max()) for name in expected)
    print(f"{what}: {apart:.1e} apart after 20 steps")
    assert apart <= TOLERANCE, what
    os.remove(f"{folder}/results.safetensors")


if __name__ == "__main__":
    folder = sys.argv[1]
    for devices in "1", "4":
        check(folder, f"{devices} devices", [run(folder, "--devices", devices, environment={})])
    hosts = [run(folder, "--devices", "1", "--hosts", "2", "--host", host, environment={}) for host in "01"]
    check(folder, "2 processes", hosts)
