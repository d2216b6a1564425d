"""Runs StableHLO text through JAX, by its public names only."""

import dataclasses
import re

import jax
import numpy

jax.config.update("jax_enable_x64", True)

from jax import export  # noqa: E402
from jax.extend import mlir  # noqa: E402

# The texts use nothing newer.
VERSION = "1.0.0"


# A module as TapeGrad writes it: one function.
MAIN = re.compile(r"func\.func public @main\((.*?)\) -> \((.*?)\) \{\n(.*)\n  \}\n\}", re.DOTALL)
TYPE = re.compile(r"tensor<[^>]*>")


def joined(texts):
    """One module for several, whose main takes the inputs of all of them one after the other, and gives all their results."""
    functions, calls, inputs, results, types = [], [], [], [], []
    for k, text in enumerate(texts):
        arguments, given, body = MAIN.search(text).groups()
        taken, given = TYPE.findall(arguments), TYPE.findall(given)
        signature = f"({', '.join(taken)}) -> ({', '.join(given)})"
        names = [f"%input{k}_{j}" for j in range(len(taken))]
        functions.append(f"func.func private @program{k}({arguments}) -> ({', '.join(given)}) {{\n{body}\n}}")
        calls.append(f"%result{k}:{len(given)} = func.call @program{k}({', '.join(names)}) : {signature}")
        inputs += [f"{name}: {type}" for name, type in zip(names, taken)]
        results += [f"%result{k}#{j}" for j in range(len(given))]
        types += given
    main = [f"func.func public @main({', '.join(inputs)}) -> ({', '.join(types)}) {{", *calls,
            f"return {', '.join(results)} : {', '.join(types)}", "}"]
    return "\n".join(["module @programs {", *main, *functions, "}"])


def compiled(text, inputs, results):
    """A function of arrays like `inputs` that gives arrays like `results`, by the text's function main."""
    specs = [jax.ShapeDtypeStruct(x.shape, x.dtype) for x in inputs]
    outputs = [jax.ShapeDtypeStruct(x.shape, x.dtype) for x in results]
    template = export.export(jax.jit(lambda *x: [jax.numpy.zeros(y.shape, y.dtype) for y in outputs], keep_unused=True))(
        *specs)
    artifact = mlir.serialize_portable_artifact(text, VERSION)
    return jax.jit(dataclasses.replace(template, mlir_module_serialized=artifact).call)
