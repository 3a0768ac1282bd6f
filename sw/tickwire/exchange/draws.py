"""Random numbers for compiled code, in integers only: the same on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare

Array = npt.NDArray[Any]

UNIT = 16  # bits after the point, in both tables
_PLACES = 4096
# -ln(u) at the middle of each of 4,096 parts of (0, 1); and e**(-j / 64)
EXPONENTIAL = np.round(-np.log((np.arange(_PLACES) + 0.5) / _PLACES) * (1 << UNIT)).astype(np.int64)
DECAY = np.round(np.exp(-np.arange(1024) / 64) * (1 << UNIT)).astype(np.int64)


@bare
def bits(random: Array) -> Any:
    """The next 64 random bits, by splitmix64; `random[0]` is its state."""
    random[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = random[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@bare
def draw(random: Array, below: int) -> int:
    """A number from 0 to below - 1, where `below` is at most 2**32."""
    return int(np.int64(((bits(random) >> np.uint64(32)) * np.uint64(below)) >> np.uint64(32)))


@bare
def wait(random: Array, mean: int, table: Array) -> int:
    """A time from the exponential distribution with that mean; `table` is EXPONENTIAL."""
    return int((mean * table[draw(random, len(table))]) >> UNIT)
