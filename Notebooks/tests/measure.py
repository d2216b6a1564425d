"""Measures the kernel, for a person to read: python Notebooks/tests/measure.py [cells, 200]

How long from the start of the kernel to the first result, how long a small cell takes as cells become many, and what
completion and hover take. Other programs disturb every figure: the load of the machine stands beside them.
"""
import os
import statistics
import sys
import time

from test_kernel import Session

# What a cell of a notebook is like: a variable, a function, a type, a formula with tensors, a result that is shown.
KINDS = ["let a{0} = {0}", "func f{0}(_ x: Double) -> Double {{ x + {0} }}", "struct S{0} {{ var x = {0} }}",
         "let t{0} = Tensor<Double>([1, 2, {0}])", "print({0})", "try gradient(at: Tensor<Double>([1, 2])) {{ x in (x * x).sum() }}"]


def cpu(session):
    """Processor seconds of the kernel and of its children that ended: compiler, linker, and hosts that were replaced."""
    with open(f"/proc/{session.manager.provisioner.process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def seconds(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def main(count):
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    start = time.monotonic()
    session = Session()
    session.run("import TapeGrad\nimport Foundation\n1 + 1")
    print(f"first result {time.monotonic() - start:.2f} s after the start")
    before = cpu(session)
    times = [seconds(lambda: session.run(KINDS[i % len(KINDS)].format(i))) for i in range(count)]
    for first in range(0, count, 50):
        part = times[first:first + 50]
        print(f"cells {first + 1:3} to {first + len(part):3}: median {statistics.median(part):.2f} s,"
              f" 95 % within {sorted(part)[int(0.95 * (len(part) - 1))]:.2f} s")
    print(f"{(cpu(session) - before) / count:.3f} s of processor time a cell")
    start = time.monotonic()
    while not session.client.complete("t3.", reply=True, timeout=60)["content"]["matches"]:
        time.sleep(0.1)
    print(f"first completion {time.monotonic() - start:.2f} s after the first question")
    asked = [(seconds(lambda: session.client.complete("t3.", reply=True, timeout=60)),
              seconds(lambda: session.client.inspect("t3", reply=True, timeout=60))) for _ in range(20)]
    for name, index in (("completion", 0), ("hover", 1)):
        part = sorted(pair[index] for pair in asked)
        print(f"{name}: median {statistics.median(part):.3f} s, slowest {part[-1]:.2f} s")
    print(f"load {os.getloadavg()[0]:.1f}")
    session.stop()


main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
