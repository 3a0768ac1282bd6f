"""Bench of level_refill: a bitmap, far levels and sums that answer as late as the real ones do,
and operations that change them under its feet."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge, ReadOnly

from sim.golden.level_refill import LevelRefill
from sim.lib.bench import start
from sim.lib.runner import run

CYCLES = 12000
PULSES = ("touch_valid", "touch_beyond", "late_valid", "opened_valid", "event_valid", "far_valid",
          "clear", "accepted", "r_ready", "q_ready", "l_ready")  # fmt: skip
WORDS = ("touch_row", "touch_key", "late_row", "late_key", "opened_row", "event_row",
         "event_word", "event_tier1", "event_top", "far_row", "clear_slot", "s_lacking", "s_room",
         "s_pressing", "s_urgent", "b_bound", "r_word", "q_word", "t_top", "f_done", "f_found",
         "f_least", "l_hit", "l_value")  # fmt: skip


class World:
    """Everything around the module, a cycle at a time; `later` holds what comes by itself."""

    def __init__(self, dut: Any, crowd: int) -> None:
        self.dut, self.rng, self.crowd = dut, random.Random(cocotb.RANDOM_SEED), crowd
        self.books, self.bits = int(dut.BOOKS.value), int(dut.INDEX_W.value)
        self.model = LevelRefill(self.books, self.bits)
        self.rows = range(2 * self.books)
        self.stored: list[dict[int, int]] = [{} for _ in self.rows]
        self.later: dict[int, list[tuple[str, int]]] = {}
        self.steps: dict[int, list[tuple[str, int, int, int]]] = {}
        self.barred: dict[int, int] = {}  # until when a row is busy
        self.search: tuple[int, int | None] = (0, None)
        self.took: tuple[int, int] | None = None
        self.cycle = 0
        for row in self.rows:
            self.model.rows[row].bound = self.model.key(row, self.price())
            for _ in range(crowd):
                self.add(row)

    def price(self) -> int:
        rng = self.rng
        draw = rng.random()
        if draw < 0.6:
            return 500_000 + 100 * rng.randint(-90, 90)
        if draw < 0.75:
            return 500_000 + 3300 * rng.randint(-90, 90)
        if draw < 0.85:
            return 102_400 * rng.randint(1, 50)
        return rng.choice((rng.randint(9_900, 10_100), 500_000 + rng.randint(-50, 50)))

    def new_key(self, row: int) -> int | None:
        """Of a level that isn't there, beyond the bound."""
        beyond = self.model.rows[row]
        key = self.model.key(row, self.price())
        full = self.model.position(row, key) is None and len(self.model.far[row]) >= 16
        return None if key <= beyond.bound or key in beyond.levels or full else key

    def add(self, row: int) -> None:
        key, value = self.new_key(row), self.rng.getrandbits(48)
        if key is not None:
            self.model.put(row, key, value)
            self.stored[row][key] = value

    def at(self, cycles: int, name: str, value: int) -> None:
        self.later.setdefault(self.cycle + cycles, []).append((name, value))

    def operate(self) -> None:
        """A level beyond the bound comes, goes or changes; this is its cycle 0."""
        rng, row = self.rng, self.rng.choice(self.rows)
        levels = self.model.rows[row].levels
        if any(step[1] == row and " level" in step[0] for step in self.steps.get(self.cycle, ())):
            return  # what there is, is just changing
        key = self.new_key(row) if rng.random() < 0.5 or not levels else None
        kind = "make"
        if key is None:
            if not levels:
                return
            near = sorted(levels)[: rng.choice((3, 8, 99))]
            key, kind = rng.choice(near), rng.choice(("unmake", "change"))
        self.barred[row] = self.cycle + 2
        self.at(1, "touch_valid", 1)
        self.at(1, "touch_row", row)
        self.at(1, "touch_key", key)
        self.at(2, "touch_beyond", 1)
        self.at(5, "late_valid", 1)
        self.at(5, "late_row", row)
        self.at(5, "late_key", key)
        value = rng.getrandbits(48)
        when = {"level": 2, "sum": 4, "place": 4 if self.model.position(row, key) is None else 6}
        for what, cycles in when.items():
            step = (f"{kind} {what}", row, key, value)
            self.steps.setdefault(self.cycle + cycles, []).append(step)

    def change(self, what: str, row: int, key: int, value: int) -> None:
        """What is so from this cycle on."""
        kind, where = what.split()
        levels, stored = self.model.rows[row].levels, self.stored[row]
        if where == "level":
            levels.pop(key, None)
            if kind != "unmake":
                levels[key] = value
        elif where == "sum":
            stored.pop(key, None)
            if kind != "unmake":
                stored[key] = value
        elif kind != "change":
            event = self.model.set_memory(row, key, kind == "make")
            names = ("event_word", "event_tier1", "event_top")
            for name, value in zip(names, event or (), strict=False):
                self.at(0, name, value)
            self.at(0, "far_valid" if event is None else "event_valid", 1)
            self.at(0, "far_row" if event is None else "event_row", row)
        self.model.met[what] += 1

    def answer(self) -> None:
        """What the module asks for in this cycle, by outputs that its registers alone make."""
        dut, rng, model = self.dut, self.rng, self.model
        row = int(dut.b_row.value)
        dut.b_bound.value = model.key(row, model.rows[row].bound)
        dut.t_top.value = model.index.top(row)
        for kind, read in (("r", model.index.word), ("q", model.index.block)):
            if int(getattr(dut, f"{kind}_valid").value) and rng.random() < 0.7:
                getattr(dut, f"{kind}_ready").value = 1
                number = int(getattr(dut, f"{kind}_number").value)
                self.at(2, f"{kind}_word", read(row, number))
        ends, least = self.search
        dut.f_done.value, dut.f_found.value = int(self.cycle >= ends), int(least is not None)
        dut.f_least.value = least or 0
        if int(dut.f_start.value):
            least = model.least(row, int(dut.f_key.value))
            self.search = (self.cycle + 1 + len(model.far[row]), least)
        if int(dut.l_valid.value) and rng.random() < 0.6:
            dut.l_ready.value = 1
            value = self.stored[row].get(int(dut.l_key.value))
            self.at(4, "l_hit", int(value is not None))
            self.at(4, "l_value", value or 0)

    async def tick(self, eager: float) -> None:
        dut, rng, model = self.dut, self.rng, self.model
        for name in PULSES:
            getattr(dut, name).value = 0
        for step in self.steps.pop(self.cycle, ()):
            self.change(*step)
        for name, value in self.later.pop(self.cycle, ()):
            getattr(dut, name).value = value
        lacking = [int(bool(one.levels)) << s for s, one in enumerate(model.rows)]
        dut.s_lacking.value = sum(lacking)
        dut.s_room.value = sum((one.at_hand < 16) << s for s, one in enumerate(model.rows))
        dut.s_pressing.value = sum((one.at_hand <= 14) << s for s, one in enumerate(model.rows))
        dut.s_urgent.value = sum((one.at_hand <= 12) << s for s, one in enumerate(model.rows))
        self.answer()
        if self.took is not None:
            dut.accepted.value = 1
            self.took = None
        await ReadOnly()
        row = int(dut.b_row.value)
        free = self.barred.get(row, -9) < self.cycle and model.rows[row].at_hand < 16
        if int(dut.o_valid.value) and free and rng.random() < eager:
            self.took = (row, int(dut.o_level.value))
            model.take(*self.took)
            self.barred[row] = self.cycle + 1
        model.met["restarted"] += int(dut.restarted.value)
        await FallingEdge(dut.clk)
        self.cycle += 1

    def disturb(self, row: int, clears: bool) -> None:
        """The bound moves back, or the row's slot is cleared and filled anew."""
        beyond = self.model.rows[row]
        if any(step[1] // 2 == row // 2 for when in self.steps.values() for step in when):
            return
        if clears:
            self.model.index.clear(row // 2)
            self.at(0, "clear", 1)
            self.at(0, "clear_slot", row // 2)
            for one in (row, row ^ 1):
                self.model.far[one].clear()
                self.stored[one].clear()
                self.model.rows[one].levels.clear()
                self.model.rows[one].bound = self.model.key(one, self.price())
                for _ in range(self.crowd):
                    self.add(one)
                self.barred[one] = self.cycle + 1
        else:
            at_hand = [key for key in self.stored[row] if key <= beyond.bound]
            if not at_hand:
                return
            key = max(at_hand)  # the level that is pushed out
            beyond.levels[key] = self.stored[row][key]
            beyond.bound = key - 1
            self.at(0, "opened_valid", 1)
            self.at(0, "opened_row", row)
        self.barred[row] = self.cycle + 1
        self.model.met["disturbed"] += 1


@cocotb.test()
async def what_is_offered_is_the_next(dut: Any) -> None:
    for name in (*PULSES, *WORDS):
        getattr(dut, name).value = 0
    world = World(dut, crowd=60)
    rng, model, met = world.rng, world.model, world.model.met
    await start(dut)
    await FallingEdge(dut.clk)
    for number in range(CYCLES):
        if number % 2 == 0 and rng.random() < (0.3 if number // 500 % 2 else 0.03):
            world.operate()
        if rng.random() < 0.003:
            world.disturb(rng.choice(world.rows), rng.random() < 0.3)
        if rng.random() < 0.15:
            for beyond in model.rows:
                beyond.at_hand = max(10, beyond.at_hand - rng.randint(0, 1))
        for row in world.rows:
            if len(model.rows[row].levels) < 5 and rng.random() < 0.01:
                world.disturb(row, clears=True)
        await world.tick(eager=0.8)
    assert met["on the index"] > 300 and met["far"] > 10, met
    for name in ("make level", "unmake level", "change level", "restarted", "disturbed"):
        assert met[name] >= 10, met


@pytest.mark.parametrize("bits", [15, 16])
def test_level_refill(bits: int) -> None:
    run("level_refill", INDEX_W=bits, BOOKS=2)
