"""What sim/measure/feed.py compares of the books where the RTL lost a side's depth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from hwtools.report import Report
from sim.measure import feed, feed_captures
from tickwire.book.compiled import Book
from tickwire.book.types import Outcome
from tickwire.exchange.flow import Day, DayConfig
from tickwire.gen.records import DEPTH, SLOTS, Operation, Reason
from tickwire.wire import feeds, level_operations
from tickwire.wire.operations import operations

Array = npt.NDArray[Any]
LOST = 400  # the row in which a side isn't refilled in time


class Rows:
    """The records of feed_book, as the host's book has them: what the RTL would show."""

    def __init__(self, ops: Array, outcome: Outcome) -> None:
        assert outcome.levels is not None
        side = outcome.tops["operation_side"]
        depths = DEPTH.empty(len(ops))
        depths["slot"], depths["side"] = ops["slot"], side
        levels = outcome.levels[np.arange(len(ops)), side]
        for name, theirs in (("prices", "price"), ("shares", "shares"), ("orders", "orders")):
            depths[name] = levels[theirs]
        self.records = {
            "operations": ops.copy(),
            "tops": outcome.tops.copy(),
            "depths": depths,
            "causes": outcome.causes.copy(),
            "ignored": outcome.ignored.copy(),
        }

    def rows(self, name: str) -> Array:
        return self.records[name]

    def lose(self, row: int) -> Array:
        """The slot's depth is lost, and nothing of its book is shown any more."""
        slot = self.records["operations"]["slot"]
        stale = np.flatnonzero((slot == slot[row]) & (np.arange(len(slot)) >= row))
        self.records["causes"][row] = Reason.DEPTH_LOST
        self.records["tops"]["stale"][stale] = True
        self.records["ignored"][stale[1:]] = True
        for name in ("prices", "shares", "orders"):
            self.records["depths"][name][stale] = 0
        return stale


@pytest.fixture
def ops() -> Array:
    day = Day(DayConfig(seed=3, events=900))
    rows: Array = operations(day.messages(), day.locates)
    assert len(rows) > 2 * LOST and rows["operation"][LOST] != Operation.NONE
    return rows


def figures(ops: Array, change: Callable[[Rows], object]) -> dict[str, tuple[Any, bool | None]]:
    """Value of each row of the report, and whether it is within its bound."""
    outcome = Book(SLOTS).apply(ops, levels=True)
    observed: Any = Rows(ops, outcome)
    change(observed)
    report = Report("feed", "")
    feed.books(report, "case", observed, outcome)
    return {row.metric: (row.value, row.holds) for row in report.rows}


def test_equal_books_are_equal(ops: Array) -> None:
    zero = dict.fromkeys(("depth_lost", "top_mismatches", "level_mismatches"), (0, True))
    assert figures(ops, lambda _: None) == zero


def test_a_loss_is_out_of_bounds_and_hides_no_wrong_row_before_it(ops: Array) -> None:
    def change(rows: Rows) -> None:
        rows.lose(LOST)
        rows.records["depths"]["shares"][LOST - 1, 0] ^= 1
        rows.records["tops"]["bid_shares"][LOST - 2] ^= 1

    values = figures(ops, change)
    assert values["depth_lost"] == (1, False)
    assert values["top_mismatches"] == (1, False)
    assert values["level_mismatches"][0] >= 1


def test_after_a_loss_the_other_slots_are_compared_and_its_own_is_stale(ops: Array) -> None:
    assert figures(ops, lambda rows: rows.lose(LOST))["top_mismatches"] == (0, True)

    def other(rows: Rows) -> None:
        stale = rows.lose(LOST)
        after = np.setdiff1d(np.arange(LOST, len(ops)), stale)
        rows.records["tops"]["ask_shares"][after[5]] ^= 1

    def trusted(rows: Rows) -> None:
        rows.records["tops"]["stale"][rows.lose(LOST)[7]] = False

    for change in (other, trusted):
        assert figures(ops, change)["top_mismatches"] == (1, False)


def test_each_case_of_captures_is_a_row_that_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_captures, "EVENTS", 2_000)

    def failed() -> set[str]:
        report = Report("feed", "")
        feed_captures.measure(report, 1)
        assert len(report.rows) == 15
        return {row.case for row in report.failed}

    assert failed() == set()
    right = level_operations.operations

    def wrong(*given: Any, **named: Any) -> Array:
        ops = right(*given, **named).copy()
        ops["shares"][np.flatnonzero(ops["operation"] == Operation.ADD)[50]] += 1
        return ops

    with monkeypatch.context() as patch:
        patch.setattr(level_operations, "operations", wrong)
        assert failed() == {"IEX DEEP, a day"}
    with monkeypatch.context() as patch:
        patch.setattr(feeds, "check", lambda *_, **__: None)
        assert failed() == {"two groups", "two sessions"}
