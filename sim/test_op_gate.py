"""Bench of op_gate: the model at every edge under any traffic, and snapshots loaded under way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import cocotb
import numpy as np
import pytest
from cocotb.triggers import FallingEdge, RisingEdge

from sim.golden.op_gate import BAD_FRAME, DROPPED, NONE, SESSION_ENDED, TRUST, OpGate
from sim.golden.order_table import ADD, DELETE, EMPTIES, LEVEL, OPERATION, PAIRS, REPLACE, SLOTS
from sim.golden.tick_pkg import NUMBERS, RECORDS, events, pack
from sim.lib.bench import JudgeBeside, figure, start
from sim.lib.runner import run
from tickwire.book.naive import NaiveBook
from tickwire.gen.records import BOOK_OP

CYCLES = 4000
CLEAR, LOAD = OPERATION["CLEAR"], OPERATION["LOAD"]
EVENTS = ("lost", "session_ended", "begins", "bad_frame")
TURNED = [NUMBERS[f"REASON_{name}"] for name in ("NOT_ENABLED", "RELOCATED")]
LOST = [NUMBERS[f"REASON_{name}"] for name in ("GAP", "PARSE_ERROR", "NO_START", "OTHER_SESSION")]
SESSION = int.from_bytes(b"OP_GATE  1", "big")
Op = dict[str, int]


def blank(**values: int) -> Op:
    return dict.fromkeys((field.name for field in RECORDS["book_op"]), 0) | values


def stale(reason: int) -> str:
    return f"stale_{reason:#x}"  # as the model counts it


def trust(slot: int, upto: int, session: int = SESSION) -> Op:
    first, last = divmod(session, 1 << 16)
    operation = {"operation": TRUST, "slot": slot, "sequence_number": upto}
    return blank(**operation, order_reference=first, price=last)


def number(op: Op) -> int:
    return op["sequence_number"]


def word(op: Op) -> int:
    return pack("book_op", op)


class Host:
    """Sends operations one after the other; says whether a trust was refused."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.sent = dut, 0

    async def send(self, op: Op) -> bool:
        dut = self.dut
        dut.host_op.value, dut.host_valid.value = word(op), 1
        while True:
            await FallingEdge(dut.clk)
            taken = int(dut.host_ready.value)
            await RisingEdge(dut.clk)
            if taken:
                break
        dut.host_valid.value = 0
        self.sent += 1
        await FallingEdge(dut.clk)
        refused = "refused_trusts" in events("path_events", int(dut.path_events.value))
        await RisingEdge(dut.clk)
        return refused


def traffic(rng: random.Random, chance: float) -> Iterator[Op | None]:
    """Operations of a frame after another, a number higher each, in bursts of any density."""
    number, frame, left, density = 1 << 33, 1, 0, chance
    while True:
        if rng.random() < 0.01:
            density = rng.choice((chance, chance, 1.0, 0.05))
        if rng.random() > density:
            yield None
            continue
        if not left:
            left, frame = rng.randint(1, 9), frame + rng.randint(1, 5)
        left, number = left - 1, number + 1
        drawn = {field.name: field.draw(rng) for field in RECORDS["book_op"]}
        op = {name: value for name, value in drawn.items() if isinstance(value, int)}
        op |= {"sequence_number": number, "frame_cycle": frame, "last_of_packet": int(not left)}
        op["operation"] = rng.choice((NONE, ADD, ADD, DELETE, REPLACE, LEVEL, OPERATION["HALT"]))
        if op["operation"] == NONE:
            op["slot"] = 0
        yield op


async def sweep(dut: Any, rng: random.Random) -> None:
    """Slots sweep for a while, or follow nobody, at any time; so does a session end, or another
    begin."""
    while True:
        dut.in_session.value = int(rng.random() < 0.95)
        dut.session.value = SESSION ^ (rng.random() < 0.05) << rng.randrange(80)
        dut.sweeping.value = rng.getrandbits(SLOTS) & rng.getrandbits(SLOTS)
        dut.follows.value = rng.getrandbits(SLOTS) | rng.getrandbits(SLOTS)
        for _ in range(rng.randint(1, 30)):
            await RisingEdge(dut.clk)


