"""Bench of level_far: levels come and go at the shortest distance, searches go on beside."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge

from bench import start
from golden.level_far import LevelFar
from runner import run

OPERATIONS = 4000
FLAGS = ("w_insert", "w_erase", "clear", "f_start")


async def operate(dut: Any, model: LevelFar, rng: random.Random, met: Counter[str]) -> bool:
    """One operation in two cycles; true if it changed anything."""
    slot = rng.randrange(len(model.held))
    dut.s_slot.value = slot
    await FallingEdge(dut.clk)
    dut.s_slot.value = rng.randrange(len(model.held))
    held = model.held[slot]
    assert int(dut.m_full.value) == model.full(slot)
    met["full"] += model.full(slot)
    draw = rng.random()
    if draw < 0.5 and not model.full(slot):
        key, place = rng.choice((rng.randint(0, 40), rng.getrandbits(32))), int(dut.m_place.value)
        dut.w_insert.value, dut.w_key.value = 1, key
        model.insert(slot, place, key)
    elif draw < 0.85 and held:
        place = rng.choice(list(held))
        dut.w_erase.value, dut.w_place.value = 1, place
        model.erase(slot, place)
    elif draw < 0.87:
        dut.clear.value, dut.clear_slot.value = 1, slot
        model.clear(slot)
        met["clear"] += 1
    await FallingEdge(dut.clk)
    for name in FLAGS:
        getattr(dut, name).value = 0
    return draw < 0.87


async def search(dut: Any, model: LevelFar, rng: random.Random, met: Counter[str]) -> None:
    """Nothing changes meanwhile: the answer must be right, and in time."""
    slot = rng.randrange(len(model.held))
    key = rng.choice((0, rng.randint(0, 40), rng.getrandbits(32), *model.held[slot].values()))
    dut.f_start.value, dut.f_slot.value, dut.f_key.value = 1, slot, key
    await FallingEdge(dut.clk)
    dut.f_start.value, dut.f_slot.value = 0, rng.randrange(len(model.held))
    cycles = 1
    while not int(dut.f_done.value):
        await FallingEdge(dut.clk)
        cycles += 1
    expected = model.above(slot, key)
    assert int(dut.f_found.value) == (expected is not None)
    if expected is not None:
        assert int(dut.f_least.value) == expected
    assert cycles <= model.cycles(slot), f"{cycles} cycles for {len(model.held[slot])} levels"
    met["found" if expected is not None else "none"] += 1


@cocotb.test()
async def every_search_finds_the_next(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    for name in (*FLAGS, "s_slot", "w_key", "w_place", "clear_slot", "f_slot", "f_key"):
        getattr(dut, name).value = 0
    model, met = LevelFar(int(dut.BOOKS.value), int(dut.FAR.value)), Counter[str]()
    await start(dut)
    await FallingEdge(dut.clk)
    for _ in range(OPERATIONS):
        await operate(dut, model, rng, met)
        if rng.random() < 0.3:
            await search(dut, model, rng, met)
    assert met["found"] > 300 and min(met[name] for name in ("none", "full", "clear")) > 20, met


@pytest.mark.parametrize("far", [2, 16])
def test_level_far(far: int) -> None:
    run("level_far", BOOKS=4, FAR=far)
