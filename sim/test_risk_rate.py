"""Bench of risk_rate: orders of few kinds, at any distance; levels, counts and ages."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.risk_rate import RiskRate
from sim.golden.tick_pkg import pack_some
from sim.lib.bench import JudgeBeside, Ports, reset, start
from sim.lib.rows import made_word
from sim.lib.runner import run
from tickwire.gen.records import INTENT, ORDER, RISK_COMMAND, SLOTS, Act

CYCLES = 4000
DUPLICATE = pack_some("risk_state", {"duplicate": 1}).bit_length() - 1


def few(rng: random.Random) -> dict[str, int]:
    values = {"slot": (0, 0, SLOTS - 1), "side": (0, 0, 1), "price": (7, 7, 8), "shares": (1, 1, 2)}
    return {name: rng.choice(choices) for name, choices in values.items()}


@cocotb.test()
async def any_order(dut: Any) -> None:
    rng, ports = random.Random(cocotb.RANDOM_SEED), Ports(dut)
    model = RiskRate(int(dut.RECENT.value))
    judge = JudgeBeside(dut, model)
    ports.write(dict.fromkeys(RiskRate.inputs, 0))
    await start(dut)
    since = duplicates = lifts = 0
    for _ in range(CYCLES):
        since += 1
        sends = since >= 2 and rng.random() < rng.choice((0.05, 0.6))
        act = rng.choice((Act.LIFT, Act.LIFT, Act.BEAT))
        line = {
            "q_intent": made_word(INTENT, **few(rng)),
            "q_window": rng.choice((0, 1, 2, 3, 5, 8, 50, 2**32 - 1)),
            "sent": int(sends),
            "sent_order": made_word(ORDER, **few(rng)),
            "sent_slot_cycles": rng.choice((1, 2, 3, 50, 2**20)),
            "sent_total_cycles": rng.choice((1, 2, 3)),
            "new_day": int(rng.random() < 0.01),
            "writes": int(rng.random() < 0.03),
            "s_command": made_word(RISK_COMMAND, act=int(act), slot=rng.choice((0, SLOTS - 1))),
        }
        since = 0 if sends else since
        ports.write(line)
        lifts += line["writes"] and act == Act.LIFT
        await (reset(dut) if rng.random() < 0.003 else RisingEdge(dut.clk))
        duplicates += int(dut.q_state.value) >> DUPLICATE & 1
    judge.done(at_least=CYCLES * 9 // 10)
    assert duplicates > 50 and lifts > 10


@cocotb.test()
async def one_at_a_time(dut: Any) -> None:
    """Each of slot, side, price and shares makes another order; a window ends in its cycle; the
    oldest is forgotten."""
    ports, recent = Ports(dut), int(dut.RECENT.value)
    judge = JudgeBeside(dut, RiskRate(recent))
    ports.write(dict.fromkeys(RiskRate.inputs, 0))
    await start(dut)
    same = {"slot": 3, "side": 1, "price": 5, "shares": 6}
    seen = []
    for other in ({}, {"slot": 2}, {"side": 0}, {"price": 4}, {"shares": 7}):
        order = {"sent": 1, "sent_order": made_word(ORDER, **same), "q_window": 2}
        ports.write(order | {"q_intent": made_word(INTENT, **same | other)})
        await RisingEdge(dut.clk)
        ports.write({"sent": 0})
        for _ in range(4):
            await RisingEdge(dut.clk)
            seen.append(int(dut.q_state.value) >> DUPLICATE & 1)
    assert seen == [1, 1, 0, 0, *[0] * 16]
    ports.write({"q_intent": made_word(INTENT, **same), "q_window": 1000})
    for number in range(recent + 1):
        ports.write({"sent": 1, "sent_order": made_word(ORDER, **same | {"shares": 8 + number})})
        await RisingEdge(dut.clk)
        ports.write({"sent": 0})
        await RisingEdge(dut.clk)
        await RisingEdge(dut.clk)
        assert int(dut.q_state.value) >> DUPLICATE & 1 == (number < recent - 1)
    judge.done(at_least=20)


@pytest.mark.parametrize("recent", [1, 4])
def test_risk_rate(recent: int) -> None:
    run("risk_rate", RECENT=recent)
