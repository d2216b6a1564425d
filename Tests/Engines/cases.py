"""The cases that ExportTests writes, and when results agree."""

import re
from dataclasses import dataclass

import numpy
from safetensors.numpy import load_file


@dataclass
class Case:
    name: str
    model: bytes
    inputs: list
    results: list

    @property
    def text(self):
        return self.model.decode()


def read_cases(path):
    tensors = load_file(path)
    cases = {}
    for name, tensor in tensors.items():
        number, part, index = re.fullmatch(r"(\d+)\.([a-z]+)(\d*)", name).groups()
        case = cases.setdefault(int(number), {"input": {}, "result": {}})
        if index:
            case[part][int(index)] = tensor
        else:
            case[part] = tensor.tobytes()
    return [
        Case(c["name"].decode(), c["model"], *([c[kind][i] for i in sorted(c[kind])] for kind in ("input", "result")))
        for _, c in sorted(cases.items())
    ]


def disagreement(case, ours, theirs, exact, tolerance):
    """What is wrong, or None; and the largest difference in units of the last place of the larger of 1 and the result."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return f"{theirs.dtype}{theirs.shape} instead of {ours.dtype}{ours.shape}", 0
    if ours.size == 0:
        return None, 0
    finite = numpy.isfinite(ours)
    same = numpy.where(numpy.isnan(ours), numpy.isnan(theirs), ours == theirs)
    if (~same & ~finite).any() or (finite & ~numpy.isfinite(theirs)).any():
        at = numpy.flatnonzero(~finite & ~same | finite & ~numpy.isfinite(theirs))[0]
        return f"{theirs.flat[at]} instead of {ours.flat[at]} at {at}{place(case, ours, at)}", 0
    zero = (ours == 0) & (theirs == 0) & (numpy.signbit(ours) != numpy.signbit(theirs))
    if zero.any():
        at = numpy.flatnonzero(zero)[0]
        return f"{theirs.flat[at]} instead of {ours.flat[at]} at {at}{place(case, ours, at)}", 0
    ours, theirs = (numpy.where(finite, x, 0).astype("f8") for x in (ours, theirs))
    epsilon = numpy.finfo(case.results[0].dtype).eps
    units = numpy.abs(ours - theirs) / (epsilon * numpy.maximum(numpy.abs(ours), 1))
    at = units.argmax()
    if units.flat[at] > tolerance:
        return f"{theirs.flat[at]} instead of {ours.flat[at]} at {at}{place(case, ours, at)}, {units.flat[at]:.0f} ULP", units.flat[at]
    return None, units.flat[at]


def place(case, result, at):
    same = [x.flat[at] for x in case.inputs if x.shape == result.shape]
    return f" for {', '.join(map(str, same))}" if same and result.ndim else ""
