"""From frames to books, as feed_book does it: what `receive` makes, through op_gate into the books.

The order within a cycle is op_gate's: lost, turned, session_ended, begins, the operation,
bad_frame; and so is what it lets through while a slot is loaded. Operations are never so dense here
that any is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.book.compiled import Book
from tickwire.book.types import Outcome
from tickwire.gen.records import BOOK_OP, SLOTS, Operation, Reason
from tickwire.replay.feed import LATENCY, Received, receive
from tickwire.replay.feed_merge import BAD_FRAME
from tickwire.replay.gate import BEGINS, EVENTS, gate
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]

_SEES = 2  # cycles before a trust: what its slot follows then, and which session goes on
_LOST, _TURNED, _ENDED, _BEGINS, _OPERATION, _AFTER = range(6)  # in a cycle
_PLACE = {
    int(Reason.SESSION_ENDED): _ENDED,
    int(Reason.BAD_FRAME): _AFTER,
}


@dataclass(frozen=True)
class Replayed:
    """A row of `operations`, `of_feed`, `outcome` is an operation that reaches the books, in order;
    `of_feed` says which are the feed's. `received` is what the frames came to before; the slots of
    `stale` were so at some time; `reasons` has each slot's last, marks' too; `events` are
    op_gate's."""

    received: Received
    operations: Records
    of_feed: npt.NDArray[np.bool_]
    outcome: Outcome
    stale: frozenset[int]
    reasons: dict[int, int]
    events: dict[str, int]


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


def in_time(
    received: Received, width: int, host: tuple[Array, Records] | None = None
) -> tuple[Records, Array, Array]:
    """What goes to op_gate, in its order: operations; whose each is, 0: the feed's, 1: the host's,
    2: a mark's, 3: a session's begin, by slot; and when."""
    operations = received.operations
    times = received.given + LATENCY[width]
    host_times, host_operations = host or (np.zeros(0, np.int64), BOOK_OP.empty(0))
    host_operations = host_operations.copy()
    acts = host_operations["operation"] != Operation.STALE
    host_operations["reason"][acts] = received.market.at(
        host_times[acts], host_operations["slot"][acts]
    )
    stale, stale_times, stale_order = _stale(operations, times, received)
    begins = BOOK_OP.empty(len(received.begins) * SLOTS)
    begins["slot"] = np.tile(np.arange(SLOTS), len(received.begins))
    begins["operation"], begins["reason"] = Operation.STALE, Reason.SESSION_ENDED
    parts = (operations, host_operations, stale, begins)
    every, part = np.concatenate(parts), np.repeat(range(4), [len(one) for one in parts])
    when = np.concatenate([times, host_times, stale_times, np.repeat(received.begins, SLOTS)])
    within = np.full(len(when), _OPERATION)
    within[part == 2] = stale_order
    within[part == BEGINS] = _BEGINS
    order = np.lexsort((within, when))
    return every[order], part[order], when[order]


def book(
    received: Received, width: int, host: tuple[Array, Records] | None = None, *, levels: bool
) -> Replayed:
    """The books of what was received."""
    every, part, when = in_time(received, width, host)
    counts = np.zeros(len(EVENTS), np.int64)
    may = _follows(received.follows, when - _SEES)
    may[~_named(received, every, when - _SEES)] = 0
    leaves = gate(every, part, when, may, counts)
    every, part = every[leaves], part[leaves]
    whole = Book(SLOTS).apply(every, levels=levels)
    rows = part < 2  # what makes a book stale beside operations has no record
    outcome = Outcome(
        whole.tops[rows],
        whole.causes[rows],
        whole.ignored[rows],
        None if whole.levels is None else whole.levels[rows],
    )
    slots = frozenset(whole.tops["slot"][whole.tops["stale"]].tolist())
    reasons = dict(zip(whole.tops["slot"].tolist(), whole.tops["reason"].tolist(), strict=True))
    events = dict(zip(EVENTS, counts.tolist(), strict=True))
    return Replayed(received, every[rows], part[rows] == 0, outcome, slots, reasons, events)


def _follows(known: Array, when: Array) -> Array:
    """Which slots follow an instrument then."""
    every: Array = known["slots"][np.searchsorted(known["cycle"], when, side="right") - 1]
    return every


def _named(received: Received, operations: Records, when: Array) -> Array:
    """Whether the session goes on then, as far as is known, that a trust would name by its
    fields."""
    its, elsewhere = (
        known[np.searchsorted(known["cycle"], when, side="right") - 1]
        for known in (received.sessions, received.elsewhere)
    )
    first: Array = its["high"] == operations["order_reference"]
    named: Array = (
        its["goes_on"] & ~elsewhere["heard"] & first & (its["low"] == operations["price"])
    )
    return named


def _stale(operations: Records, times: Array, received: Received) -> tuple[Records, Array, Array]:
    """What marks do to slots, as operations; when, and where in that cycle. Their number is the
    newest of what may be missing."""
    slots, reasons, when, order, upto = [], [], [], [], []
    turned = [(cycle, reason, number, mask, _TURNED)
              for cycle, mask, number, reason in received.turned.tolist()]  # fmt: skip
    every = [(cycle, reason, number, -1, _PLACE.get(reason, _LOST))
             for cycle, reason, number, *_ in received.marks.tolist()]  # fmt: skip
    for cycle, reason, number, mask, place in every + turned:
        touched = [slot for slot in range(SLOTS) if mask >> slot & 1]
        if reason == BAD_FRAME:
            touched = _touched(operations, int(np.searchsorted(times, cycle, side="right")))
        slots += touched
        reasons += [reason] * len(touched)
        upto += [number] * len(touched)
        when += [cycle] * len(touched)
        order += [place] * len(touched)
    stale = BOOK_OP.empty(len(slots))
    stale["operation"], stale["slot"], stale["reason"] = Operation.STALE, slots, reasons
    stale["sequence_number"] = upto
    return stale, np.array(when, np.int64), np.array(order, np.int64)


def _touched(operations: Records, end: int) -> list[int]:
    """The slots of the operations of the frame that had the last one before `end`."""
    start = end
    while start and operations["frame_cycle"][start - 1] == operations["frame_cycle"][end - 1]:
        start -= 1
    part = operations[start:end]
    return sorted({int(slot) for slot in part["slot"][part["operation"] != Operation.NONE]})
