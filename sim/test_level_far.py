"""Bench of level_far: levels come and go at the shortest distance, searches go on beside."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge

from sim.golden.level_far import LevelFar
from sim.lib.bench import start
from sim.lib.runner import run

OPERATIONS = 4000
FLAGS = ("w_insert", "w_erase", "clear", "f_start")


async def operate(dut: Any, model: LevelFar, rng: random.Random, met: Counter[str]) -> bool:
    """One operation in two cycles; true if it changed anything."""
    row = rng.randrange(len(model.held))
    dut.s_row.value = row
    await FallingEdge(dut.clk)
    dut.s_row.value = rng.randrange(len(model.held))
    held = model.held[row]
    assert int(dut.m_full.value) == model.full(row)
    met["full"] += model.full(row)
    draw = rng.random()
    if draw < 0.5 and not model.full(row):
        key, place = rng.choice((rng.randint(0, 40), rng.getrandbits(32))), int(dut.m_place.value)
        dut.w_insert.value, dut.w_key.value = 1, key
        model.insert(row, place, key)
    elif draw < 0.85 and held:
        place = rng.choice(list(held))
        dut.w_erase.value, dut.w_place.value = 1, place
        model.erase(row, place)
    elif draw < 0.87:
        dut.clear.value, dut.clear_slot.value = 1, row // 2
        model.clear(row // 2)
        met["clear"] += 1
    await FallingEdge(dut.clk)
    for name in FLAGS:
        getattr(dut, name).value = 0
    return draw < 0.87


async def search(dut: Any, model: LevelFar, rng: random.Random, met: Counter[str]) -> None:
    """Nothing changes meanwhile: the answers must be right, and in time."""
    readers, width = len(dut.f_start), len(dut.s_row)
    asked = []
    for _ in range(readers):
        row = rng.randrange(len(model.held))
        key = rng.choice((0, rng.randint(0, 40), rng.getrandbits(32), *model.held[row].values()))
        asked.append((row, key))
    dut.f_start.value = (1 << readers) - 1
    dut.f_row.value = sum(row << width * at for at, (row, _) in enumerate(asked))
    dut.f_key.value = sum(key << 32 * at for at, (_, key) in enumerate(asked))
    await FallingEdge(dut.clk)
    dut.f_start.value, dut.f_row.value = 0, rng.getrandbits(width * readers)
    left, cycles = set(range(readers)), 1
    while left:
        for at in [at for at in left if int(dut.f_done.value) >> at & 1]:
            left.remove(at)
            expected = model.above(*asked[at])
            assert int(dut.f_found.value) >> at & 1 == (expected is not None)
            if expected is not None:
                assert int(dut.f_least.value) >> 32 * at & (1 << 32) - 1 == expected
            held = len(model.held[asked[at][0]])
            assert cycles <= model.cycles(asked[at][0]), f"{cycles} cycles for {held} levels"
            met["some" if expected is not None else "none"] += 1
        await FallingEdge(dut.clk)
        cycles += 1


@cocotb.test()
async def every_search_finds_the_next(dut: Any) -> None:
    rng = random.Random(cocotb.RANDOM_SEED)
    for name in (*FLAGS, "s_row", "w_key", "w_place", "clear_slot", "f_row", "f_key"):
        getattr(dut, name).value = 0
    model, met = LevelFar(int(dut.BOOKS.value), int(dut.FAR.value)), Counter[str]()
    await start(dut)
    await FallingEdge(dut.clk)
    for _ in range(OPERATIONS):
        await operate(dut, model, rng, met)
        if rng.random() < 0.3:
            await search(dut, model, rng, met)
    assert met["some"] > 300 and min(met[name] for name in ("none", "full", "clear")) > 20, met


@pytest.mark.parametrize("far,readers", [(2, 1), (16, 2)])
def test_level_far(far: int, readers: int) -> None:
    run("level_far", BOOKS=4, FAR=far, READERS=readers)
