"""Bench of feature_history: middles that stand for long, creep and jump, and time that does so."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import cocotb
from cocotb.clock import Clock

from sim.golden.feature_history import History
from sim.lib.bench import figure
from sim.lib.pipeline import Pipeline, elements
from sim.lib.restless import Walk
from sim.lib.runner import PERIOD_NS, run
from tickwire.features.table import WHOLE
from tickwire.gen.records import PRICE_W

EVENTS = 10_000
LATENCY = 3
CONTROLS = ("event1", "event3")
DATA = ("slot0", "time0", "events0", "first1", "slot1", "middle1", "before1", "slot3")


@cocotb.test()
async def histories_are_the_models(dut: Any) -> None:
    rng, observed = random.Random(cocotb.RANDOM_SEED), defaultdict[str, set[int]](set)
    model, walk = History(), Walk(rng, 3, PRICE_W + 1)
    pipeline = Pipeline(dut, rng, CONTROLS, DATA)
    Clock(dut.clk, PERIOD_NS, "ns").start()
    for _ in range(EVENTS):
        step, expected = walk.step(), dict[str, int]()
        if step.event:
            features = model.event(step.slot, step.time, step.first, step.middle)
            for name, values in features.items():
                expected[name] = elements(values)
                observed[name] |= set(values)
        counted = {"events0": min(step.events, WHOLE.warm_events)}
        await pipeline.record(step.inputs() | counted, expected, rng.choice((2, 2, 3)))
    await pipeline.edges(LATENCY + 1)
    assert len(pipeline.compared) == 5 and min(pipeline.compared.values()) > 0.9 * EVENTS
    assert max(observed.pop("pace3")) > 110  # time is too short for more
    asleep = [name for name, values in observed.items() if not {0, 127} < values]
    assert not asleep and min(map(len, observed.values())) > 30
    figure("latency", LATENCY, "cycles")


def test_feature_history() -> None:
    run("feature_history", BOOKS=4)
