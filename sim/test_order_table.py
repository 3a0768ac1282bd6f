"""Bench of order_table: a day of few references, the model at every edge; and the model itself
against naive_book."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.order_table import (
    ADD,
    COUNTED,
    DELETE,
    EMPTIES,
    LATENCY,
    LEVEL,
    OPERATION,
    PAIRS,
    REPLACE,
    SLOTS,
    Orders,
    OrderTable,
)
from sim.golden.tick_pkg import NUMBERS, RECORDS, pack, reasons_word
from sim.lib.bench import Judge, figure, start
from sim.lib.runner import run
from tickwire.book.naive import NaiveBook
from tickwire.gen.records import BOOK_OP

OPERATIONS = 1600
REASONS = [name for name in NUMBERS if name.startswith("REASON_")]
CAUSES = ("OK", "BAD_PRICE", "BAD_SHARES", "UNKNOWN_REFERENCE", "EXCESS_SHARES",
          "DUPLICATE_REFERENCE")  # fmt: skip
WORD_W = BOOK_OP.width
NAMES = [field.name for field in BOOK_OP.fields]
OTHERS = ("NONE", "HALT", "RESUME", "STALE", "TRUST")


class Day:
    """Operations on the orders that the model holds, some of them wrong."""

    def __init__(self, orders: Orders, rng: random.Random, references: int) -> None:
        self.orders, self.rng = orders, rng
        self.references = [rng.getrandbits(64) for _ in range(references)]
        self.slots = orders.books

    def _shares(self) -> int:
        return self.rng.choice((0, 1, 2, 3, 100, 2**32 - 1)) if self.rng.random() < 0.5 else 7

    def draw(self, clears: bool) -> dict[str, int]:
        rng = self.rng
        op = {field.name: field.draw(rng) for field in RECORDS["book_op"]}
        slot = op["slot"] = rng.randrange(self.slots)
        chance = rng.random()
        kinds = [ADD] * 5 + [REPLACE] * 3 + [LEVEL] * 3 + [DELETE] + [*COUNTED]
        op["operation"] = rng.choice(kinds)
        if chance < 0.05:
            op["operation"] = OPERATION[rng.choice(OTHERS)]
        elif chance < 0.06 and clears:
            op["operation"] = rng.choice(EMPTIES)
        there = [named[1] for named in self.orders.orders if named[0] == slot]
        op["order_reference"] = rng.choice(self.references)
        if there and op["operation"] != ADD and rng.random() < 0.8:
            op["order_reference"] = rng.choice(there)
        new = (op["order_reference"], rng.choice(self.references), rng.choice(self.references))
        op["new_order_reference"] = rng.choice(new)
        if op["operation"] == LEVEL:
            op["new_order_reference"] = op["order_reference"]
        op["shares"] = self._shares()
        if op["operation"] == LEVEL and rng.random() < 0.3:
            op["shares"] = 0
        if rng.random() < 0.02:
            op["price"] = 0
        return {name: value for name, value in op.items() if isinstance(value, int)}


async def send(dut: Any, op: dict[str, int], rng: random.Random) -> None:
    """Its name; then the cycle in which it comes, and two more after a replace."""
    for cycle in range(4 if op["operation"] in PAIRS else 2):
        dut.n_op.value = rng.getrandbits(WORD_W) if cycle else pack("book_op", op)
        unread = {"order_reference": rng.getrandbits(64), "new_order_reference": 0}
        dut.s_op.value = pack("book_op", op | unread) if cycle == 1 else rng.getrandbits(WORD_W)
        dut.s_valid.value = int(cycle == 1)
        dut.s_stale.value = rng.getrandbits(SLOTS) if rng.random() < 0.1 else 0
        dut.s_stale_reasons.value = reasons_word(
            [NUMBERS[rng.choice(REASONS)] for _ in range(SLOTS)]
        )
        await RisingEdge(dut.clk)
    dut.s_valid.value = 0
    dut.s_stale.value = 0


async def begin(dut: Any, references: int, wait: bool = True) -> tuple[OrderTable, Judge, Day]:
    model = OrderTable(*(int(getattr(dut, name).value) for name in ("ROWS", "WAYS", "BOOKS")))
    judge = Judge(dut, model)
    dut.s_valid.value = dut.s_stale.value = 0
    await start(dut)
    while wait and not int(dut.ready.value):
        await RisingEdge(dut.clk)
    return model, judge, Day(model.orders, random.Random(cocotb.RANDOM_SEED), references)


@cocotb.test()
@cocotb.parametrize(idle=("never", "often"))
async def every_operation_comes_to_its_levels(dut: Any, idle: str) -> None:
    model, judge, day = await begin(dut, references=14)
    rng, met = day.rng, model.orders.met
    for _ in range(OPERATIONS):
        op = day.draw(clears=True)
        if op["operation"] in EMPTIES and int(dut.sweeping.value) >> op["slot"] & 1:
            continue
        await send(dut, op, rng)
        if idle == "often" and rng.random() < 0.3:
            for _ in range(rng.randint(1, 20)):
                await RisingEdge(dut.clk)
    for _ in range(LATENCY + 2):
        await RisingEdge(dut.clk)
    judge.done(at_least=2 * OPERATIONS)
    for cause in CAUSES:
        assert met[NUMBERS[f"REASON_{cause}"]] > 5, cause
    assert min(model.orders.levels[kind] for kind in ("ADD", "REPLACE", "DELETE", "NONE")) > 3
    small = model.rows * int(dut.WAYS.value) < 3 * model.orders.books
    assert not small or met[NUMBERS["REASON_TABLE_OVERFLOW"]] > 20


@cocotb.test()
async def nothing_is_found_before_it_is_ready(dut: Any) -> None:
    model, judge, day = await begin(dut, references=6, wait=False)
    errors = 0
    for _ in range(30):
        slot = day.rng.randrange(model.orders.books)
        empties = dict.fromkeys((field.name for field in RECORDS["book_op"]), 0)
        empties |= {"operation": day.rng.choice(EMPTIES), "slot": slot}
        errors += int(dut.sweeping.value) >> slot & 1
        await send(dut, empties, day.rng)
        for _ in range(day.rng.choice((3, 40))):
            await send(dut, day.draw(clears=False), day.rng)
    judge.done(at_least=100)
    assert errors > 2 and model.orders.met[0] > 20


@cocotb.test()
async def a_slot_without_a_book(dut: Any) -> None:
    model, judge, day = await begin(dut, references=6)
    if model.orders.books < SLOTS:
        day.slots = SLOTS
        for _ in range(200):
            await send(dut, day.draw(clears=False), day.rng)
        assert model.orders.met[NUMBERS["REASON_NOT_ENABLED"]] > 20
    for _ in range(10):
        await send(dut, day.draw(clears=False), day.rng)
    figure("latency", LATENCY, "cycles")  # the model is compared at every edge
    judge.done(at_least=10)


SMALL = {"ROWS": 2, "WAYS": 2, "BOOKS": 3}
USUAL = {"ROWS": 8, "WAYS": 4, "BOOKS": 8}


@pytest.mark.parametrize("parameters", [SMALL, USUAL], ids=["small", "usual"])
def test_order_table(parameters: dict[str, Any]) -> None:
    run("order_table", parameters)


def test_the_rules_are_naive_books() -> None:
    """The same causes and orders for every operation; a slot that goes stale is cleared in both."""
    orders, rng, book = Orders(64, 4, SLOTS), random.Random(1), NaiveBook(SLOTS)
    day, refused = Day(orders, rng, references=12), 0
    for _ in range(3000):
        op = day.draw(clears=True)
        op["operation"] = op["operation"] if op["operation"] != OPERATION["STALE"] else 0
        op["reason"] = 0
        known = orders.resolved(op)  # a level is nothing to a book that knows orders
        row = np.array([tuple(known[name] for name in NAMES)], BOOK_OP.dtype)
        outcome = book.apply(row)
        cause = int(outcome.causes[0])
        effect = orders.apply(op)
        if cause != NUMBERS["REASON_NUMBER_OVERFLOW"]:
            assert effect["cause"] == cause
        if cause:
            refused += 1
            for side in (orders, None):
                clear = op | {"operation": OPERATION["CLEAR"]}
                if side is None:
                    row["operation"] = clear["operation"]
                    book.apply(row)
                else:
                    orders.apply(clear)
        elif op["operation"] != OPERATION["LOAD"]:
            held = {named[1]: order for named, order in orders.orders.items()
                    if named[0] == op["slot"]}  # fmt: skip
            assert book.orders(op["slot"]) in (held, {})
            assert outcome.tops["operation_shares"][0] in (
                effect["put_shares"] if effect["put"] else effect["take_shares"],
                0,
            )
    assert refused > 200 and orders.met[0] > 600
