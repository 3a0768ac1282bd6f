"""What op_gate lets through, compiled: of a slot that loads, and of a clear that comes too late.

Written from the header paragraph of op_gate. Operations come in order; nothing waits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.compiled import bare, compiled
from tickwire.gen.records import SLOTS, Operation, Reason

Array = npt.NDArray[Any]

EVENTS = ("kept_out", "refused_trusts")
_KEPT_OUT, _REFUSED = range(len(EVENTS))
_FEED, _HOST, _MARK, BEGINS = range(4)  # whose an operation is, or that a session begins
_NONE, _CLEAR = int(Operation.NONE), int(Operation.CLEAR)
_LOAD, _TRUST = int(Operation.LOAD), int(Operation.TRUST)
_ENDED, _BAD_FRAME = int(Reason.SESSION_ENDED), int(Reason.BAD_FRAME)
_NO_START = int(Reason.NO_START)

SLOT = np.dtype(
    [
        ("loading", np.bool_),
        ("begun", np.bool_),  # the session had something of its book, or may have had
        ("guarded", np.bool_),  # what the snapshot has is kept out
        ("marked", np.bool_),
        ("mark", np.uint64),  # its newest number
        ("missed", np.int64),  # when something may have been missed
    ]
)


@compiled
def gate(operations: Array, part: Array, when: Array, may: Array, counts: Array) -> Array:
    """Which leave. A clear's reason is filled in, and what is kept out but ends its packet made a
    none. `part`: 0 is the feed's, 1 the host's, 2 a mark, 3 a session's begin, which stays of a
    slot that has a book from before. `may`: which slots a trust of the host's may be of.
    `counts` as EVENTS."""
    slots = np.zeros(SLOTS, SLOT)
    slots["missed"][:] = -1
    leaves = np.ones(len(operations), np.bool_)
    for row in range(len(operations)):
        operation = operations[row]
        slot = slots[operation["slot"]]
        if part[row] == _FEED:
            if operation["operation"] != _NONE and _kept(slot, operation, when[row]):
                counts[_KEPT_OUT] += 1
                leaves[row] = operation["last_of_packet"]
                operation["operation"], operation["slot"] = _NONE, 0
        elif part[row] == _HOST:
            if not _host(slot, operation, bool(may[row] >> operation["slot"] & 1)):
                counts[_REFUSED] += 1
                leaves[row] = False
        elif operation["reason"] == _ENDED:
            if part[row] == BEGINS:
                leaves[row] = slot["loading"] or slot["begun"]
            slot["marked"] = slot["guarded"] = slot["begun"] = False
        elif operation["reason"] != _BAD_FRAME:
            slot["marked"], slot["begun"], slot["guarded"] = True, True, False
            slot["mark"], slot["missed"] = operation["sequence_number"], when[row]
    return leaves


@bare
def _kept(slot: Any, operation: Any, when: int) -> bool:
    """Whether the feed's operation is kept out."""
    number = operation["sequence_number"]
    slot["begun"] = True
    guarded = slot["guarded"] and number <= slot["mark"]
    if not guarded:
        slot["guarded"], slot["marked"] = False, True
        if slot["missed"] != when:
            slot["mark"] = number
    return bool(slot["loading"] or guarded)


@bare
def _host(slot: Any, operation: Any, may: bool) -> bool:
    """Whether the host's operation leaves."""
    kind, number = operation["operation"], operation["sequence_number"]
    if kind == _TRUST:
        if not (slot["loading"] and may) or (slot["marked"] and slot["mark"] > number):
            return False
        slot["loading"], slot["mark"] = False, number
        slot["guarded"] = slot["marked"] = slot["begun"] = True
    elif kind in (_CLEAR, _LOAD):
        slot["loading"], slot["guarded"] = kind == _LOAD, False
    if kind == _CLEAR:
        operation["reason"] = _NO_START if slot["begun"] else 0
    return True
