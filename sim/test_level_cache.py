"""Bench of level_cache: steps on few keys and few rows, every answer against sorted lists."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge

from sim.golden.level_cache import Level, LevelCache, Step, packed
from sim.lib.bench import start
from sim.lib.runner import run

STEPS = 6000
IGNORES = 400  # steps, of which one is ignored
FLAGS = ("s_step", "s_take", "s_put", "s_bring", "s_closed", "o_valid", "ignore", "clear")
INPUTS = ("price", "shares", "orders", "take", "put", "bring", "closed")


class Player:
    """One step at a time is drawn; the model says what the step after it may be."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.rng = dut, random.Random(cocotb.RANDOM_SEED)
        self.books, self.cache = int(dut.BOOKS.value), int(dut.CACHE.value)
        self.apart = bool(int(dut.APART.value))
        self.model = LevelCache(self.books, self.cache)
        self.beyond: list[set[int]] = [set() for _ in range(2 * self.books)]  # prices left out
        self.met: Counter[str] = Counter()
        self.deletes = False

    def next_beyond(self, row: int) -> Level | None:
        rng, left = self.rng, self.beyond[row]
        if not left or rng.random() < 0.3:
            return None
        price = min(left, key=lambda one: self.model.key(row, one))
        return price, rng.getrandbits(32), rng.randint(1, 3)

    def draw(self, row: int) -> Step:
        """A step that may be: what is taken is there, what is brought is the next beyond."""
        rng, held = self.rng, self.model.rows[row]
        closed, shares = int(not self.beyond[row]), rng.getrandbits(32)
        kinds = ("put", "take", "bring", "none")
        kind = rng.choices(kinds, (2, 6, 2, 1) if self.deletes else (5, 2, 1, 1))[0]
        brought = self.next_beyond(row)
        if kind == "take" and held.levels:
            price, _, orders = rng.choice(held.levels)
            gone = int(orders == 1 or rng.random() < 0.4)
            offer = None if self.apart else brought
            return Step(row, price, shares, gone, 1, 0, 0, closed, offer)
        if kind == "bring" and brought is not None:
            return Step(row, *brought, 0, 0, 1, closed, None)
        price = rng.randint(0, 60) if rng.random() < 0.9 else rng.getrandbits(32)
        return Step(row, price, shares, 1, 0, int(kind == "put"), 0, closed, None)

    def apply(self, step: Step, ignore: bool) -> dict[str, int]:
        row = self.model.rows[step.row]
        before = {level[0] for level in row.levels}
        pulses = self.model.step(step, ignore)
        after = {level[0] for level in row.levels}
        if pulses["beyond"] and step.put:
            self.beyond[step.row].add(step.price)
        if pulses["opened"]:
            self.beyond[step.row] |= (before | {step.price}) - after
        self.beyond[step.row] -= after
        for name, value in pulses.items():
            self.met[name] += value
        self.met["with a deletion"] += pulses["accepted"] and len(before) == len(after)
        self.met["no room"] += step.bring and not pulses["accepted"]
        return pulses

    def forget(self, slot: int) -> None:
        self.model.clear(slot)
        self.beyond[2 * slot].clear()
        self.beyond[2 * slot + 1].clear()


async def play(dut: Any, player: Player) -> None:
    rng, model, met = player.rng, player.model, player.met
    rows = 2 * player.books
    second: Step | None = None
    third: tuple[int, int] | None = None  # the row that m_levels are of, and its count
    row, busy = 0, -1
    for number in range(STEPS):
        player.deletes = number // (50 * rows) % 2 == 1
        await FallingEdge(dut.clk)  # outputs settle on what was set here before
        for name in FLAGS:
            getattr(dut, name).value = 0
        step = None
        if row != busy and rng.random() < 0.85 and not model.rows[row].blank:
            step = player.draw(row)
            for name in INPUTS:
                getattr(dut, f"s_{name}").value = getattr(step, name)
            dut.s_step.value = 1
            if step.offer is not None:
                dut.o_valid.value, dut.o_level.value = 1, packed(step.offer)
        ignore = second is not None and met["ignored"] < number // IGNORES
        slot = rng.randrange(player.books)
        blank = [r // 2 for r in range(rows) if model.rows[r].blank]
        clear = rng.random() < (0.1 if blank else 0.001)
        if blank:
            slot = blank[0]
        if step is not None and clear and step.row // 2 == slot:
            clear = False  # a step on a row that is just cleared comes a cycle later
        dut.ignore.value, dut.clear.value, dut.clear_slot.value = int(ignore), int(clear), slot
        busy, row = row if step is not None else -1, rng.randrange(rows)
        if player.apart and second is not None:
            row = second.row  # to be read
        dut.n_row.value = row
        await cocotb.triggers.ReadOnly()
        assert int(dut.m_step.value) == (third is not None)
        if third is not None:
            check(dut, player, third)
        third = None
        if second is not None:
            pulses = player.apply(second, ignore)
            for name, value in pulses.items():
                assert int(getattr(dut, name).value) == value, (number, name, second)
            third = (second.row, len(model.rows[second.row].levels))
            met["ignored"] += ignore
        if clear:
            met["clear"] += 1
            player.forget(slot)
            if third is not None and third[0] // 2 == slot:
                third = (third[0], 0)
        second = step


def check(dut: Any, player: Player, third: tuple[int, int]) -> None:
    row, count = third
    assert int(dut.m_row.value) == row
    player.met["compared"] += 1
    if player.model.rows[row].blank:
        return
    assert int(dut.m_held.value) == (1 << count) - 1
    levels = int(dut.m_levels.value)
    for place, level in enumerate(player.model.best(row)[:count]):
        observed, expected = levels >> 80 * place & (1 << 80) - 1, packed(level)
        assert observed == expected, f"row {row}, place {place}: {observed:#x}, not {expected:#x}"
        player.met["levels"] += 1


@cocotb.test()
async def every_step_is_the_list_s(dut: Any) -> None:
    for name in (
        *FLAGS,
        "n_row",
        "s_price",
        "s_shares",
        "s_orders",
        "o_level",
        "clear_slot",
        "b_row",
    ):
        getattr(dut, name).value = 0
    await start(dut)
    player = Player(dut)
    await play(dut, player)
    met = player.met
    assert met["compared"] > 0.4 * STEPS and met["levels"] > 2 * STEPS, met
    for name in ("beyond", "opened", "accepted", "no room", "ignored", "clear"):
        assert met[name] > 5, met
    assert (met["with a deletion"] > 5) != player.apart, met


@pytest.mark.parametrize("books,cache,apart", [(2, 10, 0), (4, 16, 0), (4, 12, 1)])
def test_level_cache(books: int, cache: int, apart: int) -> None:
    run("level_cache", BOOKS=books, CACHE=cache, APART=apart)
