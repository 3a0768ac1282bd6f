"""The feature table as compiled code reads it: an argument, so that nothing of it is compiled in.

Compiled code is kept beside its source, and wouldn't see that a number from elsewhere is another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tickwire.features.table import SOURCES, Table

Array = npt.NDArray[Any]


class Elements(NamedTuple):
    """Of the features that are in no group."""

    spread: int
    spread_change: int
    imbalance_sum: int
    imbalance_mean: int
    micro_price: int
    flow_1: int
    last_move: int
    since_move: int
    trade: int
    pause: int
    pace: int


class Numbers(NamedTuple):
    """The table, as the compiled code reads it."""

    at: Elements
    knee: Array  # [element]
    shift: Array
    lag: Array
    level: Array
    exponent: Array
    buckets: Array
    of: Array  # what a sum is of: its place in SOURCES
    imbalances: Array  # elements of each group
    gaps: Array
    sums: Array
    returns: Array
    trends: Array
    momentums: Array
    share: Array
    top: int
    fraction: int
    clip: int
    warm_events: int
    less: int
    unit: int
    step: int


def numbers(table: Table) -> Numbers:
    """The table's columns and groups as arrays."""

    def array(values: Iterable[int]) -> Array:
        return np.array(tuple(values), np.int64)

    return Numbers(
        at=Elements(*(table.group(key)[0] for key in Elements._fields)),
        knee=array(table.column("knee")),
        shift=array(table.column("shift")),
        lag=array(table.column("lag")),
        level=array(table.column("level")),
        exponent=array(table.column("exponent")),
        buckets=array(table.column("buckets")),
        of=array(SOURCES.index(f.of) if f.of in SOURCES else 0 for f in table.features),
        imbalances=array(table.group("imbalance")),
        gaps=array(table.group("gap")),
        sums=array(table.group("sum")),
        returns=array(table.group("return")),
        trends=array(table.group("trend")),
        momentums=array(table.group("momentum")),
        share=array(table.share),
        top=table.top,
        fraction=table.fraction,
        clip=table.clip,
        warm_events=table.warm_events,
        less=table.number("micro_price", "less"),
        unit=table.number("pause", "unit"),
        step=table.number("pause", "step"),
    )
