"""Bench of feature_show: the features of restless venues, as the host has them, and their turns."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.feature_show import ShowModel, inputs
from sim.golden.features import Part
from sim.lib.bench import Judge, figure, start
from sim.lib.pipeline import Pipeline
from sim.lib.restless import Venues
from sim.lib.runner import run

RECORDS = 5_000
LATENCY = 4
CONTROLS = ("valid1", "event3")
DATA = ("s_top", "acts1", "slot1", "alive2", "warm2", "slot3", "elements3")


async def play(dut: Any, parts: list[Part], apart: tuple[int, ...]) -> ShowModel:
    rng = random.Random(cocotb.RANDOM_SEED)
    slots, gap, edges = int(dut.BOOKS.value), int(dut.GAP.value), 0
    model, pipeline = ShowModel(parts, slots, gap), Pipeline(dut, rng, CONTROLS, DATA)
    pipeline.ports.write({"each_change": int(parts[0].each_change)})
    judge = Judge(dut, model)
    await start(dut)
    for number, part in enumerate(parts):
        if number:
            pipeline.forget()
            pipeline.ports.write({"valid1": 1, "each_change": int(part.each_change)})
            dut.rst.value = 1
            await RisingEdge(dut.clk)
            dut.rst.value = 0
            await pipeline.edges(1)
        for line in inputs(part):
            wait = rng.choice(apart)
            await pipeline.record(line, {}, wait)
            edges += wait
        await pipeline.edges(LATENCY + 8 * gap + 2)
    judge.done(at_least=edges)
    assert not model.parts and sorted(model.order) == list(range(len(parts[-1].sent)))
    return model


def parts_of(rng: random.Random, books: int, each_change: bool) -> list[Part]:
    """One in which slots become warm, and short ones."""

    def part(count: int) -> Part:
        return Part.of(Venues(rng, tuple(range(books))).events(count), each_change)

    while not (long := part(RECORDS)).vectors.warm[long.rows].any():
        pass
    return [long, *(part(150) for _ in range(6))]


@cocotb.test()
@cocotb.parametrize(each_change=[False, True])
async def vectors_are_the_models(dut: Any, each_change: bool) -> None:
    parts = parts_of(random.Random(cocotb.RANDOM_SEED), int(dut.BOOKS.value), each_change)
    sent = sum(len(part.sent) for part in parts)
    model = await play(dut, parts, (2, 2, 2, 3, 7, 30))
    assert model.sent == sent > RECORDS // 4 and bool(model.others) != each_change
    assert not parts[0].changed.all()
    figure("latency", LATENCY, "cycles")


@pytest.mark.parametrize(("books", "gap"), [(8, 2), (4, 1)])
def test_feature_show(books: int, gap: int) -> None:
    run("feature_show", BOOKS=books, GAP=gap)