async def hosts(dut: Any, model: OpGate, rng: random.Random) -> None:
    """Operations of every kind, trust near the newest number that was kept out."""
    host = Host(dut)
    while True:
        kind = rng.choice((*EMPTIES, EMPTIES[1], TRUST, TRUST, TRUST, ADD, REPLACE))
        op = blank(operation=kind, slot=rng.randrange(model.books))
        if kind == TRUST:
            loading = [n for n, slot in enumerate(model.slots) if slot.loading]
            op["slot"] = rng.choice(loading or [0]) if rng.random() < 0.9 else rng.randrange(SLOTS)
            near = model.slots[op["slot"]].last if op["slot"] < model.books else None
            op = trust(op["slot"], max(0, (near or 1 << 33) + rng.choice((-1, 0, 0, 1, 12))))
            if rng.random() < 0.1:
                op[rng.choice(("order_reference", "price"))] ^= 1 << rng.randrange(32)
        await host.send(op)
        for _ in range(rng.choice((0, 0, 3, 12))):
            await RisingEdge(dut.clk)


async def begin(dut: Any) -> tuple[OpGate, JudgeBeside, random.Random]:
    model = OpGate(*(int(getattr(dut, name).value) for name in ("SPACING", "DEPTH", "BOOKS")))
    judge = JudgeBeside(dut, model)
    for name in ("s_valid", "host_valid", "sweeping", "turned", *EVENTS):
        getattr(dut, name).value = 0
    dut.follows.value = (1 << SLOTS) - 1
    dut.in_session.value, dut.session.value = 1, SESSION
    await start(dut)
    return model, judge, random.Random(cocotb.RANDOM_SEED)


async def paced(dut: Any, model: OpGate) -> None:
    """By the outputs alone: how far apart, 2 more after a replace; and as n_op announced it."""
    since, least, announced = 99, 0, 0
    while True:
        await RisingEdge(dut.clk)
        since += 1
        if int(dut.m_valid.value):
            assert since >= least, f"{since} cycles after the last operation"
            left = int(dut.m_op.value)
            kind, expected = (each >> 410 & 15 for each in (left, announced))
            assert left == announced or kind == expected == NONE, "n_op was another operation"
            since, least = 0, model.spacing + 2 * (kind in PAIRS)
            model.met["paced"] += kind != NONE
        announced = int(dut.n_op.value)


