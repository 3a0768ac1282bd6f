"""Bench of feature_sampler: time that stands, passes and goes back, and empty buckets."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.clock import Clock

from sim.golden.feature_sampler import Sampler
from sim.lib.bench import figure
from sim.lib.pipeline import Pipeline, elements
from sim.lib.restless import Walk
from sim.lib.runner import PERIOD_NS, run
from tickwire.gen.records import PRICE_W, TIME_W

EVENTS = 6_000
LATENCY = 3
CONTROLS = ("event1",)
DATA = ("slot0", "bucket0", "first1", "slot1", "middle1", "before1")


@cocotb.test()
async def samples_are_the_models(dut: Any) -> None:
    rng, observed, met = random.Random(cocotb.RANDOM_SEED), set[int](), Counter[str]()
    buckets, exponent = int(dut.BUCKETS.value), TIME_W - int(dut.NUMBER_W.value)
    model, walk = Sampler(buckets, int(dut.KNEE.value)), Walk(rng, 3, PRICE_W + 1)
    pipeline = Pipeline(dut, rng, CONTROLS, DATA)
    Clock(dut.clk, PERIOD_NS, "ns").start()
    directed = (*walk.sweep(int(dut.KNEE.value)), *walk.skip(exponent, buckets))
    steps = (*directed, *(walk.step() for _ in range(EVENTS)))
    for step in steps:
        expected = dict[str, int]()
        bucket = step.time >> exponent
        if step.event:
            known = None if step.first else model.slots[step.slot].bucket
            met["skipped"] += known is not None and 1 < bucket - known < buckets
            met["long ago"] += known is not None and bucket - known >= buckets
            met["back"] += known is not None and bucket < known
            momentum = model.event(step.slot, bucket, step.first, step.middle)
            expected, observed = {"momentum3": elements([momentum])}, observed | {momentum}
        if step.event or not step.first:
            full = model.full(step.slot)
            expected["full2"], met["full"] = int(full), met["full"] + full
        inputs = {name: value for name, value in step.inputs().items() if name in CONTROLS + DATA}
        await pipeline.record(inputs | {"bucket0": bucket}, expected, rng.choice((2, 2, 3)))
    await pipeline.edges(LATENCY + 1)
    assert pipeline.compared["momentum3"] > 0.9 * len(steps)
    assert observed == set(range(-127, 128))
    assert min(met[name] for name in ("skipped", "long ago", "back")) > 20, met
    assert 500 < met["full"] < pipeline.compared["full2"] - 30, met
    figure("latency", LATENCY, "cycles")


@pytest.mark.parametrize(("exponent", "buckets", "knee"), [(28, 4, 7), (30, 5, 8), (24, 8, 9)])
def test_feature_sampler(exponent: int, buckets: int, knee: int) -> None:
    run("feature_sampler", BOOKS=4, NUMBER_W=TIME_W - exponent, BUCKETS=buckets, KNEE=knee)
