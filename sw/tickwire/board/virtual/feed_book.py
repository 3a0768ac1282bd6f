"""What feed_book's RTL is given, and the books that it shows, as the host has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.board.virtual.builds import SPACING, START, TABLES
from tickwire.board.virtual.harness import FeedObserved, Top
from tickwire.book.types import LEVEL
from tickwire.exchange.flow import packets
from tickwire.gen.records import LEVELS, SLOTS, Operation, Side
from tickwire.replay.feed import Received
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.itch import Messages
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]


def top(width: int) -> Top:
    """For days."""
    return Top("feed_book", {"W": width, **TABLES, "SPACING": SPACING[width]})


def traffic(messages: Messages, width: int) -> Traffic:
    """A stream in packets, at line rate on feed A."""
    return Traffic.of(frames(packets(messages), Flow()), width, start=START)


def play(messages: Messages, locates: dict[int, int], width: int) -> FeedObserved:
    """It through the RTL."""
    return top(width).run(traffic(messages, width), Registers(locates=locates))


def beyond(expected: Received, traffic: Traffic) -> int:
    """Cycles behind the last frame's begin in which what waits may still come, by the replay."""
    last = max(int(one.max(initial=0))
               for one in (expected.messages["given"], expected.marks["cycle"]))  # fmt: skip
    return max(0, last - int(traffic.first.max(initial=0)))


def levels(tops: Array, depths: Array) -> Array:
    """Both sides of the book after each operation, [row, side, level], as `Book.apply` shows it.

    The RTL shows the side that was touched; the other is as it was, or empty where the book is
    stale or was cleared.
    """
    books = np.zeros((len(tops), 2, LEVELS), LEVEL)
    empty = tops["stale"] | np.isin(tops["operation"], (Operation.CLEAR, Operation.LOAD))
    for slot in range(SLOTS):
        rows = np.flatnonzero(tops["slot"] == slot)
        for side in Side:
            touched = empty[rows] | (depths["side"][rows] == side)
            last = np.maximum.accumulate(np.where(touched, np.arange(len(rows)), -1))
            there = last >= 0
            source = rows[last[there]]
            for name, theirs in (("price", "prices"), ("shares", "shares"), ("orders", "orders")):
                values = np.where(empty[source, None], 0, depths[theirs][source])
                books[name][rows[there], side] = values
    return books
