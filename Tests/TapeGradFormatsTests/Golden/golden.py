#!/usr/bin/env python3
"""Writes GoldenFiles.swift: small files of NumPy and of safetensors, as hexadecimal text.

    pip install numpy safetensors
    python3 golden.py > GoldenFiles.swift
"""

import io

import numpy
import safetensors
import safetensors.numpy

FRACTIONS = [[1, -2.5, 3e-5], [4, 0.1, -0.0]]
INTEGERS = [[1, -2, 3], [4, 5, -6]]


def npy(array, version=None):
    stream = io.BytesIO()
    numpy.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def big(values, code):
    return numpy.array(values, dtype=">" + code)


files = {
    "f8": npy(numpy.array(FRACTIONS, "f8"), (1, 0)),
    "f8 column-major": npy(numpy.asfortranarray(numpy.array(FRACTIONS, "f8")), (1, 0)),
    "f8 highest byte first": npy(big(FRACTIONS, "f8"), (1, 0)),
    "f8 version 2": npy(numpy.array(FRACTIONS, "f8"), (2, 0)),
    "f8 version 3": npy(numpy.array(FRACTIONS, "f8"), (3, 0)),
    "f4": npy(numpy.array(FRACTIONS, "f4"), (1, 0)),
    "f2": npy(numpy.array(FRACTIONS, "f2"), (1, 0)),
    "i1": npy(numpy.array(INTEGERS, "i1"), (1, 0)),
    "i2": npy(numpy.array(INTEGERS, "i2"), (1, 0)),
    "i4 highest byte first, column-major": npy(numpy.asfortranarray(big(INTEGERS, "i4")), (1, 0)),
    "i8": npy(numpy.array(INTEGERS, "i8"), (1, 0)),
    "u2": npy(numpy.array([[1, 2, 3], [4, 5, 65535]], "u2"), (1, 0)),
    "b1": npy(numpy.array([True, False, True]), (1, 0)),
    "scalar": npy(numpy.array(7.5), (1, 0)),
    "empty": npy(numpy.zeros((0, 3), "f4"), (1, 0)),
    "text": npy(numpy.array(["a", "b"]), (1, 0)),
    "safetensors": safetensors.numpy.save(
        {"b": numpy.array([1.5, -2], "f4"), "W": numpy.array([[1, 2], [3, 4.25]], "f8"), "n": numpy.array(7, "i8")},
        {"about": 'a "test", é'},
    ),
}

print(f"""// Written by golden.py with NumPy {numpy.__version__} and safetensors {safetensors.__version__}.

/// Files that other libraries wrote, by what is in them.
let goldenFiles: [String: String] = [""")
for name, content in files.items():
    text = content.hex()
    print(f'  "{name}":')
    lines = [text[i : i + 108] for i in range(0, len(text), 108)]
    print("\n".join(f'    {"+ " if i else ""}"{line}"' for i, line in enumerate(lines)) + ",")
print("]")
