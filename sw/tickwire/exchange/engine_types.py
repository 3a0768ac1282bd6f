"""The commands of a matching engine, why it refuses them, and its size. Its events: `events`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Kind(IntEnum):
    """The kind of a command."""

    LIMIT = 1  # trades; what is left rests
    IMMEDIATE = 2  # trades; what is left is dropped
    CANCEL = 3  # takes shares off an order, which keeps its priority
    DELETE = 4
    REPLACE = 5  # removes an order and adds one on its side, last at its price


class Refusal(IntEnum):
    """Why a command is refused: the first that applies."""

    NONE = 0
    BAD_KIND = 1
    BAD_INSTRUMENT = 2
    BAD_PRICE = 3  # off the ladder or between ticks
    BAD_SHARES = 4
    UNKNOWN_REFERENCE = 5
    DUPLICATE_REFERENCE = 6
    EXCESS_SHARES = 7
    FULL = 8


COMMAND = np.dtype(
    [(name, np.uint64) for name in ("timestamp", "reference", "new_reference")]
    + [(name, np.uint32) for name in ("price", "shares")]
    + [(name, np.uint8) for name in ("kind", "instrument", "side")]
)
MOST_SHARES = 1_000_000  # of an order


@dataclass(frozen=True)
class EngineConfig:
    """A ladder of `ticks` prices from `lowest` up for each instrument, and room for `orders`."""

    instruments: int = 1
    lowest: int = 100
    tick: int = 100
    ticks: int = 1 << 14
    orders: int = 1 << 15

    def __post_init__(self) -> None:
        if not 1 <= self.instruments <= 255 or self.ticks % 64 or self.ticks < 64:
            raise ValueError("instruments are 1 to 255, ticks a multiple of 64")
        if self.lowest < 1 or self.tick < 1 or self.lowest + self.tick * self.ticks >= 1 << 32:
            raise ValueError("the ladder's prices are 1 to 2**32 - 1")
        if self.orders & (self.orders - 1) or self.orders < 2:
            raise ValueError("orders is a power of two")
