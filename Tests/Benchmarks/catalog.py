"""Who takes part."""
from typing import NamedTuple


class Peer(NamedTuple):
    """A way to train the network, in a process of its own."""

    name: str
    module: str
    """The Python module that holds it; `swift` for the Swift package; None for TapeGrad."""
    variant: str
    """Its class there; TapeGrad's mode."""
    packages: tuple = ()
    """What pip has to install."""


TORCH = ("torch", "--index-url", "https://download.pytorch.org/whl/cpu")

TAPEGRAD = [
    Peer("TapeGrad eager", None, "eager"),
    Peer("TapeGrad compiled", None, "compiled"),
    Peer("TapeGrad loop", None, "loop"),
]

PEERS = TAPEGRAD + [
    Peer("JAX jit", "peers.jax", "Jit", ("jax",)),
    Peer("JAX fori_loop", "peers.jax", "Loop", ("jax",)),
    Peer("PyTorch eager", "peers.pytorch", "Eager", TORCH),
    Peer("PyTorch compile", "peers.pytorch", "Compiled", TORCH),
    Peer("NumPy by hand", "peers.numpy", "ByHand"),
    Peer("Swift by hand", "swift", "ByHand"),
    Peer("Swift _Differentiation", "swift", "Differentiated"),
    Peer("MLX", "peers.mlx", "Lazy", ("mlx[cpu]",)),
    Peer("MLX compile", "peers.mlx", "Compiled", ("mlx[cpu]",)),
    Peer("autograd", "peers.autograd", "Autograd", ("autograd",)),
    Peer("tinygrad TinyJit", "peers.tinygrad", "Jitted", ("tinygrad",)),
]

PRODUCT_PEERS = ["JAX jit", "PyTorch eager", "NumPy by hand", "MLX"]
"""Those whose matrix products are worth a comparison."""
