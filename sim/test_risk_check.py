"""Bench of risk_check: each check failed alone, at its bound and beyond; and any orders, states and
limits, close to what just passes."""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.risk_check import LATENCY, RiskCheck
from sim.golden.tick_pkg import pack
from sim.lib.bench import JudgeBeside, Ports, figure, reset, start
from sim.lib.runner import run
from tickwire.gen.records import Check

ORDERS = 2500
TOUCH, SHARES, NOW = 100_0000, 100, 5_000
VALUE, MOST = TOUCH * SHARES, 2**63 - 1
SYMBOL = int.from_bytes(b"AMZN    ", "big")
Row = dict[str, int]

# An order that just passes every check: each bound is met, and one more fails.
INTENT: Row = {
    "slot": 2, "side": 0, "price": TOUCH, "shares": SHARES, "time_in_force": 1, "display": 1,
    "capacity": 1, "marking": 0, "bid_price": TOUCH - 100, "ask_price": TOUCH,
    "sequence_number": 2**63 + 5, "frame_cycle": 4_000, "message_cycle": 4_500, "model_id": 77,
    "symbol": SYMBOL,
}  # fmt: skip
STATE: Row = {
    "position": 1_000, "open_buy": 30, "open_sell": 900, "slot_open": 3, "total_open": 6,
    "place_free": 1, "token_known": 1, "self_trade": 0, "gross": 1_000, "net": 500, "traded": 2_000,
    "open_buy_money": 70, "open_sell_money": 600, "slot_level": 90, "total_level": 80,
    "slot_day": 4, "total_day": 9, "repeated": 5, "duplicate": 0, "reference_price": TOUCH + 50,
    "band_low": TOUCH, "band_high": TOUCH, "slot_loss": 10, "total_loss": 20,
}  # fmt: skip
LIMITS: Row = {
    "enabled": 1, "restricted": 0, "short_permitted": 0, "tick_class": 1, "age": 500,
    "collar_touch": 0, "collar_reference": 50, "order_shares": SHARES, "order_money": VALUE,
    "position_long": 1_130, "position_short": 0, "open_orders": 4, "rate_cycles": 10,
    "rate_depth": 100, "day_orders": 5, "repeated": 6, "duplicate": 0, "loss": 10, "loss_decay": 1,
    "symbol": SYMBOL,
}  # fmt: skip
TOTAL: Row = {
    "gross": VALUE + 1_670, "net": VALUE + 570, "credit": VALUE + 2_670, "open_orders": 7,
    "rate_cycles": 20, "rate_depth": 100, "day_orders": 10, "loss": 20, "loss_decay": 1,
    "silence": 0,
}  # fmt: skip
STOPS: Row = {"killed": 0, "slot_killed": 0, "armed": 1, "session_open": 1, "halted": 0,
              "stale": 0, "crossed": 0, "locked": 0}  # fmt: skip
SELL = {"side": 1, "bid_price": TOUCH, "ask_price": TOUCH + 100}
RICH = {"gross": MOST, "net": MOST, "credit": MOST}
PARTS = ("intent", "state", "limits", "total", "stops")
RECORDS = ("intent", "risk_state", "slot_limits", "total_limits", "risk_stops")

