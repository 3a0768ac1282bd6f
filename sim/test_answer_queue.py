"""Bench of answer_queue: sources that speak seldom, often, all at once, and faster than the gate
takes what they say."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.answer_queue import APART, BITS, LATENCY, AnswerQueue
from sim.lib.bench import Judge, Ports, figure, reset, start
from sim.lib.runner import run

CYCLES = 6000


def model_of(dut: Any) -> AnswerQueue:
    return AnswerQueue(int(dut.SOURCES.value), int(dut.ROOM.value))


async def spoken(dut: Any, rng: random.Random, gaps: tuple[int, int], cycles: int) -> AnswerQueue:
    """Each source at random, so many cycles apart; what was presented and lost adds up."""
    model, ports = model_of(dut), Ports(dut)
    judge = Judge(dut, model)
    ports.write({"s_valid": 0, "s_confirmation": 0})
    await start(dut)
    next_at, said = [0] * model.sources, 0
    for cycle in range(cycles):
        valid = 0
        for source in range(model.sources):
            if cycle >= next_at[source]:
                valid |= 1 << source
                next_at[source] = cycle + rng.randint(*gaps)
        said += valid.bit_count()
        ports.write({"s_valid": valid, "s_confirmation": rng.getrandbits(BITS * model.sources)})
        await RisingEdge(dut.clk)
    ports.write({"s_valid": 0})
    for _ in range(APART * (model.room + model.sources) + 10):
        await RisingEdge(dut.clk)
    judge.done(at_least=cycles)
    assert model.empty
    assert (
        sum(model.met[f"source {source}"] for source in range(model.sources)) + model.met["lost"]
        == said
    )
    return model


@cocotb.test()
async def sources_that_leave_time_lose_nothing(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    sources = int(dut.SOURCES.value)
    model = await spoken(dut, rng, (APART * sources, 40), CYCLES)
    assert not model.met["lost"] and model.met["most"] >= min(2, sources), model.met


@cocotb.test()
async def what_is_too_fast_is_lost_and_said(dut: Any) -> None:
    rng = random.Random(f"{cocotb.RANDOM_SEED} fast")
    model = await spoken(dut, rng, (1, 4), CYCLES)
    assert model.met["most"] == model.room and model.met["lost"] > 200, model.met


@cocotb.test()
async def a_burst_fits_and_one_more_is_lost(dut: Any) -> None:
    """The lowest source alone, each cycle: the queue, its place, and what has left meanwhile."""
    model, ports = model_of(dut), Ports(dut)
    judge = Judge(dut, model)
    ports.write({"s_valid": 0, "s_confirmation": 0})
    await start(dut)
    cycles = 0
    while not model.met["lost"]:
        ports.write({"s_valid": 1, "s_confirmation": cycles + 1})
        await RisingEdge(dut.clk)
        cycles += 1
    assert cycles >= model.room + 2
    ports.write({"s_valid": 0})
    for _ in range(APART * model.room + 10):
        await RisingEdge(dut.clk)
    assert model.empty
    judge.done(at_least=cycles)


@cocotb.test()
async def reset_forgets_what_waits(dut: Any) -> None:
    model, ports = model_of(dut), Ports(dut)
    judge, rng = Judge(dut, model), random.Random(f"{cocotb.RANDOM_SEED} reset")
    ports.write({"s_valid": 0, "s_confirmation": 0})
    await start(dut)
    for _ in range(300):
        for _ in range(rng.randint(1, 12)):
            valid = rng.getrandbits(model.sources)
            said = rng.getrandbits(BITS * model.sources)
            ports.write({"s_valid": valid, "s_confirmation": said})
            await RisingEdge(dut.clk)
        await reset(dut)
    judge.done(at_least=300)


@cocotb.test()
async def the_first_comes_at_once(dut: Any) -> None:
    ports = Ports(dut)
    ports.write({"s_valid": 0, "s_confirmation": 0})
    await start(dut)
    ports.write({"s_valid": 1, "s_confirmation": 5})
    await RisingEdge(dut.clk)  # takes it
    ports.write({"s_valid": 0})
    cycles = 0
    while not ports.read("m_valid"):
        await RisingEdge(dut.clk)
        cycles += 1
    assert ports.read("m_confirmation") == 5 and cycles == LATENCY
    figure("latency", cycles, "cycles")


@pytest.mark.parametrize(("sources", "room"), [(4, 16), (1, 2), (4, 4)])
def test_answer_queue(sources: int, room: int) -> None:
    run("answer_queue", SOURCES=sources, ROOM=room)
