"""Bench of feature_sum: events of several slots, 2 cycles apart and more, small and as large as can
be, until sums are at both their ends."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge

from sim.golden.feature_sum import Sum
from sim.lib.bench import Ports, figure
from sim.lib.runner import PERIOD_NS, run

EVENTS = 6_000
LATENCY = 2


@cocotb.test()
async def sums_are_the_models(dut: Any) -> None:
    rng, ports = random.Random(cocotb.RANDOM_SEED), Ports(dut)
    shift, knee, bits = (int(getattr(dut, name).value) for name in ("SHIFT", "KNEE", "SIZE_W"))
    signed, books = bool(int(dut.SIGNED.value)), int(dut.BOOKS.value)
    model = Sum(shift, knee, signed)
    ports.write(dict.fromkeys(Sum.inputs, 0))
    compared, known, size = 0, set[int](), bits
    sign: int | None = 0
    Clock(dut.clk, PERIOD_NS, "ns").start()
    await RisingEdge(dut.clk)

    async def edge(inputs: dict[str, int]) -> int:
        """Drive this, and compare before the edge."""
        ports.write(inputs)
        await RisingEdge(dut.clk)
        expected = model.outputs()
        for name, value in expected.items():
            assert ports.read(name) == value, f"after {model.sums}: {name}, not {value:#x}"
        model.step(**{name: ports.read(name) for name in Sum.inputs})
        return len(expected)

    for number in range(EVENTS):
        if number % 40 == 0:
            # often small ones: the sum of a large x hides them for long
            size = rng.choice((bits, min(bits, knee + 8), *(rng.randint(1, knee + 2),) * 5))
            sign = rng.choice((0, 1, None))
        slot = rng.randrange(books)
        first = slot not in known or rng.random() < 0.02
        event = rng.random() < 0.9
        # what is there without an event is nothing
        noise = {"w_size": rng.getrandbits(bits), "w_slot": rng.randrange(books)}
        compared += await edge({"s_slot": slot, "s_first": int(first), "w_valid": 0} | noise)
        x = rng.choice((2**size - 1, rng.getrandbits(size), 0))
        negative = rng.getrandbits(1) if sign is None else sign
        inputs = {"w_valid": int(event), "w_slot": slot, "w_size": x, "w_negative": negative}
        noise = {"s_slot": rng.randrange(books), "s_first": rng.getrandbits(1)}
        compared += await edge(inputs | noise)
        known |= {slot} if event else set()
    assert compared > EVENTS * 0.8
    assert len(model.met) > 60 and {0, 127} < model.met and (-127 in model.met) == signed
    figure("latency", LATENCY, "cycles")


@pytest.mark.parametrize(
    ("shift", "knee", "bits", "signed"),
    [(3, 7, 16, 1), (5, 8, 16, 1), (7, 9, 16, 1), (6, 8, 16, 1), (4, 8, 33, 0), (8, 11, 33, 0)],
)
def test_feature_sum(shift: int, knee: int, bits: int, signed: int) -> None:
    run("feature_sum", BOOKS=4, SHIFT=shift, KNEE=knee, SIZE_W=bits, SIGNED=signed)
