"""The gate's reference beside its naive twin, and the limits file."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tickwire.naive_gate import MOST, NaiveGate
from tickwire.gen.records import (
    CONFIRMATION,
    INTENT,
    RISK_COMMAND,
    RISK_STOPS,
    SLOT_LIMITS,
    SLOTS,
    TOTAL_LIMITS,
    Act,
    Check,
    Outcome,
    Reason,
    TickClass,
)
from tickwire.risk.gate import Gate
from tickwire.risk.limits import LimitsError, load, read

COMES_TO = ("fine", "unknown", "double", "excess", "broken", "saturated")
PLACES, RECENT = 4, 2
MIDDLE = 100_0000


def ints(row: Any) -> dict[str, int]:
    return {name: int(row[name]) for name in row.dtype.names}


def filled(layout: Any, **values: int) -> Any:
    row = layout.empty(1)
    for name, value in values.items():
        row[name] = value
    return row


SYMBOL = int.from_bytes(b"AMZN    ", "big")
WIDE: dict[str, int] = {
    "enabled": 1, "restricted": 0, "short_permitted": 1, "tick_class": int(TickClass.CENT),
    "age": 1000, "collar_touch": 10_000, "collar_reference": 20_000, "order_shares": 1000,
    "order_money": 10**12, "position_long": 10**6, "position_short": 10**6, "open_orders": 100,
    "rate_cycles": 1, "rate_depth": 1000, "day_orders": 10**6, "repeated": 10**6, "duplicate": 0,
    "loss": 10**9, "loss_decay": 1, "symbol": SYMBOL,
}  # fmt: skip
ALL: dict[str, int] = {
    "gross": 10**15, "net": 10**15, "credit": 10**15, "open_orders": 100, "rate_cycles": 1,
    "rate_depth": 1000, "day_orders": 10**6, "loss": 10**9, "loss_decay": 1, "silence": 1000,
}  # fmt: skip


class Both:
    """The gate and its twin, told the same."""

    def __init__(self) -> None:
        self.gate, self.naive = Gate(PLACES, RECENT), NaiveGate(PLACES, RECENT, SLOTS)
        self.met: Counter[str] = Counter()
        self.compared = 0

    def limit(self, slot: int, cycle: int, **values: int) -> None:
        self.until(cycle)
        self.gate.limits[slot] = filled(SLOT_LIMITS, **WIDE | values)[0]
        self.gate.written[slot] = True

    def limit_all(self, cycle: int, **values: int) -> None:
        self.until(cycle)
        self.gate.total[0] = filled(TOTAL_LIMITS, **ALL | values)[0]
        self.gate.total_written = True

    def until(self, cycle: int) -> None:
        self.gate.settle(cycle)
        self.naive.until(cycle, [ints(row) for row in self.gate.limits], ints(self.gate.total[0]))

    def order(self, cycle: int, order: dict[str, int], stops: dict[str, int]) -> set[str]:
        self.until(cycle + 1)
        order = {"symbol": SYMBOL} | order
        stops = {"armed": 1, "session_open": 1} | stops
        intent, row = filled(INTENT, **order), filled(RISK_STOPS, **stops)
        decisions, orders = self.gate.decide(intent, np.array([cycle]), row)
        limits, total = ints(self.gate.limits[order["slot"]]), ints(self.gate.total[0])
        written = bool(self.gate.written[order["slot"]] and self.gate.total_written)
        expected = self.naive.failed(ints(intent[0]), limits, total, written, ints(row[0]))
        bits = int(decisions["failed"][0])
        observed = {check.name.lower() for check in Check if bits >> check & 1}
        assert observed == expected, (order, observed ^ expected)
        first = min((Check[name.upper()] for name in expected), default=None)
        reason = Reason.OK if first is None else Reason[first.name]
        assert int(decisions["reason"][0]) == reason
        assert len(orders) == (not expected) == int(decisions["verdict"][0])
        if not expected:
            token = self.naive.send(order, limits, total)
            assert token == int(orders["token"][0]) == int(decisions["token"][0])
        self.met.update(expected or {"sent"})
        self.compared += 1
        return expected

    def confirm(self, token: int, outcome: int, shares: int, price: int) -> str:
        row = filled(CONFIRMATION, token=token, outcome=outcome, shares=shares, price=price)[0]
        observed = COMES_TO[self.gate.confirm(row)]
        assert observed == self.naive.confirm(token, outcome, shares, price)
        self.met[observed] += 1
        self.same()
        return observed

    def tell(self, cycle: int, act: Act, armed: bool = False, **values: int) -> bool:
        self.until(cycle + 1)
        row = filled(RISK_COMMAND, act=int(act), **values)[0]
        taken = self.gate.tell(row, armed, cycle + 1)
        assert taken == self.naive.tell(ints(row), armed)
        self.met[f"{act.name.lower()} {'taken' if taken else 'refused'}"] += 1
        return taken

    def same(self) -> None:
        slots, total, naive = self.gate.state.slots, self.gate.state.total[0], self.naive
        for number, slot in enumerate(naive.slots):
            assert (int(slots["position"][number]), int(slots["cost"][number])) == (
                slot.position,
                slot.cost,
            )
        expected = (naive.gross, naive.net, naive.traded, naive.money(0), naive.money(1))
        names = ("gross", "net", "traded", "buy", "sell")
        assert tuple(int(total[name]) for name in names) == expected
        assert int(total["open"]) == len(naive.open())


def begun() -> Both:
    both = Both()
    both.limit_all(0)
    for slot in range(SLOTS):
        both.limit(slot, 0)
        both.tell(0, Act.LOSS, slot=slot, loss=0)
        both.tell(0, Act.REFERENCE, slot=slot, reference_price=MIDDLE, band_low=MIDDLE - 50_000,
                  band_high=MIDDLE + 50_000)  # fmt: skip
    both.tell(0, Act.LOSS_TOTAL, loss=0)
    both.tell(0, Act.TOKEN, token=7)
    return both


def an_order(rng: random.Random, cycle: int) -> dict[str, int]:
    bid = MIDDLE - 100 * rng.randint(0, 3)
    ask = bid + 100 * rng.choice((1, 1, 1, 2, 5, *[0] * (rng.random() < 0.1), -1))
    side = rng.randint(0, 1)
    return {
        "slot": rng.choice((0, 0, 1, SLOTS - 1)), "side": side,
        "price": rng.choice((bid, ask, ask, bid, ask + 100, bid - 50, ask + 10_000, 9_999, 0)),
        "shares": rng.choice((1, 100, 100, 100, 500, 1000, 1001, 0, 2**32 - 1)),
        "bid_price": bid * (rng.random() < 0.98), "ask_price": ask * (rng.random() < 0.98),
        "marking": rng.randint(0, 1),
        "message_cycle": (cycle - rng.choice((5, 20, 998, 999, 1000))) % 2**48,
    }  # fmt: skip


def limits(rng: random.Random) -> dict[str, int]:
    """Some of them near what happens."""
    near = {
        "order_shares": (100, 1000), "order_money": (100 * MIDDLE, 100 * MIDDLE - 1),
        "position_long": (0, 100, 300, 1000), "position_short": (0, 100, 300, 1000),
        "open_orders": (1, 2, 3), "rate_cycles": (0, 50), "rate_depth": (49, 50, 100, 150),
        "day_orders": (0, 5, 50), "repeated": (0, 3, 20), "duplicate": (1, 10, 100, 2**32 - 1),
        "loss": (0, 10, 100), "loss_decay": (0, 5, 2**32 - 1), "collar_touch": (0, 99, 100),
        "collar_reference": (0, 100, 200), "enabled": (0, 1), "restricted": (0, 1),
        "short_permitted": (0, 1), "tick_class": (0, 1, 2, 3), "age": (20, 998, 2**32 - 1),
        "symbol": (0, SYMBOL ^ 1),
    }  # fmt: skip
    chosen = rng.sample(sorted(near), rng.choice((0, 0, 1, 2)))
    return {name: rng.choice(near[name]) for name in chosen}


def totals(rng: random.Random) -> dict[str, int]:
    money = (0, 100 * MIDDLE, 300 * MIDDLE, 10**12)
    near = {
        "gross": money, "net": money, "credit": (*money, 10**13), "open_orders": (1, 3, 4),
        "rate_cycles": (0, 20), "rate_depth": (19, 20, 60), "day_orders": (0, 10, 100),
        "loss": (0, 10, 100), "loss_decay": (0, 5, 2**32 - 1),
    }  # fmt: skip
    chosen = rng.sample(sorted(near), rng.choice((0, 0, 1)))
    return {name: rng.choice(near[name]) for name in chosen}


@pytest.mark.parametrize("seed", range(3))
def test_the_reference_is_its_naive_twin(seed: int) -> None:
    rng, both, cycle = random.Random(seed), begun(), 100
    names = list(RISK_STOPS.dtype.names or ())
    for _ in range(2500):
        cycle += rng.choice((2, 2, 3, 10, 60))
        stops = {name: rng.random() < 0.02 for name in names}
        stops |= {"armed": rng.random() < 0.98, "session_open": rng.random() < 0.98}
        both.order(cycle, an_order(rng, cycle), stops)
        cycle += 3
        if rng.random() < 0.6 and both.naive.sent:
            known = [one.token for one in both.naive.open()] or [7]
            token = rng.choice((*known, *known, *known, 6, both.naive.token))
            shares = rng.choice((1, 50, 100, 500, 1000, 0, 2000))
            price = rng.choice((MIDDLE, MIDDLE + 100, 1, 2**32 - 1))
            both.confirm(token or 0, rng.choice((0, 1, 1, 1, 2, 2, 3, 4)), shares, price)
        if rng.random() < 0.05:
            both.limit(rng.choice((0, 1, SLOTS - 1)), cycle, **limits(rng))
        if rng.random() < 0.03:
            both.limit_all(cycle, **totals(rng))
        if rng.random() < 0.1:
            act = rng.choice((Act.LIFT, Act.LOSS, Act.LOSS_TOTAL, Act.POSITION, Act.NEW_DAY,
                              Act.TOKEN, Act.BEAT))  # fmt: skip
            both.tell(
                cycle, act, rng.random() < 0.5, slot=rng.choice((0, 1, SLOTS - 1)),
                loss=rng.choice((-5, 0, 10, 10**9, MOST - 3)), position=rng.choice((0, 100, -100)),
                token=(both.naive.token or 0) + rng.choice((0, 1, 5, -1)),
            )  # fmt: skip
        if rng.random() < 0.05:  # and again, so that not all ends
            for slot in range(SLOTS):
                both.tell(cycle, Act.LOSS, slot=slot, loss=rng.choice((0, 99)))
            both.tell(cycle, Act.LOSS_TOTAL, loss=0)
            for one in both.naive.open():
                both.confirm(one.token, Outcome.CANCELLED, one.left, 0)
    assert both.compared == 2500 and both.met["sent"] > 30, both.met
    assert len({check.name.lower() for check in Check} & set(both.met)) >= 26, both.met
    assert set(COMES_TO) - {"saturated"} <= set(both.met)


BUY = {"slot": 2, "side": 0, "price": MIDDLE, "shares": 100, "ask_price": MIDDLE,
       "bid_price": MIDDLE - 100, "message_cycle": 990}  # fmt: skip
SELL = BUY | {"side": 1, "marking": 1}
VALUE = MIDDLE * 100
# What an order fails alone: of the slot's limits, of the total ones, of what stops, of the order
# itself; the second of each pair just passes.
ALONE: dict[str, list[tuple[dict[str, int], dict[str, int], dict[str, int], dict[str, int]]]] = {
    "killed": [({}, {}, {"killed": 1}, {})],
    "slot_killed": [({}, {}, {"slot_killed": 1}, {})],
    "disarmed": [({}, {}, {"armed": 0}, {})],
    "not_enabled": [({"enabled": 0}, {}, {}, {})],
    "restricted": [({"restricted": 1}, {}, {}, {})],
    "halted": [({}, {}, {"halted": 1}, {})],
    "session_closed": [({}, {}, {"session_open": 0}, {})],
    "stale": [({}, {}, {"stale": 1}, {})],
    "crossed": [({}, {}, {"crossed": 1}, {}), ({}, {}, {}, {"bid_price": MIDDLE + 100})],
    "locked": [({}, {}, {"locked": 1}, {}), ({}, {}, {}, {"bid_price": MIDDLE})],
    "old": [({"age": 10}, {}, {}, {}), ({}, {}, {}, {"message_cycle": 0})],
    "collar_touch": [
        ({"collar_touch": 99}, {}, {}, {"price": MIDDLE - 100}),
        ({"collar_touch": 99}, {}, {}, {"price": MIDDLE + 100}),
        ({}, {}, {}, {"ask_price": 0}),
    ],
    "collar_reference": [
        ({"collar_reference": 99}, {}, {}, {"price": MIDDLE - 100}),
        ({"collar_reference": 99}, {}, {}, {"price": MIDDLE + 100}),
    ],
    "tick": [
        ({}, {}, {}, {"price": MIDDLE + 1}),
        ({}, {}, {}, {"price": MIDDLE + 25}),
        ({}, {}, {}, {"price": MIDDLE + 52}),
        ({"tick_class": 2}, {}, {}, {"price": MIDDLE + 25}),
        ({"tick_class": 0}, {}, {}, {}),
    ],
    "order_shares": [({"order_shares": 99}, {}, {}, {}), ({}, {}, {}, {"shares": 0})],
    "order_money": [({"order_money": VALUE - 1}, {}, {}, {})],
    "position_long": [({"position_long": 99}, {}, {}, {})],
    "position_short": [({"position_short": 99}, {}, {}, SELL)],
    "gross": [({}, {"gross": VALUE - 1}, {}, {})],
    "net": [({}, {"net": VALUE - 1}, {}, {}), ({}, {"net": VALUE - 1}, {}, SELL)],
    "credit": [({}, {"credit": VALUE - 1}, {}, {})],
    "rate": [({"rate_cycles": 0}, {}, {}, {}), ({"rate_depth": 0}, {}, {}, {})],
    "rate_total": [({}, {"rate_cycles": 0}, {}, {}), ({}, {"rate_depth": 0}, {}, {})],
    "day": [({"day_orders": 0}, {}, {}, {})],
    "day_total": [({}, {"day_orders": 0}, {}, {})],
    "repeated": [({"repeated": 0}, {}, {}, {})],
    "loss": [({"loss": 4}, {}, {}, {}), ({"loss_decay": 0}, {}, {}, {})],
    "loss_total": [({}, {"loss": 6}, {}, {}), ({}, {"loss_decay": 0}, {}, {})],
    "open_orders": [({"open_orders": 0}, {}, {}, {})],
    "open_total": [({}, {"open_orders": 0}, {}, {})],
    "short_sale": [
        ({"short_permitted": 0}, {}, {}, SELL),
        ({}, {}, {}, SELL | {"marking": 0}),
    ],
    "symbol": [
        ({"symbol": SYMBOL ^ 1}, {}, {}, {}),
        ({}, {}, {}, {"symbol": SYMBOL ^ 1 << 63}),
        ({"symbol": 0}, {}, {}, {"symbol": 0}),
    ],
}


@pytest.mark.parametrize("check", ALONE)
def test_each_check_refuses_alone(check: str) -> None:
    for slot, total, stops, order in ALONE[check]:
        both = begun()
        both.tell(100, Act.LOSS, slot=2, loss=5)
        both.tell(100, Act.LOSS_TOTAL, loss=7)
        both.limit(2, 101, **slot)
        both.limit_all(101, **total)
        assert both.order(1000, BUY | order, stops) == {check}
        least = {"order_shares": 100, "order_money": VALUE, "position_long": 100, "loss": 5,
                 "position_short": 100, "rate_depth": 1, "open_orders": 1, "day_orders": 1,
                 "repeated": 1, "age": 11, "collar_touch": 100, "collar_reference": 100,
        }  # fmt: skip
        whole = {"gross": VALUE, "net": VALUE, "credit": VALUE, "open_orders": 1, "loss": 7,
                 "rate_depth": 1, "day_orders": 1}  # fmt: skip
        both.limit(2, 1000, **least)
        both.limit_all(1000, **whole)
        side = {name: order[name] for name in ("side",) if name in order}
        marked = {"marking": 1} if side else {}
        assert both.order(1000, BUY | side | marked, {}) == set()


def test_what_came_before_refuses() -> None:
    both = begun()
    assert both.order(1000, BUY, {}) == set()
    both.limit(2, 1003, duplicate=100)
    assert both.order(1003 + 98, BUY, {}) == {"duplicate"}
    assert both.order(1003 + 99, BUY, {}) == set()
    meets = SELL | {"price": MIDDLE, "bid_price": MIDDLE - 100}
    assert both.order(1200, meets, {}) == {"self_trade"}
    assert both.order(1210, meets | {"price": MIDDLE + 100}, {}) == set()
    assert both.order(1220, BUY | {"price": MIDDLE + 100}, {}) == {"self_trade"}
    both.tell(1300, Act.REFERENCE, slot=2, reference_price=0, band_low=0, band_high=0)
    assert both.order(1310, BUY, {}) == {"collar_reference", "price_band"}
    both.tell(1320, Act.REFERENCE, slot=2, reference_price=MIDDLE, band_low=MIDDLE + 1,
              band_high=2**32 - 1)  # fmt: skip
    assert both.order(1330, BUY, {}) == {"price_band"}
    both.tell(
        1340, Act.REFERENCE, slot=2, reference_price=MIDDLE, band_low=MIDDLE, band_high=MIDDLE
    )
    assert both.order(1350, BUY, {}) == set()
    assert both.order(1360, BUY | {"slot": 3}, {}) >= {"open_total"}  # no place is free


def test_what_only_bounds_meet() -> None:
    both = Both()
    order = {"slot": 2, "side": 0, "price": MIDDLE, "shares": 100, "ask_price": MIDDLE,
             "bid_price": MIDDLE - 100, "message_cycle": 0}  # fmt: skip
    assert {"unwritten", "token", "price_band", "tick"} <= both.order(2, order, {})
    both = begun()
    assert both.order(10, order, {}) == set()
    assert both.confirm(7, Outcome.CANCELLED, 100, 0) == "fine"
    most = {"order_shares": 2**32 - 1, "order_money": MOST, "position_long": 2**32 - 1}
    both.limit(2, 100, **most, age=2**32 - 1)
    both.limit_all(100, gross=MOST, net=MOST, credit=MOST)
    assert both.order(200, order | {"shares": 2**32 - 1}, {}) == set()
    assert both.confirm(8, Outcome.EXECUTED, 2**32 - 2, 2**32 - 1) == "saturated"
    assert both.gate.killed
    assert both.confirm(8, Outcome.EXECUTED, 1, 2**32 - 1) == "saturated"
    assert both.tell(300, Act.TOKEN, token=2**32 - 1)
    assert both.tell(301, Act.NEW_DAY)
    assert both.tell(302, Act.POSITION, slot=2, position=0)
    both.gate.killed = False
    assert both.order(400, order, {}) == set()
    assert both.order(500, order, {}) == {"token"}
    assert both.confirm(2**32 - 1, Outcome.REJECTED, 0, 0) == "fine"
    assert both.tell(600, Act.POSITION, slot=2, position=2**39 - 1)
    assert both.order(700, order, {}) >= {"position_long"}


def slot_file() -> dict[str, Any]:
    names = {"enabled": True, "restricted": False, "short_permitted": False, "tick_class": "cent"}
    return {**WIDE, **names, "symbol": "AMZN"}


def test_limits_are_read_and_hashed(tmp_path: Path) -> None:
    lines = ["[total]", *(f"{name} = {value}" for name, value in ALL.items()), "[slots.3]"]
    for name, value in slot_file().items():
        text = str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
        lines.append(f"{name} = {text}")
    file = tmp_path / "limits.toml"
    file.write_text("\n".join(lines))
    limits = load(file)
    assert limits == read({"total": ALL, "slots": {"3": slot_file()}})
    assert ints(limits.total.record()[0]) == ALL
    words = {"tick_class": 1, "symbol": SYMBOL}
    expected = {name: int(value) for name, value in slot_file().items() if name not in words}
    assert ints(limits.slots[3].record()[0]) == expected | words
    other = read({"total": ALL, "slots": {"3": slot_file() | {"age": 1}}})
    assert limits.hash != other.hash and 0 <= limits.hash < 2**64


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ({}, r"\[total\] is lacking"),
        ({"total": ALL, "more": {}}, "unknown: more"),
        ({"total": ALL | {"grand": 1}}, r"\[total\]: unknown: grand"),
        ({"total": {**ALL, "net": -1}}, r"\[total\] net is -1: a whole number of 0 to "),
        ({"total": {**ALL, "net": True}}, r"\[total\] net is True: a whole number"),
        ({"total": {**ALL, "silence": 2**32}}, "silence is 4294967296: a whole number"),
        ({"total": ALL, "slots": {"8": {}}}, r"\[slots.8\]: a slot is 0 to 7"),
        ({"total": ALL, "slots": {"0": {"enabled": True}}}, r"\[slots.0\]: lacking: age, "),
        ({"total": ALL, "slots": {"0": 3}}, r"\[slots.0\]: a table is wanted"),
        ({"total": ALL, "slots": {"0": slot_file() | {"tick_class": "dime"}}}, "one of unset"),
        ({"total": ALL, "slots": {"0": slot_file() | {"enabled": 1}}}, "true or false is wanted"),
        ({"total": ALL, "slots": {"0": slot_file() | {"symbol": ""}}}, "symbol is '': 1 to 8 "),
        ({"total": ALL, "slots": {"0": slot_file() | {"symbol": "B K"}}}, "without a space"),
        ({"total": ALL, "slots": {"0": slot_file() | {"symbol": "NINE_CHAR"}}}, "1 to 8 letters"),
        ({"total": ALL, "slots": {"0": slot_file() | {"symbol": 5}}}, "1 to 8 letters"),
        ({"total": ALL, "slots": {"0": slot_file(), "5": slot_file()}}, "an instrument has one"),
    ],
)  # fmt: skip
def test_limits_that_are_wrong_are_refused(table: dict[str, Any], error: str) -> None:
    with pytest.raises(LimitsError, match=error):
        read(table)


def test_a_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    file = tmp_path / "limits.toml"
    file.write_text("[total\n")
    with pytest.raises(LimitsError, match=r"limits\.toml: "):
        load(file)


def test_only_records_are_decided() -> None:
    with pytest.raises(TypeError, match="rows of intent"):
        Gate().decide(INTENT.empty(1), [0], INTENT.empty(1))
