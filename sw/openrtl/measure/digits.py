"""The reference network: an MLP 16-64-32-32-5 on scikit-learn's digits 0 to 4, of 4 x 4 pixels.

It is trained twice from one seed, in floating point, and in fixed point with trained bit widths and
pruning; both are scored on the same held-out third.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

from openrtl.torch import (
    FixedLinear,
    FixedQuantizer,
    FixedWeights,
    effective_bit_operations,
    nonzero_weights,
    prune_smallest,
)

SIZES = (16, 64, 32, 32, 5)


class FixedMLP(nn.Module):
    """Linear layers with ReLU between them, everything on grids; widths are trained."""

    def __init__(self, sizes: tuple[int, ...], learn: str = "weight", fraction: int = 4) -> None:
        super().__init__()
        source = FixedQuantizer(0, 4, signed=False)
        self.sizes, self.to_x = sizes, source
        self.layers, self.relus, self.quantizers = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for n_in, n_out in pairwise(sizes):
            last = n_out is sizes[-1] or len(self.layers) == len(sizes) - 2
            layer = FixedLinear(n_in, n_out, fraction, integer=1, learn=learn, source=source)
            source = (
                FixedQuantizer(4, 4)
                if last
                else FixedQuantizer(2, 3, signed=False, learn=bool(learn))
            )
            self.layers.append(layer)
            self.relus.append(nn.Identity() if last else nn.ReLU())
            self.quantizers.append(source)

    def forward(self, x: Tensor) -> Tensor:
        x = self.to_x(x)
        for n, (layer, quantizer) in enumerate(zip(self.layers, self.quantizers, strict=True)):
            x = layer(x)
            if n < len(self.layers) - 1:
                x = self.relus[n](x)
            x = quantizer(x)
        return x

    def input_shapes(self) -> list[tuple[int, ...]]:
        return [(self.sizes[0],)]


@dataclass
class Trained:
    """Both networks and their accuracy on the held-out part, in percent."""

    network: FixedMLP
    float_accuracy: float
    fixed_accuracy: float
    nonzero: int
    weights: int
    inputs: Tensor


def data() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and test images as 16 numbers in [0, 1), with labels."""
    images, labels = load_digits(n_class=5, return_X_y=True)
    pooled = torch.tensor(images).reshape(-1, 1, 8, 8) / 16.0
    flat = nn.functional.avg_pool2d(pooled, 2).reshape(-1, 16).float()
    split = train_test_split(flat.numpy(), labels, test_size=1 / 3, random_state=0, stratify=labels)
    x, x_test, y, y_test = (torch.tensor(part) for part in split)
    return x, y.long(), x_test, y_test.long()


def _accuracy(network: nn.Module, x: Tensor, y: Tensor) -> float:
    network.eval()
    with torch.no_grad():
        right = (network(x).argmax(dim=1) == y).float().mean()
    return 100.0 * float(right)


def _fit(
    network: nn.Module, x: Tensor, y: Tensor, epochs: int, rate: float, penalty: float
) -> None:
    optimizer = torch.optim.Adam(network.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    network.train()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for at in range(0, len(x), 64):
            batch = order[at : at + 64]
            loss = nn.functional.cross_entropy(network(x[batch]), y[batch])
            if penalty:
                loss = loss + penalty * effective_bit_operations(network)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        schedule.step()


def _float_network(sizes: tuple[int, ...]) -> nn.Sequential:
    parts: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        parts += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*parts[:-1])


def train(seed: int = 1, penalty: float = 3e-5, shares: tuple[float, ...] = (0.5, 0.75)) -> Trained:
    """Float first, then fixed point with the penalty, pruned in steps, and a last fit."""
    torch.manual_seed(seed)
    x, y, x_test, y_test = data()
    floating = _float_network(SIZES)
    _fit(floating, x, y, 60, 3e-3, 0.0)
    torch.manual_seed(seed)
    network = FixedMLP(SIZES)
    _fit(network, x, y, 60, 3e-3, penalty)
    for share in shares:
        for layer in list(network.layers)[:-1]:
            assert isinstance(layer, FixedWeights)
            prune_smallest(layer, share)
        _fit(network, x, y, 40, 2e-3, penalty)
    nonzero, weights = nonzero_weights(network)
    return Trained(
        network,
        _accuracy(floating, x_test, y_test),
        _accuracy(network, x_test, y_test),
        nonzero,
        weights,
        x_test,
    )
