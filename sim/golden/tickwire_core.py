"""Golden model of tickwire_core: the host's replay of the path, on what the host's decoder and book
make of the frames. Stamps count from the cycle of the traffic's first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.golden import feed_book, feed_rx, signal
from sim.golden.nn import StandIn
from sim.golden.path_counters import COUNTERS
from tickwire.gen.records import SLOTS, Action, Operation, Reason
from tickwire.replay.path import Expected, replay
from tickwire.replay.signals import Signals
from tickwire.wire.traffic import Registers, Traffic

Array = npt.NDArray[Any]

MODEL_ID = 0x5354414E442D494E  # sim/doubles/network_pkg.sv
LATENCY = {width: cycles + 4 + 14 + 2 for width, cycles in feed_book.LATENCY.items()}


class Scores:
    """The stand-in as the replay asks: one slot's steps in order."""

    def scores(self, vectors: Array, clear: npt.NDArray[np.bool_]) -> Array:
        network, scores = StandIn(), []
        for values, anew in zip(vectors.tolist(), clear.tolist(), strict=True):
            if anew:
                network.clear(0)
            scores.append(network.step(0, values))
        return np.array(scores, np.int64).reshape(-1, 5)


@dataclass(frozen=True)
class Played:
    """What must come; every counter, and every bit of a slot's status and sticky, by the name that
    the register map has for it."""

    expected: Expected
    counters: dict[str, int]
    slots: list[dict[str, int]]


def expect(
    traffic: Traffic, registers: Registers, width: int, settings: Array, each_change: bool
) -> Played:
    front = feed_rx.receive(traffic, registers, width)
    books = feed_book.book(front, width, levels=True)
    expected = replay(
        books.operations,
        books.outcome,
        Scores(),
        Signals(settings, MODEL_ID),
        each_change=each_change,
        bad=_bad(front, width, each_change),
    )
    slots = [_slot(slot, registers, books, expected) for slot in range(SLOTS)]
    return Played(expected, _counts(front, traffic.feed, books, expected), slots)


def _slot(
    slot: int, registers: Registers, books: feed_book.Replayed, expected: Expected
) -> dict[str, int]:
    """Its status and sticky registers, by the rules of path_registers; nothing is learned here."""
    tops = books.outcome.tops[books.outcome.tops["slot"] == slot]
    signals = expected.signals[expected.signals["slot"] == slot]
    vectors = expected.vectors[expected.vectors["slot"] == slot]
    stale = int(slot in books.stale)
    shows = ("crossed", "locked", "halted")
    status = {name: int(tops[name][-1]) if len(tops) else 0 for name in shows}
    sticky = {name: int(tops[name].any()) for name in shows}
    reason = signals["reason"][-1] if len(signals) else Reason.CLEARED
    book = tops["reason"][-1] if len(tops) else Reason.CLEARED
    if stale:  # from the cycle on in which it became so, whether a record came or not
        book = books.reasons[slot]
    if book != Reason.OK:
        reason = book
    if slot not in registers.locates.values():
        reason = Reason.NOT_ENABLED
    warm = int(vectors["warm"][-1]) if len(vectors) else 0
    status |= {"stale": stale, "warm": warm, "learned": 0, "reason": int(reason)}
    end = np.array([np.iinfo(np.int64).max]), np.array([slot])
    status["market"] = int(books.received.market.at(*end)[0])
    sticky |= {"stale": stale}
    return {f"status.{name}": value for name, value in status.items()} | {
        f"sticky.{name}": value for name, value in sticky.items()
    }


def _counts(
    front: feed_rx.Received, feed: Array, books: feed_book.Replayed, expected: Expected
) -> dict[str, int]:
    counts = dict.fromkeys((one.name for one in COUNTERS), 0)
    for one in (0, 1):
        here = feed == one
        for names, column in ((feed_rx.MAC, front.mac), (feed_rx.UDP, front.udp)):
            for number, name in enumerate(names):
                counts[f"feeds[{one}].{name}"] = int((column[here] == number).sum())
        counts[f"feeds[{one}].ip_options"] = int(front.options[here].sum())
        counts[f"feeds[{one}].reordered"] = front.reordered[one]
        counts[f"feeds[{one}].hold_drops"] = front.hold_drops[one]
        events = np.maximum(front.merge[here], 0)
        for number, name in enumerate(feed_rx.MERGE):
            of_feed = f"feeds[{one}].{name}"
            which = of_feed if of_feed in counts else f"path.{name}"
            counts[which] += int((events >> number & 1).sum())
    outcome, signals = books.outcome, expected.signals["decision"]
    applied = outcome.causes[~outcome.ignored].tolist()
    path = {
        **front.events,
        "gaps": len(front.missing),
        "sessions_ended": front.sessions_ended,
        "late_joins": front.late_joins,
        "messages": len(front.messages),
        "message_overruns": int(front.overruns.sum()),
        "bad_frames": int((front.marks["reason"] == feed_rx.BAD_FRAME).sum()),
        **{name: applied.count(cause) for cause, name in feed_book.EVENTS.items()},
        "ignored_operations": int(outcome.ignored.sum()),
        "crossed_books": _times(outcome.tops, "crossed"),
        "locked_books": _times(outcome.tops, "locked"),
        "stale_books": len(books.stale),  # none is trusted again
        "inferences": int(expected.steps.sum()),
        **{f"signals_{one.name.lower()}": int((signals == one).sum()) for one in Action},
    }
    return counts | {f"path.{name}": count for name, count in path.items()}


def _times(tops: Array, name: str) -> int:
    """How often a slot's book became so."""
    times = 0
    for slot in np.unique(tops["slot"]):
        rows = tops[name][tops["slot"] == slot].astype(np.int8)
        times += int((np.diff(rows, prepend=np.int8(0)) > 0).sum())
    return times


def _bad(front: Any, width: int, each_change: bool) -> npt.NDArray[np.bool_]:
    """Operations of frames that turned out wrong. A frame's end is known before what it sends is
    decided; where each change is sent, only before what of it is decided last."""
    ops = front.operations
    times = front.given
    decided = times + LATENCY[width] - signal.LATENCY
    decided += np.where(ops["operation"] == Operation.REPLACE, 2, 0)
    bad = np.zeros(len(ops), np.bool_)
    for known in front.marks["cycle"][front.marks["reason"] == feed_rx.BAD_FRAME].tolist():
        last = np.searchsorted(times + feed_rx.LATENCY[width], known, side="right") - 1
        same = ops["frame_cycle"] == ops["frame_cycle"][last]
        bad |= same & (decided >= known) if each_change else same
    return bad
