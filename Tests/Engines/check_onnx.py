#!/usr/bin/env python3
"""ONNX models that TapeGrad wrote, checked by onnx and run by ONNX Runtime, against TapeGrad's own results.

    python3 check_onnx.py FOLDER

FOLDER  what the tests ExportTests/onnx and NetworkExportTests wrote there
Needs onnx, onnxruntime and safetensors. When results agree is said in cases.py.
"""

import sys

import cases
import onnx
import onnxruntime

# In units of the last place.
TOLERANCE = {"float": 64, "double": 256}

# Functions that ONNX Runtime has in float only.
FLOAT_ONLY = "Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Erf Conv ConvTranspose Det".split()

options = onnxruntime.SessionOptions()
options.log_severity_level = 4
options.intra_op_num_threads = 1


def run(case):
    model = onnx.load_from_string(case.model)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(case.model, options, providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip((x.name for x in session.get_inputs()), case.inputs)))


def lacks(type, error):
    return type == "double" and any(f"implementation for {word}(" in error for word in FLOAT_ONLY)


if __name__ == "__main__":
    # ONNX Runtime's Where turns -0 into 0.
    engines = "networks.onnx", "onnx"
    sys.exit(max(
        cases.compare(sys.argv[1], engine, cases.one_by_one(run), TOLERANCE, has_signed_zeros=False, lacks=lacks)
        for engine in engines))
