"""Runs evals of GradBench with tools, and prints a table: are the answers right, and how long does a run take?

    python3 run.py --gradbench CHECKOUT [--tool NAME=COMMAND ...] [--seconds S] hello "llsq -n 16 256" ...

CHECKOUT is one of https://github.com/gradbench/gradbench, with the tool `manual` built (make -C cpp && make -C
tools/manual): its answers are those compared with. Without --tool, this package's release build runs. For the peers:

    --tool jax="python3 python/gradbench/gradbench/tools/jax/run.py"

The tools run one after the other, on the first processor. The score is the benchmark's: 1 / Σ of mean times.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--gradbench", required=True, type=Path)
parser.add_argument("--tool", action="append", default=[])
parser.add_argument("--seconds", default="1")
parser.add_argument("evals", nargs="+")
arguments = parser.parse_args()
tools = dict(tool.split("=", 1) for tool in arguments.tool) or {
    "tapegrad": str(HERE / ".build/release/gradbench-tapegrad")
}
environment = os.environ | {
    "PYTHONPATH": str(arguments.gradbench / "python/gradbench"), "TAPEGRAD_THREADS": "1", "OMP_NUM_THREADS": "1",
}


def start(command):
    return subprocess.Popen(
        shlex.split(command), cwd=arguments.gradbench, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=lambda: os.sched_setaffinity(0, [0]))


def converse(eval_, tool):
    """The messages of an eval with the answers of a tool."""
    name, *options = shlex.split(eval_)
    if name != "hello":
        options += ["--min-seconds", arguments.seconds]
    asking = start(shlex.join([sys.executable, f"python/gradbench/gradbench/evals/{name}/run.py", *options]))
    answering = start(tools[tool])
    pairs = []
    try:
        for line in asking.stdout:
            answering.stdin.write(line)
            answering.stdin.flush()
            answer = answering.stdout.readline()
            if not answer:
                raise EOFError(f"{tool} ended in {eval_}")
            pairs.append((json.loads(line), json.loads(answer)))
            asking.stdin.write(answer)
            asking.stdin.flush()
    finally:
        asking.kill()
        answering.kill()
    return pairs


bad = 0
for eval_ in arguments.evals:
    totals = {}
    for tool in tools:
        try:
            pairs = converse(eval_, tool)
        except EOFError as error:
            print(f"{eval_:10} {tool:10} {error}", flush=True)
            continue
        verdicts = {message["of"]: message for message, _ in pairs if message["kind"] == "analysis"}
        totals[tool] = 0
        for message, answer in pairs:
            if message["kind"] != "evaluate":
                continue
            verdict = verdicts.get(message["id"], {"valid": False, "error": answer.get("error")})
            times = [timing["nanoseconds"] for timing in answer.get("timings", [])]
            mean = statistics.mean(times) / 1e6 if times else float("nan")
            totals[tool] += mean
            bad += not verdict["valid"]
            print(f"{message['module']:9}{tool:10}{message['function']:10}{str(message.get('description', '')):26}"
                  f"{mean:12.3f} ms  {'right' if verdict['valid'] else 'WRONG ' + str(verdict.get('error'))[:300]}", flush=True)
    if totals and "hello" not in eval_:
        scores = (f"{tool} scores {1000 / total:.3g}" for tool, total in totals.items() if total)
        print(f"{eval_}: {', '.join(scores)}", flush=True)
sys.exit(bad > 0)
