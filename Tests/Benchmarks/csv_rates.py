#!/usr/bin/env python3
"""How fast a table of numbers is read: by TapeGrad, pandas and polars, in one run.

    swift build -c release --product TapeGradFiles
    python3 Tests/Benchmarks/csv_rates.py .build/release/TapeGradFiles

Everybody reads the same file in a process of its own, in turn, for some rounds; given are the fastest and the median time,
the rate, the most memory of the process, and the median of the ratios to TapeGrad in the same round: above 1 is slower.
The same follows for the time that its threads computed, which other work on the machine changes less.
The files are made from a seed: numbers of six digits, and numbers of all their digits.
"""
import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import tempfile

from environment import Environment, Missing, note

PEERS = {
    "pandas": "import pandas; version = pandas.__version__; read = pandas.read_csv",
    "polars": "import polars; version = polars.__version__; read = polars.read_csv",
}

SCRIPT = """
import json, resource, sys, time
{load}
start, processor = time.perf_counter(), time.process_time()
table = read(sys.argv[1])
seconds, processor = time.perf_counter() - start, time.process_time() - processor
peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(dict(version=version, seconds=seconds, processor=processor, peak=peak, rows=table.shape[0], columns=table.shape[1])))
"""


def write(path, rows, columns, form):
    """Numbers from the normal distribution; every thousandth row is new, to keep the writing short."""
    generator = random.Random(1)
    block = ""
    with open(path, "w") as stream:
        stream.write(",".join(f"x{i}" for i in range(columns)) + "\n")
        for first in range(0, rows, 1000):
            if first % 10_000 == 0:
                block = "".join(
                    ",".join(form(generator.gauss(0, 1)) for _ in range(columns)) + "\n" for _ in range(1000))
            stream.write(block)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="TapeGradFiles, built for release")
    parser.add_argument("--venv", default="~/.cache/tapegrad-benchmarks", help="the peers' environment (%(default)s)")
    parser.add_argument("--no-install", action="store_true", help="takes the environment as it is")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="writes everything there")
    options = parser.parse_args()

    environment = Environment(options.venv, installs=not options.no_install)
    commands = {"TapeGrad": [str(pathlib.Path(options.program).resolve()), "csv"]}
    for peer, load in PEERS.items():
        try:
            if not environment.python.exists():
                import venv
                venv.create(environment.folder, with_pip=True)
            environment.install(peer)
            commands[peer] = [str(environment.python), "-c", SCRIPT.format(load=load)]
        except Missing as reason:
            note(f"{peer} is missing: {reason}")

    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, form in {"six digits": lambda x: f"{x:.6g}", "all digits": repr}.items():
            path = os.path.join(folder, "table.csv")
            write(path, options.rows, options.columns, form)
            size = os.path.getsize(path)
            runs = {peer: [] for peer in commands}
            for number in range(options.rounds):
                note(f"{kind}: round {number + 1} of {options.rounds}")
                for peer, command in commands.items():
                    answer = json.loads(subprocess.check_output([*command, path], text=True, cwd=folder))
                    assert (answer["rows"], answer["columns"]) == (options.rows, options.columns), answer
                    runs[peer].append(answer)
            results[kind] = {"bytes": size, "runs": runs}
            table = 8 * options.rows * options.columns
            print(f"\n{options.rows} × {options.columns} numbers of {kind}, {size / 1e6:.0f} MB:")
            for peer, answers in runs.items():
                seconds = [answer["seconds"] for answer in answers]
                ratios = [s / answer["seconds"] for s, answer in zip(seconds, runs["TapeGrad"])]
                busy = [answer["processor"] for answer in answers]
                busy_ratios = [s / answer["processor"] for s, answer in zip(busy, runs["TapeGrad"])]
                print(
                    f"  {peer:9} {answers[0]['version']:9} fastest {min(seconds):.2f} s, median"
                    f" {statistics.median(seconds):.2f} s: {size / 1e6 / statistics.median(seconds):.0f} MB/s,"
                    f" ratio {statistics.median(ratios):.2f}, memory"
                    f" {max(answer['peak'] for answer in answers) / table:.2f} × the table;"
                    f" computing {statistics.median(busy):.2f} s: {size / 1e6 / statistics.median(busy):.0f} MB/s,"
                    f" ratio {statistics.median(busy_ratios):.2f}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
