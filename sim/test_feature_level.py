"""Bench of feature_level: levels of several slots, of values that stand, creep and jump."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.clock import Clock

from sim.golden.feature_level import Level
from sim.lib.bench import figure
from sim.lib.pipeline import Pipeline, elements
from sim.lib.restless import Walk
from sim.lib.runner import PERIOD_NS, run

EVENTS = 5_000
LATENCY = 2


@cocotb.test()
async def levels_are_the_models(dut: Any) -> None:
    rng, observed = random.Random(cocotb.RANDOM_SEED), set[int]()
    books, bits = int(dut.BOOKS.value), int(dut.X_W.value)
    model, walk = Level(int(dut.SHIFT.value), int(dut.KNEE.value)), Walk(rng, books, bits)
    pipeline = Pipeline(dut, rng, ("event1",), ("first1", "slot1", "x1"))
    Clock(dut.clk, PERIOD_NS, "ns").start()
    steps = (*(walk.step() for _ in range(EVENTS)), *walk.sweep(int(dut.KNEE.value)))
    for step in steps:
        expected = dict[str, int]()
        if step.event:
            away = model.event(step.slot, step.first, step.middle)
            expected, observed = {"away3": elements([away])}, observed | {away}
        inputs = {"event1": int(step.event), "first1": int(step.first), "slot1": step.slot}
        await pipeline.record(inputs | {"x1": step.middle}, expected, rng.choice((2, 2, 3)))
    await pipeline.edges(LATENCY + 1)
    assert pipeline.compared["away3"] > 0.9 * len(steps)
    assert observed == set(range(-127, 128))
    figure("latency", LATENCY, "cycles")


@pytest.mark.parametrize(("shift", "knee", "bits"), [(5, 7, 32), (7, 8, 33)])
def test_feature_level(shift: int, knee: int, bits: int) -> None:
    run("feature_level", BOOKS=4, SHIFT=shift, KNEE=knee, X_W=bits)
