"""What the benches of the book share: a venue of a few orders, which gives book operations and what
they do to levels, and a judge of every record at the cycle in which it must come."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from cocotb.triggers import RisingEdge

from sim.golden.price_book import CLEAR, LOAD, STAMPS, Op, PriceBook
from sim.golden.tick_pkg import NUMBERS, RECORDS, pack, reasons_word, unpack
from sim.lib.bench import start
from tickwire.book.naive import NaiveBook
from tickwire.gen.records import BOOK_OP, TOP_OF_BOOK

N = NUMBERS
ADD, EXECUTE, CANCEL, DELETE, REPLACE = (
    N[f"OPERATION_{name}"] for name in ("ADD", "EXECUTE", "CANCEL", "DELETE", "REPLACE")
)
BLANK: Op = dict.fromkeys((one.name for one in RECORDS["level_op"]), 0)
SHUT = [0] * 6 + [N["REASON_MARKET_CLOSED"], N["REASON_BREACHED"]]  # who may act by it
LATENCY, REPLACE_LATENCY = 4, 6
EVENTS = ("evicted", "refilled", "restarted")
CLOSEST = 21  # at 8 bits a beat the shortest message, a delete, takes so many cycles
WALK = 36  # and until a level that is missing is there, however cold its side


@dataclass
class Venue:
    """Book operations and what they do to levels, from a dictionary of orders."""

    rng: random.Random
    orders: list[dict[int, tuple[int, int, int]]] = field(
        default_factory=lambda: [{} for _ in range(N["SLOTS"])]
    )
    book_ops: list[dict[str, int]] = field(default_factory=list)
    reference: int = 1

    def _enter(self, slot: int, kind: int, book: dict[str, int], level: Op) -> Op:
        stamps = {name: self.rng.getrandbits(48) for name in STAMPS}
        common = {"slot": slot, "operation": kind, "last_of_packet": self.rng.getrandbits(1)}
        common["reason"] = self.rng.choice(SHUT)
        self.book_ops.append(common | stamps | book)
        return BLANK | common | stamps | level

    def plain(self, slot: int, kind: int, reason: int = 0) -> Op:
        if kind in (CLEAR, LOAD):
            self.orders[slot].clear()
        return self._enter(slot, kind, {"reason": reason}, {"reason": reason})

    def add(self, slot: int, side: int, price: int, shares: int) -> Op:
        self.reference += 1
        self.orders[slot][self.reference] = (side, price, shares)
        book = {"side": side, "order_reference": self.reference, "price": price, "shares": shares}
        level = {"side": side, "put": 1, "put_price": price, "put_shares": shares}
        return self._enter(slot, ADD, book, level)

    def take(self, slot: int, reference: int, kind: int, shares: int = 0) -> Op:
        side, price, rested = self.orders[slot][reference]
        shares = shares or rested
        gone = shares == rested
        self.orders[slot][reference] = (side, price, rested - shares)
        if gone:
            del self.orders[slot][reference]
        book = {"order_reference": reference, "shares": 0 if kind == DELETE else shares}
        level = {"side": side, "take": 1, "gone": int(gone)}
        return self._enter(slot, kind, book, level | {"take_price": price, "take_shares": shares})

    def replace(self, slot: int, reference: int, price: int, shares: int) -> Op:
        side, old, rested = self.orders[slot].pop(reference)
        self.reference += 1
        self.orders[slot][self.reference] = (side, price, shares)
        book = {"order_reference": reference, "new_order_reference": self.reference}
        level = {"side": side, "take": 1, "gone": 1, "take_price": old, "take_shares": rested}
        return self._enter(
            slot,
            REPLACE,
            book | {"price": price, "shares": shares},
            level | {"put": 1, "put_price": price, "put_shares": shares},
        )

    def refused(self, slot: int) -> Op:
        """One that the order table refuses: its reference was never added."""
        cause = N["REASON_UNKNOWN_REFERENCE"]
        return self._enter(slot, DELETE, {"order_reference": 0}, {"cause": cause})

    def best(self, slot: int, side: int) -> int | None:
        """An order at the best price of a side."""
        prices = [(one[1], ref) for ref, one in self.orders[slot].items() if one[0] == side]
        return (min(prices) if side else max(prices))[1] if prices else None


@dataclass(frozen=True)
class Line:
    """What comes after `gap` idle cycles; no operation where there is only a mask."""

    gap: int
    op: Op | None
    stale: int = 0
    reason: int = 0
    settle: bool = False  # wait until the slot doesn't sweep


class Judge:
    """Drives lines and compares every record, at the cycle that it must come."""

    def __init__(self, dut: Any, model: PriceBook) -> None:
        self.dut, self.model = dut, model
        self.cycle, self.free = 0, 0  # the next operation comes not before
        self.spacing = 2 if int(dut.SPACING.value) == 2 else CLOSEST
        self.due: deque[tuple[int, Line]] = deque()
        self.tops: list[int] = []
        self.depths: list[int] = []
        self.causes: list[int] = []
        self.ignored: list[int] = []
        self.events: Counter[str] = Counter()

    async def tick(self, line: Line | None = None) -> None:
        dut = self.dut
        op = line.op if line is not None else None
        dut.s_valid.value = int(op is not None)
        dut.s_stale.value = line.stale if line is not None else 0
        if op is not None:
            dut.s_op.value = pack("level_op", op)
        if line is not None:
            dut.s_stale_reasons.value = reasons_word([line.reason] * N["SLOTS"])
            both = op is not None and op["take"] and op["put"]
            if op is not None:
                self.free = self.cycle + self.spacing + (2 if both else 0)
            self.due.append((self.cycle + (REPLACE_LATENCY if both else LATENCY), line))
        await RisingEdge(dut.clk)
        for name in EVENTS:
            value = int(getattr(dut, name).value)
            self.events[name] += value.bit_count()
        self._compare()
        self.cycle += 1

    def _compare(self) -> None:
        """The outputs as they were before the edge that ends `cycle`."""
        dut = self.dut
        while self.due and self.due[0][1].op is None:
            _, line = self.due.popleft()
            self.model.stale(line.stale, line.reason)
        due = bool(self.due) and self.due[0][0] == self.cycle
        assert int(dut.m_valid.value) == due, f"cycle {self.cycle}: m_valid, {due=}"
        if not due:
            return
        _, line = self.due.popleft()
        assert line.op is not None
        names = ("m_top", "m_depth", "m_ignored", "m_cause")
        observed = {name: int(getattr(dut, name).value) for name in names}
        observed["stale"] = int(dut.stale_slots.value) >> line.op["slot"] & 1
        self.model.stale(line.stale, line.reason)
        expected = self.model.apply(line.op, observed["m_cause"])
        if observed != expected:
            raise AssertionError(self._difference(line.op, observed, expected))
        self.tops.append(observed["m_top"])
        self.depths.append(observed["m_depth"])
        self.causes.append(observed["m_cause"])
        self.ignored.append(observed["m_ignored"])

    def _difference(self, op: Op, observed: Op, expected: Op) -> str:
        lines = [f"cycle {self.cycle}, record {len(self.tops)}: {op}"]
        for name, record in (("m_top", "top_of_book"), ("m_depth", "depth")):
            fields, others = unpack(record, observed[name]), unpack(record, expected[name])
            lines += [
                f"{column}: {value}, not {others[column]}"
                for column, value in fields.items()
                if value != others[column]
            ]
        for name in ("m_cause", "m_ignored", "stale"):
            lines.append(f"{name}: {observed[name]}, expected {expected[name]}")
        return "\n".join(lines)

    async def play(self, lines: Iterable[Line]) -> None:
        for line in lines:
            for _ in range(line.gap):
                await self.tick()
            while line.op is not None and self.cycle < self.free:
                await self.tick()
            while line.settle and line.op and int(self.dut.sweeping.value) >> line.op["slot"] & 1:
                await self.tick()
            await self.tick(line)
        for _ in range(12):
            await self.tick()
        assert not self.due


async def begin(dut: Any) -> Judge:
    dut.s_valid.value = dut.s_stale.value = dut.s_stale_reasons.value = dut.s_op.value = 0
    await start(dut)
    while int(dut.sweeping.value):
        await RisingEdge(dut.clk)
    return Judge(dut, PriceBook(int(dut.FAR.value), int(dut.INDEX_W.value)))


async def clear(judge: Judge, venue: Venue, slot: int) -> None:
    await judge.play([Line(8, venue.plain(slot, CLEAR), settle=True)])


def spaced(ops: Iterable[Op], gaps: Iterator[int]) -> Iterator[Line]:
    """Operations with so many idle cycles more than the least."""
    least = 1
    for op in ops:
        yield Line(least + next(gaps), op)
        least = 3 if op["take"] and op["put"] else 1


def paced(ops: Iterable[Op]) -> Iterator[Line]:
    """Two close upon each other, the third two walks after the first."""
    for number, op in enumerate(ops):
        yield Line((CLOSEST if number % 2 else 2 * WALK - CLOSEST) - 1, op)


def naive(venue: Venue, judge: Judge, stales: dict[int, tuple[int, int]]) -> int:
    """Compare all records with tickwire.book.naive's outcomes; stales: row → mask and reason that
    came just before it."""
    rows: list[dict[str, int]] = []
    keep: list[int] = []
    for number, op in enumerate(venue.book_ops):
        mask, reason = stales.get(number, (0, 0))
        for slot in range(N["SLOTS"]):
            if mask >> slot & 1:
                rows.append({"slot": slot, "operation": N["OPERATION_STALE"], "reason": reason})
        keep.append(len(rows))
        rows.append(op)
    ops = BOOK_OP.empty(len(rows))
    for name in (column.name for column in BOOK_OP.fields):
        ops[name] = [row.get(name, 0) for row in rows]
    outcome = NaiveBook().apply(ops, levels=True)
    assert outcome.levels is not None
    for number, row in enumerate(keep):
        top = unpack("top_of_book", judge.tops[number])
        expected = outcome.tops[row]
        names = [column.name for column in TOP_OF_BOOK.fields]
        wrong = {name: (top[name], expected[name]) for name in names if top[name] != expected[name]}
        assert not wrong, (number, venue.book_ops[number], wrong)
        assert judge.causes[number] == outcome.causes[row]
        assert judge.ignored[number] == outcome.ignored[row]
        depth = unpack("depth", judge.depths[number])
        best = outcome.levels[row, depth["side"]]
        for name, column in (("price", "prices"), ("shares", "shares"), ("orders", "orders")):
            assert np.array_equal(best[name], depth[column]), (number, depth, best)
    return len(keep)


PRICES: dict[str, Callable[[random.Random], int]] = {
    "dense": lambda rng: 500_000 + 100 * rng.randint(-12, 12),
    "deep": lambda rng: 500_000 + 100 * rng.randint(-60, 60),
    "sparse": lambda rng: 500_000 + 100 * 33 * rng.randint(-90, 90),
    "blocks": lambda rng: 6_000_000 + 100 * 1024 * rng.randint(-50, 50),
    "cents": lambda rng: rng.choice((rng.randint(9_950, 10_004), 100 * rng.randint(99, 130))),
    "far": lambda rng: rng.choice((500_001 + rng.randint(0, 6), 4_000_000_000 + rng.randint(0, 3))),
    "mixed": lambda rng: PRICES[rng.choice(("dense", "deep", "sparse", "far", "cents"))](rng),
}  # fmt: skip


def trade(venue: Venue, count: int, slots: list[int], prices: dict[int, str]) -> Iterator[Op]:
    """Operations of every kind on a book of about 30 orders a slot and more."""
    rng = venue.rng
    most = {slot: rng.choice((40, 80, 120)) for slot in slots}
    for _ in range(count):
        slot = rng.choice(slots)
        orders = venue.orders[slot]
        draw = rng.random()
        if not orders or draw < (0.62 if len(orders) < most[slot] else 0.3):
            shares = rng.choice((1, 100, rng.randint(1, 10_000)))
            yield venue.add(slot, rng.getrandbits(1), PRICES[prices[slot]](rng), shares)
        elif draw < 0.66:
            yield venue.plain(slot, N[f"OPERATION_{rng.choice(('NONE', 'HALT', 'RESUME'))}"])
        else:
            reference = rng.choice(list(orders))
            if rng.random() < 0.5:
                reference = venue.best(slot, rng.getrandbits(1)) or reference
            _, price, rested = orders[reference]
            if draw < 0.78:
                yield venue.take(slot, reference, DELETE)
            elif draw < 0.88:
                kind = rng.choice((EXECUTE, CANCEL))
                yield venue.take(slot, reference, kind, rng.randint(1, rested))
            else:
                new = price if rng.random() < 0.25 else PRICES[prices[slot]](rng)
                yield venue.replace(slot, reference, new, rng.randint(1, 5000))


def gaps(rng: random.Random, kind: str) -> Iterator[int]:
    while True:
        if kind == "tight":
            yield rng.choice((0, 0, 1))
        else:
            yield rng.choice((0, 0, 1, 2, 3, 12)) if rng.random() < 0.98 else 150
