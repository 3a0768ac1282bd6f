"""Bench of tickwire_core's register map: each field, counter and status bit, by slot and by feed,
with a value of its own, so that no two can be exchanged.

Which fields there are comes from the map. A field that no test here accounts for fails.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cocotb
from cocotb.triggers import ClockCycles

from hwtools.registers import Register
from sim.golden import tickwire_core as golden
from sim.golden.feed_book import EVENTS as CAUSES
from sim.lib.bench import start
from sim.lib.core import BUILD_HASH, COUNTED, SWEEP, Core, check_counters
from sim.lib.core_seen import ELSEWHERE, NEVER, counted, moved
from sim.stimulus import causes
from sim.stimulus.causes import FOLLOWED, Scenario, Sent, add, message, packet
from sim.stimulus.fuzz import LOCATES
from tickwire.gen import regmap
from tickwire.gen.records import LEVELS, SLOTS, Operation, Reason
from tickwire.wire import itch
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.traffic import Registers

PASSES = ("crossed", "locked", "halted", "stale")  # what a slot's sticky register has


async def played(dut: Any, core: Core, scenario: Scenario) -> golden.Played:
    """From reset; all counters and all slots are as they must be."""
    width = len(dut.s_axis_tkeep) * 4
    await core.anew()
    chosen = await core.settle(scenario.registers, each_change=False)
    traffic = scenario.traffic(width)
    expected = golden.expect(traffic, scenario.registers, width, chosen, False)
    await core.play(traffic)
    check_counters(await core.counters(), expected.counters)
    for slot, (one, other) in enumerate(zip(await core.slots(), expected.slots, strict=True)):
        assert one == other, (scenario.counter, slot)
    return expected


@cocotb.test()
async def each_counter_has_its_own_cause(dut: Any) -> None:
    """Provoked one by one; all counters and all slots are read after each."""
    width, core = len(dut.s_axis_tkeep) * 4, Core(dut)
    await start(dut)
    met: dict[str, list[int]] = {}
    for scenario in (one for make in causes.SCENARIOS for one in make(width)):
        counters = (await played(dut, core, scenario)).counters
        assert counters[scenario.counter], scenario.counter
        for name, count in counters.items():
            met.setdefault(name, []).append(count)
    still = {name for name, counts in met.items() if not any(counts)}
    impossible = {"feeds[0].bad_preamble", "feeds[1].bad_preamble"} if width == 64 else set()
    differs = still ^ {*ELSEWHERE, *NEVER, *impossible}
    assert not differs, f"moved or not, other than the tables say: {sorted(differs)}"
    moved = [tuple(counts) for counts in met.values() if any(counts)]
    assert len(set(moved)) == len(moved)  # no two counters could be exchanged


def _controls() -> Iterator[Registers]:
    """Each control of each feed, alone; the feeds' groups and ports differ."""
    base = Registers(any_hours=1, locates=LOCATES, port=(26_400, 26_401))
    yield base
    for bits in (1, 2):
        yield replace(base, feed_enable=bits)
        yield replace(base, any_group=bits)
        yield replace(base, any_port=bits)


@cocotb.test()
async def each_feed_has_its_own_controls(dut: Any) -> None:
    """On both wires comes what is for feed A, for feed B, and what has the other's port, each in
    another number."""
    core = Core(dut)
    await start(dut)
    groups = ("233.54.12.111", "233.54.12.112")
    beat = itch.encode(itch.one_by_one([]))
    flows = [Flow(destination_address=group, destination_port=port)
             for group in groups for port in (26_400, 26_401)]  # fmt: skip
    sent = [
        Sent(bytes(frames(packetise(beat, [0], session=b"FLOWS"), flow)[0]), feed)
        for feed in (0, 1) for number, flow in enumerate(flows) for _ in range(1 << number)
    ]  # fmt: skip
    met = set()
    for registers in _controls():
        counts = (await played(dut, core, Scenario("controls", sent, registers))).counters
        names = ("filtered", "datagrams")
        met.add(tuple(counts[f"feeds[{feed}].{name}"] for feed in (0, 1) for name in names))
    assert len(met) == 7, met  # no two settings do the same


