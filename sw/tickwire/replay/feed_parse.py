"""Messages to book operations, compiled: what itch_parse makes of each, wrong ones too.

`tickwire.wire.operations` says what a right message comes to; here its bytes stand anywhere. A
followed instrument's message makes its book stale if it is of an unknown type, or of a wrong length
and a type that says something of the book or of who may act on it. What ends in the same beat is
one operation: that of its one message of over 8 bytes, if any, which ends the packet if any does.
Directory messages are followed beside, as slot_follow does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare, compiled
from tickwire.gen.itch_table import MESSAGES
from tickwire.gen.records import Operation, Reason, Side
from tickwire.replay.feed_follow import Follow, follow, happen
from tickwire.replay.feed_frames import RUNT
from tickwire.wire.operations import FIELDS, KINDS

Array = npt.NDArray[Any]

# What a message counts as, by number; the counters have the same names.
EVENTS = (
    *("unknown_types", "wrong_lengths", "status_messages"),
    *("other_instruments", "book_messages", "trade_messages"),
)
_UNKNOWN, _WRONG, _STATUS, _OTHER, _BOOK, _TRADE = range(len(EVENTS))
_STALE, _PARSE_ERROR = int(Operation.STALE), int(Reason.PARSE_ERROR)
_NONE, _ADD, _HALT = int(Operation.NONE), int(Operation.ADD), int(Operation.HALT)
_RESUME, _BUY, _SELL = int(Operation.RESUME), int(Side.BUY), int(Side.SELL)
_B, _S, _T = b"BST"
_TRADES = "PQB"

# Of a type: its length (0: there is no such type), and where its fields are (0: it has none).
_NAMES = FIELDS | {"side": ("buy_sell_indicator",), "state": ("trading_state",)}
TYPE = np.dtype(
    [
        *(("length", np.int64), ("operation", np.uint8), ("book", np.bool_), ("trade", np.bool_)),
        ("says", np.bool_),  # of its slot what nobody may miss
        *((name, np.int64) for name in _NAMES),
    ]
)


def _types() -> Array:
    types = np.zeros(256, TYPE)
    for name, message in MESSAGES.items():
        row = types[message.code]
        row["length"], row["trade"] = message.length, name in _TRADES
        row["operation"] = operation = KINDS.get(name, Operation.NONE)
        row["says"] = operation != Operation.NONE or name == "h"
        row["book"] = operation not in (Operation.NONE, Operation.HALT)  # of orders
        for place, theirs in _NAMES.items():
            for field in message.fields:
                if field.name in theirs:
                    row[place] = field.offset
    return types


TYPES = _types()


@compiled
def parse(
    data: Array,
    offsets: Array,
    first: Array,
    messages: Array,
    types: Array,
    state: Follow,
    operations: Array,
    given: Array,
    counts: Array,
) -> int:
    """Fill in `operations`, and when their messages were `given`; how many. `counts` as EVENTS."""
    used, row, slots = 0, 0, state.by_locate
    while row < len(messages):
        message = messages[row]
        at, last, after = offsets[message["frame"]] + message["at"], message["last"], row + 1
        happen(state, row)
        event = _event(data, at, message["length"], types, slots)
        counts[event] += 1
        follow(state, data, at, message, row, event == _STATUS)
        while after < len(messages) and _same_beat(message, messages[after]):
            last = last or messages[after]["last"]
            counts[_WRONG] += 1  # a runt
            after += 1
        operation = operations[used]
        if _operation(data, at, message["length"], types, slots, operation) or last:
            operation["sequence_number"] = message["sequence_number"]
            operation["last_of_packet"] = last
            operation["frame_cycle"] = first[message["frame"]]
            operation["message_cycle"] = message["cycle"]
            given[used] = message["given"]
            used += 1
        row = after
    happen(state, row)
    return used


@bare
def _same_beat(one: Any, other: Any) -> bool:
    return bool(one["frame"] == other["frame"] and one["cycle"] == other["cycle"])


@bare
def _event(data: Array, at: int, length: int, types: Array, slots: Array) -> int:
    if length <= RUNT:
        return _WRONG
    kind = types[data[at]]
    if kind["length"] == 0:
        return _UNKNOWN
    if kind["length"] != length:
        return _WRONG
    if not (kind["book"] or kind["trade"]):
        return _STATUS
    if slots[_number(data, at + 1, 2)] < 0:
        return _OTHER
    return _BOOK if kind["book"] else _TRADE


@bare
def _operation(
    data: Array, at: int, length: int, types: Array, slots: Array, operation: Any
) -> bool:
    """Whether the message comes to one; filled in but for its stamps."""
    if length <= RUNT:
        return False
    kind, slot = types[data[at]], slots[_number(data, at + 1, 2)]
    if slot < 0:
        return False
    right = kind["length"] == length
    side = data[at + kind["side"]] if right else np.uint8(0)
    sided = kind["operation"] != _ADD or side in (_B, _S)
    says = kind["says"] or kind["length"] == 0
    if (right and not sided) or (says and not right):
        operation["slot"], operation["operation"] = slot, _STALE
        operation["reason"] = _PARSE_ERROR
        return True
    if not right or kind["operation"] == _NONE:
        return False
    operation["slot"], operation["operation"] = slot, kind["operation"]
    operation["timestamp"] = _number(data, at + kind["timestamp"], 6)
    if kind["order_reference"]:
        operation["order_reference"] = _number(data, at + kind["order_reference"], 8)
    if kind["new_order_reference"]:
        operation["new_order_reference"] = _number(data, at + kind["new_order_reference"], 8)
    if kind["price"]:
        operation["price"] = _number(data, at + kind["price"], 4)
    if kind["shares"]:
        operation["shares"] = _number(data, at + kind["shares"], 4)
    if kind["operation"] == _ADD:
        operation["side"] = _SELL if side == _S else _BUY
    elif kind["operation"] == _HALT and data[at + kind["state"]] == _T:
        operation["operation"] = _RESUME
    return True


@bare
def _number(data: Array, at: int, length: int) -> Any:
    value = np.uint64(0)
    for byte in range(length):
        value = (value << np.uint64(8)) | np.uint64(data[at + byte])
    return value
