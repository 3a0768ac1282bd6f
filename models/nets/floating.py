"""A student's float self: the same layers and weights without a grid, to see what a grid costs."""

from __future__ import annotations

import torch
from torch import Tensor

from models.nets.student import Student
from openrtl.torch import FixedConv1d, FixedLinear, FixedQuantizer, FixedTable


class _Quantizer(FixedQuantizer):
    """Passes everything; an unsigned one still stops what is below 0, as a rectifier."""

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


def as_float(net: Student) -> Student:
    """The network itself, every fixed-point layer of it now without rounding."""
    for module in net.modules():
        kind = _FLOATING.get(type(module))
        if kind is not None:
            module.__class__ = kind
    return net
