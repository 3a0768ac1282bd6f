"""The newest number that may be missing, cycle by cycle: that of the last message before the one
that mold_merge is at, as it shows it beside its stream.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# How the number moves but by messages: a header does it, before the messages of its cycle, or that
# frames are undone, behind them.
MOVED = np.dtype([("cycle", np.int64), ("undone", np.bool_), ("upto", np.uint64)])
# Cycles from a message's last byte until its number is the newest, by width; and since a header
# was judged, or frames were undone.
_GIVEN, _MOVED = {8: 3, 64: 4}, 2


def newest(cycles: Array, before: np.uint64, messages: Array, moved: Array, width: int) -> Array:
    """In each of these cycles; `before` all that is here it was that."""
    numbers = np.full(len(cycles), before, np.uint64)
    last = np.searchsorted(messages["given"] + _GIVEN[width], cycles, side="right") - 1
    came = last >= 0
    numbers[came] = messages["sequence_number"][last[came]]
    since = np.full(len(cycles), np.iinfo(np.int64).min)
    since[came] = messages["given"][last[came]] + _GIVEN[width]
    moved = np.sort(moved, order=("cycle", "undone"))
    at = np.searchsorted(moved["cycle"] + _MOVED, cycles, side="right") - 1
    its = moved[np.maximum(at, 0)] if len(moved) else np.zeros(len(cycles), MOVED)
    when = its["cycle"] + _MOVED
    later = (at >= 0) & ((when > since) | ((when == since) & its["undone"]))
    numbers[later] = its["upto"][later]
    return numbers
