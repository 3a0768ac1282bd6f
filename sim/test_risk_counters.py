"""Bench of risk_counters: decisions as near as they come, and reads that must give each count."""

from __future__ import annotations

import random
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from sim.golden.risk_counters import CHECKS, FIRST, LAST, ROW, SLOTS, WORD, RiskCounters
from sim.golden.tick_pkg import pack, samples
from sim.lib.bench import Ports, start
from sim.lib.runner import run
from tickwire.gen import regmap
from tickwire.gen.records import Check

ACCESSES = 500
NEAREST = 2  # cycles between decisions
ALL = (1 << len(CHECKS)) - 1
# How far decisions are apart: as near as can be; so that a read meets any place; few.
TRAFFIC: dict[str, tuple[int, ...]] = {
    "near": (NEAREST,),
    "some": (2, 2, 3, 4, 5),
    "few": (3, 9, 30),
}


class Bench:
    """Drives decisions, and the model alike, cycle by cycle."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.rng = dut, Ports(dut), random.Random(cocotb.RANDOM_SEED)
        self.model = RiskCounters(int(dut.COUNT_W.value))
        self.records = samples("decision", self.rng, 40)
        self.bits, self.slot = len(dut.addr), 0
        self.apart: tuple[int, ...] = ()  # none come
        self.wait = self.decisions = self.beside = 0
        self.took = set[int]()  # cycles of accesses
        self.clear_in = -2  # cycles until it is cleared, if it is 0 or more

    async def begin(self) -> None:
        self.ports.write(dict.fromkeys(("clear", "req", "req_is_wr", "addr"), 0))
        self.ports.write({"s_valid": 0, "s_decision": 0})
        await start(self.dut)
        for _ in range(LAST):  # a read looks back
            await self.cycle()

    def decision(self, slot: int | None = None, failed: int | None = None) -> int:
        """Any record, of a slot that is often the one before's, with any checks failed."""
        rng = self.rng
        if rng.random() < 0.5:
            self.slot = rng.randrange(SLOTS)
        some = rng.choice((0, ALL, 1 << rng.randrange(len(CHECKS)), rng.getrandbits(len(CHECKS))))
        chosen = {"slot": self.slot if slot is None else slot,
                  "failed": some if failed is None else failed}  # fmt: skip
        return pack("decision", rng.choice(self.records) | chosen)

    async def cycle(self, word: int | None = None, clear: bool = False, **access: int) -> None:
        """With this decision, or the one whose turn it is; else there is noise beside the valid."""
        if word is None and self.apart and not self.wait:
            word = self.decision()
            self.wait = self.rng.choice(self.apart)
        self.wait, self.clear_in = max(self.wait - 1, 0), self.clear_in - 1
        clear |= self.clear_in == -1
        self.decisions += word is not None
        shown = self.decision() if word is None else word
        line = {"s_valid": int(word is not None), "s_decision": shown, "clear": int(clear)}
        self.ports.write({"req": 0} | line | access)
        await RisingEdge(self.dut.clk)
        self.model.step(word, clear)

    async def access(self, address: int, write: bool = False) -> int:
        """What was read; answered a cycle later where a decision comes in the cycle after req."""
        read, rng, due = self.ports.read, self.rng, 0
        await self.cycle(req=1, req_is_wr=int(write), addr=address)
        for cycles in range(LAST + 1):
            assert not read("rd_ack" if write else "wr_ack")
            if cycles == 1:
                due = LAST if read("s_valid") else FIRST
            if read("wr_ack" if write else "rd_ack"):
                assert cycles == due, f"answered after {cycles} cycles"
                self.took.add(cycles)
                return read("rd_data")
            await self.cycle(req_is_wr=rng.getrandbits(1), addr=rng.getrandbits(self.bits))
        raise AssertionError(f"no answer within {LAST} cycles")

    async def check(self, address: int) -> int:
        """The count there, which must be the model's."""
        count = await self.access(address)
        answered = len(self.model.after) - 1
        expected = self.model.read(address, answered)
        assert count == expected, f"{address:#05x} reads {count}, not {expected}"
        came = self.model.after[answered] != self.model.after[answered - LAST]
        self.beside += came
        return count

    async def check_all(self) -> list[list[int]]:
        """Every place of the window, those without a count too; the counts by slot and check."""
        places = [await self.check(at) for at in range(0, SLOTS * ROW, WORD)]
        each = ROW // WORD
        assert not any(places[slot * each + at] for slot in range(SLOTS)
                       for at in range(len(CHECKS), each))  # fmt: skip
        return [places[slot * each :][: len(CHECKS)] for slot in range(SLOTS)]

    def place(self) -> int:
        """Of any slot, that of the last decision rather; of any check, or of none."""
        slot = self.rng.choice((self.slot, self.rng.randrange(SLOTS)))
        return slot * ROW + self.rng.choice((self.rng.randrange(len(CHECKS)),) * 9 + (63,)) * WORD


