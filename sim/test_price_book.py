"""Bench of price_book: a venue of a few orders makes book operations; each outcome is judged."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import cocotb
import pytest

from sim.golden.price_book import CLEAR, LOAD, Op
from sim.golden.tick_pkg import unpack
from sim.lib.bench import figure
from sim.lib.runner import run
from sim.lib.venue import (
    DELETE,
    LATENCY,
    PRICES,
    REPLACE_LATENCY,
    Line,
    N,
    Venue,
    begin,
    clear,
    gaps,
    naive,
    paced,
    spaced,
    trade,
)


@cocotb.test()
async def every_outcome_is_the_naive_book_s(dut: Any) -> None:
    """All kinds of operations, prices and mishaps; nothing is lost."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, venue = await begin(dut), Venue(rng)
    slots = [0, 1, 2]
    kinds = dict(zip(slots, rng.sample([*PRICES], 3), strict=True))
    stales: dict[int, tuple[int, int]] = {}

    # Stale with the operation, or so many cycles after it: between the parts of a replace.
    mishaps: list[str | int] = [
        "with",
        "with",
        0,
        0,
        1,
        1,
        2,
        2,
        "refused",
        "refused",
        "stale",
        "cleared",
    ]
    rng.shuffle(mishaps)

    def mishap(slot: int, kind: str | int) -> Iterator[Line]:
        """Something goes wrong in a slot, and after some operations it is cleared or loaded."""
        if kind == "with" or isinstance(kind, int):
            mask, reason = 1 << slot, rng.choice((32, 33, 35))
            line = next(spaced(trade(venue, 1, slots, kinds), gaps(rng, "loose")))
            if venue.orders[slot]:
                order = venue.best(slot, 0) or venue.best(slot, 1)
                assert order is not None and line.op is not None
                yield Line(3, line.op)
                line = Line(3, venue.replace(slot, order, PRICES[kinds[slot]](rng), 9))
            if kind == "with":
                stales[len(venue.book_ops) - 1] = (mask, reason)
                yield Line(3, line.op, mask, reason)
            else:
                yield Line(3, line.op)
                stales[len(venue.book_ops)] = (mask, reason)
                yield Line(int(kind), None, mask, reason)
        elif kind == "refused":
            yield Line(3, venue.refused(slot))
        elif kind == "stale":
            yield Line(3, venue.plain(slot, N["OPERATION_STALE"], N["REASON_PARSE_ERROR"]))
        yield from some(30)
        kinds[slot] = rng.choice([*PRICES])
        anew = rng.choice((CLEAR, CLEAR, LOAD))
        yield Line(3, venue.plain(slot, anew), settle=True)
        if anew == LOAD:
            yield from some(30)
            yield Line(3, venue.plain(slot, N["OPERATION_TRUST"]))

    def some(count: int) -> Iterator[Line]:
        yield Line(3, venue.plain(0, 0))
        yield from spaced(trade(venue, count, slots, kinds), gaps(rng, "loose"))

    def lines() -> Iterator[Line]:
        for kind in mishaps:
            yield from some(100)
            yield from mishap(rng.choice(slots), kind)

    await judge.play(lines())
    assert naive(venue, judge, stales) == len(judge.tops) > 1300
    assert judge.events["evicted"] > 10 and judge.events["refilled"] > 5, judge.events
    assert judge.events["restarted"] > 3, judge.events
    assert not judge.model.claims, judge.model.claims
    reasons = Counter(unpack("top_of_book", top)["reason"] for top in judge.tops)
    assert len(reasons) >= 9, reasons
    figure("latency", LATENCY, "cycles")  # each record is judged at its cycle
    figure("replace latency", REPLACE_LATENCY, "cycles")


WALLS = {
    "one tick": [100] * 300,
    "words": [3300] * 90,
    "blocks": [102_400] * 40,
    "mixed": [100, 100, 3300, 100, 102_400, 100, 6400, 100] * 10,
}


def packets(ops: list[Op]) -> Iterator[Line]:
    """Deletes as they come at 64 bits a beat: 69 a packet, 21 bytes each; then a frame's gap."""
    beats = 0
    for number, op in enumerate(ops):
        before, beats = beats, beats + 21
        gap = beats // 8 - before // 8
        yield Line(gap - 1 + (10 if number % 69 == 68 else 0), op)


