"""The cost of a model in hardware, as a penalty for training, and pruning to lower it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from openrtl.torch.layers import FixedWeights


def effective_bit_operations(model: nn.Module) -> Tensor:
    """The resource penalty: the sum over all products of weight bits times input bits."""
    costs = [m.bit_operations() for m in model.modules() if isinstance(m, FixedWeights)]
    return torch.stack(costs).sum() if costs else torch.zeros(())


def prune_smallest(layer: FixedWeights, share: float) -> int:
    """Prune the smallest `share` of a layer's weights; returns how many weights are pruned."""
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"share={share}: between 0 and 1")
    count = round(share * layer.weight.numel())
    with torch.no_grad():
        order = layer.weight.abs().ravel().argsort()
        layer.keep.ravel()[order[:count]] = False
    return int((~layer.keep).sum())


def nonzero_weights(model: nn.Module) -> tuple[int, int]:
    """Weights that are not zero on their grid, and all weights."""
    with torch.no_grad():
        grids = [m.grid_weight() for m in model.modules() if isinstance(m, FixedWeights)]
    return sum(int((g != 0).sum()) for g in grids), sum(g.numel() for g in grids)
