#!/usr/bin/env python3
"""A model with columns of text, written as ONNX by the command: ONNX Runtime predicts what the command predicts.

    python3 check_model.py TAPEGRAD

Needs onnx, onnxruntime and numpy.
"""

import csv
import io
import random
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime

TOLERANCE = 1e-5


def table(rows, complete):
    """Sizes and colors of three kinds of animals; some are missing where the table need not be complete."""
    generator = random.Random(rows)
    lines = ["size,color,age,kind"]
    for row in range(rows):
        kind = row % 3
        size = "" if not complete and row % 10 == 7 else kind + generator.random()
        color = ["blue", "red", "blue"][kind] if complete or row % 10 != 4 else "green"
        lines.append(f"{size},{color},{['young', 'old'][generator.randrange(2)]},{['ant', 'bee', 'cow'][kind]}")
    return "\n".join(lines) + "\n"


def main(tapegrad):
    with tempfile.TemporaryDirectory() as folder:
        model, path = f"{folder}/model", f"{folder}/model.onnx"
        for name, text in ("training", table(90, True)), ("new", table(40, False)):
            with open(f"{folder}/{name}.csv", "w") as file:
                file.write(text)
        options = ["--labels", "kind", "--missing", "mean", "--ordinal", "age", "--epochs", "20", "--output", model]
        subprocess.run([tapegrad, "train", f"{folder}/training.csv", *options], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([tapegrad, "export", "--model", model, "--onnx", path], check=True)
        onnx.checker.check_model(onnx.load(path), full_check=True)
        output = subprocess.run(
            [tapegrad, "predict", f"{folder}/new.csv", "--model", model], check=True, stdout=subprocess.PIPE, text=True)
        rows = list(csv.DictReader(io.StringIO(output.stdout)))
        expected = numpy.array([[float(row[f"p({kind})"]) for kind in ("ant", "bee", "cow")] for row in rows])
        columns = {name: [row[name] for row in csv.DictReader(open(f"{folder}/new.csv"))] for name in ("size", "color", "age")}
        inputs = {name: numpy.array(values, dtype=object)[:, None] for name, values in columns.items()}
        inputs["size"] = numpy.array([[float(x or "nan")] for x in columns["size"]], dtype="f4")
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        assert [x.name for x in session.get_inputs()] == ["size", "color", "age"]
        found = session.run(["predictions"], inputs)[0]
        assert found.shape == expected.shape == (40, 3), (found.shape, expected.shape)
        apart = abs(found - expected).max()
        print(f"model: predictions of {len(rows)} rows {apart:.1e} apart")
        return 1 if not apart <= TOLERANCE else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
