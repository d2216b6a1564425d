"""Makes expected.jsonl: small random questions to every module, with the answers of GradBench's tool `manual`, whose
derivatives are written by hand in C++.

    python3 record.py CHECKOUT >expected.jsonl

CHECKOUT is one of https://github.com/gradbench/gradbench after `make -C cpp && make -C tools/manual`. The tool has no
saddle and no particle: the answer is the number that those evals expect.
"""
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

checkout = Path(sys.argv[1])
random.seed(1)


def numbers(*shape):
    return [numbers(*shape[1:]) for _ in range(shape[0])] if shape else random.gauss(0, 1)


def positive(*shape):
    return [positive(*shape[1:]) for _ in range(shape[0])] if shape else random.random() + 0.1


def hand(points_on_triangles):
    """A wrist, five fingers of four bones each, and a forearm, with eight vertices. It is not mirrored: the tool's derivatives of a
    mirrored hand are not those that differences of its own objective show."""
    bones, vertices, points, last = 22, 8, 5, [0, 0, 0, 1]
    affine = lambda: [row + [random.gauss(0, 1)] for row in numbers(3, 3)] + [last]
    model = {
        "bone_count": bones, "bone_names": [f"bone{i}" for i in range(bones)],
        "parents": [-1] + [0 if i % 4 == 1 else i - 1 for i in range(1, bones)],
        "base_relatives": [affine() for _ in range(bones)], "inverse_base_absolutes": [affine() for _ in range(bones)],
        "base_positions": [numbers(3)[:] + [1] for _ in range(vertices)], "weights": positive(vertices, bones),
        "triangles": [random.sample(range(vertices), 3) for _ in range(6)], "is_mirrored": False,
    }
    data = {"model": model, "correspondences": [random.randrange(6) for _ in range(points)], "points": numbers(points, 3)}
    return {"theta": [x / 4 for x in numbers(26)], "data": data, "us": positive(points, 2) if points_on_triangles else []}


inputs = {
    "llsq": [("primal", "gradient", {"x": numbers(8), "n": 16})],
    "lse": [("primal", "gradient", {"x": numbers(10)})],
    "gmm": [("objective", "jacobian", {
        "d": 3, "k": 2, "n": 8, "x": numbers(8, 3), "m": 1, "gamma": 1.5, "alpha": numbers(2), "mu": numbers(2, 3),
        "q": numbers(2, 3), "l": numbers(2, 3)})],
    # The tool's gradient is that of the exact solution, which the method's is for four components or fewer.
    "ode": [("primal", "gradient", {"x": numbers(4), "s": 3})],
    "lstm": [("objective", "jacobian", {
        "main_params": numbers(4, 12), "extra_params": numbers(3, 3), "state": numbers(4, 3),
        "sequence": [[float(random.random() < 0.5) for _ in range(3)] for _ in range(8)]})],
    "kmeans": [("cost", "dir", {"points": (p := numbers(20, 2)), "centroids": [[x + 0.01 for x in q] for q in p[:3]]})],
    "det": [("primal", "gradient", {"A": numbers(16), "ell": 4})],
    "ba": [("objective", "jacobian", {
        "n": 3, "m": 4, "p": 15, "cam": numbers(11), "x": numbers(3), "w": 0.5, "feat": numbers(2)})],
    "ht": [("objective", "jacobian", hand(True)), ("objective", "jacobian", hand(False))],
}


def record(module, function, question, answer):
    print(json.dumps([{"module": module, "function": function, "input": question}, answer]))


record("hello", "square", 3.0, 9.0)
record("hello", "double", 3.0, 6.0)
for module, questions in inputs.items():
    for *functions, question in questions:
        question |= {"min_runs": 1, "min_seconds": 0}
        for function in functions:
            with tempfile.NamedTemporaryFile("w") as file:
                json.dump(question, file)
                file.flush()
                tool = checkout / "tools/manual/bin" / module
                printed = subprocess.check_output([tool, file.name, function], text=True)
            record(module, function, question, json.loads(printed.splitlines()[0]))


def expected(module):
    """The number in the eval's own answer; all four of the saddle's are the same."""
    eval_ = checkout / "python/gradbench/gradbench/evals" / module / "run.py"
    return float(re.search(r'"output":[\s\[]+([\d.e-]+)', eval_.read_text())[1])


for modes in "rr", "ff", "fr", "rf":
    once = {"min_runs": 1, "min_seconds": 0}
    record("saddle", modes, {"start": [1.0, 1.0]} | once, [expected("saddle")] * 4)
    record("particle", modes, {"w": 0.0} | once, expected("particle"))
