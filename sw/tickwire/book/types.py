"""What both books share: the form of a level and its limits, and the outcome of operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen.records import BOOK_OP, Operation, Reason, Side

LEVEL = np.dtype([("price", np.uint32), ("shares", np.uint32), ("orders", np.uint16)])
MOST_SHARES = 2**32 - 1  # of a level
MOST_ORDERS = 2**16 - 1
# Operations that a stale slot doesn't ignore.
HEEDED = (Operation.NONE, Operation.HALT, Operation.RESUME, Operation.CLEAR, Operation.LOAD)
Level = tuple[int, int, int]  # price, shares, orders
Order = tuple[int, int, int]  # side, price, shares


class BookError(ValueError):
    """An invalid operation, as no message makes one. The message is one line."""


@dataclass(frozen=True)
class Outcome:
    """The effect of operations: a row for each."""

    tops: Records  # of TOP_OF_BOOK
    causes: npt.NDArray[np.uint8]  # the Reason of a refusal; 0 where it was applied or ignored
    ignored: npt.NDArray[np.bool_]  # because the slot was stale
    levels: npt.NDArray[Any] | None  # [row, side, level] of LEVEL, the best first, if asked for

    def counts(self) -> dict[Reason, int]:
        """How many operations were refused, by reason."""
        reasons, counts = np.unique(self.causes[self.causes != 0], return_counts=True)
        return {
            Reason(reason): count
            for reason, count in zip(reasons.tolist(), counts.tolist(), strict=True)
        }


def check(ops: Records, slots: int) -> None:
    """Raise a BookError if any operation is invalid."""
    if ops.dtype != BOOK_OP.dtype or ops.ndim != 1:
        raise BookError(f"operations are an array of book_op records, not of {ops.dtype}")
    for bad, message in (
        (ops["slot"] >= slots, f"slot isn't within 0 to {slots - 1}"),
        (ops["operation"] > max(Operation), "no such operation"),
        (ops["operation"] == Operation.LEVEL, "a level isn't made an add, replace or delete yet"),
        (ops["side"] > max(Side), "side is neither buy nor sell"),
        ((ops["operation"] == Operation.STALE) & (ops["reason"] == 0), "stale without a reason"),
    ):
        if bad.any():
            raise BookError(f"operation {int(np.argmax(bad))}: {message}")
