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
    spreads: list

    @property
    def text(self):
        return self.model.decode()


def read_cases(path):
    tensors = load_file(path)
    cases = {}
    for name, tensor in tensors.items():
        number, part, index = re.fullmatch(r"(\d+)\.([a-z]+)(\d*)", name).groups()
        case = cases.setdefault(int(number), {"input": {}, "result": {}, "spread": {}})
        if index:
            case[part][int(index)] = tensor
        else:
            case[part] = tensor.tobytes()
    return [
        Case(c["name"].decode(), c["model"], *([c[kind][i] for i in sorted(c[kind])] for kind in ("input", "result", "spread")))
        for _, c in sorted(cases.items())
    ]


def one_by_one(run):
    """Of what runs one case, what runs a list of them: the results, or the error, of each."""
    def attempt(case):
        try:
            return run(case)
        except Exception as error:
            return error
    return lambda cases: map(attempt, cases)


def compare(folder, engine, run_all, tolerances, has_signed_zeros, lacks=None):
    """Runs all cases of an engine in both scalar types; prints what differs; the exit code.

    `run_all` gives the results of each of a list of cases, or an error in their place.

    Results agree where they are NaN at the same places, and equal where they are infinite or 0, with the sign of zero
    where the engine has it; elsewhere, within so many units of the last place of the larger of 1 and the result. Random
    graphs, of 30 operations, cancel and amplify: to that comes how far the result moved in runs of ours, in double, in
    which each operation was off by up to as many units (InexactRun.swift); and the sign of zero is free, since XLA takes
    x + 0 for x.

    `lacks` says of an error whether the engine does not have an operation that it should: such cases are counted.
    """
    found = {name: read_cases(f"{folder}/{name}.{engine}.safetensors") for name in ("float", "double")}
    failures, lacking, worst, spreads = [], 0, {}, {name: [] for name in found}
    for name, cases in found.items():
        for case, results in zip(cases, run_all(cases), strict=True):
            error = results if isinstance(results, Exception) else None
            if not error and len(results) != len(case.results):
                error = AssertionError(f"{len(results)} results")
            if error:
                if lacks and lacks(name, str(error)):
                    lacking += 1
                    continue
                failures.append(f"{name}, {case.name}: {str(error).strip()[:500]}")
                continue
            for k, (ours, theirs) in enumerate(zip(case.results, results)):
                tolerance, is_graph = tolerances[name], bool(case.spreads)
                if is_graph:
                    spread = units(ours, ours + case.spreads[k], ours.dtype)
                    spreads[name] += [x for x in [spread.max(initial=0)] if x]
                    tolerance = tolerance + spread
                problem, most = disagreement(case, ours, theirs, tolerance, ignores_sign=is_graph or not has_signed_zeros)
                kind = f"{name}, {case.name.split(':')[0]}"
                worst[kind] = max(worst.get(kind, (0, "")), (most, case.name))
                if problem:
                    failures.append(f"{name}, {case.name}, result {k}: {problem}")
    print(*failures, sep="\n")
    for name, found_spreads in spreads.items():
        if found_spreads:
            print(f"{name}, graphs may be off by {numpy.median(found_spreads):.0f} ULP more in the median, {max(found_spreads):.0f} at most")
    for kind, (most, case) in worst.items():
        print(f"{kind}: at most {most:.1f} ULP ({case})")
    count = sum(map(len, found.values()))
    print(f"{engine}: {count} programs, {len(failures)} failures, {lacking} not run for want of an operation")
    return 1 if failures or not count else 0


def units(ours, theirs, type):
    """How far results lie apart, in units of the last place of the larger of 1 and the result."""
    ours, theirs = (numpy.nan_to_num(x.astype("f8"), nan=0, posinf=0, neginf=0) for x in (ours, theirs))
    return abs(ours - theirs) / (numpy.finfo(type).eps * numpy.maximum(abs(ours), 1))


def disagreement(case, ours, theirs, tolerance, ignores_sign=False):
    """What is wrong, or None; and the largest difference."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return f"{theirs.dtype}{theirs.shape} instead of {ours.dtype}{ours.shape}", 0
    is_same = (ours == theirs) | numpy.isnan(ours) & numpy.isnan(theirs)
    is_zero = (ours == 0) & (theirs == 0) & (numpy.signbit(ours) != numpy.signbit(theirs))
    apart = units(ours, theirs, ours.dtype)
    wrong = ~is_same & ~(numpy.isfinite(ours) & numpy.isfinite(theirs)) | (apart > tolerance)
    if not ignores_sign:
        wrong |= is_zero
    most = apart.max(initial=0)
    if not wrong.any():
        return None, most
    at = numpy.flatnonzero(wrong)[0]
    same = [x.flat[at] for x in case.inputs if x.shape == ours.shape]
    place = f" for {', '.join(map(str, same))}" if same and ours.ndim else ""
    return f"{theirs.flat[at]} instead of {ours.flat[at]} at {at}{place}, {apart.flat[at]:.0f} ULP", most
