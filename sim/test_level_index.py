"""Bench of level_index: levels come and go at the shortest distance; what counts is read back."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge

from sim.golden.level_index import LevelIndex
from sim.lib.bench import start
from sim.lib.runner import run

OPERATIONS = 2500
FLAGS = ("s_valid", "w_set", "w_reset", "clear", "r_valid", "q_valid")


class Player:
    """Operations overlap: what is to be driven and what is expected, by the cycle."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.rng = dut, random.Random(cocotb.RANDOM_SEED)
        self.books, self.bits = int(dut.BOOKS.value), int(dut.INDEX_W.value)
        self.readers = int(dut.READERS.value)
        self.model = LevelIndex(self.books, self.bits)
        self.far: dict[int, bool] = {}
        self.writes: dict[int, tuple[str, int, int]] = {}
        self.events: dict[int, tuple[int, ...]] = {}
        self.cycle = 0
        self.met: Counter[str] = Counter()

    async def tick(self) -> None:
        """To the middle of the next cycle, in which inputs are set and outputs stand."""
        dut, now = self.dut, self.cycle
        if now in self.writes:
            name, row, position = self.writes.pop(now)
            if name == "clear":
                dut.clear.value, dut.clear_slot.value = 1, row
                self.model.clear(row)
            else:
                getattr(dut, name).value = 1
                changed = self.model.change(row, position, name == "w_set")
                self.events[now + 2] = (row, position >> 5, *changed)
                self.met[name] += 1
        await FallingEdge(dut.clk)
        for name in FLAGS:
            getattr(dut, name).value = 0
        self.cycle += 1
        if self.cycle in self.far:
            assert int(dut.m_far.value) == self.far.pop(self.cycle)
        event = self.events.pop(self.cycle, None)
        assert int(dut.event_valid.value) == (event is not None)
        if event is not None:
            names = ("event_row", "event_word", "event_tier1", "event_top")
            assert tuple(int(getattr(dut, name).value) for name in names) == event
            self.met["tier 1"] += event[2]
            self.met["top"] += event[3]

    def price(self) -> int:
        rng = self.rng
        kind = rng.randrange(6)
        if kind < 3:
            return 500_000 + 100 * rng.randint(0, 70)
        if kind == 3:
            return rng.choice((rng.randint(9_950, 10_050), 100 * rng.randint(98, 102)))
        if kind == 4:
            last = 100 * ((1 << self.bits) - 1 - 9_900)
            return rng.choice((last, last + 100, last - 100, last + 1, (1 << 32) - 100, 1))
        return 100 * rng.randrange(10**6)

    def known(self, row: int) -> int:
        """The price of a level that is there, if any is."""
        positions = self.model.rows[row]
        place = self.rng.choice([*positions]) if positions else 0
        return place if place < 10_000 else 100 * (place - 9_900)

    def operation(self, again: bool) -> None:
        """Of any price, or `again` of a level that is there, which then goes."""
        dut, row = self.dut, self.rng.randrange(2 * self.books)
        price = self.known(row) if again else self.price()
        dut.s_valid.value, dut.s_row.value, dut.s_price.value = 1, row, price
        position = self.model.position(row, price)
        self.far[self.cycle + 3] = position is None
        self.met["far"] += position is None
        if position is None or (not again and self.rng.random() < 0.1):
            return
        name = "w_reset" if position in self.model.rows[row] else "w_set"
        if self.cycle + 2 in self.writes:  # the operation before isn't in the model yet
            before = self.writes[self.cycle + 2]
            if before[1:] == (row, position):
                name = "w_reset" if before[0] == "w_set" else "w_set"
        self.writes[self.cycle + 4] = (name, row, position)

    async def read(self, row: int, number: int) -> None:
        """One of the readers, both tiers at once: what counts is what the model has."""
        dut, model = self.dut, self.model
        asks, reader = {"r": number, "q": number >> 5}, self.rng.randrange(self.readers)
        top = model.top(row)
        width = len(dut.t_row) // self.readers
        dut.t_row.value = row << width * reader
        observed: dict[str, int] = {}
        for kind, asked in asks.items():
            size = len(getattr(dut, f"{kind}_number")) // self.readers
            getattr(dut, f"{kind}_valid").value = 1 << reader
            getattr(dut, f"{kind}_row").value = row << width * reader
            getattr(dut, f"{kind}_number").value = asked << size * reader
            await self.tick()
            await self.tick()
            observed[kind] = int(getattr(dut, f"{kind}_word").value)
        top_w = len(dut.t_top) // self.readers
        assert int(dut.t_top.value) >> top_w * reader & (1 << top_w) - 1 == top
        if top >> (number >> 5) & 1:
            assert observed["q"] == model.block(row, number >> 5)
            self.met["blocks"] += 1
            if observed["q"] >> number % 32 & 1:
                assert observed["r"] == model.word(row, number)
                self.met["words"] += 1


@cocotb.test()
async def every_word_is_the_set_s(dut: Any) -> None:
    for name in (*FLAGS, "s_row", "s_price", "clear_slot", "r_row", "r_number", "q_row",
                 "q_number", "t_row"):  # fmt: skip
        getattr(dut, name).value = 0
    player = Player(dut)
    rng, model, met = player.rng, player.model, player.met
    await start(dut)
    await FallingEdge(dut.clk)
    for number in range(OPERATIONS):
        if rng.random() < 0.01 and number < 0.8 * OPERATIONS:
            for _ in range(4):
                await player.tick()
            player.writes[player.cycle] = ("clear", rng.randrange(player.books), 0)
            met["clear"] += 1
            await player.tick()
        player.operation(again=number % 6 == 5)
        await player.tick()
        await player.tick()
        if rng.random() < 0.2:
            await player.tick()
        if rng.random() < 0.1:
            for _ in range(6):
                await player.tick()
            row = rng.randrange(2 * player.books)
            some = rng.choice([*model.rows[row], rng.getrandbits(player.bits)])
            await player.read(row, some >> 5)
    for name, least in (("far", 100), ("w_set", 500), ("w_reset", 300), ("clear", 5),
                        ("tier 1", 200), ("top", 50), ("blocks", 60), ("words", 40)):  # fmt: skip
        assert met[name] >= least, met


@pytest.mark.parametrize("books,bits,readers", [(2, 16, 2), (4, 17, 2), (4, 16, 1)])
def test_level_index(books: int, bits: int, readers: int) -> None:
    run("level_index", BOOKS=books, INDEX_W=bits, READERS=readers)
