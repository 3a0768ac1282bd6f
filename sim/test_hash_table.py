"""Bench of hash_table: the model at every edge, few keys and few places, at the shortest distances.

The user answers in the lookup's own cycle, by what the table says, as order_table does.
"""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import FallingEdge, RisingEdge

from sim.golden.hash_table import LATENCY, HashTable, Lookup, Table
from sim.golden.tick_pkg import NUMBERS
from sim.lib.bench import Judge, figure, start
from sim.lib.runner import run

OPERATIONS = 1500
SLOTS = NUMBERS["SLOTS"]
PARAMETERS = ("KEY_W", "VALUE_W", "ROWS", "WAYS", "BOOKS")


class User:
    """Looks up, clears, and answers; `keys` are few, so that they meet."""

    def __init__(self, dut: Any, keys: int) -> None:
        self.dut, self.rng = dut, random.Random(cocotb.RANDOM_SEED)
        key_w, value_w, rows, ways, books = (int(getattr(dut, name).value) for name in PARAMETERS)
        self.model = HashTable(key_w, value_w, rows, ways, books)
        self.books, self.value_w, self.rows = books, value_w, rows
        every = 1 << key_w
        spread = self.rng.sample(range(every), min(keys, every)) if key_w < 32 else []
        self.keys = spread or [self.rng.getrandbits(key_w) for _ in range(keys)]
        self.answers = {"w_store": 0.5, "w_erase": 0.3}
        self.silent = ("s_valid", "n_pair", "clear", *self.answers, "w_store2")
        self.judge = Judge(dut, self.model)

    async def start(self, wait: bool = True) -> None:
        for name in self.silent:
            getattr(self.dut, name).value = 0
        cocotb.start_soon(self._answer())
        await start(self.dut)
        while wait and not int(self.dut.ready.value):
            await RisingEdge(self.dut.clk)

    async def _answer(self) -> None:
        """In the second half of the cycle, when what the table says stands."""
        dut, rng = self.dut, self.rng
        while True:
            await FallingEdge(dut.clk)
            for name, chance in self.answers.items():
                getattr(dut, name).value = int(rng.random() < chance)
            dut.w_value.value = rng.getrandbits(self.value_w)
            dut.w_value2.value = rng.getrandbits(self.value_w)
            dut.w_store2.value = 0
            now = self.model.under_way[0]
            if int(dut.m_valid.value) and isinstance(now, Lookup) and now.second is not None:
                put = not int(dut.m_hit2.value) and rng.random() < 0.9
                dut.w_store.value = 0
                dut.w_erase.value = int(put or rng.random() < 0.5)
                dut.w_store2.value = int(put)

    async def wait(self, cycles: int) -> None:
        for _ in range(cycles):
            await RisingEdge(self.dut.clk)

    async def lookup(self, named: tuple[int, int], second: int | None = None) -> None:
        """Its name; then one cycle in which it comes, and 2 more after a pair."""
        dut = self.dut
        dut.n_pair.value = int(second is not None)
        dut.n_slot.value, dut.n_key.value = named
        dut.n_key2.value = self.rng.choice(self.keys) if second is None else second
        await self.wait(1)
        dut.n_slot.value = self.rng.randrange(SLOTS)
        dut.n_key.value, dut.n_key2.value = self.rng.choice(self.keys), self.rng.choice(self.keys)
        dut.n_pair.value = self.rng.getrandbits(1)  # without s_valid it means nothing
        dut.s_valid.value = 1
        await self.wait(1)
        dut.s_valid.value = 0
        await self.wait(0 if second is None else 2)

    async def clear(self, slot: int) -> None:
        await self.wait(1)
        self.dut.clear_slot.value = slot
        self.dut.clear.value = 1
        await self.wait(1)
        self.dut.clear.value = 0

    async def random(self) -> None:
        rng, slot = self.rng, self.rng.randrange(self.books)
        key = rng.choice(self.keys)
        if rng.random() < 0.02:
            await self.lookup((rng.randrange(SLOTS), key), rng.choice((None, key)))
        elif rng.random() < 0.02 and not int(self.dut.sweeping.value) >> slot & 1:
            await self.lookup((slot, key))  # what is just being stored is cleared, too
            await self.clear(slot)
            await self.lookup((slot, key))
        elif rng.random() < 0.25:
            second = key if rng.random() < 0.2 else rng.choice(self.keys)
            await self.lookup((slot, key), second)
        else:
            await self.lookup((slot, key))


