"""Asks the adapter what expected.jsonl has, and compares the answers: python3 replay.py [COMMAND]

record.py makes that file.
"""
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOLERANCE = 1e-9  # of numbers near 1, relative above
tool = subprocess.Popen(
    sys.argv[1:] or [HERE / ".build/release/gradbench-tapegrad"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def ask(message):
    tool.stdin.write(json.dumps(message) + "\n")
    tool.stdin.flush()
    answer = json.loads(tool.stdout.readline())
    assert answer["id"] == message["id"]
    return answer


def differences(expected, given, path=""):
    if isinstance(expected, dict):
        if not isinstance(given, dict) or expected.keys() != given.keys():
            yield path, expected, given
            return
        for key in expected:
            yield from differences(expected[key], given[key], f"{path}.{key}")
    elif isinstance(expected, list):
        if not isinstance(given, list) or len(expected) != len(given):
            yield path, expected, given
            return
        for index, (a, b) in enumerate(zip(expected, given)):
            yield from differences(a, b, f"{path}[{index}]")
    elif not isinstance(given, (int, float)) or not abs(expected - given) <= TOLERANCE * max(1, abs(expected)):
        yield path, expected, given


assert ask({"id": 0, "kind": "start"})["tool"] == "tapegrad"
assert ask({"id": 1, "kind": "define", "module": "nonesuch"})["success"] is False
assert ask({"id": 2, "kind": "evaluate", "module": "det", "function": "primal", "input": {}})["success"] is False
bad, modules = 0, set()
for number, line in enumerate((HERE / "expected.jsonl").read_text().splitlines(), 3):
    question, expected = json.loads(line)
    if question["module"] not in modules:
        modules.add(question["module"])
        assert ask({"id": -number, "kind": "define", "module": question["module"]})["success"]
    answer = ask({"id": number, "kind": "evaluate"} | question)
    wrong = list(differences(expected, answer.get("output")))
    bad += bool(wrong)
    verdict = f"WRONG {wrong[:3]} {answer.get('error', '')}" if wrong else "right"
    print(f"{question['module']:9}{question['function']:10}{verdict}", flush=True)
assert len(modules) == 12, modules
sys.exit(bad > 0)
