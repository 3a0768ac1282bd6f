"""Wrong and not stale: rows of a book that says it can be trusted, and isn't what the venue sent;
or by which one may act, where the venue said that nobody may.

It knows neither frames nor how they are read: only what was sent, and what the book showed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.stimulus.storm import Storm, Truth
from tickwire.board.virtual import feed_book
from tickwire.board.virtual.harness import FeedObserved
from tickwire.gen.records import SLOTS, Operation, Reason

Array = npt.NDArray[Any]
TOUCH = ("bid_price", "bid_shares", "ask_price", "ask_shares")
BY_HOST = (Operation.CLEAR, Operation.LOAD)
# Cycles from a frame's last byte until no row of it is shown as if it were right: op_gate's 16
# operations, 10 cycles apart where all are replaces, the book's latency, and some.
KNOWN = 250
SHUT = (Reason.HALTED, Reason.MARKET_CLOSED, Reason.BREACHED, Reason.INTERRUPTED)


def of_run(observed: FeedObserved, storm: Storm) -> Counter[str]:
    """`wrong_and_not_stale` of the RTL's rows."""
    tops, cycles = observed.rows("tops"), observed.cycles_of("tops")
    return wrong_and_not_stale(tops, observed.rows("depths"), cycles, storm)


def wrong_and_not_stale(tops: Array, depths: Array, cycles: Array, storm: Storm) -> Counter[str]:
    """`rows`, `trusted` (that say they aren't stale), `provisional` (of a frame that turned out
    wrong, until its end is known), those that are `wrong`, of the trusted ones, and how many of
    those anybody may act by: `open`."""
    shown, sides = feed_book.levels(tops, depths), depths["side"]
    met = Counter({"rows": len(tops), "trusted": 0, "provisional": 0, "wrong": 0})
    block = np.searchsorted(storm.begins, cycles, side="right") - 1
    provisional = _provisional(tops["frame_cycle"].astype(np.int64), cycles, storm)
    counts = ~tops["stale"] & (tops["operation"] != Operation.NONE)
    met["provisional"] = int((counts & provisional).sum())
    counts &= ~provisional
    met["trusted"] = int(counts.sum())
    shut = np.isin(tops["reason"], SHUT)
    met["open"] = int((counts & ~shut).sum())
    for one, truth in enumerate(storm.books):
        for slot in range(SLOTS):
            rows = np.flatnonzero(counts & (block == one) & (tops["slot"] == slot))
            wrong = _differing(tops[rows], shown[rows], sides[rows], slot, truth)
            wrong |= _acted(tops[rows], slot, truth)
            met["wrong"] += int(wrong.sum())
    return met


def _provisional(frame_cycles: Array, cycles: Array, storm: Storm) -> npt.NDArray[np.bool_]:
    """Rows of a wrong frame before it has ended, and the path knows that."""
    if not len(storm.wrong):
        return np.zeros(len(cycles), np.bool_)
    place = np.searchsorted(storm.wrong, frame_cycles)
    there = np.minimum(place, len(storm.wrong) - 1)
    before: npt.NDArray[np.bool_] = storm.wrong[there] == frame_cycles
    before &= cycles <= storm.wrong_ends[there] + KNOWN
    return before


def _acted(tops: Array, slot: int, truth: Truth) -> npt.NDArray[np.bool_]:
    """Rows of a slot that one may act by, though the venue has said otherwise. What the host does
    to a book has no place in the stream."""
    here = np.flatnonzero(truth.operations["slot"] == slot)
    numbers = truth.operations["sequence_number"][here]
    place = np.searchsorted(numbers, tops["sequence_number"], side="right") - 1
    may = ~np.isin(tops["reason"], SHUT) & ~np.isin(tops["operation"], (*BY_HOST, Operation.TRUST))
    may &= place >= 0
    shut = (
        truth.shut[here[np.maximum(place, 0)]] != 0 if len(here) else np.zeros(len(tops), np.bool_)
    )
    acted: npt.NDArray[np.bool_] = may & shut
    return acted


def _differing(
    tops: Array, shown: Array, sides: Array, slot: int, truth: Truth
) -> npt.NDArray[np.bool_]:
    """Rows of a slot that aren't the book as of their number: the best of both sides, and all
    levels of the side that they show."""
    ops, outcome = truth.operations, truth.outcome
    assert outcome.levels is not None
    here = np.flatnonzero(ops["slot"] == slot)
    place = np.searchsorted(ops["sequence_number"][here], tops["sequence_number"], side="right") - 1
    cleared = np.isin(tops["operation"], BY_HOST)
    wrong = np.zeros(len(tops), np.bool_)
    empty = (place < 0) | cleared
    one = np.arange(len(tops))
    side = shown[one, sides]
    wrong[empty] = (side[empty] != np.zeros_like(side[empty])).any(axis=1)
    for name in TOUCH:
        wrong[empty] |= tops[name][empty] != 0
    there = here[np.maximum(place, 0)][~empty] if len(here) else np.zeros(0, np.int64)
    differ = (side[~empty] != outcome.levels[there, sides[~empty]]).any(axis=1)
    for name in TOUCH:
        differ |= tops[name][~empty] != outcome.tops[name][there]
    wrong[~empty] = differ
    return wrong