@cocotb.test()
@cocotb.parametrize(idle=("never", "often", "sweeps"))
async def every_lookup_finds_what_was_stored_last(dut: Any, idle: str) -> None:
    user = User(dut, keys=14)
    met = user.model.met
    await user.start()
    for _ in range(OPERATIONS):
        await user.random()
        if idle == "often" and user.rng.random() < 0.5:
            await user.wait(user.rng.randint(1, 6))
        if idle == "sweeps" and user.rng.random() < 0.1:
            await user.wait(user.rng.randint(6, 40))
    await user.wait(LATENCY)
    user.judge.done(at_least=2 * OPERATIONS)
    assert met["lookup"] > 0.9 * OPERATIONS and met["clear"] > 0
    for what in ("hit", "miss", "updated", "erased", "choice_0", "choice_1", "twin"):
        assert met[what] > 5, f"{what}: {met[what]}"
    assert met["second_stored"] > 30
    if idle == "sweeps":
        assert met["swept"] > 5
    if user.books * len(user.keys) > 2 * user.rows * user.model.table.ways:
        assert met["no_room"] > 5
    if user.rows == 2:
        assert met["room_of_the_first"] > 0


@cocotb.test()
async def a_cleared_slot_never_comes_back(dut: Any) -> None:
    """Two clears with a sweep between: the epoch is the first one again."""
    user = User(dut, keys=6)
    user.answers = {"w_store": 1.0, "w_erase": 0.0}
    await user.start()
    for turn in range(12):
        slot = turn % user.books
        for key in user.keys:
            await user.lookup((slot, key))
        await user.wait(user.rng.randint(0, 2))
        await user.clear(slot)
        await user.wait(1)
        for _ in range(40 * user.rows + 200):
            if not int(dut.sweeping.value):
                break
            await user.wait(1)
            if user.rng.random() < 0.08:  # the sweep gives way to lookups
                await user.lookup(((slot + 1) % user.books, user.rng.choice(user.keys)))
        assert not int(dut.sweeping.value), "the sweep doesn't end"
        for _ in range(turn % 2):
            await user.clear(slot)
            await user.wait(1)
            while int(dut.sweeping.value):
                await user.wait(1)
        user.answers = {"w_store": 0.0, "w_erase": 0.0}
        for key in user.keys:
            await user.lookup((slot, key))
        user.answers = {"w_store": 1.0, "w_erase": 0.0}
    await user.wait(LATENCY)
    assert user.model.met["hit"] and user.model.met["swept"] >= 12
    user.judge.done(at_least=500)


@cocotb.test()
async def a_clear_too_soon_empties_everything(dut: Any) -> None:
    user = User(dut, keys=10)
    await user.start(wait=False)
    for _ in range(6):
        for _ in range(30):
            await user.lookup((user.rng.randrange(user.books), user.rng.choice(user.keys)))
        while int(dut.sweeping.value):
            await user.wait(1)
        await user.clear(0)
        for _ in range(user.rng.randint(0, 3)):
            await user.lookup((user.books - 1, user.rng.choice(user.keys)))
        await user.wait(1)
        if int(dut.sweeping.value) & 1:
            await user.clear(0)
    await user.wait(user.rows + 1 + LATENCY)
    met = user.model.met
    assert met["error"] >= 5 and met["blind"] > 0 and met["hit"] > 0
    figure("latency", LATENCY, "cycles")  # the model is compared at every edge
    user.judge.done(at_least=200)


SMALL = {"KEY_W": 6, "VALUE_W": 9, "ROWS": 2, "WAYS": 2, "BOOKS": 3, "SPOILS": 1}
USUAL = {"KEY_W": 64, "VALUE_W": 65, "ROWS": 8, "WAYS": 4, "BOOKS": 8, "SPOILS": 1}
NARROW = {"KEY_W": 33, "VALUE_W": 48, "ROWS": 16, "WAYS": 1, "BOOKS": 1}


@pytest.mark.parametrize("parameters", [SMALL, USUAL, NARROW], ids=["small", "usual", "narrow"])
def test_hash_table(parameters: dict[str, Any]) -> None:
    run("hash_table", parameters)


@pytest.mark.parametrize("stride", [1, 2, 3, 8, 12, 100, 0])
def test_references_spread(stride: int) -> None:
    """8,192 places take 60 % of as many orders, numbered as an exchange does; 0: any numbers."""
    table, rng = Table(64, 1024, 4, 4), random.Random(1)
    first, stored = rng.getrandbits(33), 0
    while table.store(
        (stored % 4, first + stride * stored if stride else rng.getrandbits(64)), stored
    ):
        stored += 1
    assert stored >= 0.6 * 8192, f"full at {stored} orders"
