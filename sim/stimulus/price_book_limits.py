"""price_book with the cache for 8 bits a beat: where operations come faster, depth is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import cocotb

from sim.golden.price_book import Op
from sim.lib.venue import DELETE, Line, N, Venue, begin, clear

LOST = N["REASON_DEPTH_LOST"]


@cocotb.test()
async def depth_that_is_lost_is_reported(dut: Any) -> None:
    """Deletes of the best at the shortest distance, and between them adds just beyond the cache."""
    rng = random.Random(cocotb.RANDOM_SEED)
    judge = await begin(dut)
    judge.spacing = int(dut.SPACING.value)
    venue = Venue(rng)

    def ops(slot: int) -> Iterator[Op]:
        for level in range(24):
            yield venue.add(slot, 1, 30_000 + 500 * level, 7)
        for turn in range(40):
            best = venue.best(slot, 1)
            assert best is not None
            beyond = sorted(one[1] for one in venue.orders[slot].values())[18]
            yield venue.take(slot, best, DELETE)
            yield venue.add(slot, 1, beyond + 100 * (1 + turn % 4), 7)

    for slot in range(4):
        await judge.play([Line(1, op) for op in ops(slot)])
        await clear(judge, venue, slot)
    assert judge.model.claims[LOST] == judge.causes.count(LOST) == 4, judge.model.claims
