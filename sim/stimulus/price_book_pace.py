"""price_book for 8 bits a beat: how fast levels may go without one coming too late."""

from __future__ import annotations

import random
from typing import Any

import cocotb

from sim.golden.price_book import Op
from sim.lib.venue import DELETE, WALK, Judge, Line, N, Venue, begin, clear, gaps, paced, spaced

# How a side's prices lie, in steps that come again and again: each its own way for the walk. What
# is off the tick has no index.
STEPS = {
    "one tick": (100,),
    "words": (3300,),
    "blocks": (102_400,),
    "mixed": (100, 3300, 100, 102_400, 6400),
    "far": (100, 100, 1, 99, 1, 99),
}
LEVELS = 28
AT_HAND = 12
SIDES = [(slot, side) for slot in range(4) for side in (0, 1)]
PAIRS = ((0, 0), (0, 1), (1, 0))  # a level goes, or what lies beyond the cache is touched
QUIET = 12 * WALK  # until every side has its levels, and the walk rests


def wall(venue: Venue, slot: int, side: int, kind: str) -> list[Op]:
    """One order a level, from the best on."""
    steps, price, ops = STEPS[kind], 5_000_000, list[Op]()
    for level in range(LEVELS):
        ops.append(venue.add(slot, side, price, 5))
        step = steps[level % len(steps)]
        price += step if side else -step
    return ops


def prices(venue: Venue, slot: int, side: int) -> list[int]:
    """Of a side's levels, the best first."""
    found = {price for of, price, _ in venue.orders[slot].values() if of == side}
    return sorted(found, reverse=side == 0)


def delete(venue: Venue, slot: int, side: int) -> Op:
    order = venue.best(slot, side)
    assert order is not None
    return venue.take(slot, order, DELETE)


async def filled(judge: Judge, venue: Venue, kinds: list[str]) -> None:
    """Walls on every side, of these kinds in turn."""
    ops = [
        op
        for number, (slot, side) in enumerate(SIDES)
        for op in wall(venue, slot, side, kinds[number % len(kinds)])
    ]
    await judge.play(spaced(ops, gaps(venue.rng, "tight")))
    await judge.play([Line(QUIET, venue.plain(0, 0))])
    judge.events.clear()


async def empty(judge: Judge, venue: Venue) -> None:
    for slot in range(4):
        await clear(judge, venue, slot)


@cocotb.test()
async def a_missing_level_comes_within_a_walk(dut: Any) -> None:
    """Of every kind of wall, on a side that the walk doesn't serve."""
    judge, venue = await begin(dut), Venue(random.Random(cocotb.RANDOM_SEED))
    for kind in STEPS:
        await filled(judge, venue, [kind])
        for slot, side in SIDES * 4:
            await judge.play([Line(QUIET, venue.plain(slot, 0))])
            before, waited = judge.events["refilled"], 0
            await judge.tick(Line(0, delete(venue, slot, side)))
            while judge.events["refilled"] == before:
                await judge.tick()
                waited += 1
                assert waited <= WALK, (kind, slot, side)
        await empty(judge, venue)
    assert not judge.model.claims


@cocotb.test()
async def at_the_walk_s_pace_none_is_lost(dut: Any) -> None:
    """On any side: two operations that take a level away, or touch what lies beyond the cache, as
    close as at 8 bits a beat, the third two walks after the first."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge, venue = await begin(dut), Venue(rng)
    restarted = 0
    for turn in range(len(STEPS)):
        kinds = [*STEPS][turn:] + [*STEPS][:turn]
        await filled(judge, venue, kinds)
        ops = list[Op]()
        pairs = [pair for pair in PAIRS for _ in range(20)]
        rng.shuffle(pairs)
        for pair in pairs:
            many = {side: len(prices(venue, *side)) for side in SIDES}
            one, two = rng.choices([each for each in SIDES if many[each] > AT_HAND + 2], k=2)
            for touches in pair:  # what the walk is just looking for, or any that is deeper
                slot, side = one
                if touches:
                    there = prices(venue, slot, side)
                    price = there[rng.choice((AT_HAND - 1, rng.randrange(AT_HAND, len(there))))]
                    ops.append(venue.add(slot, side, price + rng.choice((0, 100, -100)), 5))
                else:
                    ops.append(delete(venue, slot, side))
                one = one if pair == (0, 1) else two
        await judge.play(paced(ops))
        assert not judge.model.claims and not any(judge.causes), (kinds, judge.model.claims)
        assert judge.events["refilled"] >= 40, judge.events
        restarted += judge.events["restarted"]
        await empty(judge, venue)
    assert restarted > 20, restarted


@cocotb.test()
async def a_side_alone_loses_none(dut: Any) -> None:
    """A delete every 21 cycles, down to the last level; no other side lacks any."""
    judge, venue = await begin(dut), Venue(random.Random(cocotb.RANDOM_SEED))
    for turn in range(len(STEPS)):
        await filled(judge, venue, [*STEPS][turn:] + [*STEPS][:turn])
        for slot, side in SIDES:
            ops = [delete(venue, slot, side) for _ in range(LEVELS)]
            await judge.play([Line(QUIET, venue.plain(slot, 0)), *(Line(20, op) for op in ops)])
        assert not judge.model.claims and not any(judge.causes), judge.model.claims
        assert judge.events["refilled"] == len(SIDES) * (LEVELS - AT_HAND), judge.events
        await empty(judge, venue)


@cocotb.test()
async def back_and_forth_at_8_bits_a_beat_one_is_lost(dut: Any) -> None:
    """A delete every 21 cycles, of two sides: one loses three before the walk, which goes back and
    forth, has come to it. Its slot is stale, with the reason."""
    judge, venue = await begin(dut), Venue(random.Random(cocotb.RANDOM_SEED))
    await filled(judge, venue, ["words"])
    turns = (0, 1, 0, 1, 0, 1, 1, 1, 1)
    await judge.play(Line(20, delete(venue, 0, side)) for side in turns)
    assert judge.model.claims[N["REASON_DEPTH_LOST"]] == 1, judge.model.claims
    assert int(dut.stale_slots.value) == 1
