"""Bench of level_refill: a bitmap, far levels and sums that answer as late as the real ones do,
and operations that change them under its feet."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge, ReadOnly

from bench import start
from golden.level_refill import LevelRefill
from runner import run

CYCLES = 12000
PULSES = ("touch_valid", "touch_beyond", "late_valid", "opened_valid", "event_valid", "far_valid",
          "clear", "accepted", "r_ready", "q_ready", "l_ready")  # fmt: skip
WORDS = ("touch_slot", "touch_key", "late_slot", "late_key", "opened_slot", "event_slot",
         "event_word", "event_tier1", "event_top", "far_slot", "clear_slot", "s_lacking", "s_room",
         "s_pressing", "s_urgent",
    "s_urgent", "b_bound", "r_word", "q_word", "t_top", "f_done", "f_found", "f_least",
         "l_hit", "l_value")  # fmt: skip


class World:
    """Everything around the module, a cycle at a time; `later` holds what comes by itself."""

    def __init__(self, dut: Any, crowd: int) -> None:
        self.dut, self.rng, self.crowd = dut, random.Random(cocotb.RANDOM_SEED), crowd
        self.books, self.bits = int(dut.BOOKS.value), int(dut.INDEX_W.value)
        self.side = int(dut.SIDE.value)
        self.model = LevelRefill(self.books, self.bits, self.side)
        self.stored: list[dict[int, int]] = [{} for _ in range(self.books)]
        self.later: dict[int, list[tuple[str, int]]] = {}
        self.steps: dict[int, list[tuple[str, int, int, int]]] = {}
        self.barred: dict[int, int] = {}  # until when a slot's row is busy
        self.search: tuple[int, int | None] = (0, None)
        self.took: tuple[int, int] | None = None
        self.cycle = 0
        for slot in range(self.books):
            self.model.slots[slot].bound = self.model.key(self.price())
            for _ in range(crowd):
                self.add(slot)

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

    def new_key(self, slot: int) -> int | None:
        """Of a level that isn't there, beyond the bound."""
        beyond = self.model.slots[slot]
        key = self.model.key(self.price())
        full = self.model.position(key) is None and len(self.model.far[slot]) >= 16
        return None if key <= beyond.bound or key in beyond.levels or full else key

    def add(self, slot: int) -> None:
        key, value = self.new_key(slot), self.rng.getrandbits(48)
        if key is not None:
            self.model.put(slot, key, value)
            self.stored[slot][key] = value

    def at(self, cycles: int, name: str, value: int) -> None:
        self.later.setdefault(self.cycle + cycles, []).append((name, value))

    def operate(self) -> None:
        """A level beyond the bound comes, goes or changes; this is its cycle 0."""
        rng, slot = self.rng, self.rng.randrange(self.books)
        levels = self.model.slots[slot].levels
        if any(step[1] == slot and " level" in step[0] for step in self.steps.get(self.cycle, ())):
            return  # what there is, is just changing
        key = self.new_key(slot) if rng.random() < 0.5 or not levels else None
        kind = "make"
        if key is None:
            if not levels:
                return
            near = sorted(levels)[: rng.choice((3, 8, 99))]
            key, kind = rng.choice(near), rng.choice(("unmake", "change"))
        self.barred[slot] = self.cycle + 2
        self.at(1, "touch_valid", 1)
        self.at(1, "touch_slot", slot)
        self.at(1, "touch_key", key)
        self.at(2, "touch_beyond", 1)
        self.at(5, "late_valid", 1)
        self.at(5, "late_slot", slot)
        self.at(5, "late_key", key)
        value = rng.getrandbits(48)
        when = {"level": 2, "sum": 4, "place": 4 if self.model.position(key) is None else 6}
        for what, cycles in when.items():
            step = (f"{kind} {what}", slot, key, value)
            self.steps.setdefault(self.cycle + cycles, []).append(step)

    def change(self, what: str, slot: int, key: int, value: int) -> None:
        """What is so from this cycle on."""
        kind, where = what.split()
        levels, stored = self.model.slots[slot].levels, self.stored[slot]
        if where == "level":
            levels.pop(key, None)
            if kind != "unmake":
                levels[key] = value
        elif where == "sum":
            stored.pop(key, None)
            if kind != "unmake":
                stored[key] = value
        elif kind != "change":
            told = self.model.set_memory(slot, key, kind == "make")
            names = ("event_word", "event_tier1", "event_top")
            for name, value in zip(names, told or (), strict=False):
                self.at(0, name, value)
            self.at(0, "far_valid" if told is None else "event_valid", 1)
            self.at(0, "far_slot" if told is None else "event_slot", slot)
        self.model.met[what] += 1

    def answer(self) -> None:
        """What the module asks for in this cycle, by outputs that its registers alone make."""
        dut, rng, model = self.dut, self.rng, self.model
        slot = int(dut.b_slot.value)
        dut.b_bound.value = model.slots[slot].bound
        dut.t_top.value = model.index.top(model.row(slot))
        for kind, read in (("r", model.index.word), ("q", model.index.block)):
            if int(getattr(dut, f"{kind}_valid").value) and rng.random() < 0.7:
                getattr(dut, f"{kind}_ready").value = 1
                number = int(getattr(dut, f"{kind}_number").value)
                self.at(2, f"{kind}_word", read(model.row(slot), number))
        ends, least = self.search
        dut.f_done.value, dut.f_found.value = int(self.cycle >= ends), int(least is not None)
        dut.f_least.value = least or 0
        if int(dut.f_start.value):
            found = model.least(slot, int(dut.f_key.value))
            self.search = (self.cycle + 1 + len(model.far[slot]), found)
        if int(dut.l_valid.value) and rng.random() < 0.6:
            dut.l_ready.value = 1
            value = self.stored[slot].get(int(dut.l_key.value))
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
        lacking = [int(bool(one.levels)) << s for s, one in enumerate(model.slots)]
        dut.s_lacking.value = sum(lacking)
        dut.s_room.value = sum((one.at_hand < 16) << s for s, one in enumerate(model.slots))
        dut.s_pressing.value = sum((one.at_hand <= 14) << s for s, one in enumerate(model.slots))
        dut.s_urgent.value = sum((one.at_hand <= 12) << s for s, one in enumerate(model.slots))
        self.answer()
        if self.took is not None:
            dut.accepted.value = 1
            self.took = None
        await ReadOnly()
        slot = int(dut.o_slot.value)
        free = self.barred.get(slot, -9) < self.cycle and model.slots[slot].at_hand < 16
        if int(dut.o_valid.value) and free and rng.random() < eager:
            self.took = (slot, int(dut.o_level.value))
            model.take(*self.took)
            self.barred[slot] = self.cycle + 1
        model.met["restarted"] += int(dut.restarted.value)
        await FallingEdge(dut.clk)
        self.cycle += 1

    def disturb(self, slot: int, clears: bool) -> None:
        """The bound moves back, or a slot is cleared and filled anew."""
        beyond = self.model.slots[slot]
        if any(step[1] == slot for when in self.steps.values() for step in when):
            return
        if clears:
            self.model.index.clear(slot)
            self.model.far[slot].clear()
            self.stored[slot].clear()
            beyond.levels.clear()
            self.at(0, "clear", 1)
            self.at(0, "clear_slot", slot)
            beyond.bound = self.model.key(self.price())
            for _ in range(self.crowd):
                self.add(slot)
        else:
            at_hand = [key for key in self.stored[slot] if key <= beyond.bound]
            if not at_hand:
                return
            key = max(at_hand)  # the level that is pushed out
            beyond.levels[key] = self.stored[slot][key]
            beyond.bound = key - 1
            self.at(0, "opened_valid", 1)
            self.at(0, "opened_slot", slot)
        self.barred[slot] = self.cycle + 1
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
            world.disturb(rng.randrange(world.books), rng.random() < 0.3)
        if rng.random() < 0.15:
            for beyond in model.slots:
                beyond.at_hand = max(10, beyond.at_hand - rng.randint(0, 1))
        for slot in range(world.books):
            if len(model.slots[slot].levels) < 5 and rng.random() < 0.01:
                world.disturb(slot, clears=True)
        await world.tick(eager=0.8)
    assert met["on the index"] > 300 and met["far"] > 10, met
    for name in ("make level", "unmake level", "change level", "restarted", "disturbed"):
        assert met[name] >= 10, met


@pytest.mark.parametrize("side", [0, 1])
def test_level_refill(side: int) -> None:
    run("level_refill", SIDE=side, BOOKS=2)