@cocotb.test()
@cocotb.parametrize(traffic=tuple(TRAFFIC))
async def every_read_is_exact(dut: Any, traffic: str) -> None:
    """As often as can be, beside decisions; writes among them, and a clear now and then."""
    bench = Bench(dut)
    await bench.begin()
    rng = bench.rng
    bench.apart = TRAFFIC[traffic]
    for number in range(ACCESSES):
        await bench.check(bench.place())
        if rng.random() < 0.2:
            await bench.access(bench.place(), write=True)
        for _ in range(rng.choice((0, 0, 1, 2, 3, 9))):
            await bench.cycle(clear=number < ACCESSES // 2 and rng.random() < 0.02)
    assert bench.took == {FIRST, LAST}
    assert bench.beside > ACCESSES // 20 and bench.decisions > ACCESSES // 2
    bench.apart = ()
    counts = await bench.check_all()
    assert any(map(any, counts)) and max(map(max, counts)) <= bench.model.most


@cocotb.test()
async def each_check_of_each_slot_has_its_count(dut: Any) -> None:
    """One after the other, as near as they come, each another number of times; then a slot's all
    at once, until each stands at the most if that can be reached."""
    bench = Bench(dut)
    await bench.begin()
    most = bench.model.most
    expected = [[0] * len(CHECKS) for _ in range(SLOTS)]
    places = [(slot, check) for slot in range(SLOTS) for check in CHECKS]
    for slot, check in bench.rng.sample(places, len(places)):
        expected[slot][check] = times = 1 + (5 * slot + 3 * check) % 11
        for _ in range(times):
            await bench.cycle(bench.decision(slot, 1 << check))
            await bench.cycle()
        expected[slot][check] = min(times, most)
    counts = await bench.check_all()
    assert counts == expected
    assert all(len({*column}) > 1 for column in zip(*counts, strict=True))
    for _ in range(min(most, 40)):
        await bench.cycle(bench.decision(3, ALL))
        await bench.cycle()
    counts = await bench.check_all()
    assert counts[3] == [min(count + 40, most) for count in expected[3]]
    assert counts[2] == expected[2] and counts[4] == expected[4]


@cocotb.test()
async def clear_meets_a_decision(dut: Any) -> None:
    """Just before, with or just behind it: one of its own cycle is lost, one behind it is not; of
    the slots that had no decision since, too, all is 0."""
    bench = Bench(dut)
    await bench.begin()
    for at in (0, 1, 2, 3) * 3:
        slot = bench.rng.randrange(SLOTS)
        for other in range(SLOTS):
            await bench.cycle(bench.decision(other, ALL))
            await bench.cycle()
        for cycle in range(5):
            word = bench.decision(slot, ALL) if cycle == 2 else None
            await bench.cycle(word, clear=cycle == at)
        counts = await bench.check_all()
        assert counts[slot] == [int(at < 2)] * len(CHECKS)
        assert not any(map(any, counts[:slot] + counts[slot + 1 :]))


@cocotb.test()
async def a_read_that_a_clear_meets_is_answered(dut: Any) -> None:
    """Wherever it stands, beside decisions; with the count from before it, or 0."""
    bench = Bench(dut)
    await bench.begin()
    met = set[bool]()
    for at in (*range(LAST + 2),) * 6:
        for _ in range(2):
            await bench.cycle(bench.decision(1, ALL))
            await bench.cycle()
        bench.apart, bench.wait, bench.clear_in = (NEAREST,), bench.rng.getrandbits(1), at
        met.add(bool(await bench.check(ROW)))
        bench.apart, bench.clear_in = (), -2
        await bench.cycle()
        await bench.check(ROW)
    assert met == {False, True}


@cocotb.test()
async def reset_ends_an_access_without_an_answer(dut: Any) -> None:
    """Wherever it stands, its answer's own cycle among them; then all counts are 0."""
    bench = Bench(dut)
    await bench.begin()
    for write in (0, 1):
        for wait in range(LAST + 1):
            for slot in range(SLOTS):
                await bench.cycle(bench.decision(slot, ALL))
                await bench.cycle()
            await bench.cycle(bench.decision(wait, ALL), req=1, req_is_wr=write, addr=0)
            for _ in range(wait):
                await bench.cycle()
            dut.rst.value = 1
            await bench.cycle(clear=True)  # of which the model knows the same
            dut.rst.value = 0
            for _ in range(LAST + 1):
                await bench.cycle()
                assert not bench.ports.read("rd_ack") and not bench.ports.read("wr_ack")
            assert not any(map(any, await bench.check_all()))


@pytest.mark.parametrize("count_w", [32, 3])
def test_risk_counters(count_w: int) -> None:
    run("risk_counters", COUNT_W=count_w)


def test_the_map_has_each_check_at_its_place() -> None:
    """The registers' names and addresses are the enum's, here as the host has them."""
    named = {one.name: one for one in regmap.REGISTERS if one.name.startswith("risk_checks[].")}
    assert len(named) == len(CHECKS) == len(Check)
    for check in Check:
        one = named[f"risk_checks[].{check.name.lower()}"]
        assert (one.address, one.count, one.stride) == (0x2800 + WORD * check, SLOTS, ROW)
        assert CHECKS[int(check)] == check.name.lower()