# What makes it fail, by check: changes of the five records, each a case of its own.
ALONE: dict[str, list[dict[str, Row]]] = {
    **{name: [{"stops": {name: 1}}] for name in ("killed", "slot_killed", "halted", "stale")},
    "disarmed": [{"stops": {"armed": 0}}],
    "session_closed": [{"stops": {"session_open": 0}}],
    "unwritten": [{"written": {"q_written": 0}}, {"written": {"total_written": 0}}],
    "not_enabled": [{"limits": {"enabled": 0}}],
    "restricted": [{"limits": {"restricted": 1}}],
    "crossed": [{"stops": {"crossed": 1}}, {"intent": {"bid_price": TOUCH + 1}}],
    "locked": [{"stops": {"locked": 1}}, {"intent": {"bid_price": TOUCH}}],
    "old": [{"limits": {"age": 499}}, {"intent": {"message_cycle": 4_499}},
            {"intent": {"message_cycle": NOW + 1}}],
    "collar_touch": [
        {"intent": {"ask_price": TOUCH + 1}}, {"intent": {"ask_price": TOUCH - 1, "bid_price": 1}},
        {"intent": {"ask_price": 0}},
        {"intent": {"ask_price": 0}, "limits": {"collar_touch": TOUCH}},
        {"intent": SELL | {"bid_price": TOUCH - 1, "marking": 0}, "state": {"position": 1000}},
    ],
    "collar_reference": [
        {"limits": {"collar_reference": 49}}, {"state": {"reference_price": TOUCH - 51}},
        {"state": {"reference_price": 0}, "limits": {"collar_reference": TOUCH}},
    ],
    "price_band": [
        {"state": {"band_high": TOUCH - 1, "band_low": 0}}, {"state": {"band_low": TOUCH + 1}},
        {"state": {"band_high": 0, "band_low": 0}},
    ],
    "tick": [
        *({"intent": {"price": TOUCH + off, "ask_price": TOUCH + off},
           "state": {"band_high": TOUCH + 99}, "limits": {"order_money": MOST}, "total": RICH}
          for off in (1, 2, 4, 25, 50, 75, 99)),
        *({"intent": {"price": TOUCH + off, "ask_price": TOUCH + off},
           "state": {"band_high": TOUCH + 99}, "limits": {"order_money": MOST, "tick_class": 2},
           "total": RICH}
          for off in (1, 2, 25, 75)),
        {"limits": {"tick_class": 0}},
        {"intent": {"price": 10_001, "ask_price": 10_001, "bid_price": 1},
         "state": {"band_low": 0, "reference_price": 10_001}},
        {"intent": {"price": 0, "ask_price": 1, "bid_price": 0}, "limits": {"collar_touch": 1},
         "state": {"band_low": 0, "reference_price": 1}},
    ],
    "order_shares": [{"limits": {"order_shares": 99}}, {"intent": {"shares": 0}}],
    "order_money": [{"limits": {"order_money": VALUE - 1}}, {"limits": {"order_money": 0}}],
    "position_long": [{"limits": {"position_long": 1_129}}, {"state": {"position": 1_001}},
                      {"state": {"open_buy": 31}}],
    "position_short": [
        {"intent": SELL | {"marking": 1}, "state": {"position": 999},
         "limits": {"short_permitted": 1}},
        {"intent": SELL | {"marking": 1}, "state": {"open_sell": 901},
         "limits": {"short_permitted": 1}},
    ],
    "gross": [{"total": {"gross": VALUE + 1_669}}, {"state": {"gross": 1_001}},
              {"total": {"gross": 0}}],
    "net": [
        {"total": {"net": VALUE + 569}}, {"state": {"net": 501}},
        {"intent": SELL, "state": {"net": -500, "open_sell_money": 71, "open_buy_money": 0},
         "total": {"net": VALUE + 570}},
        {"intent": SELL, "state": {"net": 29}},
    ],
    "credit": [{"total": {"credit": VALUE + 2_669}}, {"state": {"traded": 2_001}}],
    "rate": [{"state": {"slot_level": 91}}, {"limits": {"rate_cycles": 0}},
             {"limits": {"rate_cycles": 2**32 - 1}}],
    "rate_total": [{"state": {"total_level": 81}}, {"total": {"rate_cycles": 0}}],
    "day": [{"state": {"slot_day": 5}}, {"limits": {"day_orders": 0}}],
    "day_total": [{"state": {"total_day": 10}}, {"total": {"day_orders": 0}}],
    "duplicate": [{"state": {"duplicate": 1}}],
    "repeated": [{"state": {"repeated": 6}}, {"limits": {"repeated": 0}}],
    "self_trade": [{"state": {"self_trade": 1}}],
    "loss": [{"state": {"slot_loss": 11}}, {"limits": {"loss_decay": 0}},
             {"state": {"slot_loss": MOST}}],
    "loss_total": [{"state": {"total_loss": 21}}, {"total": {"loss_decay": 0}}],
    "open_orders": [{"state": {"slot_open": 4}}],
    "open_total": [{"state": {"total_open": 7}}, {"state": {"place_free": 0}}],
    "short_sale": [
        {"intent": SELL | {"marking": 1}},
        {"intent": SELL, "state": {"position": 999}, "limits": {"position_short": 1}},
    ],
    "token": [{"state": {"token_known": 0}}],
    "symbol": [
        *({"intent": {"symbol": SYMBOL ^ 1 << bit}} for bit in range(64)),
        {"limits": {"symbol": 0}}, {"limits": {"symbol": 0}, "intent": {"symbol": 0}},
    ],
}  # fmt: skip
PASS: list[dict[str, Row]] = [
    {},
    {"intent": SELL},
    {"intent": SELL | {"marking": 1}, "limits": {"short_permitted": 1}},
    {"intent": SELL | {"marking": 1}, "state": {"position": -900},
     "limits": {"short_permitted": 1, "position_short": 1_900}},
    {"state": {"slot_loss": -(2**63), "total_loss": -1}},
    {"state": {"net": -MOST}},
    {"intent": {"bid_price": 0}},
    {"intent": {"marking": 1}},
    {"limits": {"tick_class": 3, "order_money": MOST}, "total": RICH,
     "intent": {"price": TOUCH + 1, "ask_price": TOUCH + 1}, "state": {"band_high": TOUCH + 1}},
    {"intent": {"message_cycle": NOW}},
    *({"intent": {"price": price, "ask_price": price, "bid_price": 1},
       "limits": {"tick_class": kind}, "state": {"band_low": 0, "reference_price": price}}
      for kind, price in ((1, 9_999), (1, 10_000), (2, 10_050), (2, 9_951), (1, 3))),
]  # fmt: skip


