"""A day of order flow of eight instruments through price_book, as full packets bring it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import cocotb

from sim.golden.price_book import Op
from sim.golden.tick_pkg import NUMBERS
from sim.lib.bench import figure
from sim.lib.venue import Line, Venue, begin, naive
from tickwire.exchange.flow import Day, DayConfig
from tickwire.gen.records import Operation
from tickwire.wire.operations import operations

EVENTS = 230_000
BYTES = {"ADD": 38, "EXECUTE": 33, "EXECUTE_PRICE": 38, "CANCEL": 25, "DELETE": 21, "REPLACE": 37}


def level_op(venue: Venue, slot: int, kind: Operation, row: Any) -> Op | None:
    """What an operation of the day does to levels; none if its order isn't known."""
    orders = venue.orders[slot]
    price, shares = int(row["price"]), int(row["shares"])
    reference, new = int(row["order_reference"]), int(row["new_order_reference"])
    if kind == Operation.ADD:
        venue.reference = reference - 1
        return venue.add(slot, int(row["side"]), price, shares)
    if kind in (Operation.HALT, Operation.RESUME):
        return venue.plain(slot, kind)
    if reference not in orders:
        return None
    if kind == Operation.REPLACE:
        venue.reference = new - 1
        return venue.replace(slot, reference, price, shares)
    return venue.take(slot, reference, kind, 0 if kind == Operation.DELETE else shares)


@cocotb.test()
async def a_day_is_the_naive_book_s(dut: Any) -> None:
    """Messages close upon each other, as at 64 bits a beat, and a pause after every forty."""
    judge, venue = await begin(dut), Venue(random.Random(cocotb.RANDOM_SEED))
    day = Day(DayConfig(seed=cocotb.RANDOM_SEED, events=EVENTS))
    rows = operations(day.messages(), day.locates)

    def lines() -> Iterator[Line]:
        beats, least = 0, 1
        for number, row in enumerate(rows):
            kind = Operation(row["operation"])
            op = level_op(venue, int(row["slot"]), kind, row) if kind else None
            if op is None:
                continue
            before, beats = beats, beats + BYTES.get(kind.name, 27)
            pause = 10 if number % 40 == 39 else 0
            yield Line(max(least, beats // 8 - before // 8 - 1 + pause), op)
            least = 3 if op["take"] and op["put"] else 1

    await judge.play(lines())
    assert not judge.model.claims, judge.model.claims
    assert naive(venue, judge, {}) == len(judge.tops) > 200_000
    for name in ("evicted", "refilled", "restarted"):
        assert judge.events[name] > 100, judge.events
        figure(name, judge.events[name], "levels" if name != "restarted" else "times")
    figure("operations", len(judge.tops), "operations")
    figure("refused", len(judge.causes) - judge.causes.count(NUMBERS["REASON_OK"]), "operations")
