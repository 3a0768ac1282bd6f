"""A student in floating point: the same layers and weights, without rounding.

Beside the quantised student it shows what quantisation costs.
"""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn

from openrtl.torch import FixedConv1d, FixedLinear, FixedQuantizer, FixedTable

Net = TypeVar("Net", bound=nn.Module)


class _Quantizer(FixedQuantizer):
    """The identity; an unsigned quantiser remains a rectifier."""

    def forward(self, values: Tensor) -> Tensor:
        return values if self.signed else torch.relu(values)


class _Table(FixedTable):
    def forward(self, values: Tensor) -> Tensor:
        return self.function(values)


class _Linear(FixedLinear):
    def grid_weight(self) -> Tensor:
        return self.weight * self.keep

    def grid_bias(self) -> Tensor | None:
        return self.bias


class _Conv1d(FixedConv1d):
    def grid_weight(self) -> Tensor:
        return self.weight * self.keep

    def grid_bias(self) -> Tensor | None:
        return self.bias


_FLOATING = {
    FixedQuantizer: _Quantizer,
    FixedTable: _Table,
    FixedLinear: _Linear,
    FixedConv1d: _Conv1d,
}


def as_float(net: Net) -> Net:
    """The same network, its fixed-point layers changed in place to layers without rounding."""
    for module in net.modules():
        kind = _FLOATING.get(type(module))
        if kind is not None:
            module.__class__ = kind
    return net
