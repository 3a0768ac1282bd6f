"""The order book, compiled: it does what `tickwire.book.naive` specifies, a million operations a
second. The hash table of orders and the arrays of levels grow as needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.book import kernel
from tickwire.book.types import LEVEL, Level, Order, Outcome, check
from tickwire.gen.records import LEVELS, SLOTS, TOP_OF_BOOK, Reason

Array = npt.NDArray[Any]


def _hash_table(places: int) -> dict[str, Array]:
    """The columns of `kernel.State` that hold orders, empty."""
    return {
        "used": np.zeros(1, np.int64),
        "slot": np.full(places, kernel.EMPTY, np.uint8),
        "reference": np.zeros(places, np.uint64),
        "side": np.zeros(places, np.uint8),
        "price": np.zeros(places, np.uint32),
        "shares": np.zeros(places, np.uint32),
    }


class Book:
    """`slots` books."""

    def __init__(self, slots: int = SLOTS, *, orders: int = 1 << 16, levels: int = 256) -> None:
        """`orders` and `levels` a side fit before anything has to grow."""
        self._state = kernel.State(
            **_hash_table(1 << max(4, (2 * orders - 1).bit_length())),
            depth=np.zeros((slots, 2), np.int64),
            level_price=np.zeros((slots, 2, levels), np.uint32),
            level_shares=np.zeros((slots, 2, levels), np.uint32),
            level_orders=np.zeros((slots, 2, levels), np.uint16),
            stale=np.zeros(slots, np.uint8),
            halted=np.zeros(slots, np.bool_),
            loading=np.zeros(slots, np.bool_),
            filled=np.zeros(slots, np.bool_),
            shut=np.zeros(slots, np.uint8),
        )

    def apply(self, ops: Records, *, levels: bool = False) -> Outcome:
        """Apply operations in order."""
        check(ops, len(self._state.stale))
        tops = TOP_OF_BOOK.empty(len(ops))
        for name in ops.dtype.names or ():
            if name in (tops.dtype.names or ()) and name != "reason":
                tops[name] = ops[name]
        causes = np.zeros(len(ops), np.uint8)
        ignored = np.zeros(len(ops), np.bool_)
        sides = np.zeros((len(ops) if levels else 0, 2, LEVELS), LEVEL)
        row = 0
        while row < len(ops):
            row = kernel.run(self._state, ops, row, tops, causes, ignored, sides)
            if row < len(ops):
                self._grow(int(ops["slot"][row]))
        return Outcome(tops, causes, ignored, sides if levels else None)

    def _grow(self, slot: int) -> None:
        """Double what is full: the hash table, or every side's levels."""
        state = self._state
        if kernel.is_full(state):
            self._state = state._replace(**_hash_table(2 * len(state.slot)))
            kernel.move(state, self._state)
        if state.depth[slot].max() >= state.level_price.shape[2]:
            wider = {
                name: np.concatenate([array, np.zeros_like(array)], axis=2)
                for name, array in state._asdict().items()
                if name.startswith("level_")
            }
            self._state = self._state._replace(**wider)

    def reason(self, slot: int) -> Reason:
        """Why it shows nothing; OK where it shows what it has."""
        state = self._state
        if state.stale[slot]:
            return Reason(int(state.stale[slot]))
        return Reason.LOADING if state.loading[slot] else Reason.OK

    def halted(self, slot: int) -> bool:
        return bool(self._state.halted[slot])

    def levels(self, slot: int, side: int, depth: int = LEVELS) -> list[Level]:
        """The best levels of a side: price, shares, orders."""
        state = self._state
        count = 0 if kernel.hidden(state, slot) else int(state.depth[slot, side])
        best = slice(max(0, count - depth), count)
        columns = (
            array[slot, side, best][::-1].tolist()
            for array in (state.level_price, state.level_shares, state.level_orders)
        )
        return list(zip(*columns, strict=True))

    def orders(self, slot: int) -> dict[int, Order]:
        """The orders of a slot by reference: side, price, shares."""
        state = self._state
        here = (state.slot == slot) & (not kernel.hidden(state, slot))
        columns = (state.reference, state.side, state.price, state.shares)
        rows = zip(*(array[here].tolist() for array in columns), strict=True)
        return {reference: (side, price, shares) for reference, side, price, shares in rows}
