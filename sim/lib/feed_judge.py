"""How many rows differ: what feed_rx and feed_book showed, against their golden models."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.golden import feed_rx as golden
from tickwire.board.virtual import feed_book
from tickwire.board.virtual.harness import FeedObserved
from tickwire.board.virtual.observed import Observed
from tickwire.book.types import Outcome
from tickwire.gen.records import Operation, Reason
from tickwire.wire.traffic import Traffic

Array = npt.NDArray[Any]
BY_THE_LEVELS = (Reason.OK, Reason.NUMBER_OVERFLOW, Reason.LEVEL_OVERFLOW, Reason.DEPTH_LOST)


def differing(got: Array, expected: Array) -> int:
    """Rows that differ; one that is only there or only here differs."""
    common = min(len(got), len(expected))
    return int((got[:common] != expected[:common]).sum()) + abs(len(got) - len(expected))


def until_depth_lost(observed: Observed, ops: Array) -> tuple[Array, int]:
    """Which operations come before their slot lost its depth; and how often one did."""
    lost = np.flatnonzero(observed.rows("causes") == Reason.DEPTH_LOST)
    trusted = np.ones(len(ops), np.bool_)
    for row in lost.tolist():
        trusted[row:] &= ops["slot"][row:] != ops["slot"][row]
    return trusted, len(lost)


def compared(observed: Observed, told: Outcome, which: Array | None = None) -> dict[str, int]:
    """Records that differ: tops, levels with their order counts, why it was refused or ignored.
    With `which`, of those alone; and the others must say that they are stale."""
    tops = observed.rows("tops")
    if len(tops) != len(told.tops) or told.levels is None:
        return dict.fromkeys(("top_mismatches", "level_mismatches"), max(len(tops), len(told.tops)))
    shown = feed_book.levels(tops, observed.rows("depths"))
    wrong = tops != told.tops
    wrong |= observed.rows("ignored") != told.ignored
    wrong |= (observed.rows("causes") != told.causes) & ~told.ignored
    levels = (shown != told.levels).any(axis=(1, 2))
    if which is not None:
        wrong = np.where(which, wrong, ~tops["stale"])
        levels &= which
    return {"top_mismatches": int(wrong.sum()), "level_mismatches": int(levels.sum())}


def waits(came: Array, causes: Array, ops: Array, spacing: int) -> tuple[Array, Array]:
    """How long each operation waits in op_gate for those before it, 2 more after a replace. And how
    much longer a replace takes that order_table lets through."""
    apart = np.where(ops["operation"] == Operation.REPLACE, spacing + 2, spacing)
    leaves = came.copy()
    for row in range(1, len(came)):
        leaves[row] = max(came[row], leaves[row - 1] + apart[row - 1])
    reached = np.isin(causes, BY_THE_LEVELS)  # order_table found nothing wrong
    longer = np.where(reached & (ops["operation"] == Operation.REPLACE), 2, 0)
    return leaves - came, longer


def accounted(observed: FeedObserved, sent: Traffic) -> int:
    """Frames that no counter tells of, or that two do, of either feed."""
    told = np.zeros(2, np.int64)
    for name in golden.MAC:
        told += observed.by_feed(name)
    headers = np.zeros(2, np.int64)
    for name in golden.UDP:
        headers += observed.by_feed(name)
    counts = np.bincount(sent.feed, minlength=2)
    presented = counts - observed.by_feed("bad_preamble")
    return int(np.abs(told - counts).sum() + np.abs(headers - presented).sum())


def counters(observed: FeedObserved, told: golden.Received, sent: Traffic) -> int:
    """Counters that differ from the golden model's."""
    wrong = 0
    for names, column in ((golden.MAC, told.mac), (golden.UDP, told.udp)):
        for number, name in enumerate(names):
            here = np.bincount(sent.feed[column == number], minlength=2)
            wrong += observed.by_feed(name) != tuple(here.tolist())
    for number, name in enumerate(golden.MERGE):
        said = (told.merge > 0) & (told.merge >> number & 1 == 1)
        wrong += observed.by_feed(name) != tuple(np.bincount(sent.feed[said], minlength=2).tolist())
    for name, count in (
        *told.events.items(),
        *(("gaps", len(told.missing)), ("sessions_ended", told.sessions_ended)),
        *(("messages", len(told.messages)), ("message_overruns", int(told.overruns.sum()))),
    ):
        wrong += observed.count(name) != count
    return int(wrong)
