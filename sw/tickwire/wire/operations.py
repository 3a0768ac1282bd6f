"""ITCH messages to book operations: what itch_parse makes of them.

A F E C X D U of a followed instrument are add, add, execute, execute_price, cancel, delete and
replace. H is resume where the state is T and halt in any other. An add whose side is neither B
nor S makes the book stale for parse_error. Nothing else changes a book. A packet's last message
that makes no operation makes `none`, of slot 0, so that the packet's end is seen. `none` and the
stale of a parse error have no timestamp: what they would hold was never checked.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen.records import BOOK_OP, Operation, Reason, Side
from tickwire.wire.itch import Messages

KINDS = {
    "A": Operation.ADD,
    "F": Operation.ADD,
    "E": Operation.EXECUTE,
    "C": Operation.EXECUTE_PRICE,
    "X": Operation.CANCEL,
    "D": Operation.DELETE,
    "U": Operation.REPLACE,
    "H": Operation.HALT,
}
# Where a message has the operation's fields; a type that has none of the names leaves them 0.
FIELDS = {
    "order_reference": ("order_reference_number", "original_order_reference_number"),
    "new_order_reference": ("new_order_reference_number",),
    "price": ("price", "execution_price"),
    "shares": ("shares", "executed_shares", "cancelled_shares"),
    "timestamp": ("timestamp",),
}


def operations(
    messages: Messages,
    slots: Mapping[int, int],
    *,
    sequence: npt.NDArray[np.uint64] | None = None,
    last: npt.NDArray[np.bool_] | None = None,
) -> Records:
    """The operations in order; `slots` gives the slot of a stock locate that is followed."""
    of_locate = np.full(1 << 16, -1, np.int64)
    for locate, slot in slots.items():
        of_locate[locate] = slot
    made = BOOK_OP.empty(len(messages))
    wanted = np.zeros(len(messages), np.bool_)
    for name, array in messages.arrays.items():
        here = np.flatnonzero(messages.types == ord(name))
        rows = array[messages.rows[here]]
        if name in KINDS:
            slot = of_locate[rows["stock_locate"]]
            here, rows, slot = here[slot >= 0], rows[slot >= 0], slot[slot >= 0]
            made["slot"][here], wanted[here] = slot, True
            _fill(made, here, rows, name)
    made["sequence_number"] = np.arange(len(made)) + 1 if sequence is None else sequence
    if last is not None:
        made["last_of_packet"] = last
        wanted |= last
    return made[wanted]


def _fill(made: Records, here: npt.NDArray[np.int64], rows: Records, name: str) -> None:
    made["operation"][here] = KINDS[name]
    for field, names in FIELDS.items():
        for theirs in names:
            if theirs in (rows.dtype.names or ()):
                made[field][here] = rows[theirs]
    if name == "H":
        resumed = here[rows["trading_state"] == b"T"]
        made["operation"][resumed] = Operation.RESUME
    if name in "AF":
        side = rows["buy_sell_indicator"]
        made["side"][here] = np.where(side == b"S", Side.SELL, Side.BUY)
        strange = here[(side != b"B") & (side != b"S")]
        for field in ("order_reference", "price", "shares", "timestamp"):
            made[field][strange] = 0
        made["operation"][strange], made["reason"][strange] = Operation.STALE, Reason.PARSE_ERROR
