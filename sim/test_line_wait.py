"""Bench of line_wait: heads that come and go, numbers that go round, windows of every length."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge

from sim.golden.line_wait import MODULO, LineWait
from sim.lib.bench import Judge, Ports, figure, start
from sim.lib.runner import run

CYCLES = 20_000
IDLE = dict.fromkeys(LineWait.inputs, 0)


def line(rng: random.Random, before: dict[str, int], window: int) -> dict[str, int]:
    """One thing changes, now and then several."""
    made = before | {"window": window, "acted": int(rng.random() < 0.01)}
    while rng.random() < 0.2:
        name = rng.choice([name for name in LineWait.inputs if name not in ("window", "acted")])
        if name.endswith("number"):
            near = rng.choice((5, 1 << 63, MODULO - 2))
            both = [(near + rng.randint(-2, 2)) % MODULO for _ in range(2)]
            made[name] = both[0] | both[1] << 64
        elif name == "quiet":
            made[name] = int(rng.random() < 0.8)
        else:
            made[name] = rng.getrandbits(2) & (
                3 if name in ("s_head", "s_ahead") else rng.getrandbits(2)
            )
    return made


@cocotb.test()
@cocotb.parametrize(window=[0, 1, 7, 60, (1 << 24) - 1])
async def what_has_waited_is_released(dut: Any, window: int) -> None:
    rng = random.Random(f"{cocotb.RANDOM_SEED} {window}")
    model, ports = LineWait(), Ports(dut)
    judge, now, met = Judge(dut, model), dict(IDLE), Counter[int]()
    ports.write(now)
    await start(dut)
    for _ in range(CYCLES):
        await RisingEdge(dut.clk)
        met[ports.read("released")] += 1
        now = line(rng, now, window)
        ports.write(now)
    judge.done(at_least=CYCLES)
    assert met[1] > 50 and met[2] > 50 and not met[3], met
    assert model.released["crowded" if window > 60 else "waited"] > 50, model.released


@cocotb.test()
@cocotb.parametrize(window=[0, 1, 500])
async def it_waits_for_so_long(dut: Any, window: int) -> None:
    """From the cycle in which the head is known to be ahead: window + 2 cycles later."""
    ports = Ports(dut)
    ports.write(IDLE | {"quiet": 1, "window": window})
    await start(dut)
    await ClockCycles(dut.clk, 10)
    ports.write({"s_head": 2, "s_ahead": 2, "s_number": 7 << 64})
    cycles = -1
    while not ports.read("released"):
        await RisingEdge(dut.clk)
        cycles += 1
    assert ports.read("released") == 2 and cycles == window + 2
    figure("latency", cycles - window, "cycles")


def test_line_wait() -> None:
    run("line_wait")
