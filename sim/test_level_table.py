"""Bench of level_table: few keys and places, at the shortest distances, read by both ways."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge, ReadOnly

from sim.golden.level_table import LATENCY, READ_LATENCY, LevelTable
from sim.lib.bench import figure, start
from sim.lib.runner import run

OPERATIONS = 3000
FLAGS = ("clear", "s_valid", "w_store", "w_erase", "l_valid")
Named = tuple[int, int]


class Player:
    """Lookups of both ways, by the cycle in which their results are due."""

    def __init__(self, dut: Any, keys: int) -> None:
        self.dut, self.rng = dut, random.Random(cocotb.RANDOM_SEED)
        parameters = (int(getattr(dut, name).value) for name in ("ROWS", "WAYS", "BOOKS"))
        self.model = LevelTable(*parameters)
        self.books = int(dut.BOOKS.value)
        self.keys = [self.rng.getrandbits(32) for _ in range(keys)]
        self.due: dict[int, Named | int] = {}  # an int: a clear
        self.reads: dict[int, tuple[Named, int | None, int]] = {}
        self.changed: dict[Named, int] = {}  # when it last was
        self.cycle = 0
        self.reading: Named | None = None
        self.met: Counter[str] = Counter()

    def name(self) -> Named:
        return self.rng.randrange(2 * self.books), self.rng.choice(self.keys)

    async def tick(self, look: Named | None = None, clear: int | None = None) -> None:
        """A cycle, from its middle to the next one's."""
        dut, now = self.dut, self.cycle
        if look is not None:
            dut.s_valid.value, (dut.s_row.value, dut.s_key.value) = 1, look
            self.due[now + LATENCY] = look
        if clear is not None:
            dut.clear.value, dut.clear_slot.value = 1, clear
            self.due[now + LATENCY] = clear
            flying = [named for named in self.due.values() if isinstance(named, tuple)]
            self.changed |= {
                named: now + LATENCY
                for named in (*self.model.where, *flying)
                if named[0] // 2 == clear
            }
        if self.reading is None and self.rng.random() < 0.7:
            self.reading = self.name()
        if self.reading is not None:
            dut.l_valid.value, (dut.l_row.value, dut.l_key.value) = 1, self.reading
        due = self.due.pop(now, None)
        draw, value = self.rng.random(), self.rng.getrandbits(len(dut.w_value))
        if isinstance(due, tuple):
            dut.w_store.value, dut.w_erase.value = int(draw < 0.5), int(draw > 0.7)
            dut.w_value.value = value
        await ReadOnly()
        taken = self.reading is not None and int(dut.l_ready.value)
        assert not (taken and look is not None)
        if taken and self.reading is not None:
            held = self.model.find(self.reading)
            self.reads[now + READ_LATENCY] = (self.reading, held, now)
            self.reading = None
        if now in self.reads:
            self._read(*self.reads.pop(now))
        if isinstance(due, tuple):
            self._compare(due)
            self._answer(due, draw, value)
        elif due is not None:
            self.model.clear(due)
        await FallingEdge(dut.clk)
        for name in FLAGS:
            getattr(dut, name).value = 0
        self.cycle += 1

    def _answer(self, named: Named, draw: float, value: int) -> None:
        if draw < 0.5:
            self.model.store(named, value)
        elif draw > 0.7:
            self.model.erase(named)
        self.changed[named] = max(self.cycle, self.changed.get(named, 0))  # a clear may come yet

    def _compare(self, named: Named) -> None:
        dut, model = self.dut, self.model
        value = model.find(named)
        assert int(dut.m_hit.value) == (value is not None), f"cycle {self.cycle}: {named}"
        assert int(dut.m_room.value) == model.room(named)
        if value is not None:
            assert int(dut.m_value.value) == value
        self.met["hit" if value is not None else "miss"] += 1

    def _read(self, named: Named, held: int | None, taken: int) -> None:
        if self.changed.get(named, -9) > taken - 2:
            self.met["unsure"] += 1  # changed since, or just before
            return
        assert int(self.dut.l_hit.value) == (held is not None), f"cycle {self.cycle}: {named}"
        if held is not None:
            mask = (1 << len(self.dut.l_value)) - 1
            assert int(self.dut.l_value.value) == held & mask
        self.met["read" if held is not None else "read nothing"] += 1


@cocotb.test()
@cocotb.parametrize(idle=("never", "often"))
async def both_ways_find_what_was_stored(dut: Any, idle: str) -> None:
    for name in (*FLAGS, "clear_slot", "s_row", "s_key", "w_value", "l_row", "l_key"):
        getattr(dut, name).value = 0
    player = Player(dut, keys=12)
    rng, met = player.rng, player.met
    await start(dut)
    while int(dut.sweeping.value):
        await FallingEdge(dut.clk)
    await FallingEdge(dut.clk)
    for _ in range(OPERATIONS):
        slot = rng.randrange(player.books)
        clears = rng.random() < 0.01 and not int(dut.sweeping.value) >> slot & 1
        await player.tick(*((None, slot) if clears else (player.name(), None)))
        met["clear"] += clears
        await player.tick()
        for _ in range(rng.choice((0, 0, 1, 5)) if idle == "often" else rng.getrandbits(1)):
            await player.tick()
        if idle == "often" and rng.random() < 0.006:
            for _ in range(400):
                await player.tick()
    for name in ("hit", "miss", "read", "read nothing", "unsure"):
        assert met[name] > 50, met
    assert met["clear"] > 1 and player.model.met["no_room"] > 20, (met, player.model.met)
    figure("latency", LATENCY, "cycles")


@pytest.mark.parametrize("rows", [4, 8])
def test_level_table(rows: int) -> None:
    run("level_table", ROWS=rows, WAYS=2, BOOKS=2, VALUE_W=20, READ_W=16)