class Bench:
    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.model = dut, Ports(dut), RiskCheck()
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.judge = JudgeBeside(dut, self.model)
        self.put({}, 0)
        self.ports.write({"next_token": 0, "s_valid": 0})

    def put(self, changes: dict[str, Row], valid: int) -> None:
        base = dict(zip(PARTS, (INTENT, STATE, LIMITS, TOTAL, STOPS), strict=True))
        words = {
            part: pack(record, {**base[part], **changes.get(part, {})})
            for part, record in zip(PARTS, RECORDS, strict=True)
        }
        written = {"q_written": 1, "total_written": 1} | changes.get("written", {})
        ports = {
            "s_intent": words["intent"],
            "q_state": words["state"],
            "q_limits": words["limits"],
        }
        ports |= {"total": words["total"], "stops": words["stops"], "s_valid": valid, "cycle": NOW}
        self.ports.write(ports | written)

    async def order(self, changes: dict[str, Row], wait: int = 4) -> None:
        """All that is known stays from the order to its decision."""
        self.ports.write({"next_token": self.rng.getrandbits(32)})
        self.put(changes, 1)
        await RisingEdge(self.dut.clk)
        self.put(changes, 0)
        for _ in range(wait - 1):
            await RisingEdge(self.dut.clk)


@cocotb.test()
async def each_check_alone(dut: Any) -> None:
    bench = Bench(dut)
    await start(dut)
    for check in Check:
        for changes in ALONE[check.name.lower()]:
            before = bench.model.alone[check.name.lower()]
            await bench.order(changes)
            assert bench.model.alone[check.name.lower()] == before + 1, (check.name, changes)
    for changes in PASS:
        before = bench.model.met["sent"]
        await bench.order(changes)
        assert bench.model.met["sent"] == before + 1, changes
    bench.judge.done(at_least=4 * sum(len(cases) for cases in ALONE.values()))
    figure("latency", LATENCY, "cycles")


@cocotb.test()
async def any_order(dut: Any) -> None:
    """Several of the cases at once, and numbers at their ends; stops that come at any moment."""
    bench = Bench(dut)
    rng = bench.rng
    cases = [case for listed in ALONE.values() for case in listed] + PASS
    fields = [(part, name) for part, row in zip(PARTS, (INTENT, STATE, LIMITS, TOTAL), strict=False)
              for name in row]  # fmt: skip
    big = {name for name, value in [*STATE.items(), *LIMITS.items(), *TOTAL.items()]
           if "money" in name or name in ("gross", "net", "traded", "credit", "loss", "slot_loss",
                                          "total_loss")}  # fmt: skip
    await start(dut)
    for _ in range(ORDERS):
        changes: dict[str, Row] = {}
        for case in rng.sample(cases, rng.choice((0, 1, 1, 2, 3))):
            for part, row in case.items():
                changes.setdefault(part, {}).update(row)
        for part, name in rng.sample(fields, rng.choice((0, 0, 1, 3))):
            ends = (0, 1) if name not in big else (0, 1, MOST, MOST - 1, 2**62)
            changes.setdefault(part, {})[name] = rng.choice(ends)
        if rng.random() < 0.1:
            price, shares = rng.choice((2**32 - 1, 2**31, 1)), rng.choice((2**32 - 1, 2**31))
            changes.setdefault("intent", {}).update(price=price, shares=shares)
        await bench.order(changes, rng.choice((2, 2, 3, 5)))
        if rng.random() < 0.01:
            await reset(dut)
    bench.judge.done(at_least=2 * ORDERS)
    assert {check.name.lower() for check in Check} <= set(bench.model.met)


@cocotb.test()
async def what_stops_at_the_last_moment(dut: Any) -> None:
    """Stops count in the second cycle after the order, only; reset drops what is on its way."""
    bench = Bench(dut)
    await start(dut)
    for name, value in STOPS.items():
        for cycle in range(4):
            before = bench.model.met["sent"]
            for now in range(4):
                bench.put({"stops": {name: 1 - value}} if now == cycle else {}, int(now == 0))
                await RisingEdge(dut.clk)
            assert bench.model.met["sent"] - before == (cycle != 2), (name, cycle)
    for cycle in range(4):
        bench.put({}, 1)
        for now in range(4):
            await (reset(dut) if now == cycle else RisingEdge(dut.clk))
            bench.put({}, 0)
    bench.judge.done(at_least=100)


def test_risk_check() -> None:
    run("risk_check")
