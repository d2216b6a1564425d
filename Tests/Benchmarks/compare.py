#!/usr/bin/env python3
"""Sets TapeGrad beside others: the same training step, on the same numbers, in turn.

    swift build -c release
    python3 Tests/Benchmarks/compare.py .build/release/tapegrad --threads 1,2 --json all.json --chart steps.svg

Everybody trains the two-layer network of `tapegrad benchmark`: forward, binary cross-entropy, backward, update, from
weights and data that one formula gives (problem.py). The peers:

    JAX                     jax.jit for each step, and a loop of steps by lax.fori_loop
    PyTorch                 eager, and torch.compile of the whole step
    NumPy by hand           the study notes' equations
    Swift by hand           the same as loops over arrays, with the toolchain only (SwiftPeers)
    Swift _Differentiation  the compiler's own differentiation, of the same loops
    MLX                     on the processor: as it comes, and mx.compile
    autograd                HIPS autograd
    tinygrad                with TinyJit

Each runs in a process of its own, in a virtual environment that is made where `--venv` says, outside the repository,
and kept. What cannot be installed or run is named as missing. First all train for 20 steps: unless their losses agree
to a relative 1e-4, nothing is measured. Then come the rounds. In each, everybody has its turn, times some batches of
at least 10 ms, and its fastest batch counts. Printed are the median over the rounds, their spread, and the median of
the ratios to each of TapeGrad's modes in the same round: above 1 is slower than TapeGrad.

Before each turn the machine is to be quiet: that is waited for, for `--patience` seconds in all, and turns that ran
beside other work are counted. `--threads` sets environment variables for those that heed them and, on Linux, the
processors that a process may use. `--products` also compares matrix products, `--starts` whole processes of 20 steps:
their time and their memory.
"""
import argparse
import collections
import json
import pathlib
import sys

import chart
import report
from catalog import PEERS, PRODUCT_PEERS, TAPEGRAD
from environment import Environment, Missing, note
from problem import Problem, Product
from processes import TapeGrad, Worker, once
from quiet import Quiet


class Comparison:
    """The measurements: for each thing that is measured, everybody's seconds, round by round."""

    def __init__(self, options):
        self.options = options
        self.environment = Environment(options.venv, installs=not options.no_install)
        self.peers = [peer for peer in PEERS if not options.peers or peer.name in options.peers or peer in TAPEGRAD]
        self.missing, self.versions = {}, {}
        self.quiet = Quiet(options.patience)
        self.steps = collections.defaultdict(dict)
        self.products = collections.defaultdict(dict)
        self.starts = {}

    def attempt(self, peer, what, action):
        """The action's result; None where the peer cannot take part, which is noted."""
        try:
            return action()
        except Missing as reason:
            self.missing[peer.name if what is None else f"{peer.name}, {what}"] = str(reason)
            note(f"{peer.name} is missing{what and f' ({what})' or ''}: {reason}")

    def command(self, peer):
        return [self.options.tapegrad] if peer in TAPEGRAD else self.environment.command(peer)

    def process(self, peer, threads):
        def start():
            if peer in TAPEGRAD:
                return TapeGrad(self.options.tapegrad, peer.variant, threads)
            return Worker(self.environment.command(peer), threads)

        process = self.attempt(peer, None, start)
        if process:
            self.versions[peer.name] = process.version
        return process

    def measure(self, threads):
        processes = {peer: self.process(peer, threads) for peer in self.peers if peer.name not in self.missing}
        processes = {peer: process for peer, process in processes.items() if process}
        for problem in self.options.problems:
            able = self.agreeing(problem, processes)
            for peer, process in self.turns(able, f"{problem}, {report.threads(threads)}"):
                seconds = self.steps[problem, threads]
                self.take(seconds, peer, problem, lambda: process.train(problem, self.options.runs)[1])
        multipliers = {p: process for p, process in processes.items() if p.name in PRODUCT_PEERS or p is TAPEGRAD[0]}
        for product in self.options.products:
            scalar = self.options.scalar[0]
            for peer, process in self.turns(multipliers, f"product {product}, {report.threads(threads)}"):
                seconds = self.products[(product, scalar), threads]
                self.take(seconds, peer, f"product {product}", lambda: process.multiply(product, scalar, self.options.runs))
        for process in processes.values():
            process.end()

    def turns(self, processes, what):
        """Everybody's turn in each round, each round beginning with another."""
        everybody = list(processes.items())
        for number in range(self.options.rounds):
            note(f"{what}: round {number + 1} of {self.options.rounds}")
            first = number % len(everybody)
            for turn in everybody[first:] + everybody[:first]:
                self.quiet.wait()
                yield turn

    def take(self, table, peer, what, action):
        seconds = self.attempt(peer, what, action)
        if seconds:
            table.setdefault(peer.name, []).append(min(seconds))

    def agreeing(self, problem, processes):
        """Those that can train this problem; ends everything where their losses differ."""
        note(f"{problem}: losses after 20 steps")
        losses = {}
        for peer, process in processes.items():
            answer = self.attempt(peer, problem, lambda: process.train(problem, runs=0))
            if answer:
                losses[peer] = answer[0]
        expected = losses[TAPEGRAD[0]]
        if not all(abs(loss / expected - 1) <= 1e-4 for loss in losses.values()):
            lines = [f"  {peer.name:24} {loss}" for peer, loss in losses.items()]
            sys.exit("\n".join([f"{problem}: the losses after 20 steps differ; nothing is measured", *lines]))
        return {peer: processes[peer] for peer in losses}

    def measure_starts(self, threads):
        note("whole processes")
        for peer in self.peers:
            if peer.name in self.missing:
                continue
            command = self.command(peer) + ["--once"]
            if peer in TAPEGRAD:
                command = [self.options.tapegrad, "benchmark", "--once", peer.variant, "--sizes", "2x4x400"]
            self.quiet.wait()
            runs = self.attempt(peer, "whole process", lambda: [once(command, threads) for _ in range(3)])
            if runs:
                self.starts[peer.name] = [seconds for seconds, _ in runs], max(memory for _, memory in runs)


