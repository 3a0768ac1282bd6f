"""Bench of risk_limits: each limit loosened and tightened alone, while armed and not; any writes in
any order; and a bit of each memory turned."""

from __future__ import annotations

import random
from typing import Any

import cocotb
from cocotb.triggers import FallingEdge, RisingEdge

from sim.golden.risk_limits import RiskLimits, plain, words
from sim.golden.tick_pkg import RECORDS, pack, samples, width
from sim.lib.bench import JudgeBeside, Ports, reset, start
from sim.lib.runner import run
from tickwire.gen.records import SLOTS, Act

WRITES = 600


class Bench:
    def __init__(self, dut: Any) -> None:
        self.dut, self.ports, self.model = dut, Ports(dut), RiskLimits()
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.judge = JudgeBeside(dut, self.model)
        self.cycle = 0
        self.ports.write(dict.fromkeys(RiskLimits.inputs, 0))

    async def tick(self, **line: int) -> None:
        self.cycle = (self.cycle + 1) % SLOTS
        line = {"cycle": self.cycle, "q_slot": self.rng.randrange(SLOTS), **line}
        self.ports.write(line)
        await RisingEdge(self.dut.clk)
        self.ports.write({"writes": 0})

    async def put(self, record: str, slot: int, limits: int, armed: int) -> None:
        act = Act.SLOT_LIMITS if record == "slot_limits" else Act.TOTAL_LIMITS
        command = words("risk_command", act=int(act), slot=slot)
        line = {"writes": 1, "armed": armed, "s_command": command, f"s_{record}": limits}
        await self.tick(**line, q_slot=slot)
        await self.tick(q_slot=slot)


@cocotb.test()
async def each_limit_alone(dut: Any) -> None:
    bench = Bench(dut)
    await start(dut)
    for record in ("slot_limits", "total_limits"):
        await bench.put(record, 3, 0, 1)  # never written
        for field in RECORDS[record]:
            middle = {one.name: (one.low + one.high + 1) // 2 for one in RECORDS[record]}
            for value in (field.low, field.high, middle[field.name] + 1, middle[field.name] - 1):
                if not field.low <= value <= field.high:
                    continue
                await bench.put(record, 3, pack(record, middle), 0)
                await bench.put(record, 3, pack(record, middle | {field.name: value}), 1)
                await bench.put(record, 3, pack(record, middle), 1)
    met = bench.model.met
    names = {f"{record} {field.name}" for record in ("slot_limits", "total_limits")
             for field in RECORDS[record]}  # fmt: skip
    assert names | {"slot_limits unwritten", "total_limits unwritten", "taken armed"} <= set(met)
    bench.judge.done(at_least=200)


@cocotb.test()
async def any_order_of_writes(dut: Any) -> None:
    bench = Bench(dut)
    rng = bench.rng
    await start(dut)
    for _ in range(WRITES):
        record = rng.choice(("slot_limits", "slot_limits", "total_limits"))
        limits = pack(record, rng.choice(samples(record, rng, 3)))
        await bench.put(record, rng.choice((0, 1, SLOTS - 1)), limits, int(rng.random() < 0.3))
        other = words("risk_command", act=int(rng.choice(list(Act)[:2])))
        await bench.tick(writes=int(rng.random() < 0.3), s_command=other)
        if rng.random() < 0.02:
            await reset(dut)
    bench.judge.done(at_least=WRITES)
    assert bench.model.met["taken"] > 50


@cocotb.test()
async def a_turned_bit_is_seen(dut: Any) -> None:
    bench = Bench(dut)
    await start(dut)
    for record in ("slot_limits", "total_limits"):
        for slot in range(SLOTS):
            await bench.put(record, slot, pack(record, samples(record, bench.rng, 1)[-1]), 0)
    memories = {"limits": "slot_limits", "shadows": "slot_limits",
                "total_q": "total_limits", "total_shadow_q": "total_limits"}  # fmt: skip
    turned = 0
    for memory, record in memories.items():
        for slot in range(SLOTS if record == "slot_limits" else 1):
            most = width(record)
            some = (0, most - 1, bench.rng.randrange(most))
            for bit in range(most) if slot == 0 else some:
                handle = getattr(dut, memory)
                handle = handle[slot] if record == "slot_limits" else handle
                await FallingEdge(dut.clk)
                was = int(handle.value)
                handle.value = was ^ 1 << bit
                bench.model.spoiled.add(slot if record == "slot_limits" else "total")
                if memory == "limits":
                    bench.model.slots[slot] = was ^ 1 << bit
                elif memory == "total_q":
                    bench.model.total = was ^ 1 << bit
                for _ in range(SLOTS):
                    await bench.tick(q_slot=slot)
                whole = was if memory in ("limits", "total_q") else was ^ (1 << width(record)) - 1
                assert plain(record, whole)
                await bench.put(record, slot, whole, 0)
                turned += 1
    bench.judge.done(at_least=500)
    assert turned >= 2 * (width("slot_limits") + width("total_limits"))


def test_risk_limits() -> None:
    run("risk_limits")
