"""What PyTorch's optimizers and schedules give, in double precision: python optimizers.py > optimizers.json

Logistic regression with two weights and a bias on ten examples, which no line separates. The parameters after some of
the first 100 steps; for the schedules, the factor of the rate at some steps. Needs torch; nothing of the library does.
"""

import json

import torch

torch.set_default_dtype(torch.float64)
RECORDED = [1, 2, 3, 5, 10, 20, 40, 60, 80, 100]

X = torch.tensor([[((7 * k + 3 * i) % 11 - 5) / 4 for k in range(10)] for i in range(2)])
Y = torch.tensor([[1.0, 0, 1, 1, 0, 0, 1, 0, 1, 0]])


def loss(w, b):
    return torch.nn.functional.binary_cross_entropy_with_logits(w @ X + b, Y)


def parameters():
    w = torch.tensor([[0.5, -1.25]], requires_grad=True)
    b = torch.tensor([[0.75]], requires_grad=True)
    return w, b


def trajectory(make, clip=lambda p: None, schedule=None):
    w, b = parameters()
    optimizer = make([w, b])
    scheduler = schedule(optimizer) if schedule else None
    recorded = []
    for step in range(1, 101):

        def closure():
            optimizer.zero_grad()
            value = loss(w, b)
            value.backward()
            clip([w, b])
            return value

        optimizer.step(closure)
        if scheduler:
            scheduler.step()
        if step in RECORDED:
            recorded.append([*w.flatten().tolist(), b.item()])
    return recorded


def factors(schedule):
    optimizer = torch.optim.SGD(parameters(), lr=1.0)
    scheduler = schedule(optimizer)
    found = []
    for _ in range(101):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def valley():
    """Rosenbrock's function from (-1.2, 1), by L-BFGS with a line search: the place after each step."""
    w = torch.tensor([-1.2, 1.0], requires_grad=True)
    optimizer = OPTIMIZERS["lbfgsStrongWolfe"]([w])

    def closure():
        optimizer.zero_grad()
        value = (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2
        value.backward()
        return value

    places = []
    for _ in range(40):
        optimizer.step(closure)
        places.append(w.tolist())
    return places


def groups(parameters):
    w, b = parameters
    return [{"params": [w]}, {"params": [b], "weight_decay": 0.0}]


o, s = torch.optim, torch.optim.lr_scheduler
OPTIMIZERS = {
    "gradientDescent": lambda p: o.SGD(p, lr=0.5),
    "gradientDescentL2": lambda p: o.SGD(p, lr=0.5, weight_decay=0.1),
    "momentum": lambda p: o.SGD(p, lr=0.1, momentum=0.9),
    "nesterov": lambda p: o.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "rmsProp": lambda p: o.RMSprop(p, lr=0.01),
    "adam": lambda p: o.Adam(p, lr=0.05),
    "adamL2": lambda p: o.Adam(p, lr=0.05, weight_decay=0.1),
    "adamW": lambda p: o.AdamW(p, lr=0.05, weight_decay=0.1),
    # Parameter groups: the bias does not decay.
    "gradientDescentL2Weight": lambda p: o.SGD(groups(p), lr=0.5, weight_decay=0.1),
    "adamWWeight": lambda p: o.AdamW(groups(p), lr=0.05, weight_decay=0.1),
    "adagrad": lambda p: o.Adagrad(p, lr=0.1),
    "lbfgsStrongWolfe": lambda p: o.LBFGS(
        p, max_iter=1, max_eval=26, history_size=5, tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe"
    ),
    "lbfgs": lambda p: o.LBFGS(p, lr=0.1, max_iter=1, history_size=5, tolerance_grad=0, tolerance_change=0),
}
SCHEDULES = {
    "step": lambda q: s.MultiStepLR(q, milestones=[10, 30, 31], gamma=0.5),
    "cosine": lambda q: s.CosineAnnealingLR(q, T_max=100, eta_min=0.01),
    "warmUp": lambda q: s.SequentialLR(
        q,
        [s.LinearLR(q, start_factor=0.25, total_iters=20), s.CosineAnnealingLR(q, T_max=80)],
        milestones=[20],
    ),
    "oneCycle": lambda q: s.OneCycleLR(q, max_lr=1.0, total_steps=102, cycle_momentum=False),
}
CLIPPINGS = {
    "clippedByNorm": lambda p: torch.nn.utils.clip_grad_norm_(p, 0.1),
    "clippedByValue": lambda p: torch.nn.utils.clip_grad_value_(p, 0.05),
}

trajectories = {name: trajectory(make) for name, make in OPTIMIZERS.items()}
for name, clip in CLIPPINGS.items():
    trajectories[name] = trajectory(lambda p: o.SGD(p, lr=0.5, momentum=0.5), clip)
trajectories["adamCosine"] = trajectory(
    lambda p: o.Adam(p, lr=0.05), schedule=lambda q: s.CosineAnnealingLR(q, T_max=100)
)
print(
    json.dumps(
        {
            "source": f"PyTorch {torch.__version__}, float64, on a CPU",
            "recorded": RECORDED,
            "trajectories": trajectories,
            "valley": valley(),
            "factors": {name: factors(schedule) for name, schedule in SCHEDULES.items()},
        },
        indent=0,
    )
)
