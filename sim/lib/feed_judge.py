"""How many rows differ: what feed_rx and feed_book showed, against the host's replay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from tickwire.board.virtual import feed_book
from tickwire.board.virtual.harness import FeedObserved
from tickwire.board.virtual.observed import Observed
from tickwire.book.types import Outcome
from tickwire.gen.records import Operation, Reason
from tickwire.replay.feed import Received
from tickwire.replay.feed_frames import MAC, UDP
from tickwire.replay.feed_merge import MERGE
from tickwire.wire.traffic import Traffic

Array = npt.NDArray[Any]
BY_THE_LEVELS = (Reason.OK, Reason.NUMBER_OVERFLOW, Reason.LEVEL_OVERFLOW, Reason.DEPTH_LOST)


def differing(observed: Array, expected: Array) -> int:
    """Rows that differ; one that is only there or only here differs."""
    common = min(len(observed), len(expected))
    lacking = abs(len(observed) - len(expected))
    return int((observed[:common] != expected[:common]).sum()) + lacking


def until_depth_lost(observed: Observed, operations: Array) -> tuple[Array, int]:
    """Which operations come before their slot lost its depth; and how often one did."""
    lost = np.flatnonzero(observed.rows("causes") == Reason.DEPTH_LOST)
    trusted = np.ones(len(operations), np.bool_)
    for row in lost.tolist():
        trusted[row:] &= operations["slot"][row:] != operations["slot"][row]
    return trusted, len(lost)


def compared(observed: Observed, expected: Outcome, which: Array | None = None) -> dict[str, int]:
    """Records that differ: tops, levels with their order counts, why it was refused or ignored.
    With `which`, of those alone; and the others must say that they are stale."""
    tops = observed.rows("tops")
    if len(tops) != len(expected.tops) or expected.levels is None:
        most = max(len(tops), len(expected.tops))
        return dict.fromkeys(("top_mismatches", "level_mismatches"), most)
    wrong = tops != expected.tops
    wrong |= observed.rows("ignored") != expected.ignored
    wrong |= (observed.rows("causes") != expected.causes) & ~expected.ignored
    levels = feed_book.levels(tops, observed.rows("depths")) != expected.levels
    differ = levels.any(axis=(1, 2))
    if which is not None:
        wrong = np.where(which, wrong, ~tops["stale"])
        differ &= which
    return {"top_mismatches": int(wrong.sum()), "level_mismatches": int(differ.sum())}


def waits(came: Array, causes: Array, operations: Array, spacing: int) -> tuple[Array, Array]:
    """How long each operation waits in op_gate for those before it, 2 more after a replace. And how
    much longer a replace takes that order_table lets through."""
    apart = np.where(operations["operation"] == Operation.REPLACE, spacing + 2, spacing)
    leaves = came.copy()
    for row in range(1, len(came)):
        leaves[row] = max(came[row], leaves[row - 1] + apart[row - 1])
    reached = np.isin(causes, BY_THE_LEVELS)  # order_table found nothing wrong
    longer = np.where(reached & (operations["operation"] == Operation.REPLACE), 2, 0)
    return leaves - came, longer


def accounted(observed: FeedObserved, traffic: Traffic) -> int:
    """Frames that no counter counts, or that two do, of either feed."""
    sent = np.bincount(traffic.feed, minlength=2)
    frames = np.sum([observed.by_feed(name) for name in MAC], axis=0)
    headers = np.sum([observed.by_feed(name) for name in UDP], axis=0)
    presented = sent - observed.by_feed("bad_preamble")
    return int(np.abs(frames - sent).sum() + np.abs(headers - presented).sum())


def counters(observed: FeedObserved, expected: Received, traffic: Traffic) -> int:
    """Counters that differ from the replay's."""
    wrong = 0
    for name, frames in _frames(expected):
        counts = np.bincount(traffic.feed[frames], minlength=2)
        wrong += observed.by_feed(name) != tuple(counts.tolist())
    for name in ("reordered", "hold_drops"):
        wrong += observed.by_feed(name) != getattr(expected, name)
    for name, count in (
        *expected.events.items(),
        *(("gaps", len(expected.missing)), ("sessions_ended", expected.sessions_ended)),
        ("messages", len(expected.messages)),
        ("late_joins", expected.late_joins),
        ("message_overruns", int(expected.overruns.sum())),
    ):
        wrong += observed.count(name) != count
    return int(wrong)


def _frames(expected: Received) -> Iterator[tuple[str, Array]]:
    """Of each counter that counts frames, which of them it counts."""
    for names, column in ((MAC, expected.mac), (UDP, expected.udp)):
        for number, name in enumerate(names):
            yield name, column == number
    yield "ip_options", expected.options > 0
    for bit, name in enumerate(MERGE):
        yield name, (expected.merge > 0) & (expected.merge >> bit & 1 == 1)
