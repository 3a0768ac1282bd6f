"""Bench of risk_market: prices and losses pushed at any time, and losses that wear out."""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.risk_market import MOST, UNIT, RiskMarket
from sim.lib.bench import JudgeBeside, Ports, reset, start
from sim.lib.rows import made_word
from sim.lib.runner import run
from tickwire.gen.records import RISK_COMMAND, SLOTS, Act

CYCLES = 6000
ACTS = (Act.REFERENCE, Act.LOSS, Act.LOSS_TOTAL, Act.BEAT)


@cocotb.test()
async def any_order(dut: Any) -> None:
    rng, ports, model = random.Random(cocotb.RANDOM_SEED), Ports(dut), RiskMarket()
    judge = JudgeBeside(dut, model)
    ports.write(dict.fromkeys(RiskMarket.inputs, 0))
    await start(dut)
    cycle = 0
    for number in range(CYCLES):
        cycle = (cycle + 1) % UNIT
        if cycle < UNIT - SLOTS - 8 and rng.random() < 0.1:
            cycle = UNIT - SLOTS - rng.randint(2, 6)  # where losses grow
        values = {
            "slot": rng.randrange(SLOTS),
            "loss": rng.choice((0, -1, 5, MOST, MOST - 1, MOST - 2**32, -(2**63), -5)),
            "reference_price": rng.getrandbits(32),
            "band_low": rng.getrandbits(32),
            "band_high": rng.getrandbits(32),
        }
        line = {
            "cycle": cycle,
            "writes": int(rng.random() < 0.1 or number % 7 == 0),
            "s_command": made_word(RISK_COMMAND, act=int(rng.choice(ACTS)), **values),
            "g_decay": rng.choice((0, 1, 2**32 - 1, 1000)),
            "total_decay": rng.choice((0, 1, 2**32 - 1)),
            "q_slot": rng.choice((cycle % SLOTS, rng.randrange(SLOTS))),
        }
        ports.write(line)
        await (reset(dut) if rng.random() < 0.003 else RisingEdge(dut.clk))
    judge.done(at_least=CYCLES * 9 // 10)
    met = model.met
    assert min(met[name] for name in ("REFERENCE", "LOSS", "LOSS_TOTAL", "grown")) > 50, met


@cocotb.test()
async def worn_out(dut: Any) -> None:
    """A loss that nobody says again grows in its own cycles only, and stays at its maximum."""
    ports, model = Ports(dut), RiskMarket()
    judge = JudgeBeside(dut, model)
    ports.write(dict.fromkeys(RiskMarket.inputs, 0))
    await start(dut)
    for slot in range(SLOTS):
        for act in (Act.LOSS, Act.LOSS_TOTAL):
            command = made_word(RISK_COMMAND, act=int(act), slot=slot, loss=MOST - 2)
            ports.write({"writes": 1, "s_command": command})
            await RisingEdge(dut.clk)
    ports.write({"writes": 0, "g_decay": 1, "total_decay": 1})
    for cycle in range(4 * UNIT):
        ports.write({"cycle": cycle % UNIT, "q_slot": cycle // UNIT * 2 % SLOTS})
        await RisingEdge(dut.clk)
    assert model.met["worn out"] == SLOTS + 1
    judge.done(at_least=4 * UNIT)


def test_risk_market() -> None:
    run("risk_market")
