"""The way back after a loss, in the Verilated feed and book: from trust on, record by record, the
book of the day that lost nothing. And the judge sees a snapshot that lacks an order, a number that
isn't the snapshot's, a gate that takes what it must refuse, and a record that is otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.lib.snapshot_judge import Judge, JudgeError
from sim.measure.feed_snapshots import replay_differs, sweep
from sim.stimulus.lossless import Lossless, lossless
from sim.stimulus.snapshots import Snapshots, snapshots
from sim.stimulus.storm import PARAMETERS
from tickwire.board.virtual.harness import FeedObserved, Top
from tickwire.book.compiled import Book
from tickwire.exchange.flow import Day, DayConfig
from tickwire.gen.records import SLOTS, Operation

ROWS = PARAMETERS["ORDER_ROWS"]
START = 3_000


@cache
def day() -> Lossless:
    made = Day(DayConfig(seed=4, events=4_000, resting=20, symbols=("AA", "BB", "CC")))
    return lossless(made.messages(), made.locates, 4)


@cache
def planned(width: int, forget: int = -1) -> Snapshots:
    return snapshots(day(), width, 8, 2, sweep=sweep(ROWS), start=START, forget=forget)


def played(width: int, sent: Snapshots) -> FeedObserved:
    top = Top("feed_book", PARAMETERS | {"W": width})
    return top.run(sent.traffic, sent.registers, host=sent.host, flush=sent.flush)


@cache
def run(width: int) -> tuple[Snapshots, FeedObserved]:
    return planned(width), played(width, planned(width))


def judged(sent: Snapshots, observed: FeedObserved) -> Counter[str]:
    return Judge(day(), sent, observed).judge()


def good(met: Counter[str]) -> bool:
    return not (met["mismatches"] or met["wrong_and_not_stale"] or met["trusts_misjudged"])


def test_the_truth_is_the_compiled_books() -> None:
    book = Book(SLOTS).apply(day().ops, levels=True)
    assert np.array_equal(book.tops, day().outcome.tops)
    assert np.array_equal(book.levels, day().outcome.levels)
    assert not book.causes.any() and len(day().deletes) > 30


@pytest.mark.parametrize("width", [8, 64])
def test_from_trust_on_a_book_is_the_lossless_days(width: int) -> None:
    sent, observed = run(width)
    met = judged(sent, observed)
    assert good(met), met
    assert sent.lost[0][0] == 1 and sent.lost[-1] == (day().last, 1)
    assert met["compared"] > 500 and met["refused"] > 3 and met["emptied"] > 30, met
    assert min(met[name] for name in ("exactly_newest", "ahead", "amid_a_packet")) > 0, met
    assert observed.count("book_drops") == 0
    assert replay_differs(sent, observed, width) == 0


def accepted(sent: Snapshots, observed: FeedObserved) -> list[int]:
    """Tries that were taken, and are their slot's last of their moment."""
    judge = Judge(day(), sent, observed)
    taken = [one.trust for one in judge._trusted()]
    return [at for at, one in enumerate(sent.trusts) if one in taken]


@pytest.mark.parametrize("width", [8, 64])
@pytest.mark.parametrize("which", [0, -1])
def test_a_snapshot_that_lacks_an_order_is_seen(width: int, which: int) -> None:
    whole, right = run(width)
    forget = accepted(whole, right)[which]
    sent = planned(width, forget)
    assert len(sent.host[1]) == len(whole.host[1]) - 1
    observed = played(width, sent)
    met = judged(sent, observed)
    assert met["mismatches"] > 0 and met["wrong_and_not_stale"] > 0, met
    # the replay of that host forgets it as well; and one that forgets it by itself is seen
    assert replay_differs(sent, observed, width) == 0
    with pytest.raises(JudgeError, match="operations of the host"):
        replay_differs(replace(whole, host=sent.host), right, width)
    times, given = whole.host[0], whole.host[1].copy()
    one = whole.trusts[forget]
    given["operation"][one.trust - 1] = Operation.RESUME  # in the place of the last order
    assert whole.host[1]["operation"][one.trust - 1] == Operation.ADD
    assert replay_differs(replace(whole, host=(times, given)), right, width) > 3


@pytest.mark.parametrize("fault", ["a later number", "an earlier book", "too old, and taken"])
def test_a_number_that_is_not_the_snapshots_is_seen(fault: str) -> None:
    """What a host says wrongly, and a gate that believes a snapshot that it must not."""
    sent, observed = run(8)
    times, given = sent.host[0], sent.host[1].copy()
    trusts = [sent.trusts[at] for at in accepted(sent, observed)]
    if fault == "too old, and taken":
        old = next(one for one in sent.trusts if one not in trusts and one.kind == "old")
        given["sequence_number"][old.trust] += 500
    else:
        for one in trusts:
            numbers = day().numbers[one.slot]
            at = int(np.searchsorted(numbers, one.number, side="right"))
            step = 1 if fault == "a later number" else -1
            if 1 <= at < len(numbers) - 1:
                later = numbers[at] if step > 0 else numbers[at - 1] - 1
                given["sequence_number"][one.trust] = later
    wrong = replace(sent, host=(times, given))
    met = judged(sent, played(8, wrong))
    assert not good(met), met
    if fault != "an earlier book":  # which the gate refuses, or what is shown is as of then
        assert met["mismatches"] or met["trusts_misjudged"], met


@pytest.mark.parametrize("fault", ["a price", "a level", "not stale", "lacking", "twice", "left"])
def test_the_judge_sees_a_wrong_record(fault: str) -> None:
    sent, observed = run(64)
    judge = Judge(day(), sent, observed)
    one = next(iter(judge._trusted()))
    tops, depths, cycles = judge.tops.copy(), judge.depths.copy(), judge.cycles.copy()
    rows = np.flatnonzero(~tops["stale"] & (tops["bid_price"] > 0) & (tops["frame_cycle"] > 0))
    row, keep = int(rows[len(rows) // 2]), np.arange(len(tops))
    if fault == "a price":
        tops["bid_price"][row] += 100
    elif fault == "a level":
        row = int(rows[depths["orders"][rows, 2] > 0][5])
        depths["shares"][row, 2] += 1
    elif fault == "not stale":
        stale = tops["stale"] & (tops["frame_cycle"] > 0) & (tops["operation"] != Operation.NONE)
        tops["stale"][stale] = False
    elif fault == "lacking":
        keep = np.delete(keep, row)
    elif fault == "twice":
        keep = np.insert(keep, row, row)
    else:
        keep = np.delete(keep, one.row)  # the trust was refused
    again: Any = _Changed(observed, tops[keep], depths[keep], cycles[keep])
    met = judged(sent, again)
    assert not good(met), met


class _Changed:
    """What was observed, with other records of the books."""

    def __init__(self, observed: FeedObserved, tops: Any, depths: Any, cycles: Any) -> None:
        self.observed, self.changed = observed, {"tops": tops, "depths": depths}
        self.cycles, self.count = cycles, observed.count

    def rows(self, name: str) -> Any:
        return self.changed[name] if name in self.changed else self.observed.rows(name)

    def cycles_of(self, name: str) -> Any:
        return self.cycles if name in self.changed else self.observed.cycles_of(name)
