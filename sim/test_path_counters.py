"""Bench of path_counters: events of both feeds and of the path, and every counter read.

Which events there are is read from the register map: a new one is tried without a line here.
"""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from sim.golden.counters import FIRST, LAST, Counters
from sim.golden.path_counters import COUNTERS, EVENTS, SIZE, steps
from sim.golden.tick_pkg import RECORDS, pack_some, samples, width
from sim.golden.tick_pkg import pack as packed
from sim.lib.bench import Ports, start
from sim.lib.runner import run

CYCLES = 400
EVENTS_W = width("feed_events")


class Bench:
    """Drives events, and the model alike, cycle by cycle."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.rng = dut, Ports(dut), random.Random(cocotb.RANDOM_SEED)
        self.model = Counters(SIZE, 32)

    async def begin(self) -> None:
        names = ("clear", "req", "req_is_wr", "addr", "feed_events", "path_events")
        self.ports.write(dict.fromkeys(names, 0))
        await start(self.dut)

    async def cycle(self, a: int = 0, b: int = 0, path: int = 0, **access: int) -> None:
        idle = {"req": 0, "req_is_wr": 0, "clear": 0}
        events = {"feed_events": b << EVENTS_W | a, "path_events": path}
        self.ports.write(idle | events | access)
        await RisingEdge(self.dut.clk)
        self.model.step(steps((a, b), path), bool(access.get("clear")))

    async def read(self, index: int) -> int:
        await self.access("rd_ack", "wr_ack", addr=4 * index)
        return self.ports.read("rd_data")

    async def access(self, answer: str, other: str, **asked: int) -> None:
        """Ask, and wait for the answer; the other kind of answer may not come."""
        await self.cycle(req=1, **asked)
        for cycles in range(LAST + 1):
            assert not self.ports.read(other)
            if self.ports.read(answer):
                assert cycles >= FIRST
                return
            await self.cycle()
        raise AssertionError(f"no answer within {LAST} cycles")

    async def check(self) -> dict[str, int]:
        """Read every place of the window; the counts by name."""
        counts = dict[int, int]()
        for index in range(SIZE + 1):
            counts[index] = await self.read(index)
            expected = self.model.read(index, len(self.model.after) - 1)
            assert counts[index] == expected, f"{index} reads {counts[index]}, not {expected}"
        return {one.name: counts[one.index] for one in COUNTERS}


@cocotb.test()
async def each_event_counts_where_its_name_is(dut: Any) -> None:
    """One after the other, a different number of times each, of either feed and of the path."""
    bench = Bench(dut)
    await bench.begin()
    times, expected = 0, dict.fromkeys((one.name for one in COUNTERS), 0)
    for record, place in (("feed_events", "a"), ("feed_events", "b"), ("path_events", "path")):
        for event in EVENTS[record]:
            times += 1
            for _ in range(times):
                await bench.cycle(**{place: pack_some(record, {event: 1})})
            feed = {"a": "feeds[0].", "b": "feeds[1]."}.get(place, "path.")
            name = f"{feed}{event}" if f"{feed}{event}" in expected else f"path.{event}"
            expected[name] += times
    assert await bench.check() == expected
    alone = [one.name for one in COUNTERS if len(one.feeds) < 2]
    assert len({expected[name] for name in alone}) == len(alone) > 60 and all(expected.values())


@cocotb.test()
async def all_at_once(dut: Any) -> None:
    """Any events in every cycle, at their most too, and reads among them; then all is cleared."""
    bench = Bench(dut)
    await bench.begin()
    rng = bench.rng
    words = {
        record: [packed(record, one) for one in samples(record, rng, CYCLES)] for record in EVENTS
    }
    most = [
        (1 << sum(field.width for field in RECORDS[record])) - 1
        for record in ("feed_events", "feed_events", "path_events")
    ]
    for number in range(CYCLES):
        feeds = [rng.choice(words["feed_events"]) for _ in range(2)]
        path = rng.choice(words["path_events"])
        await bench.cycle(*(most if number % 4 == 0 else (*feeds, path)))
        if number % 20 == 0:
            index = rng.choice(COUNTERS).index
            count = await bench.read(index)
            assert count == bench.model.read(index, len(bench.model.after) - 1)
    counts = await bench.check()
    assert min(counts.values()) > CYCLES // 4
    await bench.cycle(*most, clear=1)
    assert not any((await bench.check()).values())


@cocotb.test()
async def a_write_changes_nothing_and_is_answered(dut: Any) -> None:
    bench = Bench(dut)
    await bench.begin()
    for index in (0, 1, SIZE // 2, SIZE - 1, SIZE):
        await bench.cycle(a=bench.rng.choice(samples_of("feed_events", bench.rng)))
        await bench.access("wr_ack", "rd_ack", req_is_wr=1, addr=4 * index)
        await bench.cycle()
    await bench.check()


def samples_of(record: str, rng: random.Random) -> list[int]:
    return [packed(record, one) for one in samples(record, rng, 8)]


def test_path_counters() -> None:
    run("path_counters")
