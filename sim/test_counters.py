"""Bench of counters: increments in every cycle, and reads that must give each count exactly."""

from __future__ import annotations

import random
import re
from typing import Any

import cocotb
import pytest
from cocotb.triggers import RisingEdge

from hwtools.toolchain import ROOT
from sim.golden.counters import FIRST, LAST, Counters
from sim.lib.bench import Ports, start
from sim.lib.runner import run
from tickwire.gen import regmap

READS = 250
TRAFFIC = ("none", "rare", "all", "one")


class Bench:
    """Drives increments, and the model alike, cycle by cycle."""

    def __init__(self, dut: Any) -> None:
        self.dut, self.rng = dut, random.Random(cocotb.RANDOM_SEED)
        self.count, self.width = int(dut.COUNTERS.value), int(dut.INCREMENT_W.value)
        self.wide = [int(dut.WIDE.value) >> index & 1 for index in range(self.count)]
        self.model, self.ports = Counters(self.count, int(dut.COUNT_W.value)), Ports(dut)
        self.traffic, self.one, self.clear = "none", 0, False

    async def begin(self) -> None:
        self.ports.write(dict.fromkeys(("clear", "req", "req_is_wr", "addr", "increments"), 0))
        await start(self.dut)

    def _increments(self) -> list[int]:
        most, rng = (1 << self.width) - 1, self.rng
        added = [most if self.traffic == "all" else 0] * self.count
        if self.traffic == "rare":
            added[rng.randrange(self.count)] = rng.randint(0, most)
        if self.traffic == "one":
            added[self.one] = most
        return added

    async def cycle(self, **access: int) -> None:
        added, clear = self._increments(), self.clear
        packed = sum(one << self.width * index for index, one in enumerate(added))
        idle = {"req": 0, "clear": int(clear)}
        self.ports.write(idle | {"increments": packed} | access)
        await RisingEdge(self.dut.clk)
        counted = [b if wide else b & 1 for b, wide in zip(added, self.wide, strict=True)]
        self.model.step(counted, clear)
        self.clear = False

    async def access(self, index: int, write: bool = False) -> tuple[int, int]:
        """The cycles it took, and what was read."""
        await self.cycle(req=1, req_is_wr=int(write), addr=4 * index)
        for cycles in range(LAST + 1):
            assert not ((self.ports.read("rd_ack") and write) or self.ports.read("wr_ack") > write)
            if self.ports.read("wr_ack" if write else "rd_ack"):
                return cycles, self.ports.read("rd_data")
            await self.cycle(req_is_wr=self.rng.getrandbits(1), addr=self.rng.getrandbits(10))
        raise AssertionError(f"no answer within {LAST} cycles")

    async def check(self, index: int) -> int:
        cycles, count = await self.access(index)
        expected = self.model.read(index, len(self.model.after) - 1)
        assert count == expected, f"counter {index} reads {count}, not {expected}"
        assert FIRST <= cycles <= self.last(index), f"answered after {cycles} cycles"
        return cycles

    def last(self, index: int, write: bool = False) -> int:
        """The most cycles of an access; a write, or one beyond the counters, waits for none."""
        return FIRST + 1 if write or index >= self.count else LAST


@cocotb.test()
@cocotb.parametrize(traffic=TRAFFIC)
async def every_read_is_exact(dut: Any, traffic: str) -> None:
    """Any counter, beyond them too, as often as can be; the sweep among them."""
    bench = Bench(dut)
    await bench.begin()
    rng, took = bench.rng, set[int]()
    bench.traffic = "rare" if traffic == "none" else traffic
    for number in range(READS):
        bench.one = rng.randrange(bench.count)
        took.add(await bench.check(rng.choice((bench.one, rng.randrange(bench.count + 3)))))
        if rng.random() < 0.1:
            index = rng.randrange(bench.count)
            cycles, _ = await bench.access(index, write=True)
            assert FIRST <= cycles <= bench.last(index, write=True)
        for _ in range(rng.choice((0, 0, 0, 1, 2, 30))):
            await bench.cycle()
        if number == READS // 2:
            bench.traffic = traffic
    for _ in range(3 * bench.count):
        await bench.cycle()
    bench.traffic = "none"
    for index in range(bench.count):
        await bench.check(index)
    assert len(took) > 1 and min(took) == FIRST
    assert sum(bench.model.counts) > 0


@cocotb.test()
async def clear_sets_all_to_zero(dut: Any) -> None:
    bench = Bench(dut)
    await bench.begin()
    for _ in range(6):
        bench.traffic = "all"
        for _ in range(bench.rng.randint(1, 3 * bench.count)):
            await bench.cycle()
        bench.traffic, bench.clear = "none", True
        await bench.cycle()
        bench.traffic = bench.rng.choice(("none", "rare"))
        for index in range(bench.count):
            await bench.check(index)
    assert any(max(counts) > bench.count for counts in bench.model.after)


@cocotb.test()
async def a_read_that_a_clear_meets_is_answered(dut: Any) -> None:
    """With the count from before it, from after it, or with 0; the next read is exact again."""
    bench = Bench(dut)
    await bench.begin()
    bench.traffic, old, reads = "all", 0, 0
    for wait in [*range(LAST)] * 4:
        for _ in range(2 * bench.count):
            await bench.cycle()
        access = cocotb.start_soon(bench.access(1))
        for _ in range(wait):
            await RisingEdge(dut.clk)
        bench.clear = True
        _, count = await access
        answered = len(bench.model.after) - 1
        near = {bench.model.read(1, answered - late) for late in range(4)}
        assert count in {0, *near}
        old, reads = old + (count > 2 * bench.count), reads + 1
        await bench.check(1)
    assert 0 < old < reads


@cocotb.test()
async def reset_ends_an_access_without_an_answer(dut: Any) -> None:
    """Wherever it stands, its answer's own cycle among them; then all counts are 0."""
    bench = Bench(dut)
    await bench.begin()
    for write in (0, 1):
        for wait in range(LAST + 1):
            bench.traffic = "all"
            await bench.cycle(req=1, req_is_wr=write, addr=4)
            for _ in range(wait):
                await bench.cycle()
            dut.rst.value, bench.clear = 1, True  # of which the model knows the same
            await bench.cycle()
            dut.rst.value, bench.traffic = 0, "none"
            for _ in range(LAST + 1):
                await bench.cycle()
                assert not bench.ports.read("rd_ack") and not bench.ports.read("wr_ack")
            await bench.check(1)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"COUNTERS": 8, "INCREMENT_W": 1, "COUNT_W": 7},
        {"COUNTERS": 13, "COUNT_W": 10, "WIDE": "13'd4683"},
    ],
    ids=["default", "8", "13"],
)
def test_counters(parameters: dict[str, int | str]) -> None:
    run("counters", parameters)


def test_each_counter_has_its_index() -> None:
    """The package's indices are the addresses of the register map."""
    text = (ROOT / "hw" / "gen" / "counter_regs_pkg.sv").read_text()
    indices = dict(re.findall(r"localparam int unsigned (\w+) = (\d+);", text))
    size = int(indices.pop("COUNTERS"))
    assert int(indices.pop("STEP_W")) == 4
    expected = {}
    for register in (one for one in regmap.REGISTERS if one.name.startswith("counters.")):
        for element in range(register.count):
            one = register[element] if register.stride else register
            name = one.name.removeprefix("counters.").replace("[", "_").replace("]", "")
            expected[name.replace(".", "_").upper()] = str((one.address - 0x2000) // 4)
    assert indices == expected and len(indices) > 60
    assert size == 1 + max(map(int, indices.values()))
