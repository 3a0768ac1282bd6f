"""The newest number that may be missing, cycle by cycle: that of the last message before the one
that mold_merge is at, as it shows it beside its stream.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

HEADER, _MESSAGE, UNDONE = range(3)  # by what the number moves, in the order within a cycle
MOVED = np.dtype([("cycle", np.int64), ("by", np.int8), ("upto", np.uint64)])
# Cycles from a message's last byte until its number is the newest, by width; and since a header
# was judged, or something was undone.
_GIVEN, _MOVED = {8: 3, 64: 4}, 2


def newest(cycles: Array, before: np.uint64, messages: Array, moved: Array, width: int) -> Array:
    """In each of these cycles; `before` all that is here it was that."""
    steps = np.zeros(1 + len(messages) + len(moved), MOVED)
    given, others = steps[1 : 1 + len(messages)], steps[1 + len(messages) :]
    steps["cycle"][0], steps["upto"][0] = np.iinfo(np.int64).min, before
    given["cycle"], given["upto"] = messages["given"] + _GIVEN[width], messages["sequence_number"]
    others[:] = moved
    given["by"], others["cycle"] = _MESSAGE, moved["cycle"] + _MOVED
    steps = steps[np.argsort(steps, order=("cycle", "by"), kind="stable")]
    numbers: Array = steps["upto"][np.searchsorted(steps["cycle"], cycles, side="right") - 1]
    return numbers
