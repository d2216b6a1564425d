"""The processes that are measured: one for each peer and number of threads."""
import json
import os
import signal
import subprocess
import tempfile
import time

from environment import Missing

LEAST_SECONDS = 0.01
"""How long a batch takes at least; as in `tapegrad benchmark`."""


def confinement(threads):
    """What keeps a process to so many threads: environment variables, and the processors that it may use."""
    names = ["TAPEGRAD_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]
    # Without OMP_PROC_BIND libgomp's threads, which spin, have been seen to share one processor of two.
    options = {"env": {**os.environ, "OMP_PROC_BIND": "true", **{name: str(threads) for name in names}}}
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))[-threads:]
        options["preexec_fn"] = lambda: os.sched_setaffinity(0, processors)
    return options


class Worker:
    """A process that waits for problems, and answers with a loss and times: worker.py, or the Swift package."""

    def __init__(self, command, threads):
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
            **confinement(threads),
        )
        self.version = self.answer()["version"]
        self.process.send_signal(signal.SIGSTOP)

    def train(self, problem, runs):
        """The loss after 20 steps, and the seconds of a step, by runs."""
        answer = self.ask(size=problem.size, activation=problem.activation, scalar=problem.scalar, runs=runs)
        return answer["loss"], answer["seconds"]

    def multiply(self, product, scalar, runs):
        """The seconds of a product of matrices."""
        return self.ask(
            product=product.lengths, transposed=product.transposed, scalar=scalar, runs=runs)["seconds"]

    def ask(self, **request):
        """The answer to a request. Between requests the process stands still: threads that wait for work may spin."""
        self.process.send_signal(signal.SIGCONT)
        try:
            self.process.stdin.write(json.dumps({**request, "batch": LEAST_SECONDS}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # what it said last is told below
        try:
            return self.answer()
        finally:
            self.process.send_signal(signal.SIGSTOP)

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            words = self.errors.read().strip().splitlines() or ["it ended without a word"]
            raise Missing(words[-1])
        answer = json.loads(line)
        if "error" in answer:
            raise Missing(answer["error"].splitlines()[0])
        return answer

    def end(self):
        self.process.kill()
        self.process.wait()


class TapeGrad:
    """`tapegrad benchmark --json`, run anew for each problem."""

    def __init__(self, program, mode, threads):
        self.program, self.mode, self.confinement = program, mode, confinement(threads)
        version = subprocess.check_output([program, "--version"], text=True)
        self.version = version.strip().replace("tapegrad", "TapeGrad")

    def train(self, problem, runs):
        options = ["--modes", self.mode, "--sizes", "x".join(map(str, problem.size))]
        options += ["--activation", problem.activation, "--scalar", problem.scalar]
        (figure,) = self.benchmark("step", runs, options)
        return figure["training"]["loss"], [figure["fastestSeconds"]]

    def multiply(self, product, scalar, runs):
        (figure,) = self.benchmark("matmul", runs, ["--products", str(product), "--scalar", scalar])
        return [figure["fastestSeconds"]]

    def benchmark(self, group, runs, options):
        # Without runs only the loss is wanted.
        length = ["--runs", str(runs)] if runs else ["--quick"]
        command = [self.program, "benchmark", "--json", "--only", group, *length, *options]
        return json.loads(subprocess.check_output(command, text=True, **self.confinement))["figures"]

    def end(self):
        pass


def once(command, threads):
    """A process that trains the smallest network for 20 steps: the seconds from its start to its end, and the most
    memory that it had, in bytes."""
    start = time.perf_counter()
    result = subprocess.run(command, capture_output=True, text=True, **confinement(threads))
    seconds = time.perf_counter() - start
    if result.returncode != 0:
        raise Missing((result.stderr.strip() or "failed").splitlines()[-1])
    return seconds, int(result.stdout)
