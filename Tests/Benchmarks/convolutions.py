#!/usr/bin/env python3
"""Convolutions and pooling beside PyTorch's, on one thread: the layers of LeNet and of ResNet-18, and one of MobileNet.

    swift build -c release --package-path Tests/Benchmarks/Convolutions
    python3 Tests/Benchmarks/convolutions.py Tests/Benchmarks/Convolutions/.build/release/Convolutions [--batch 8]

Both compute the same numbers, in turn, in each of some rounds; in a round the fastest of some runs counts. Printed are the
medians over the rounds in milliseconds of the processor's time, in which other work on the machine does not count, and the
median of the ratios of one round, above 1 where PyTorch is faster. The cotangents are of the images and of the filters. A sum
over the result shows that both did the same. Needs torch.
"""
import argparse
import os
import statistics
import subprocess
import time

os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"
import torch  # noqa: E402

torch.set_num_threads(1)

# Name, images (C, H, W), and of a convolution the filters (O, window), stride, padding and, where there are several, groups;
# of pooling window, stride, padding.
LAYERS = [
    ("LeNet conv 1", "conv", (1, 28, 28), (6, 5, 1, 2)),
    ("LeNet pool 1", "mean", (6, 28, 28), (2, 2, 0)),
    ("LeNet conv 2", "conv", (6, 14, 14), (16, 5, 1, 0)),
    ("LeNet pool 2", "max", (16, 10, 10), (2, 2, 0)),
    ("ResNet-18 conv 1", "conv", (3, 224, 224), (64, 7, 2, 3)),
    ("ResNet-18 pool", "max", (64, 112, 112), (3, 2, 1)),
    ("ResNet-18 layer 1", "conv", (64, 56, 56), (64, 3, 1, 1)),
    ("ResNet-18 layer 2 first", "conv", (64, 56, 56), (128, 3, 2, 1)),
    ("ResNet-18 layer 2 side", "conv", (64, 56, 56), (128, 1, 2, 0)),
    ("ResNet-18 layer 2", "conv", (128, 28, 28), (128, 3, 1, 1)),
    ("ResNet-18 layer 3 first", "conv", (128, 28, 28), (256, 3, 2, 1)),
    ("ResNet-18 layer 3 side", "conv", (128, 28, 28), (256, 1, 2, 0)),
    ("ResNet-18 layer 3", "conv", (256, 14, 14), (256, 3, 1, 1)),
    ("ResNet-18 layer 4 first", "conv", (256, 14, 14), (512, 3, 2, 1)),
    ("ResNet-18 layer 4 side", "conv", (256, 14, 14), (512, 1, 2, 0)),
    ("ResNet-18 layer 4", "conv", (512, 7, 7), (512, 3, 1, 1)),
    ("MobileNet depthwise", "conv", (128, 56, 56), (128, 3, 1, 1, 128)),
]


def grid(shape, start):
    """((7k + start) mod 11 - 5)/4 for k = 0, 1, 2, ..."""
    count = torch.Size(shape).numel()
    return (((7 * torch.arange(count) + start) % 11 - 5).float() / 4).reshape(shape)


class PyTorch:
    def __init__(self, kind, batch, image, numbers):
        self.x, self.kind = grid((batch, *image), 1).requires_grad_(), kind
        if kind == "conv":
            filters, window, self.stride, self.padding, *groups = numbers
            self.groups = groups[0] if groups else 1
            self.w = grid((filters, image[0] // self.groups, window, window), 4).requires_grad_()
        else:
            self.window, self.stride, self.padding = numbers

    def forward(self):
        if self.kind == "conv":
            return torch.nn.functional.conv2d(
                self.x, self.w, stride=self.stride, padding=self.padding, groups=self.groups)
        pool = torch.nn.functional.max_pool2d if self.kind == "max" else torch.nn.functional.avg_pool2d
        return pool(self.x, self.window, stride=self.stride, padding=self.padding)

    def measure(self, direction, runs):
        best = float("inf")
        for _ in range(runs):
            if direction == "forward":
                with torch.no_grad():
                    start = time.process_time()
                    result = self.forward()
                    best = min(best, time.process_time() - start)
            else:
                y = self.forward()
                inputs = [self.x, self.w] if self.kind == "conv" else [self.x]
                cotangent = grid(y.shape, 2)
                start = time.process_time()
                cotangents = torch.autograd.grad(y, inputs, cotangent)
                best = min(best, time.process_time() - start)
                result = cotangents[-1]
        return best, result.double().abs().sum().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    environment = dict(os.environ, TAPEGRAD_THREADS="1")
    swift = subprocess.Popen(
        [options.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    print(f"PyTorch {torch.__version__}, one thread, {options.batch} images; milliseconds of the processor, medians of {options.rounds} rounds")
    print(f"{'':26}{'forward':>29}{'cotangents':>29}")
    print(f"{'':26}" + f"{'TapeGrad':>10}{'PyTorch':>10}{'ratio':>9}" * 2)
    for name, kind, image, numbers in LAYERS:
        if options.only not in name:
            continue
        line, peer = f"{name:26}", PyTorch(kind, options.batch, image, numbers)
        sizes = (numbers[0], numbers[1], *numbers[1:4], *(numbers[4:] or (1,))) if kind == "conv" else numbers
        for direction in ("forward", "backward"):
            runs = 5 if options.batch * image[0] * image[1] > 10000 else 30
            own, others = [], []
            for _ in range(options.rounds):
                swift.stdin.write(" ".join(map(str, (kind, options.batch, *image, *sizes, direction, runs))) + "\n")
                swift.stdin.flush()
                seconds, total = map(float, swift.stdout.readline().split())
                other, expected = peer.measure(direction, runs)
                # PyTorch gives all of the cotangent to the first of several largest elements.
                if abs(total - expected) > 1e-4 * expected and not (kind == "max" and direction == "backward"):
                    raise SystemExit(f"{name}, {direction}: the sums are {total} and {expected}")
                own.append(seconds)
                others.append(other)
            ratio = statistics.median(a / b for a, b in zip(own, others))
            line += f"{1e3 * statistics.median(own):10.3f}{1e3 * statistics.median(others):10.3f}{ratio:9.2f}"
        print(line, flush=True)


main()
