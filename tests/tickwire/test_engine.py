"""The matching engine: the same tests for the compiled and the naive one, then both compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hwtools.bits import Records
from tickwire.exchange.engine import Engine
from tickwire.exchange.engine_types import COMMAND, EngineConfig, Kind, Refusal
from tickwire.exchange.events import REFUSED
from tickwire.exchange.naive_engine import NaiveEngine

CONFIG = EngineConfig(instruments=2, lowest=1000, tick=100, ticks=128, orders=1 << 13)
Maker = Callable[[EngineConfig], Any]
BUY, SELL = 0, 1


def commands(*rows: dict[str, int]) -> Records:
    records = np.zeros(len(rows), COMMAND)
    for index, row in enumerate(rows):
        records[index]["timestamp"] = index
        for name, value in row.items():
            records[index][name] = value
    return records


def limit(reference: int, side: int, price: int, shares: int, **more: int) -> dict[str, int]:
    order = {"reference": reference, "side": side, "price": price, "shares": shares}
    return {"kind": Kind.LIMIT, **order, **more}


def rows(events: Records) -> list[tuple[str, int, int, int, int]]:
    """Type, reference, other, price, shares."""
    names = ("reference", "other", "price", "shares")
    return [(chr(e["type"]) if e["type"] else "-", *(int(e[n]) for n in names)) for e in events]


@pytest.mark.parametrize("make", [Engine, NaiveEngine])
class TestEngine:
    def test_the_best_price_first_then_the_first_in_line(self, make: Maker) -> None:
        engine = make(CONFIG)
        events = engine.run(
            commands(
                limit(1, SELL, 5100, 10),
                limit(2, SELL, 5000, 10),
                limit(3, SELL, 5000, 10),
                limit(4, BUY, 5100, 25),
            )
        )
        assert rows(events)[3:] == [
            ("E", 2, 4, 5000, 10),
            ("E", 3, 4, 5000, 10),
            ("E", 1, 4, 5100, 5),
        ]
        assert engine.orders() == {1: (0, SELL, 5100, 5)}

    def test_what_is_left_rests_or_is_dropped(self, make: Maker) -> None:
        engine = make(CONFIG)
        first = limit(1, BUY, 5000, 10)
        events = engine.run(
            commands(
                first,
                {**limit(2, SELL, 5000, 30), "kind": Kind.IMMEDIATE},
                limit(3, SELL, 5000, 30),
                limit(4, BUY, 4900, 5),
                limit(5, SELL, 4900, 8),
            )
        )
        assert rows(events) == [
            ("A", 1, 0, 5000, 10),
            ("E", 1, 2, 5000, 10),
            ("A", 3, 0, 5000, 30),
            ("A", 4, 0, 4900, 5),
            ("E", 4, 5, 4900, 5),
            ("A", 5, 0, 4900, 3),
        ]
        assert sorted(engine.orders()) == [3, 5]

    def test_a_cancel_keeps_its_place_and_a_replace_loses_it(self, make: Maker) -> None:
        engine = make(CONFIG)
        more = {"kind": Kind.REPLACE, "reference": 2, "new_reference": 9}
        events = engine.run(
            commands(
                *(limit(n, BUY, 5000, 10) for n in (1, 2, 3)),
                {"kind": Kind.CANCEL, "reference": 1, "shares": 4},
                {**more, "price": 5000, "shares": 10},
                limit(7, SELL, 5000, 17),
                {"kind": Kind.DELETE, "reference": 9},
            )
        )
        assert rows(events)[3:] == [
            ("X", 1, 0, 5000, 4),
            ("U", 2, 9, 5000, 10),
            ("E", 1, 7, 5000, 6),
            ("E", 3, 7, 5000, 10),
            ("E", 9, 7, 5000, 1),
            ("D", 9, 0, 5000, 9),
        ]
        assert engine.orders() == {}

    def test_a_replace_that_crosses_trades(self, make: Maker) -> None:
        engine = make(CONFIG)
        cross = {"kind": Kind.REPLACE, "reference": 2, "new_reference": 2}
        events = engine.run(
            commands(
                limit(1, SELL, 5000, 4),
                limit(2, BUY, 4000, 10),
                {**cross, "price": 5000, "shares": 6, "side": SELL},
            )
        )
        assert rows(events)[2:] == [
            ("D", 2, 0, 4000, 10),
            ("E", 1, 2, 5000, 4),
            ("A", 2, 0, 5000, 2),
        ]
        assert engine.orders() == {2: (0, BUY, 5000, 2)}

    @pytest.mark.parametrize(
        ("row", "refusal"),
        [
            ({"kind": 0}, Refusal.BAD_KIND),
            ({"kind": 6}, Refusal.BAD_KIND),
            (limit(5, BUY, 5000, 1, instrument=2), Refusal.BAD_INSTRUMENT),
            (limit(5, BUY, 5050, 1), Refusal.BAD_PRICE),
            (limit(5, BUY, 900, 1), Refusal.BAD_PRICE),
            (limit(5, BUY, 1000 + 128 * 100, 1), Refusal.BAD_PRICE),
            (limit(5, BUY, 5000, 0), Refusal.BAD_SHARES),
            (limit(5, BUY, 5000, 1_000_001), Refusal.BAD_SHARES),
            ({"kind": Kind.DELETE, "reference": 5}, Refusal.UNKNOWN_REFERENCE),
            ({"kind": Kind.DELETE, "reference": 1, "instrument": 1}, Refusal.UNKNOWN_REFERENCE),
            (limit(1, BUY, 5000, 1), Refusal.DUPLICATE_REFERENCE),
            (limit(1, BUY, 5000, 1, instrument=1), Refusal.DUPLICATE_REFERENCE),
            ({"kind": Kind.CANCEL, "reference": 1, "shares": 11}, Refusal.EXCESS_SHARES),
            (limit(2**63 + 1, BUY, 5000, 0), Refusal.BAD_SHARES),
        ],
    )
    def test_a_refusal_is_named_and_changes_nothing(
        self, make: Maker, row: dict[str, int], refusal: Refusal
    ) -> None:
        engine = make(CONFIG)
        engine.run(commands(limit(1, BUY, 5000, 10)))
        events = engine.run(commands(row))
        assert [(e["type"], e["code"]) for e in events] == [(REFUSED, refusal)]
        assert engine.orders() == {1: (0, BUY, 5000, 10)}

    def test_a_full_engine_refuses(self, make: Maker) -> None:
        engine = make(EngineConfig(ticks=64, orders=2))
        three = commands(*(limit(n, BUY, 1000, 10) for n in (1, 2, 3)))
        assert engine.run(three)["code"].tolist() == [0, 0, Refusal.FULL]


def random_commands(seed: int, count: int) -> Records:
    """Mostly valid commands around a middle that wanders; one in thirty is arbitrary."""
    generator = np.random.default_rng(seed)
    records = np.zeros(count, COMMAND)
    records["timestamp"] = np.arange(count)
    records["kind"] = generator.choice([1, 2, 3, 4, 5], count, p=[0.45, 0.15, 0.05, 0.2, 0.15])
    records["instrument"] = generator.integers(0, 2, count)
    records["side"] = generator.integers(0, 2, count)
    middle = 64 + np.cumsum(generator.integers(-1, 2, count)) % 30 - 15
    passive = generator.integers(-9, 9, count)
    away = passive * np.where(records["side"] == 0, -1, 1)
    records["price"] = CONFIG.lowest + CONFIG.tick * np.clip(middle + away, 0, 127)
    records["shares"] = generator.integers(1, 300, count)
    records["reference"] = np.arange(count) + 1
    # commands on an order choose one that came to rest not long ago
    resting = np.flatnonzero((records["kind"] == 1) & (passive > 0))
    named = np.searchsorted(resting, np.arange(count)) - generator.integers(1, 40, count)
    named = resting[np.maximum(named, 0)]
    old = records["kind"] >= 3
    records["reference"][old] = named[old] + 1
    records["instrument"][old] = records["instrument"][named][old]
    records["new_reference"] = np.where(records["kind"] == 5, np.arange(count) + 1, 0)
    odd = np.flatnonzero(generator.random(count) < 1 / 30)
    records["price"][odd] += 7
    records["instrument"][odd[::2]] = generator.integers(0, 4, len(odd[::2]))
    records["reference"][odd[::3]] = named[odd[::3]] + 1
    records["price"][odd[::3]] -= 7
    records["shares"][odd[1::4]] = 0
    return records


def test_a_hundred_thousand_random_orders_have_the_same_fills() -> None:
    sent = random_commands(7, 100_000)
    fast, naive = Engine(CONFIG), NaiveEngine(CONFIG)
    # in pieces to one and at once to the other
    observed = np.concatenate([fast.run(part) for part in np.array_split(sent, 13)])
    expected = naive.run(sent)
    assert len(observed) == len(expected) > 90_000
    assert np.array_equal(observed, expected)
    assert fast.orders() == naive.orders()
    kinds, counts = np.unique(expected["type"], return_counts=True)
    assert {chr(kind) for kind in kinds} == set("\0ADEUX") and counts.min() > 500
    assert (expected["type"] == ord("E")).mean() > 0.2 > (expected["type"] == 0).mean() / 2
    assert set(expected["code"].tolist()) >= set(range(2, 8))
