"""The synthetic exchange: a book that follows its messages, and the facts that hold."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from tickwire.book.compiled import Book
from tickwire.data import days, facts
from tickwire.data.events import DataError, Events
from tickwire.exchange.market import Market, MarketConfig, MarketError
from tickwire.gen.records import Operation, Reason
from tickwire.wire.operations import operations

CONFIG = MarketConfig(seed=4, events=40_000, symbols=("AAAA", "BBBB"))


def test_the_book_follows_every_message() -> None:
    day = Market(CONFIG)
    messages = day.messages()
    assert len(messages) == CONFIG.events and day.left == 0
    assert {chr(code) for code in np.unique(messages.types)} == set("SRHAEXDU")
    ops = operations(messages, day.locates)
    outcome = Book(2).apply(ops, levels=True)
    assert not outcome.causes.any() and not outcome.ignored.any()
    reasons = outcome.tops["reason"]
    assert set(reasons.tolist()) <= {Reason.OK, Reason.ONE_SIDED, Reason.CLEARED}
    assert (reasons == Reason.OK).mean() > 0.99
    # an execution takes from the best price of its side
    rows = np.flatnonzero(ops["operation"] == Operation.EXECUTE)
    assert len(rows) > 3_000
    before = {0: (0, 0), 1: (0, 0)}
    for top in outcome.tops:
        if top["operation"] == Operation.EXECUTE:
            assert top["operation_price"] == before[int(top["slot"])][top["operation_side"]]
        before[int(top["slot"])] = (int(top["bid_price"]), int(top["ask_price"]))
    times = messages.column("timestamp", np.int64)
    assert (np.diff(times) >= 0).all() and times[-1] < 20 * 3_600_000_000_000


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"events": 100}, "100 events"),
        ({"symbols": ()}, "1 to 8 instruments"),
        ({"symbols": ("A" * 9,)}, "1 to 8 characters"),
        ({"price": 1_000_050}, "whole cents"),
    ],
)
def test_an_invalid_day_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(MarketError, match=message):
        MarketConfig(**{"seed": 1, "events": 10_000, **change})  # type: ignore[arg-type]


@lru_cache(maxsize=None)
def a_day() -> Events:
    _, chunks = days.read("market", 100_000, 1)
    (events,) = chunks
    return events


# Facts that don't hold: the day's returns persist for longer than real ones, and up is as down.
LACKING = {"linear_correlation", "leverage", "gains_and_losses_differ", "imbalance_foretells"}


def test_the_facts_that_are_stated_hold() -> None:
    measured = facts.measure(a_day())
    assert {fact.name for fact in measured if not fact.holds} <= LACKING
    assert len(measured) == 16


def test_facts_tell_a_market_from_noise() -> None:
    """The same rows in a random order have no memory, no clusters and no impact."""
    events = a_day()
    order = np.random.default_rng(1).permutation(len(events))
    mixed = events.rows(order)
    # the end of a packet has no time of its own
    mixed.tops["timestamp"] = np.sort(np.maximum.accumulate(events.tops["timestamp"]))
    held = {fact.name: fact.holds for fact in facts.measure(mixed)}
    assert not held["volatility_clusters"] and not held["signs_remember"]
    assert not held["imbalance_foretells"] and held["leverage"] in (True, False)


def test_the_facts_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(facts, "_report", lambda *_: None)
    assert facts.main(["--events", "20000", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 16
    assert facts.main(["--data", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(DataError, match="too few"):
        facts.measure(a_day().rows(slice(0, 3000)))
