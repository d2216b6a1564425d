#!/usr/bin/env python3
"""Scores readers of CSV on polluted files, as the Pollock benchmark describes it: TapeGrad, pandas and Python's csv.

    swift build -c release --product TapeGradFiles
    python3 Tests/Benchmarks/pollock.py .build/release/TapeGradFiles FOLDER

FOLDER is `polluted_files` of https://github.com/HPI-Information-Systems/Pollock, with `csv`, `clean` and `parameters`;
`pollock_weights.json` is looked for beside it. (G. Vitagliano, M. Hameed, L. Jiang, L. Reisener, E. Wu, F. Naumann: Pollock:
A Data Loading Benchmark, PVLDB 16, 2023, doi:10.14778/3594512.3594518.)

A file's score is the sum of ten measures: whether it was read, and precision, recall and F1 of its header's fields, of its
records and of all its fields, each taken as a multiset and compared with the clean file. The score of a reader is the mean
over all files, or the mean by the files' weights. Fields are compared without regard to case and to how a number is written.

TapeGrad finds everything by itself, and is told only that irregular rows are to be made to fit. pandas is given the file's
parameters and skips bad lines, csv uses its Sniffer, both as in the benchmark.
"""
import collections
import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import pandas


def normal(field):
    try:
        return repr(float(field)) if field.strip() and "_" not in field else field.lower()
    except ValueError:
        return field.lower()


def overlap(clean, read):
    """Precision, recall and F1 of two lists as multisets."""
    if not clean:
        return [1.0, 1.0, 1.0]
    common = sum((collections.Counter(clean) & collections.Counter(read)).values())
    if not common:
        return [0.0, 0.0, 0.0]
    precision, recall = common / len(clean), common / len(read)
    return [precision, recall, 2 * precision * recall / (precision + recall)]


def measures(clean, text):
    """The ten measures of a file, from the rows of the clean one and what a reader made of the other; None for an error."""
    if text is None:
        return [0.0] * 10
    if not clean:
        return [1.0] * 10
    read = [[normal(field) for field in row] for row in csv.reader(io.StringIO(text, newline=""))]
    clean = [[normal(field) for field in row] for row in clean]
    header = overlap(clean[0], read[0] if read else [])
    records = overlap(["".join(row) for row in clean[1:]], ["".join(row) for row in read[1:]])
    fields = overlap([field for row in clean for field in row], [field for row in read for field in row])
    return [1.0, *header, *records, *fields]


def by_pandas(path, parameters):
    options = {"encoding": parameters["encoding"]}
    if parameters["quotechar"] != '"':
        options["quotechar"] = parameters["quotechar"][:1] or '"'
    if parameters["escapechar"] != parameters["quotechar"]:
        options |= {"escapechar": parameters["escapechar"][:1] or None, "doublequote": False}
    if parameters["row_delimiter"] != "\r\n":
        options["lineterminator"] = parameters["row_delimiter"][:1] or None
    if parameters["preamble_lines"]:
        options["skiprows"] = parameters["preamble_lines"]
    frame = pandas.read_csv(path, dtype=object, on_bad_lines="skip", engine="c", **options)
    return frame.to_csv(index=False)


def by_csv(path, parameters):
    with open(path, newline="", encoding=parameters["encoding"]) as stream:
        dialect = csv.Sniffer().sniff(stream.read())
        stream.seek(0)
        output = io.StringIO()
        csv.writer(output).writerows(csv.reader(stream, dialect))
        return output.getvalue()


def attempt(reader, *arguments):
    try:
        return reader(*arguments)
    except Exception:
        return None


def main(program, folder):
    folder = pathlib.Path(folder)
    files = sorted(path.name for path in (folder / "csv").iterdir())
    weights_path = folder.parent / "pollock_weights.json"
    weights = json.loads(weights_path.read_text()) if weights_path.exists() else {}
    scores = collections.defaultdict(dict)
    with tempfile.TemporaryDirectory() as copies:
        copies = pathlib.Path(copies)
        for name in files:
            (copies / name).write_bytes((folder / "csv" / name).read_bytes())
        subprocess.run([program, "fields", *(str(copies / name) for name in files)], check=True)
        for name in files:
            parameters = json.loads((folder / "parameters" / f"{name}_parameters.json").read_text())
            with open(folder / "clean" / name, newline="", encoding="utf-8-sig") as stream:
                clean = list(csv.reader(stream))
            ours = (copies / f"{name}.fields").read_bytes().decode()
            path = folder / "csv" / name
            scores["TapeGrad"][name] = measures(clean, None if ours.startswith("Application Error") else ours)
            scores["pandas"][name] = measures(clean, attempt(by_pandas, path, parameters))
            scores["csv"][name] = measures(clean, attempt(by_csv, path, parameters))
    total = sum(weights.get(name, 0) for name in files)
    for reader, table in scores.items():
        simple = sum(map(sum, table.values())) / len(table)
        weighted = sum(weights.get(name, 0) * sum(row) for name, row in table.items()) / total if total else float("nan")
        print(f"{reader:9} simple {simple:.3f}, weighted {weighted:.3f}")
    print("\nfiles that TapeGrad reads worst:")
    for name, row in sorted(scores["TapeGrad"].items(), key=lambda item: sum(item[1]))[:25]:
        others = ", ".join(f"{reader} {sum(scores[reader][name]):.2f}" for reader in ("pandas", "csv"))
        print(f"  {name:45} {sum(row):.2f} ({others})")


if __name__ == "__main__":
    main(*sys.argv[1:])
