"""Golden model of feed_book: the host's own book, given what op_gate is given, in that order.

The order within a cycle is op_gate's: gap, session_ended, the operation, bad_frame. Operations are
never so dense here that any is dropped, nor are slots loaded; op_gate's own bench has that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.golden import feed_rx
from tickwire.book.compiled import Book
from tickwire.book.types import Outcome
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Reason

Array = npt.NDArray[Any]

LATENCY = {8: 12, 64: 14}  # from the edge that accepts a message's last byte; a replace has 2 more
EVENTS = {  # of a book record, by its cause
    Reason.UNKNOWN_REFERENCE: "unknown_references",
    Reason.DUPLICATE_REFERENCE: "duplicate_references",
    Reason.EXCESS_SHARES: "excess_shares",
    Reason.BAD_PRICE: "zero_prices",
    Reason.BAD_SHARES: "zero_shares",
    Reason.TABLE_OVERFLOW: "table_overflows",
    Reason.LEVEL_OVERFLOW: "level_overflows",
    Reason.NUMBER_OVERFLOW: "number_overflows",
    Reason.DEPTH_LOST: "depth_losses",
}
REASONS = (Reason.GAP, Reason.SESSION_ENDED, Reason.BAD_FRAME)  # by the kind of a mark
_FIRST, _OPERATION, _AFTER = 0, 1, 2


@dataclass(frozen=True)
class Shown:
    """A row for each operation that is shown, in order; `of_feed` says which are the feed's. The
    slots of `stale` were so at some time."""

    operations: Array
    of_feed: Array
    outcome: Outcome
    stale: set[int]


def shown(
    ops: Array, marks: Array, width: int, host: tuple[Array, Array] | None = None, *, levels: bool
) -> Shown:
    """`ops` and `marks` as feed_rx's golden model has them; `host`: when each of its operations
    was taken, and these."""
    times = ops["message_cycle"].astype(np.int64) + feed_rx.LATENCY[width]
    host_times, host_ops = host or (np.zeros(0, np.int64), BOOK_OP.empty(0))
    stale, when, order = _stale(ops, times, marks)
    every = np.concatenate([ops, host_ops, stale])
    at = np.concatenate([times, host_times, when])
    step = np.full(len(at), _OPERATION, np.int64)
    step[len(ops) + len(host_ops) :] = order
    kind = np.zeros(len(at), np.int64)
    kind[len(ops) : len(ops) + len(host_ops)] = 1
    kind[len(ops) + len(host_ops) :] = 2
    sort = np.lexsort((np.arange(len(at)), step, at))
    every, kind = every[sort], kind[sort]
    applied = Book(SLOTS).apply(every, levels=levels)
    rows = kind < 2
    outcome = Outcome(
        applied.tops[rows],
        applied.causes[rows],
        applied.ignored[rows],
        None if applied.levels is None else applied.levels[rows],
    )
    was_stale = set(applied.tops["slot"][applied.tops["stale"]].tolist())
    return Shown(every[rows], kind[rows] == 0, outcome, was_stale)


def _stale(ops: Array, times: Array, marks: Array) -> tuple[Array, Array, Array]:
    """What marks do to slots, as operations; when, and where in that cycle."""
    slots, reasons, when, order = [], [], [], []
    for cycle, kind in zip(marks["cycle"].tolist(), marks["kind"].tolist(), strict=True):
        touched = list(range(SLOTS))
        if kind == feed_rx.BAD_FRAME:
            touched = _touched(ops, int(np.searchsorted(times, cycle, side="right")))
        slots += touched
        reasons += [REASONS[kind]] * len(touched)
        when += [cycle] * len(touched)
        order += [_AFTER if kind == feed_rx.BAD_FRAME else _FIRST] * len(touched)
    stale = BOOK_OP.empty(len(slots))
    stale["operation"], stale["slot"], stale["reason"] = Operation.STALE, slots, reasons
    return stale, np.array(when, np.int64), np.array(order, np.int64)


def _touched(ops: Array, end: int) -> list[int]:
    """The slots of the operations of the frame that had the last one before `end`."""
    start = end
    while start and ops["frame_cycle"][start - 1] == ops["frame_cycle"][end - 1]:
        start -= 1
    part = ops[start:end]
    return sorted({int(slot) for slot in part["slot"][part["operation"] != Operation.NONE]})
