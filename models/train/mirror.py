"""Bid and ask swapped: what rises then falls.

A book whose sides change places, its prices turned over, is a market as likely as the other. Nearly
every signed feature turns its sign, the others stay, and down becomes up. So each training day
holds two days, and a model that is shown both learns no drift of the one.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from tickwire.features.table import TABLE

STAYS: Final = ("spread_change",)  # signed, but of neither side
SIGNS: Final = tuple(-1 if f.signed and f.name not in STAYS else 1 for f in TABLE)


def mirrored(x: Tensor) -> Tensor:
    """Features [..., feature] of the same market with bid and ask swapped.

    Exact but for the rounding of shifts, which goes downwards on both sides of 0.
    """
    return x * torch.tensor(SIGNS, dtype=x.dtype, device=x.device)


def turned(chances: Tensor) -> Tensor:
    """Chances or scores [..., down, flat, up] of the swapped market."""
    return chances.flip(-1)
