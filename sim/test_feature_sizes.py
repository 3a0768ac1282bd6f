"""Bench of feature_sizes: books of restless venues, a side at a time."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import cocotb
from cocotb.clock import Clock

from sim.golden.feature_change import Change
from sim.golden.feature_sizes import Sizes
from sim.golden.features import Part
from sim.lib.bench import figure
from sim.lib.pipeline import Pipeline, elements
from sim.lib.restless import Venues
from sim.lib.runner import PERIOD_NS, run
from tickwire.gen.records import Side

RECORDS = 8_000
LATENCY = 3
DATA = ("bid0", "ask0", "s_depth", "slot1", "side1", "first1", "slot3")


@cocotb.test()
async def sizes_are_the_models(dut: Any) -> None:
    rng, observed = random.Random(cocotb.RANDOM_SEED), defaultdict[str, set[int]](set)
    slots = tuple(range(int(dut.BOOKS.value)))
    part = Part.of(Venues(rng, slots).events(RECORDS), True)
    change, model = Change(), Sizes()
    pipeline, events = Pipeline(dut, rng, ("keeps1", "event3"), DATA), 0
    Clock(dut.clk, PERIOD_NS, "ns").start()
    for row, (_, depth) in enumerate(part.inputs):
        top, side = part.events.tops[row], part.sides[row]
        slot, expected = int(top["slot"]), dict[str, int]()
        kept = change.record(top, side, part.levels(row, side))
        if kept["event1"]:
            first, books = bool(kept["first1"]), [part.levels(row, one) for one in Side]
            for name, values in model.event(slot, first, *books).items():
                expected[name] = elements(values)
                observed[name] |= set(values)
            events += 1
        inputs = {
            "bid0": int(top["bid_price"]), "ask0": int(top["ask_price"]), "s_depth": depth,
            "keeps1": kept["keeps1"], "slot1": slot, "side1": side,
            "first1": kept.get("first1", rng.getrandbits(1)), "slot3": slot,
            "event3": kept["event3"],
        }  # fmt: skip
        await pipeline.record(inputs, expected, rng.choice((2, 2, 3)))
    await pipeline.edges(LATENCY + 1)
    assert events == part.vectors.event.sum() > RECORDS // 2
    assert set(pipeline.compared.values()) == {events} and len(pipeline.compared) == 6
    spans = {name: (min(values), max(values)) for name, values in observed.items()}
    low, high = spans.pop("spread3")
    assert low < 20 and high > 100
    assert all(low < -100 and high > 100 for low, high in spans.values()), spans
    figure("latency", LATENCY, "cycles")


def test_feature_sizes() -> None:
    run("feature_sizes", BOOKS=4)