@cocotb.test()
async def every_level_comes_in_time(dut: Any) -> None:
    """Walls of one order a level, deleted from the best at the full rate, two of them of both sides
    in turn, for which one walk needs a pace of its own: no depth is lost."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, venue = await begin(dut), Venue(rng)
    for slot, (name, steps) in enumerate(WALLS.items()):
        for side in (0, 1):
            price = 6_000_000 if name != "blocks" or side else 5_000_000
            adds = []
            for step in steps:
                adds.append(venue.add(slot, side, price, rng.randint(1, 999)))
                price += step if side else -step
            await judge.play(spaced(adds, gaps(rng, "tight")))
        deletes = []
        sides = [0] * len(steps) + [1] * len(steps)
        if slot % 2:
            rng.shuffle(sides)
        for side in sides:
            reference = venue.best(slot, side)
            assert reference is not None
            deletes.append(venue.take(slot, reference, DELETE))
        close = slot % 2 == 0 or int(dut.SPACING.value) < 8
        await judge.play(packets(deletes) if close else paced(deletes))
        assert not judge.model.claims, (name, judge.model.claims, len(judge.tops))
        assert judge.events["refilled"] >= 2 * (len(steps) - int(dut.CACHE.value))
        judge.events.clear()
    assert len(judge.tops) > 4 * 430


@cocotb.test()
async def a_burst_finds_its_side_cold(dut: Any) -> None:
    """Nine levels go at the full rate, each time of another side than those before."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, venue = await begin(dut), Venue(rng)
    sides = [(slot, side) for slot in range(4) for side in (0, 1)]
    adds = [
        venue.add(slot, side, 500_000 + rng.choice((100, 700)) * (level if side else -level), 5)
        for slot, side in sides
        for level in range(60)
    ]
    await judge.play(spaced(adds, gaps(rng, "tight")))
    for _ in range(6):
        rng.shuffle(sides)
        for slot, side in sides:
            ops = []
            for _ in range(9):
                order = venue.best(slot, side)
                assert order is not None
                ops.append(venue.take(slot, order, DELETE))
            await judge.play([*packets(ops), Line(50, venue.plain(slot, 0))])
    assert not judge.model.claims and not any(judge.causes), judge.model.claims
    assert judge.events["refilled"] > 250, judge.events


@cocotb.test()
async def a_sum_that_passes_its_width_makes_the_slot_stale(dut: Any) -> None:
    """Just below is exact, just above is refused; at hand, beyond, and for a replace."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge = await begin(dut)
    venue, most = Venue(rng), (1 << 32) - 1
    for slot in range(2):
        for depth, excess, replaces in ((0, 0, 0), (0, 1, 0), (17, 0, 0), (17, 1, 0), (3, 1, 1),
                                        (3, 0, 1)):  # fmt: skip
            prices = [20_000 + 100 * (level if slot % 2 else -level) for level in range(18)]
            ops = [venue.add(slot, slot % 2, price, 5) for price in prices]
            ops.append(venue.add(slot, slot % 2, prices[depth], most - 10))
            if replaces:  # the order that goes makes room for what comes in its stead
                order = max(venue.orders[slot])
                ops.append(venue.replace(slot, order, prices[depth], most - 5 + excess))
            else:
                ops.append(venue.add(slot, slot % 2, prices[depth], 5 + excess))
            await judge.play(spaced(ops, gaps(rng, "tight")))
            assert judge.causes[-1] == (N["REASON_NUMBER_OVERFLOW"] if excess else 0)
            await clear(judge, venue, slot)
    assert not judge.model.claims


@cocotb.test()
async def a_level_left_out_is_counted_once(dut: Any) -> None:
    """Orders at the price after a full cache's, as close as can be; then all go, down to none."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, venue, cache = await begin(dut), Venue(rng), int(dut.CACHE.value)
    for slot in range(4):
        side = slot % 2
        prices = [40_000 + 100 * (level if side else -level) for level in range(cache + 1)]
        ops = [venue.add(slot, side, price, 5) for price in [*prices, prices[-1], prices[-1]]]
        while (order := venue.best(slot, side)) is not None:
            ops.append(venue.take(slot, order, DELETE))
        await judge.play(spaced(ops[: cache + 3], iter(lambda: 0, 1)))
        await judge.play(Line(12, op) for op in ops[cache + 3 :])
    assert not judge.model.claims and not any(judge.causes)
    assert judge.events["refilled"] == 4, judge.events


def test_price_book() -> None:
    run("price_book", BOOKS=8, LEVEL_ROWS=128)


def test_price_book_at_its_limits() -> None:
    run(
        "price_book",
        bench="stimulus.price_book_limits",
        BOOKS=4,
        LEVEL_ROWS=64,
        INDEX_W=16,
        CACHE=12,
    )


def test_price_book_for_8_bits() -> None:
    run("price_book", BOOKS=4, SPACING=8, CACHE=12, LEVEL_ROWS=128)


def test_price_book_for_8_bits_at_its_pace() -> None:
    sizes: dict[str, Any] = {"SPACING": 8, "CACHE": 12, "LEVEL_ROWS": 128}
    run("price_book", bench="stimulus.price_book_pace", BOOKS=4, **sizes)


def test_price_book_for_8_bits_at_its_limits() -> None:
    sizes: dict[str, Any] = {"SPACING": 8, "LEVEL_ROWS": 64, "INDEX_W": 16, "CACHE": 12, "FAR": 8}
    run("price_book", bench="stimulus.price_book_limits", BOOKS=4, **sizes)


def test_price_book_without_room() -> None:
    run(
        "price_book", bench="stimulus.price_book_overflow", BOOKS=4, LEVEL_ROWS=2, FAR=2, INDEX_W=16
    )


@pytest.mark.long
def test_price_book_through_a_day() -> None:
    run("price_book", bench="stimulus.price_book_day", BOOKS=8, LEVEL_ROWS=2048, INDEX_W=17)
