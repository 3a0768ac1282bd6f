"""The test day: it has every kind of message, and nothing invalid unless asked for."""

from __future__ import annotations

import numpy as np
import pytest

from tickwire.book.compiled import Book
from tickwire.book.naive import NaiveBook
from tickwire.exchange.flow import Day, DayConfig, FlowError, packets
from tickwire.gen.records import LEVELS, Operation, Reason
from tickwire.wire import itch, mold
from tickwire.wire.operations import operations

CONFIG = DayConfig(seed=11, events=60_000)


def test_both_books_agree_on_the_day_and_refuse_nothing() -> None:
    day = Day(CONFIG)
    ops = operations(day.messages(), day.locates)
    fast = Book(8).apply(ops, levels=True)
    naive = NaiveBook(8).apply(ops[:12_000], levels=True)
    assert np.array_equal(fast.tops[:12_000], naive.tops)
    assert fast.levels is not None and naive.levels is not None
    assert np.array_equal(fast.levels[:12_000], naive.levels)
    assert not fast.causes.any() and not fast.ignored.any()
    assert len(ops) > 0.9 * CONFIG.events


def test_every_kind_of_message_is_there() -> None:
    day = Day(CONFIG)
    messages = day.messages()
    assert {chr(code) for code in np.unique(messages.types)} == set("SRHAFECXDUPQI")
    ops = operations(messages, day.locates)
    outcome = Book(8).apply(ops, levels=True)
    assert outcome.levels is not None
    reasons = set(outcome.tops["reason"].tolist())
    assert {Reason.OK, Reason.CROSSED, Reason.HALTED, Reason.LOCKED} <= reasons
    open_ = outcome.tops[len(ops) // 4 : len(ops) // 2]
    assert (open_["crossed"] & ~open_["halted"]).mean() < 0.02
    assert (outcome.levels["orders"][:, :, LEVELS - 1] > 0).mean() > 0.5
    deletes = ops["operation"] == Operation.DELETE
    assert (deletes[:-2] & deletes[1:-1] & deletes[2:]).any()
    prices = ops["price"][ops["operation"] == Operation.ADD]
    assert prices.min() < 200 and prices.max() > 1_999_990_000


def test_bad_events_are_refused_for_every_cause() -> None:
    refused: set[Reason] = set()
    for seed in range(12):
        day = Day(DayConfig(seed=seed, events=4_000, bad_in_a_million=20_000))
        outcome = Book(8).apply(operations(day.messages(), day.locates))
        # the first of each slot; the rest is ignored
        assert 0 < sum(outcome.counts().values()) <= 8
        assert outcome.ignored.any()
        refused |= set(outcome.counts())
    assert refused == {Reason(code) for code in range(Reason.UNKNOWN_REFERENCE, 0x1C)}


def test_packets_hold_one_to_many_messages() -> None:
    messages = Day(CONFIG).messages()
    sent = packets(messages)
    back = mold.depacketise(sent)
    assert back.stream == itch.encode(messages)
    assert back.message_count.min() == 1 and back.message_count.max() > 20
    assert sent.lengths.max() <= 1420
    assert (np.diff(messages.column("timestamp", np.uint64).astype(np.int64)) >= 0).all()


@pytest.mark.parametrize(
    "wrong", [{"symbols": ("A", "A")}, {"events": 3}, {"resting": 1}, {"symbols": ("TOOLONGNAME",)}]
)
def test_an_invalid_day_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(FlowError):
        DayConfig(**{"seed": 1, "events": 1000, **wrong})  # type: ignore[arg-type]
