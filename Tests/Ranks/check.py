#!/usr/bin/env python3
"""Training over MPI: losses on 1, 2 and 4 ranks, errors, and ranks that are killed.

    check.py RANKS [MPIRUN...]

RANKS   the program TapeGradRanks, built with the trait MPI
MPIRUN  how to start it; `mpirun --allow-run-as-root --oversubscribe` unless given

The losses of three trainings must agree on any number of ranks. Then rank 1, and rank 0, are killed in the middle of a
training that writes a checkpoint after each epoch: mpirun must end, and the training, started again, must leave the same
bytes as one that was not interrupted.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

RANKS = pathlib.Path(sys.argv[1]).resolve()
MPIRUN = sys.argv[2:] or ["mpirun", "--allow-run-as-root", "--oversubscribe"]
ENVIRONMENT = os.environ | {"TAPEGRAD_THREADS": "1"}
EPOCHS = 120


def command(size, *words):
    return [*MPIRUN, "-n", str(size), str(RANKS), *map(str, words)]


def run(size, *words):
    done = subprocess.run(
        command(size, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, timeout=120)
    assert done.returncode == 0, f"{words} on {size} ranks: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def check_losses():
    found = {size: [float(line) for line in run(size, "losses").split()] for size in (1, 2, 4)}
    for size, losses in found.items():
        farthest = max(abs(a - b) / abs(b) for a, b in zip(losses, found[1], strict=True))
        assert farthest < 1e-4, f"{size} ranks: losses differ by {farthest}"
        print(f"{size} ranks: {len(losses)} losses, to {losses[199]:.8f} and {losses[-1]:.8f}; "
              f"at most {farthest:.1e} from those of one rank")
    print("1, 2 and 4 ranks have the same losses to rounding")


def check_calls():
    for size in (1, 2):
        print(run(size, "calls"), end="")
    start = time.monotonic()
    failed = subprocess.run(
        command(2, "fail"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT, timeout=120)
    assert failed.returncode != 0, "mpirun does not tell that a rank has thrown an error"
    print(f"a rank that throws ends the others, within {time.monotonic() - start:.1f} s")


def epochs_of(path):
    """The number of epochs of the training in a file, which must be whole."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    end = max(entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__")
    assert len(data) == 8 + size + end, f"{path}: {len(data)} bytes, {8 + size + end} expected"
    return header["__metadata__"]["history"].count("\n") - 1


def kill(path, victim, epoch):
    """Trains on two ranks, and kills one of them after an epoch; the epochs that the file then has."""
    process = subprocess.Popen(
        command(2, "train", path, EPOCHS), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    pids = {}
    while len(pids) < 2:
        line = process.stderr.readline()
        assert line, "mpirun ended before the ranks began"
        if found := re.search(r"rank (\d+) is process (\d+)", line):
            pids[int(found[1])] = int(found[2])
    while not path.exists() or epochs_of(path) < epoch:
        assert process.poll() is None, "the training ended too early to be killed"
        time.sleep(0.002)
    os.kill(pids[victim], signal.SIGKILL)
    process.communicate(timeout=120)
    assert process.returncode != 0, "mpirun does not tell that a rank was killed"
    return epochs_of(path)


def check_kills(folder):
    whole = folder / "whole.safetensors"
    run(2, "train", whole, EPOCHS)
    assert epochs_of(whole) == EPOCHS
    for victim in (1, 0):
        path = folder / f"killed-{victim}.safetensors"
        stood = kill(path, victim, EPOCHS // 4)
        assert stood < EPOCHS, "the training was over before the kill"
        run(2, "train", path, EPOCHS)
        assert path.read_bytes() == whole.read_bytes(), f"rank {victim} killed: the resumed training has other bits"
        print(f"rank {victim} killed after {stood} epochs: resumed to the bits of {EPOCHS} epochs without a stop")


check_losses()
check_calls()
with tempfile.TemporaryDirectory() as folder:
    check_kills(pathlib.Path(folder))