async def seldom(dut: Any, model: OpGate) -> None:
    """What traffic seldom brings: a slot that loads has operations, which are kept out at once and
    out of the queue; its trust is refused, then taken; a clear is held; a mask leaves alone. What a
    loss may have taken a snapshot must have, and it must be of the session that goes on; and only
    before all that is an empty book trusted."""
    host, last = Host(dut), 1 << 32
    await host.send(blank(operation=CLEAR, slot=0))
    await host.send(blank(operation=LOAD, slot=0))
    for ahead in (-1, 0, 1):  # a cycle before the first, then one upon the other
        later = last + min(ahead + 1, 1)
        dut.n_sequence_number.value, dut.s_valid.value = later, int(ahead >= 0)
        op = blank(operation=ADD, slot=0, sequence_number=last + ahead, last_of_packet=1)
        dut.s_op.value = word(op)
        await RisingEdge(dut.clk)
    dut.s_valid.value, dut.n_sequence_number.value = 0, last + 2
    for _ in range(4 * model.spacing + 8):
        await RisingEdge(dut.clk)
    dut.lost.value, dut.lost_reason.value = 1, LOST[0]
    await RisingEdge(dut.clk)
    dut.lost.value = 0
    assert await host.send(trust(0, last))
    assert not await host.send(trust(0, last + 1))
    await host.send(blank(operation=LOAD, slot=0))
    dut.n_sequence_number.value, dut.lost.value = last + 9, 1  # up to last + 8 may be missing
    await RisingEdge(dut.clk)
    dut.lost.value = 0
    assert await host.send(trust(0, last + 7))
    assert not await host.send(trust(0, last + 8))
    await host.send(blank(operation=LOAD, slot=0))
    dut.n_sequence_number.value, dut.turned.value = last + 19, 1
    await RisingEdge(dut.clk)
    dut.turned.value = 0
    assert await host.send(trust(0, last + 17))
    assert not await host.send(trust(0, last + 18))
    await host.send(blank(operation=LOAD, slot=0))
    for name, bit in (("price", 0), ("price", 15), ("price", 16), ("price", 31),
                      ("order_reference", 0), ("order_reference", 63)):  # fmt: skip
        wrong = trust(0, last + 18)
        wrong[name] ^= 1 << bit
        assert await host.send(wrong), (name, bit)
    dut.in_session.value = 0
    assert await host.send(trust(0, last + 18))
    dut.in_session.value, dut.follows.value = 1, 0
    assert await host.send(trust(0, last + 18))
    dut.follows.value = 1
    assert not await host.send(trust(0, last + 18))
    dut.sweeping.value = 1
    waiting = cocotb.start_soon(host.send(blank(operation=CLEAR, slot=0)))
    for _ in range(9):
        await RisingEdge(dut.clk)
    assert not waiting.done()
    dut.sweeping.value = 0
    await waiting
    for given in ((1 << model.books) - 1, 1):  # every slot lost something; slot 0 loads
        dut.begins.value = 1
        await RisingEdge(dut.clk)
        dut.begins.value = 0
        await FallingEdge(dut.clk)
        assert int(dut.m_stale.value) == given
        await host.send(blank(operation=LOAD, slot=0))


@cocotb.test()
@cocotb.parametrize(chance=(0.1, 0.45, 0.8))
async def everything_leaves_in_order(dut: Any, chance: float) -> None:
    model, judge, rng = await begin(dut)
    await seldom(dut, model)
    tasks = [sweep(dut, rng), hosts(dut, model, rng), paced(dut, model)]
    running = [cocotb.start_soon(task) for task in tasks]
    source = traffic(rng, chance)
    later = next(source)
    often = 0.02
    for cycle in range(CYCLES):
        op, later = later, next(source)
        dut.n_sequence_number.value = rng.getrandbits(64) if later is None else number(later)
        dut.s_valid.value = int(op is not None)
        dut.s_op.value = rng.getrandbits(len(dut.s_op)) if op is None else word(op)
        if cycle % 100 == 0:  # what makes every slot stale leaves no other reason to give
            often = rng.choice((0.04, 0.002))
        for event in EVENTS:
            chance_of = 0.005 if event == "begins" else 0.02 if event == "bad_frame" else often
            getattr(dut, event).value = int(rng.random() < chance_of)
        dut.lost_reason.value = rng.choice(LOST)
        dut.turned.value = rng.choice((1, 2, 128, 130)) if rng.random() < 0.05 else 0
        dut.turned_reason.value = rng.choice(TURNED)
        await RisingEdge(dut.clk)
    for task in running:
        if task.done():
            task.result()
        task.cancel()
    judge.done(at_least=CYCLES)
    met = model.met
    expected = ["queued", "paced", "loading", "ends", "host", "alone", "refused", "trusted", "held"]
    expected += ["queued_kept", "clears", "clears_untrusted", "given before", "trust of nobody"]
    expected += ["trust of another session"]
    if chance > 0.4:
        expected += ["queued_mask", "dropped"]
        expected += [] if model.depth > 2 else [stale(DROPPED)]
    else:
        expected += ["several_reasons"]
        expected += [stale(reason) for reason in (*LOST, *TURNED, SESSION_ENDED, BAD_FRAME)]
    for what in expected:
        assert met[what], f"never met: {what}"


