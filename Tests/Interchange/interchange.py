#!/usr/bin/env python3
"""Model files and arrays between TapeGrad and the reference libraries, in both directions.

    python3 interchange.py TAPEGRAD_FILES

TAPEGRAD_FILES  the program of Tests/TapeGradFiles, built
Needs numpy and safetensors.
"""

import pathlib
import random
import subprocess
import sys
import tempfile
import time

import numpy
import safetensors
import safetensors.numpy

FRACTIONS = numpy.array([[1, -2.5, 3e-5], [4, 0.1, -0.0]])
WHOLE = numpy.array([1, 2, 3, 4, 5, 126]).reshape(3, 1, 2)
TYPES = {"U8": "u1", "I8": "i1", "U16": "u2", "I16": "i2", "U32": "u4", "I32": "i4", "U64": "u8", "I64": "i8"}
METADATA = {"about": 'a "test" \x01\n é 😀'}


def expected():
    arrays = {"F64": FRACTIONS, "F32": FRACTIONS.astype("f4")}
    arrays |= {name: WHOLE.astype(code) for name, code in TYPES.items()}
    return arrays


def check_ours(program, folder):
    """What TapeGrad wrote, read by the reference libraries."""
    subprocess.run([program, "write", folder], check=True)
    path = folder / "model.safetensors"
    with safetensors.safe_open(path, "numpy") as file:
        assert file.metadata() == METADATA, file.metadata()
    tensors = safetensors.numpy.load_file(path)
    assert tensors.pop("empty").shape == (0, 2)
    assert tensors.pop("scalar") == 7
    assert tensors.keys() == expected().keys(), tensors.keys()
    for name, array in expected().items():
        for read in (tensors[name], numpy.load(folder / f"{name}.npy")):
            assert read.dtype == array.dtype and read.shape == array.shape, name
            assert read.tobytes() == array.tobytes(), name


def check_theirs(program, folder):
    """What the reference libraries wrote, read by TapeGrad."""
    arrays = expected()
    more = {"empty": numpy.zeros((0, 2), "i8"), "scalar": numpy.array(7)}
    safetensors.numpy.save_file(arrays | more, folder / "model.safetensors", METADATA)
    for number, (name, array) in enumerate(arrays.items()):
        with open(folder / f"{name}.npy", "wb") as stream:
            order = array if number % 2 else numpy.asfortranarray(array)
            numpy.lib.format.write_array(stream, order, version=(1 + number % 3, 0))
    subprocess.run([program, "read", folder], check=True)


def check_killed(program, folder, times=200):
    """A process that writes a file and is killed at any moment leaves the old file or the new one."""
    path = folder / "killed.safetensors"
    values = set()
    for _ in range(times):
        process = subprocess.Popen([program, "rewrite", path])
        while not path.exists():
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.05))
        process.kill()
        process.wait()
        tensor = safetensors.numpy.load_file(path)["tensor"]
        assert tensor.shape == (100_000,) and (tensor == tensor[0]).all(), "a file of two halves"
        values.add(float(tensor[0]))
    assert values == {1.0, 2.0}, values


def main(program):
    program = pathlib.Path(program).resolve()
    for check in (check_ours, check_theirs, check_killed):
        with tempfile.TemporaryDirectory() as folder:
            check(program, pathlib.Path(folder))
            print(check.__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
