#!/usr/bin/env python3
"""StableHLO that TapeGrad wrote, run by StableHLO's own interpreter, which says what the words mean.

    python3 check_interpreter.py FOLDER

FOLDER  what the test ExportTests/stableHLO wrote there
Needs jax, which brings the interpreter, and safetensors. When results agree is said in cases.py.
"""

import re
import sys

import cases
import numpy
from check_stablehlo import TOLERANCE
from jax.interpreters import mlir
from jaxlib.mlir import ir, passmanager
from jaxlib.mlir.dialects import stablehlo

# What ends the interpreter: empty tensors in some operations, and operations that it does not have.
ENDS = re.compile(r"tensor<(\d+x)*0x|cholesky|triangular_solve")
# Where a scatter begins. The interpreter (of jaxlib 0.10.2) adds into that very tensor, which nothing else may read then.
SCATTERED = re.compile(r'"stablehlo.scatter"\((%\w+)')

stablehlo.register_stablehlo_passes()


def run(case):
    if ENDS.search(case.text) or any(len(re.findall(rf"{x}\b", case.text)) > 2 for x in SCATTERED.findall(case.text)):
        raise NotImplementedError("not for the interpreter")
    with mlir.make_ir_context():
        module = ir.Module.parse(case.text)
        passmanager.PassManager.parse("builtin.module(func.func(chlo-legalize-to-stablehlo))").run(module.operation)
        results = stablehlo.eval_module(module, [ir.DenseElementsAttr.get(numpy.array(x, order="C")) for x in case.inputs])
        return [numpy.array(x).reshape(ours.shape).astype(ours.dtype) for x, ours in zip(results, case.results)]


def lacks(type, error):
    return error == "not for the interpreter"


if __name__ == "__main__":
    sys.exit(cases.compare(sys.argv[1], "stablehlo", cases.one_by_one(run), TOLERANCE, has_signed_zeros=True, lacks=lacks))