@cocotb.test()
async def the_tables_overflow(dut: Any) -> None:
    """One counter each, once: the slot is stale from then on."""
    width, core = len(dut.s_axis_tkeep) * 4, Core(dut)
    await start(dut)
    orders = [add(2 * number) for number in range(600)]
    prices = [add(2 * number, price=1_000_000 + 3301 * number) for number in range(60)]
    seen = set[str]()
    for name, messages in (("table_overflows", orders), ("level_overflows", prices)):
        await core.anew()
        await core.settle(Registers(any_hours=1, locates=LOCATES), each_change=False)
        packets = [packet(1 + at, *messages[at : at + 30]) for at in range(0, len(messages), 30)]
        await core.play(Scenario("", packets).traffic(width))
        counts = await counted(core, seen)
        assert counts[f"path.{name}"] == counts["path.stale_books"] == 1, (name, counts)
        assert 0 < counts["path.ignored_operations"] < len(messages)
        others = {*CAUSES.values()} - {name}
        assert not any(counts[f"path.{other}"] for other in others), counts
        assert await core.read(regmap.SLOTS_STATUS[0], "reason") == Reason[name[:-1].upper()]
    moved("the_tables_overflow", seen)


def elements() -> list[Register]:
    """Every register, of an array each element; counters aside."""
    return [
        register[number] if register.stride else register
        for register in regmap.REGISTERS
        if not register.name.startswith(COUNTED)
        for number in range(register.count)
    ]


@cocotb.test()
async def what_is_written_is_read(dut: Any) -> None:
    """All that can be, with values of their own; what is constant stays."""
    width, core, rng = len(dut.s_axis_tkeep) * 4, Core(dut), random.Random(cocotb.RANDOM_SEED)
    await start(dut)
    await core.anew()
    constant = {
        "magic": {"magic": int.from_bytes(b"TICK", "big")},
        "version": {"patch": 0, "minor": 5, "major": 0},
        "build": {"hash": BUILD_HASH},
        "model": {"hash": golden.MODEL_ID},
        "capabilities": {"width": width, "slots": SLOTS, "levels": LEVELS, "orders_log2": 9},
    }
    kept: dict[str, dict[str, int]] = {}
    for register in elements():
        values = {
            field.name: rng.getrandbits(field.width) - (field.signed << field.width - 1)
            for field in register.fields if field.access == "rw"
        }  # fmt: skip
        if values:
            kept[register.name] = values
            await core.write(register, **values)
    for register in elements():
        observed = await core.fields(register)
        expected = kept.get(register.name, constant.get(register.name, {}))
        assert expected.items() <= observed.items(), (register.name, observed, expected)
        if register.name not in constant:
            pulses = {field.name for field in register.fields if field.access == "pulse"}
            assert not any(observed[name] for name in pulses)
    before = await core.read(regmap.CYCLES, "count"), core.ports.read("cycle")
    await ClockCycles(dut.clk, 1000)
    after = await core.read(regmap.CYCLES, "count"), core.ports.read("cycle")
    assert after[0] - before[0] == after[1] - before[1] >= 1000


@cocotb.test()
async def what_was_is_kept_until_it_is_cleared(dut: Any) -> None:
    """Every slot has been crossed, locked, halted and stale; then each bit is cleared alone."""
    width, core = len(dut.s_axis_tkeep) * 4, Core(dut)
    await start(dut)
    await core.anew()
    await core.settle(Registers(any_hours=1, locates=LOCATES), each_change=False)
    sent, number = [], 1
    for price in (1_000_000, 999_900):
        for slot, locate in enumerate(FOLLOWED):
            bid, ask = 10 * slot + 1, 10 * slot + 2
            both = [add(bid, locate=locate), add(ask, price, side=b"S", locate=locate)]
            gone = [message("D", locate, order_reference_number=one) for one in (bid, ask)]
            sent.append(packet(number, *both))
            sent.append(packet(number + 2, *gone))
            number += 4
    await core.play(Scenario("", [*sent, packet(number + 1, message("S"))]).traffic(width))
    for slot in range(SLOTS):
        for operation in (Operation.LOAD, Operation.TRUST, Operation.HALT, Operation.RESUME):
            if operation == Operation.TRUST:
                await core.trust(slot, number + 1)
            else:
                await core.issue(slot, operation)
            await ClockCycles(dut.clk, SWEEP)
    left = [dict.fromkeys(PASSES, 1) for _ in range(SLOTS)]

    async def check() -> None:
        for slot in range(SLOTS):
            assert await core.fields(regmap.SLOTS_STICKY[slot]) == left[slot], slot
            status = await core.fields(regmap.SLOTS_STATUS[slot])
            assert not any(status[name] for name in PASSES)

    await check()
    for slot in random.Random(cocotb.RANDOM_SEED).sample(range(SLOTS), SLOTS):
        for name in PASSES:
            await core.write(regmap.SLOTS_STICKY[slot], **{name: 1})
            left[slot][name] = 0
            await check()
