"""price_book with two memory rows and two far places a side: both overflow."""

from __future__ import annotations

import random
from typing import Any

import cocotb

from sim.lib.venue import N, Venue, begin, clear, gaps, spaced, trade

OVERFLOW = N["REASON_LEVEL_OVERFLOW"]


@cocotb.test()
async def a_level_without_a_place_makes_the_slot_stale(dut: Any) -> None:
    """Two memory rows, two far places: both overflow, and a clear makes the slot whole again."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge = await begin(dut)
    venue, stale = Venue(rng), 0
    for turn in range(24):
        slot = turn % 4
        kinds = {slot: rng.choice(("far", "dense", "mixed"))}
        await judge.play(spaced(trade(venue, 50, [slot], kinds), gaps(rng, "tight")))
        stale += int(dut.stale_slots.value) >> slot & 1
        await clear(judge, venue, slot)
        assert not int(dut.stale_slots.value) >> slot & 1
    causes = judge.causes.count(OVERFLOW)
    assert stale >= 10 and causes == stale, (stale, causes)
    assert 0 < judge.model.claims[OVERFLOW] < causes, "the memory and the far list must overflow"
