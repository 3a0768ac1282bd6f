"""From frames to books, as feed_book does it: what `receive` makes, through op_gate into the books.

The order within a cycle is op_gate's: lost, session_ended, the operation, bad_frame. Operations are
never so dense here that any is dropped, nor are slots loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.book.compiled import Book
from tickwire.book.types import Outcome
from tickwire.gen.records import BOOK_OP, SLOTS, Operation
from tickwire.replay.feed import LATENCY, Received, receive
from tickwire.replay.feed_merge import BAD_FRAME
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]

_BEFORE, _OPERATION, _AFTER = range(3)  # in a cycle


@dataclass(frozen=True)
class Replayed:
    """A row of `operations`, `of_feed`, `outcome` is an operation that reaches the books, in order;
    `of_feed` says which are the feed's. `received` is what the frames came to before; the slots of
    `stale` were so at some time."""

    received: Received
    operations: Records
    of_feed: npt.NDArray[np.bool_]
    outcome: Outcome
    stale: frozenset[int]


def replay(
    traffic: Traffic,
    registers: Registers,
    width: int,
    host: tuple[Array, Records] | None = None,
    *,
    levels: bool = True,
) -> Replayed:
    """`host`: when each of its operations was taken, and these."""
    return book(receive(traffic, registers, width), width, host, levels=levels)


def book(
    received: Received, width: int, host: tuple[Array, Records] | None = None, *, levels: bool
) -> Replayed:
    """The books of what was received."""
    operations = received.operations
    times = operations["message_cycle"].astype(np.int64) + LATENCY[width]
    host_times, host_operations = host or (np.zeros(0, np.int64), BOOK_OP.empty(0))
    stale, stale_times, stale_order = _stale(operations, times, received.marks)
    parts = (operations, host_operations, stale)
    every, part = np.concatenate(parts), np.repeat(range(3), [len(one) for one in parts])
    when = np.concatenate([times, host_times, stale_times])
    within = np.full(len(when), _OPERATION)
    within[part == 2] = stale_order
    order = np.lexsort((within, when))
    every, part = every[order], part[order]
    whole = Book(SLOTS).apply(every, levels=levels)
    rows = part < 2  # what makes a book stale beside operations has no record
    outcome = Outcome(
        whole.tops[rows],
        whole.causes[rows],
        whole.ignored[rows],
        None if whole.levels is None else whole.levels[rows],
    )
    slots = frozenset(whole.tops["slot"][whole.tops["stale"]].tolist())
    return Replayed(received, every[rows], part[rows] == 0, outcome, slots)


def _stale(operations: Records, times: Array, marks: Array) -> tuple[Records, Array, Array]:
    """What marks do to slots, as operations; when, and where in that cycle."""
    slots, reasons, when, order = [], [], [], []
    for cycle, reason in marks.tolist():
        touched = list(range(SLOTS))
        if reason == BAD_FRAME:
            touched = _touched(operations, int(np.searchsorted(times, cycle, side="right")))
        slots += touched
        reasons += [reason] * len(touched)
        when += [cycle] * len(touched)
        order += [_AFTER if reason == BAD_FRAME else _BEFORE] * len(touched)
    stale = BOOK_OP.empty(len(slots))
    stale["operation"], stale["slot"], stale["reason"] = Operation.STALE, slots, reasons
    return stale, np.array(when, np.int64), np.array(order, np.int64)


def _touched(operations: Records, end: int) -> list[int]:
    """The slots of the operations of the frame that had the last one before `end`."""
    start = end
    while start and operations["frame_cycle"][start - 1] == operations["frame_cycle"][end - 1]:
        start -= 1
    part = operations[start:end]
    return sorted({int(slot) for slot in part["slot"][part["operation"] != Operation.NONE]})
