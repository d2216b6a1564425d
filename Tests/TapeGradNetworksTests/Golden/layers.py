"""What PyTorch's normalizations give, in double precision: python layers.py > layers.json

Each maps x (4 features, 3 examples) to y; J = Σ y³. Values, gradients, and the running numbers after two batches.
PyTorch has examples as rows. Needs torch; nothing of the library does.
"""

import json

import torch

torch.set_default_dtype(torch.float64)


def grid(shape, start):
    """((7k + start) mod 11 - 5)/4 for k = 0, 1, 2, ..., as golden.py of the core has it."""
    count = shape[0] * shape[1]
    return torch.tensor([((7 * k + start) % 11 - 5) / 4 for k in range(count)]).reshape(shape)


def results(layer, x):
    """y, ∂J/∂x, ∂J/∂γ, ∂J/∂β, with features as rows."""
    x = x.clone().requires_grad_(True)
    y = layer(x.T).T
    (y**3).sum().backward()
    flat = [y.detach().flatten(), x.grad.flatten(), layer.weight.grad, layer.bias.grad]
    return [v.tolist() for v in flat]


def with_parameters(layer):
    with torch.no_grad():
        layer.weight.copy_(grid((4, 1), 2).flatten())
        layer.bias.copy_(grid((4, 1), 5).flatten())
    return layer


x, other = grid((4, 3), 1), grid((4, 3), 4)
batch = with_parameters(torch.nn.BatchNorm1d(4))
learning = results(batch, x)
batch(other.T)
running = [batch.running_mean.tolist(), batch.running_var.tolist()]
batch.eval()
batch.zero_grad()
print(
    json.dumps(
        {
            "source": f"PyTorch {torch.__version__}, float64, on a CPU",
            "layer": results(with_parameters(torch.nn.LayerNorm(4)), x),
            "batchLearning": learning,
            "batchRunning": running,
            "batchUsed": results(batch, x),
        },
        indent=0,
    )
)
