"""Bench of idle_clock: which of the clock's edges go through."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import ReadOnly, RisingEdge, Timer

from sim.golden.idle_clock import IdleClock
from sim.lib.bench import Ports, start
from sim.lib.runner import PERIOD_NS, run

CYCLES = 3000


@cocotb.test()
async def it_rises_while_busy_and_a_little_after(dut: Any) -> None:
    """Looked at while clk is high and while it is low: there m_clk is low, always."""
    rng, ports = random.Random(cocotb.RANDOM_SEED), Ports(dut)
    gated = int(dut.GATED.value)
    model = IdleClock(bool(gated), int(dut.LINGER.value))
    ports.write({"busy": 0})
    await start(dut)
    model.step(busy=False, rst=True)
    model.step(busy=False, rst=False)  # start lets an edge go by without reset
    rose, odds = {0: 0, 1: 0}, 0.5
    for cycle in range(CYCLES):
        if cycle % 100 == 0:
            odds = rng.choice((0.02, 0.1, 0.5))
        busy = int(rng.random() < odds)
        reset = int(rng.random() < 0.01)
        await Timer(1, "ns")  # after the edge that lets the inputs change
        ports.write({"busy": busy, "rst": reset})
        await Timer(PERIOD_NS - 2, "ns")
        assert not ports.read("m_clk"), cycle
        await RisingEdge(dut.clk)
        await ReadOnly()
        expected = int(model.step(bool(busy), bool(reset)))
        assert ports.read("m_clk") == expected, (cycle, model.since)
        rose[expected] += 1
        await Timer(1, "step")
    assert rose[1] > 300 and (rose[0] > 300) == bool(gated), rose


@pytest.mark.parametrize(("gated", "linger"), [(1, 1), (1, 3), (1, 16), (0, 3)])
def test_idle_clock(gated: int, linger: int) -> None:
    run("idle_clock", GATED=gated, LINGER=linger)
