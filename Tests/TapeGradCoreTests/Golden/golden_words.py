"""Values and gradients of reductions, sorting and losses, by PyTorch in double precision: python golden_words.py > GoldenWords.swift

Inputs are multiples of 1/4 that the Swift side makes in the same way, exactly (see golden.py); none tie along an axis.
Needs torch.
"""

import torch

F = torch.nn.functional


def grid(shape, start):
    """((7k + start) mod 11 - 5)/4 for k = 0, 1, 2, ..."""
    count = 1
    for length in shape:
        count *= length
    numbers = [((7 * k + start) % 11 - 5) / 4 for k in range(count)]
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape).requires_grad_()


def weigh(y):
    """A weighted sum with weights 1, 2, 3, ...: every element counts differently."""
    return torch.sum(y.reshape(-1) * torch.arange(1.0, y.numel() + 1, dtype=torch.float64))


LABELS, WEIGHTS = torch.tensor([2, 0, 1, 1]), torch.tensor([1.0, 0.5, 2, 0], dtype=torch.float64)
SIGNS = torch.tensor([1.0, -1, -1, 1, 1], dtype=torch.float64)
CLASS_WEIGHTS = torch.tensor([0.5, 2, 1], dtype=torch.float64)
column = dict(dim=0, keepdim=True)


def cross_entropy(z, **options):
    return F.cross_entropy(z.T, LABELS, **options)


GRAPHS = [
    ("min", lambda x: weigh(x.min(dim=1).values), [(3, 4)]),
    ("minAll", lambda x: x.min(), [(2, 4)]),
    ("normTwo", lambda x: weigh(torch.linalg.vector_norm(x, 2, dim=0)), [(3, 4)]),
    ("normOne", lambda x: weigh(torch.linalg.vector_norm(x, 1, dim=1)), [(3, 4)]),
    ("normMaximum", lambda x: weigh(torch.linalg.vector_norm(x + 0.125, torch.inf, dim=1)), [(3, 4)]),
    ("cumulativeSum", lambda x: weigh(torch.cumsum(x, 1)), [(3, 5)]),
    ("cumulativeProduct", lambda x: weigh(torch.cumprod(x, 0)), [(5, 3)]),
    ("cumulativeLogSumExp", lambda x: weigh(torch.logcumsumexp(x, 1)), [(2, 6)]),
    ("variance", lambda x: weigh(torch.var(x, dim=1, correction=1)), [(3, 4)]),
    ("standardDeviation", lambda x: torch.std(x, correction=2), [(3, 4)]),
    ("logSumExp", lambda x: weigh(torch.logsumexp(x, dim=(0, 2))), [(2, 3, 4)]),
    ("sorted", lambda x: weigh(torch.sort(x, dim=1).values), [(3, 5)]),
    ("sortedDescending", lambda x: weigh(torch.sort(x, dim=0, descending=True).values), [(5, 3)]),
    ("topK", lambda x: weigh(torch.topk(x, 2, dim=1).values), [(3, 5)]),
    ("median", lambda x: weigh(torch.quantile(x, 0.5, dim=1)), [(3, 6)]),
    ("quantile", lambda x: weigh(torch.quantile(x, 0.3, dim=0)), [(6, 3)]),
    ("argMax", lambda x: weigh(torch.take_along_dim(x, x.argmax(dim=1, keepdim=True), 1) * x), [(3, 5)]),
    ("meanAbsoluteError", F.l1_loss, [(3, 4), (3, 4)]),
    ("huber", lambda x, y: F.huber_loss(x, y, delta=0.75), [(3, 4), (3, 4)]),
    ("huberSum", lambda x, y: F.huber_loss(x, y, reduction="sum"), [(3, 4), (3, 4)]),
    ("hinge", lambda s: torch.mean(F.relu(1 - SIGNS * s)), [(5,)]),
    ("kullbackLeibler", lambda t, z: F.kl_div(torch.log_softmax(z, 0).T, torch.softmax(t, 0).T, reduction="batchmean"), [(3, 4), (3, 4)]),
    ("likelihood", lambda z: F.nll_loss(torch.log_softmax(z, 0).T, LABELS), [(3, 4)]),
    ("likelihoodByClass", lambda z: F.nll_loss(torch.log_softmax(z, 0).T, LABELS, weight=CLASS_WEIGHTS), [(3, 4)]),
    ("crossEntropyIgnoring", lambda z: cross_entropy(z, ignore_index=1), [(3, 4)]),
    ("crossEntropySmoothed", lambda z: cross_entropy(z, label_smoothing=0.1), [(3, 4)]),
    ("crossEntropySmoothedIgnoring", lambda z: cross_entropy(z, label_smoothing=0.2, ignore_index=2), [(3, 4)]),
    ("crossEntropyByClass", lambda z: cross_entropy(z, weight=CLASS_WEIGHTS), [(3, 4)]),
    ("crossEntropySum", lambda z: cross_entropy(z, reduction="sum"), [(3, 4)]),
    ("crossEntropyNone", lambda z: weigh(cross_entropy(z, reduction="none")), [(3, 4)]),
    ("crossEntropyWeighted", lambda z: torch.sum(cross_entropy(z, reduction="none") * WEIGHTS) / WEIGHTS.sum(), [(3, 4)]),
    ("squaresWeighted", lambda x, y: torch.sum(torch.square(x - y) * WEIGHTS) / (3 * WEIGHTS.sum()), [(3, 4), (3, 4)]),
    ("binarySum", lambda z, t: F.binary_cross_entropy_with_logits(z, torch.sigmoid(t), reduction="sum"), [(3, 4), (3, 4)]),
]


def literal(numbers):
    lines, line = [], "     "
    for number in map(repr, numbers):
        if len(line) + len(number) > 119:
            lines, line = lines + [line], "     "
        line += f" {number},"
    return "\n".join(lines + [line])


print(f"// Written by golden_words.py with PyTorch {torch.__version__}, float64, on a CPU: not to be edited by hand.\n")
print("enum GoldenWords {\n  /// For each graph its value, then its gradients by every input, all elements in order.")
print("  static let numbers: [String: [Double]] = [")
for name, graph, shapes in GRAPHS:
    inputs = [grid(shape, 3 * i + 1) for i, shape in enumerate(shapes)]
    value = graph(*inputs)
    gradients = torch.autograd.grad(value, inputs)
    print(f'    "{name}": [')
    print(literal([value.item()] + [x.item() for g in gradients for x in g.reshape(-1)]))
    print("    ],")
print("  ]\n}")
