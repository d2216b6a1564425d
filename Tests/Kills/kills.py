#!/usr/bin/env python3
"""Kills trainings at random moments, and looks at what they leave: no model, the old one or a new one, and whole.

    python3 kills.py TAPEGRAD [KILLS [SEED]]

TAPEGRAD  the command, built in release mode
KILLS     how many; 200 unless given
SEED      of the moments; 1 unless given

Every second training begins in a folder without a model, the others over a model that is there. The layers are wide, so
that writing takes a good part of the time, and the moments are spread over the time that a whole training takes. A model
is judged by its bytes, read here, and by the command, which must predict with it. Where a part of a file was left beside
it, the next training into that folder must remove it.
"""

import hashlib
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

TAPEGRAD = pathlib.Path(sys.argv[1]).resolve()
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
RANDOM = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
OPTIONS = "--labels y --hidden 384,384 --rate 0.001 --epochs 4 --threads 1".split()


def run(*words):
    return subprocess.run([TAPEGRAD, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def check_safetensors(path):
    """The header's JSON, and tensors that cover the rest of the file without gaps."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    ends = sorted(entry["data_offsets"] for name, entry in header.items() if name != "__metadata__")
    position = 0
    for begin, end in ends:
        assert begin == position, f"{path}: a gap at {position}"
        position = end
    assert len(data) == 8 + size + position, f"{path}: {len(data)} bytes, {8 + size + position} expected"
    return hashlib.sha256(data).hexdigest()


def train(table, folder, moment):
    """Starts a training, and kills it after some seconds; whether it was still there to be killed."""
    process = subprocess.Popen(
        [TAPEGRAD, "train", table, *OPTIONS, "--force", "--output", folder], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def worker(number, moments, folder, table, old, counts):
    for index, moment in enumerate(moments):
        place = folder / f"{number}-{index}"
        if index % 2 == 1:
            shutil.copytree(old, place)
        before = check_safetensors(old / "model.safetensors") if index % 2 == 1 else None
        killed = train(table, place, moment)
        counts["killed" if killed else "ended before"] += 1
        model, last = place / "model.safetensors", place / "last.safetensors"
        if not model.exists():
            assert before is None, f"{model}: the old model is gone"
            counts["no model"] += 1
        else:
            counts["old model" if check_safetensors(model) == before else "new model"] += 1
            result = run("predict", table, "--model", place)
            assert result.returncode == 0, f"{model}: {result.stderr}"
        if last.exists():
            check_safetensors(last)
        if list(place.rglob("*.tmp")):
            counts["torn aside"] += 1
            result = run("train", table, *OPTIONS, "--force", "--output", place)
            assert result.returncode == 0, result.stderr
            left = list(place.rglob("*.tmp"))
            assert not left, f"{left}: still there after another training"
        shutil.rmtree(place, ignore_errors=True)


def main():
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        table, old = folder / "table.csv", folder / "old"
        rows = [[RANDOM.gauss(0, 1) for _ in range(8)] for _ in range(60)]
        table.write_text(
            ",".join("abcdefgh") + ",y\n"
            + "".join(",".join(f"{x:.4f}" for x in row) + f",{sum(row):.4f}\n" for row in rows))
        start = time.monotonic()
        # Another seed, so that the old model differs from every new one.
        result = run("train", table, *OPTIONS, "--seed", "2", "--output", old)
        duration = time.monotonic() - start
        assert result.returncode == 0, result.stderr
        counts = dict.fromkeys(["killed", "ended before", "no model", "old model", "new model", "torn aside"], 0)
        moments = [RANDOM.uniform(0, 1.1 * duration) for _ in range(KILLS)]
        failures = []

        def guarded(number, part):
            try:
                worker(number, part, folder, table, old, counts)
            except Exception as error:  # a thread's error must reach the exit code
                failures.append(f"{type(error).__name__}: {error}")

        threads = [threading.Thread(target=guarded, args=(n, moments[n::2])) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"{KILLS} trainings of {duration:.2f} s:", ", ".join(f"{n} {what}" for what, n in counts.items()))
        if failures:
            sys.exit("\n".join(failures))
        # A run that never met a model, or never missed one, would show nothing.
        for what in ["killed", "no model", "old model", "new model"]:
            assert counts[what] >= KILLS // 20, f"only {counts[what]} {what}: look at the moments"


main()
