"""Bench of feature_change: a book's records of restless venues, and resets among them."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.feature_change import Change
from sim.golden.features import Part
from sim.lib.bench import figure, start
from sim.lib.pipeline import Pipeline
from sim.lib.restless import Venues, worth
from sim.lib.runner import run

RECORDS = 6_000
LATENCY = 3


@cocotb.test()
async def changes_are_the_models(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    slots = tuple(range(int(dut.BOOKS.value)))
    pipeline = Pipeline(dut, rng, ("s_valid",), ("s_top", "s_depth"))
    events, seasoned, met = 0, 0, Counter[str]()
    await start(dut)
    for count in (RECORDS, *(150,) * 6):
        part, model = Part.of(Venues(rng, slots).events(count), True), Change()
        met.update(worth(part.events))
        for row, (top, depth) in enumerate(part.inputs):
            side = part.sides[row]
            expected = model.record(part.events.tops[row], side, part.levels(row, side))
            events += expected["event1"] == 1
            seasoned += expected.get("seasoned2") == 1
            inputs = {"s_valid": 1, "s_top": top, "s_depth": depth}
            await pipeline.record(inputs, expected, rng.choice((2, 2, 2, 3, 5)))
        # a record that comes in reset is nobody's, and what is on its way is no event
        pipeline.forget()
        pipeline.ports.write({"s_valid": 1})
        dut.rst.value = 1
        await RisingEdge(dut.clk)
        dut.rst.value = 0
        pipeline.expect(dict.fromkeys(("valid1", "keeps1", "event1", "event2", "event3"), 0))
        await pipeline.edges(LATENCY + 1)
    assert min(met[f"op {kind}"] for kind in ("TRUST", "LOAD", "CLEAR", "HALT", "REPLACE")) > 2
    assert events > RECORDS // 3 and seasoned > 100, (events, seasoned)
    assert pipeline.compared["valid1"] > RECORDS
    figure("latency", LATENCY, "cycles")


def test_feature_change() -> None:
    run("feature_change", BOOKS=4)
