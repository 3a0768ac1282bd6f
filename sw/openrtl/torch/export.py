"""A trained layer as integers, for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from openrtl.torch.layers import FixedQuantizer, FixedScale, FixedSpread, FixedTable, FixedWeights
from openrtl.torch.numbers import Format

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """Integers that stand for `codes * 2**-fraction`."""

    codes: Integers
    fraction: int


@dataclass(frozen=True)
class IntegerWeights:
    """A linear or convolution layer."""

    weight: Grid
    bias: Grid | None


@dataclass(frozen=True)
class IntegerTable:
    """A table: entry n is for the address whose bits, read as an unsigned number, are n."""

    address: Format
    entries: Grid


@dataclass(frozen=True)
class IntegerQuantizer:
    """A rounding: integer and fraction bits of each element (one of each where all are alike)."""

    signed: bool
    integer: Integers
    fraction: Integers
    rounding: str
    overflow: str


def to_grid(values: Tensor) -> Grid:
    """Exact values as integers over the largest possible power of two."""
    exact = values.detach().double().numpy()
    for fraction in range(-32, 64):
        codes = exact * 2.0**fraction
        if np.array_equal(codes, np.rint(codes)):
            if np.abs(codes).max(initial=0) >= 2.0**53:
                break
            return Grid(codes.astype(np.int64), fraction)
    raise ValueError("these values lie on no grid that 53 bits can hold (NaN or infinite?)")


def integers(layer: nn.Module) -> Any:
    """The integers of one fixed-point layer."""
    with torch.no_grad():
        if isinstance(layer, FixedWeights):
            bias = layer.grid_bias()
            return IntegerWeights(
                to_grid(layer.grid_weight()), None if bias is None else to_grid(bias)
            )
        if isinstance(layer, FixedSpread):
            return IntegerWeights(to_grid(torch.as_tensor(layer.matrix)), None)
        if isinstance(layer, FixedScale):
            return IntegerWeights(to_grid(torch.tensor([layer.factor], dtype=torch.float64)), None)
        if isinstance(layer, FixedTable):
            return IntegerTable(layer.address, to_grid(torch.as_tensor(layer.entries)))
        if isinstance(layer, FixedQuantizer):
            whole, fraction = layer.whole_bits()
            wide = (whole.astype(np.int64), fraction.astype(np.int64))
            return IntegerQuantizer(layer.signed, *wide, layer.rounding, layer.overflow)
    raise TypeError(f"{type(layer).__name__} is no fixed-point layer")


def export(model: nn.Module) -> dict[str, Any]:
    """Every fixed-point layer of a model by its name, as integers."""
    kinds = (FixedWeights, FixedSpread, FixedScale, FixedTable, FixedQuantizer)
    return {name: integers(m) for name, m in model.named_modules() if isinstance(m, kinds)}
