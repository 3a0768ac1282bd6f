"""Input vectors where fixed-point arithmetic is prone to errors, and a count of such cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from openrtl.precision import Numbers
from openrtl.torch import FixedQuantizer, FixedTable, Format


def grid(form: Format, values: Numbers) -> Numbers:
    snapped: Numbers = np.clip(np.floor(values / form.step) * form.step, form.low, form.high)
    return snapped


def draw(form: Format, shape: tuple[int, ...], count: int, rng: np.random.Generator) -> Numbers:
    """The format's corners alone, then uniform and small values with corners mixed in."""
    size = (count, *shape)
    codes = rng.integers(round(form.low / form.step), round(form.high / form.step) + 1, size)
    uniform = codes * form.step
    small = grid(form, rng.normal(size=size) * form.high / 8)
    ends = np.array([form.low, form.high, 0.0, form.step, -form.step if form.signed else 0.0])
    corners = rng.choice(ends, size)
    kind = rng.random((count, *[1] * len(shape)))
    values = np.where(kind < 0.4, uniform, np.where(kind < 0.7, small, corners))
    values = np.where(rng.random(size) < 0.05, corners, values)
    for n, end in enumerate(ends):
        values[n] = end
    width = int(np.prod(shape))
    flat = values.reshape(count, -1)
    for n in range(min(2 * width, count - 8)):  # one element at an end, all others zero
        flat[8 + n] = 0.0
        flat[8 + n, n // 2] = ends[n % 2]
    return flat.reshape(size)


@dataclass
class Reached:
    """How often the vectors met a rounding tie, a saturation, and each entry of a table."""

    ties: int = 0
    saturations: int = 0
    addresses: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def unread(self) -> int:
        """Table entries that no vector read."""
        return sum(size - read for read, size in self.addresses.values())


def reached(module: nn.Module, tensors: list[Numbers]) -> Reached:
    """Run the torch network once, with hooks on its quantisers and tables."""
    counts, hooks = Reached(), []

    def quantiser(layer: Any, inputs: tuple[Tensor, ...], result: Tensor) -> None:
        scaled = inputs[0] * torch.exp2(torch.round(layer.fraction))
        counts.ties += int((scaled - torch.floor(scaled) == 0.5).sum())
        step = torch.exp2(-torch.round(layer.fraction))
        counts.saturations += int(((inputs[0] - result).abs() > step).sum())

    def table(name: str) -> Any:
        def look(layer: Any, inputs: tuple[Tensor, ...], _: Tensor) -> None:
            codes = torch.round(inputs[0] * 2.0**layer.address.fraction).unique()  # type: ignore[no-untyped-call]
            counts.addresses[name] = codes.numel(), 1 << layer.address.width

        return look

    for name, layer in module.named_modules():
        if isinstance(layer, FixedQuantizer):
            hooks.append(layer.register_forward_hook(quantiser))
        if isinstance(layer, FixedTable):
            hooks.append(layer.register_forward_hook(table(name)))
    with torch.no_grad():
        module(*[torch.from_numpy(t) for t in tensors])
    for hook in hooks:
        hook.remove()
    return counts