def arguments():
    description, _, more = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter)

    def numbers(text):
        return [int(part) for part in text.split(",")]

    def products(text):
        return [Product.named(part) for part in text.split(",")]

    def sizes(text):
        return [tuple(int(number) for number in part.split("x")) for part in text.split(",")]

    def names(text):
        return text.split(",")

    add = parser.add_argument
    add("tapegrad", type=lambda path: str(pathlib.Path(path).resolve()), help="the command, built for release")
    add("--venv", default="~/.cache/tapegrad-benchmarks", help="the peers' environment (%(default)s)")
    add("--no-install", action="store_true", help="takes the environment as it is")
    add("--peers", type=names, metavar="NAMES", help=f"some of: {', '.join(p.name for p in PEERS[len(TAPEGRAD):])}")
    add("--sizes", type=sizes, default=sizes("2x4x400,30x16x569,784x128x256"), help="n_x, n_1 and m of each network")
    add("--activation", type=names, default=["tanh"], metavar="NAMES", help="tanh, relu (tanh)")
    add("--scalar", type=names, default=["Float"], metavar="TYPES", help="Float, Double (Float)")
    add("--threads", type=numbers, default=[1], metavar="NUMBERS", help="how many threads everybody has (1)")
    add("--rounds", type=int, default=5, help="how often everybody has its turn (%(default)s)")
    add("--runs", type=int, default=7, help="batches in a turn (%(default)s)")
    add("--products", type=products, default=[], metavar="SHAPES",
        help="also multiplies matrices: square ones, say 256, or of m, k and n, say 16x569x30t, the second transposed")
    add("--patience", type=int, default=120, help="seconds to wait, in all, for a quiet machine (%(default)s)")
    add("--starts", action="store_true", help="also measures whole processes")
    add("--json", metavar="FILE", help="writes everything there")
    add("--chart", metavar="FILE", help="draws the steps there, as SVG")
    options = parser.parse_args()
    known = [peer.name for peer in PEERS]
    for name in options.peers or []:
        if name not in known:
            parser.error(f"there is no peer '{name}'; there are {', '.join(known)}")
    options.problems = [
        Problem(size, activation, scalar)
        for size in options.sizes for activation in options.activation for scalar in options.scalar
    ]
    return options


def main():
    options = arguments()
    comparison = Comparison(options)
    for threads in options.threads:
        comparison.measure(threads)
    if options.starts:
        comparison.measure_starts(options.threads[0])
    results = report.results(comparison)
    print(report.text(results))
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=2) + "\n")
    if options.chart:
        pathlib.Path(options.chart).write_text(chart.svg(results))


main()