class Day:
    """One slot's orders come and go: operation `n` has the sequence number n + 1."""

    def __init__(self, rng: random.Random, slot: int, length: int) -> None:
        there: list[int] = []
        self.slot, self.ops = slot, list[Op]()
        for number in range(length):
            op = blank(operation=ADD, slot=slot, order_reference=number, price=rng.randint(1, 9))
            op |= {"shares": rng.randint(1, 50), "side": rng.randint(0, 1)}
            if there and rng.random() < 0.45:
                op |= {"operation": rng.choice((DELETE, REPLACE)), "side": 0}
                op["order_reference"] = there.pop(rng.randrange(len(there)))
                op["new_order_reference"] = number if op["operation"] == REPLACE else 0
            if op["operation"] != DELETE:
                there.append(number)
            self.ops.append(op | {"sequence_number": number + 1, "frame_cycle": number // 4})

    def snapshot(self, upto: int) -> list[Op]:
        orders = applied(self.ops[:upto]).orders(self.slot)
        return [blank(operation=ADD, slot=self.slot, order_reference=reference, side=order[0],
                      price=order[1], shares=order[2])
                for reference, order in orders.items()]  # fmt: skip


def applied(ops: list[Op]) -> NaiveBook:
    book = NaiveBook(SLOTS)
    names = BOOK_OP.dtype.names or ()
    book.apply(np.array([tuple(op[name] for name in names) for op in ops], BOOK_OP.dtype))
    return book


@cocotb.test()
async def a_snapshot_loaded_under_way_is_exact(dut: Any) -> None:
    """The book of what leaves is the book of all that happened, whatever S was."""
    model, judge, rng = await begin(dut)
    host, refusals = Host(dut), 0
    for turn in range(10):
        day = Day(rng, turn % int(dut.BOOKS.value), 120)
        first = len(model.left)
        fed = 0

        async def feed(day: Day = day) -> None:
            nonlocal fed
            for op in day.ops:
                dut.n_sequence_number.value = number(op)
                for _ in range(model.spacing + rng.randint(1, 7)):
                    await RisingEdge(dut.clk)
                dut.s_op.value, dut.s_valid.value = word(op), 1
                await RisingEdge(dut.clk)
                dut.s_valid.value = 0
                fed += 1

        feeding = cocotb.start_soon(feed())
        for _ in range(rng.randint(0, 150)):
            await RisingEdge(dut.clk)
        upto = min(len(day.ops), max(0, fed + rng.randint(-8, 30)))
        await host.send(blank(operation=LOAD, slot=day.slot))
        for op in day.snapshot(upto):
            await host.send(op)
        while await host.send(trust(day.slot, upto)):
            refusals += 1
            until = min(len(day.ops), max(upto, fed) + rng.randint(0, 2))
            for op in day.ops[upto:until]:
                await host.send(op)
            upto = until
        await feeding
        for _ in range(6):
            await RisingEdge(dut.clk)
        observed, expected = applied(model.left[first:]), applied(day.ops)
        assert observed.orders(day.slot) == expected.orders(day.slot) != {}
    assert refusals >= 2 and model.met["guarded"] > 20 and model.met["trusted"] == 10
    judge.done(at_least=2000)


@cocotb.test()
async def one_cycle_when_nothing_waits(dut: Any) -> None:
    model, judge, rng = await begin(dut)
    dut.n_sequence_number.value = 0
    for _ in range(20):
        op = blank(operation=rng.choice((ADD, REPLACE)), slot=rng.randrange(SLOTS))
        dut.s_op.value, dut.s_valid.value = word(op), 1
        await RisingEdge(dut.clk)
        dut.s_valid.value = 0
        await RisingEdge(dut.clk)
        assert int(dut.m_valid.value) and int(dut.m_op.value) == word(op)
        for _ in range(model.spacing + 2):
            await RisingEdge(dut.clk)
    figure("latency", 1, "cycles")
    judge.done(at_least=100)


@pytest.mark.parametrize(("spacing", "depth"), [(2, 2), (2, 16), (5, 16)])
def test_op_gate(spacing: int, depth: int) -> None:
    run("op_gate", SPACING=spacing, DEPTH=depth, BOOKS=SLOTS if depth == 16 else 3)
