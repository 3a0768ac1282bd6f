"""The mirror image of a day: bid and ask swapped, so that a rise becomes a fall.

A book with its sides swapped and its prices reversed is as likely a market as the original. Nearly
every signed feature changes its sign, the others stay, and down becomes up. So each training day
gives two, and a model that trains on both learns no drift of the day.
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
