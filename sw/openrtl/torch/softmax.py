"""Softmax in fixed-point layers: a table of exponentials, a sum, a table of inverses, a product.

No maximum is subtracted: the format of the logits bounds them, and thereby the sum.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from openrtl.torch.layers import FixedQuantizer, FixedSpread, FixedTable
from openrtl.torch.numbers import Format


class FixedSoftmax(nn.Module):
    """Shares of `size` logits of the format `logit`, to `fraction` bits."""

    def __init__(self, size: int, logit: Format, fraction: int = 8) -> None:
        super().__init__()
        top = math.exp(logit.high)
        power = Format(False, max(0, math.ceil(math.log2(top))), fraction)
        total = Format(False, power.integer + math.ceil(math.log2(size)), 4)
        inverse = Format(False, 4, 2 * fraction)
        self.power = FixedTable(torch.exp, logit, power)
        self.sum = FixedSpread(torch.ones(size, size))
        self.to_total = FixedQuantizer(total.integer, total.fraction, signed=False)
        self.invert = FixedTable(_inverse, total, inverse)
        self.to_share = FixedQuantizer(0, fraction, signed=False)

    def forward(self, logits: Tensor) -> Tensor:
        powers = self.power(logits)
        inverses = self.invert(self.to_total(self.sum(powers)))
        shares: Tensor = self.to_share(powers * inverses)
        return shares


def _inverse(totals: Tensor) -> Tensor:
    """1/x; 0 counts as the smallest step, so that the table holds no infinity."""
    return 1.0 / totals.clamp(min=2.0**-4)
