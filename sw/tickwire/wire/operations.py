"""Converts ITCH messages to book operations, as the RTL's itch_parse does.

The messages A F E C X D U of a followed instrument become add, add, execute, execute_price, cancel,
delete and replace. H becomes resume if the trading state is T, else halt. An add whose side is
neither B nor S becomes stale with reason parse_error. No other message changes a book.

If the last message of a packet becomes no operation, it becomes `none` with slot 0, to mark the end
of the packet. `none` and the stale of a parse error have no timestamp, since it was not checked.

`reason` of all others says why nobody may act by it, where a `tickwire.wire.market.Market` knows.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen.records import BOOK_OP, Operation, Reason, Side
from tickwire.wire.itch import Messages
from tickwire.wire.market import Market

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
# A field of an operation, and the names that messages have for it. Without one of them it is 0.
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
    market: Market | None = None,
) -> Records:
    """The operations in order; `slots` has the slot of each stock locate that is followed. Without
    a `market` anybody may act by them."""
    of_locate = np.full(1 << 16, -1, np.int64)
    for locate, slot in slots.items():
        of_locate[locate] = slot
    ops = BOOK_OP.empty(len(messages))
    keep = np.zeros(len(messages), np.bool_)
    for name, array in messages.arrays.items():
        here = np.flatnonzero(messages.types == ord(name))
        rows = array[messages.rows[here]]
        if name in KINDS:
            slot = of_locate[rows["stock_locate"]]
            here, rows, slot = here[slot >= 0], rows[slot >= 0], slot[slot >= 0]
            ops["slot"][here], keep[here] = slot, True
            _fill(ops, here, rows, name)
    ops["sequence_number"] = np.arange(len(ops)) + 1 if sequence is None else sequence
    if last is not None:
        ops["last_of_packet"] = last
        keep |= last
    if market is not None:
        acts = keep & (ops["operation"] != Operation.STALE)
        where = np.flatnonzero(acts)
        ops["reason"][acts] = market.follow(messages, slots).at(where, ops["slot"][where])
    return ops[keep]


def _fill(ops: Records, here: npt.NDArray[np.int64], rows: Records, name: str) -> None:
    ops["operation"][here] = KINDS[name]
    for field, names in FIELDS.items():
        for source in names:
            if source in (rows.dtype.names or ()):
                ops[field][here] = rows[source]
    if name == "H":
        resumed = here[rows["trading_state"] == b"T"]
        ops["operation"][resumed] = Operation.RESUME
    if name in "AF":
        side = rows["buy_sell_indicator"]
        ops["side"][here] = np.where(side == b"S", Side.SELL, Side.BUY)
        strange = here[(side != b"B") & (side != b"S")]
        for field in ("order_reference", "price", "shares", "timestamp"):
            ops[field][strange] = 0
        ops["operation"][strange], ops["reason"][strange] = Operation.STALE, Reason.PARSE_ERROR
