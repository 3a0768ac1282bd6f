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
import numpy as np
from cocotb.triggers import ClockCycles

from hwtools.registers import Register
from sim.golden import tickwire_core as golden
from sim.golden.feed_book import EVENTS as CAUSES
from sim.lib.bench import Ports, start
from sim.lib.core import BUILD_HASH, SWEEP, WIDTH, Core, check_counters, records, same
from sim.stimulus import causes
from sim.stimulus.causes import FOLLOWED, Scenario, Sent, add, message, packet
from sim.stimulus.fuzz import LOCATES
from sim.stimulus.market import market
from tickwire.gen import regmap
from tickwire.gen.records import LEVELS, SIGNAL, SLOTS, Operation, Reason
from tickwire.replay.signals import SETTINGS, Signals
from tickwire.wire import itch
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.traffic import Registers, Traffic

# Counters that the frames of `causes` don't move: the test that does, which `moved` holds to it.
ELSEWHERE = {
    "path.table_overflows": "the_tables_overflow",
    "path.level_overflows": "the_tables_overflow",
    "path.kept_out": "the_host_loads_a_slot",
    "path.refused_trusts": "the_host_loads_a_slot",
    "path.inferences": "each_slot_has_its_own_settings",
    "path.signals_buy": "each_slot_has_its_own_settings",
    "path.signals_sell": "each_slot_has_its_own_settings",
}
# No test of the core moves these; why, and whose bench does.
NEVER = {
    "path.depth_losses": "no feed is so fast: price_book",
    "path.feed_drops": "no feed is so fast: mold_rx",
    "path.book_drops": "no feed is so fast: op_gate",
    "path.network_drops": "no feed is so fast: nn",
    "path.parity_errors": "no memory has a parity yet",
    "path.record_drops": "there is no link to the host yet",
}
PASSES = ("crossed", "locked", "halted", "stale")  # what a slot's sticky register has


async def anew(dut: Any) -> None:
    ports = Ports(dut)
    ports.write({"rst": 1})
    await ClockCycles(dut.clk, 4)
    ports.write({"rst": 0})
    await ClockCycles(dut.clk, SWEEP)


async def counted(core: Core, met: set[str]) -> dict[str, int]:
    """The counters; `met` gets the names of those that moved."""
    counts = await core.counters()
    met |= {name for name, count in counts.items() if count}
    return counts


def moved(test: str, met: set[str]) -> None:
    """All that ELSEWHERE leaves to this test."""
    lacking = {name for name, whose in ELSEWHERE.items() if whose == test} - met
    assert not lacking, f"{test} doesn't move {sorted(lacking)}"


async def slots(core: Core) -> list[dict[str, int]]:
    """Of every slot, its status and sticky registers."""
    rows = []
    for slot in range(SLOTS):
        status = await core.fields(regmap.SLOTS_STATUS[slot])
        sticky = await core.fields(regmap.SLOTS_STICKY[slot])
        rows.append(
            {f"status.{name}": value for name, value in status.items()}
            | {f"sticky.{name}": value for name, value in sticky.items()}
        )
    return rows


async def played(dut: Any, core: Core, scenario: Scenario) -> golden.Played:
    """From reset; all counters and all slots are as they must be."""
    width = len(dut.s_axis_tkeep) * 4
    await anew(dut)
    chosen = await core.settle(scenario.registers, each_change=False)
    traffic = scenario.traffic(width)
    expected = golden.expect(traffic, scenario.registers, width, chosen, False)
    await core.play(traffic)
    check_counters(await core.counters(), expected.counters)
    for slot, (one, other) in enumerate(zip(await slots(core), expected.slots, strict=True)):
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
    base = Registers(locates=LOCATES, port=(26_400, 26_401))
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
async def each_slot_learns_its_own_symbol(dut: Any) -> None:
    """In another order than the slots'; the locate goes to the slot that has the name, and what
    comes with it to that slot's book."""
    rng, core, width = random.Random(cocotb.RANDOM_SEED), Core(dut), len(dut.s_axis_tkeep) * 4
    await start(dut)
    await anew(dut)
    await core.settle(Registers(), each_change=False)
    names = [b"%cSYM%cQX%c" % (65 + slot, 75 + slot, 48 + slot) for slot in range(SLOTS)]
    for slot, name in enumerate(names):
        await core.write(
            regmap.SLOTS_SYMBOL_FIRST[slot], characters=int.from_bytes(name[:4], "big")
        )
        await core.write(regmap.SLOTS_SYMBOL_LAST[slot], characters=int.from_bytes(name[4:], "big"))
        await core.write(regmap.SLOTS_CONTROL[slot], enable=1)
    early = packet(1, message("R", 77, stock=names[3]))
    await core.play(Scenario("", [early]).traffic(width))
    assert await core.read(regmap.SLOTS_LOCATE[3], "stock_locate") == 0  # it doesn't learn yet
    for slot in range(SLOTS):
        await core.write(regmap.SLOTS_CONTROL[slot], enable=1, learn=1)
    locates = rng.sample(range(1, 1 << 16), SLOTS)
    order = rng.sample(range(SLOTS), SLOTS)
    for number, slot in enumerate(order):
        named = [packet(2 + 2 * number, message("R", locates[slot], stock=names[slot]))]
        begun = add(1 + slot, price=1_000_000 + 100 * slot, locate=locates[slot])
        core.signals.clear()
        await core.play(Scenario("", [*named, packet(3 + 2 * number, begun)]).traffic(width))
        rows = records("signal", SIGNAL, [word for _, word in core.signals])
        assert rows["slot"].tolist() == [slot] and rows["bid_price"][0] == 1_000_000 + 100 * slot
        for other in range(SLOTS):
            known = other in order[: number + 1]
            assert await core.read(regmap.SLOTS_STATUS[other], "learned") == known
            locate = await core.read(regmap.SLOTS_LOCATE[other], "stock_locate")
            assert locate == (locates[other] if known else 0)
    await core.write(regmap.SLOTS_CONTROL[order[0]], enable=1)
    learned = [await core.read(regmap.SLOTS_STATUS[slot], "learned") for slot in range(SLOTS)]
    assert learned == [int(slot != order[0]) for slot in range(SLOTS)]
    assert await core.read(regmap.SLOTS_LOCATE[order[0]], "stock_locate") == locates[order[0]]


def _settings(network: Any, rng: random.Random) -> dict[int, Any]:
    """Settings of each slot, drawn until each one of them matters: with the next slot's instead,
    some decision of its slot would be another."""
    rows, left = np.zeros(SLOTS, SETTINGS), list(range(SLOTS))
    while left:
        for slot in left:
            seconds = rng.randint(2, 30) * 10**9
            thresholds = rng.randint(50, 2000), -rng.randint(50, 2000)
            rows[slot] = *thresholds, rng.randint(1, 2000), seconds // 1024
        right = Signals(rows, golden.MODEL_ID).decide(network)
        left = [slot for slot in range(SLOTS) if not _all_matter(network, rows, right, slot)]
    return {slot: tuple(int(value) for value in rows[slot].item()) for slot in range(SLOTS)}


def _all_matter(network: Any, rows: Any, right: Any, slot: int) -> bool:
    return all(_matters(network, rows, right, slot, name) for name in SETTINGS.names or ())


def _matters(network: Any, rows: Any, right: Any, slot: int, name: str) -> bool:
    changed = rows.copy()
    changed[name][slot] = rows[name][(slot + 1) % SLOTS]
    other = Signals(changed, golden.MODEL_ID).decide(network)
    return bool((other["decision"] != right["decision"]).any())


@cocotb.test(skip=WIDTH != 64)
async def each_slot_has_its_own_settings(dut: Any) -> None:
    """A day of all slots, at 64 bits, where it is short."""
    width, rng, core = len(dut.s_axis_tkeep) * 4, random.Random(cocotb.RANDOM_SEED), Core(dut)
    await start(dut)
    events = 460 * SLOTS
    day = market(cocotb.RANDOM_SEED, events, dict.fromkeys(LOCATES, 1 / SLOTS))
    chunks = frames(packetise(itch.encode(day), [1] * events, session=b"SETTINGS"), Flow())
    registers = Registers(locates=LOCATES)
    traffic = Traffic.of(chunks, width, start=8, space=12)
    neutral = golden.expect(traffic, registers, width, np.zeros(SLOTS, SETTINGS), False)
    chosen = _settings(neutral.expected.network, rng)
    await anew(dut)
    rows = await core.settle(registers, False, chosen)
    expected = golden.expect(traffic, registers, width, rows, False)
    names = ("inferences", "signals_none", "signals_buy", "signals_sell")
    met = [expected.counters[f"path.{name}"] for name in names]
    assert min(met) > 20 and len(set(met)) == len(met), met
    began = await core.play(traffic)
    signals = records("signal", SIGNAL, [word for _, word in core.signals])
    same(signals, expected.expected.signals, began)
    observed = await counted(core, seen := set[str]())
    check_counters(observed, expected.counters)
    moved("each_slot_has_its_own_settings", seen)
    assert await slots(core) == expected.slots
    assert all(one["status.warm"] for one in expected.slots)


@cocotb.test()
async def the_host_loads_a_slot(dut: Any) -> None:
    """Every bit of a reference and of a number counts; of the slots, only the one that is named."""
    width, core, first = len(dut.s_axis_tkeep) * 4, Core(dut), 0x12_8000_0001
    seen = set[str]()
    await start(dut)
    for slot in (1, 2, 4, 7):
        await anew(dut)
        await core.settle(Registers(locates=LOCATES), each_change=False)
        locate, reference = FOLLOWED[slot], 0xA5A5_0000_5A5A_0000 + slot

        async def send(number: int, *what: bytes) -> None:
            await core.play(Scenario("", [packet(number, *what)]).traffic(width))

        async def status(what: str, slot: int = slot) -> int:
            every = [await core.read(regmap.SLOTS_STATUS[one], what) for one in range(SLOTS)]
            assert what == "reason" or not any(every[:slot] + every[slot + 1 :])
            return every[slot]

        await send(first, add(5, locate=FOLLOWED[0]))
        await core.issue(slot, Operation.LOAD)
        await ClockCycles(dut.clk, SWEEP)
        assert await status("reason") == Reason.LOADING
        await send(first + 1, add(6, locate=locate))
        await core.issue(
            slot, Operation.ADD, 0, reference=reference, price=900_000 + slot, shares=300
        )
        await core.issue(slot, Operation.ADD, 1, reference=8, price=1_000_000, shares=200 + slot)
        await core.issue(slot, Operation.TRUST, sequence=first + 1)
        core.signals.clear()
        taken = message("X", locate, order_reference_number=reference, cancelled_shares=slot)
        await send(first + 2, taken)
        row = records("signal", SIGNAL, [word for _, word in core.signals])[-1]
        top = [int(row[name]) for name in ("slot", "bid_price", "bid_shares", "ask_shares")]
        assert top == [slot, 900_000 + slot, 300 - slot, 200 + slot], top
        for operation, halted in ((Operation.HALT, 1), (Operation.RESUME, 0)):
            await core.issue(slot, operation)
            await ClockCycles(dut.clk, 60)
            assert await status("halted") == halted
        was = [await core.read(regmap.SLOTS_STICKY[one], "halted") for one in range(SLOTS)]
        assert was == [int(one == slot) for one in range(SLOTS)]
        await core.issue(slot, Operation.CLEAR)
        await ClockCycles(dut.clk, SWEEP)
        assert await status("reason") == Reason.CLEARED
        await core.issue(slot, Operation.LOAD)
        await ClockCycles(dut.clk, SWEEP)
        await send(first + 3, add(7, locate=locate))
        await core.issue(slot, Operation.TRUST, sequence=first + 2)  # one that it lacks came since
        await ClockCycles(dut.clk, 60)
        assert await status("reason") == Reason.LOADING
        counts = await counted(core, seen)
        assert counts["path.kept_out"] == 2 and counts["path.refused_trusts"] == 1, counts
        assert counts["path.book_messages"] == 4 and not counts["path.ignored_operations"]
    moved("the_host_loads_a_slot", seen)


@cocotb.test()
async def the_tables_overflow(dut: Any) -> None:
    """One counter each, once: the slot is stale from then on."""
    width, core = len(dut.s_axis_tkeep) * 4, Core(dut)
    await start(dut)
    orders = [add(2 * number) for number in range(600)]
    prices = [add(2 * number, price=1_000_000 + 3301 * number) for number in range(60)]
    seen = set[str]()
    for name, messages in (("table_overflows", orders), ("level_overflows", prices)):
        await anew(dut)
        await core.settle(Registers(locates=LOCATES), each_change=False)
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
        if not register.name.startswith("counters.")
        for number in range(register.count)
    ]


@cocotb.test()
async def what_is_written_is_read(dut: Any) -> None:
    """All that can be, with values of their own; what is constant stays."""
    width, core, rng = len(dut.s_axis_tkeep) * 4, Core(dut), random.Random(cocotb.RANDOM_SEED)
    await start(dut)
    await anew(dut)
    constant = {
        "magic": {"magic": int.from_bytes(b"TICK", "big")},
        "version": {"patch": 0, "minor": 1, "major": 0},
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
    await anew(dut)
    await core.settle(Registers(locates=LOCATES), each_change=False)
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
        for operation in (Operation.CLEAR, Operation.HALT, Operation.RESUME):
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


# Which test drives, provokes or reads each register, all its fields; counters by their name.
SEEN = {
    **dict.fromkeys(("magic", "version", "build", "model", "capabilities", "cycles"),
                    "what_is_written_is_read"),
    "control": "test_tickwire_core: trigger; taps acts on nothing here",
    **dict.fromkeys(("command", "mold.session", "mold.session_end", "mold.next", "mold.gap_first",
                     "mold.gap_count"), "test_tickwire_core: both_feeds_have_their_own_registers"),
    **dict.fromkeys(("feeds[].control", "feeds[].group", "feeds[].udp"),
                    "each_feed_has_its_own_controls"),
    **{f"host.{name}": "the_host_loads_a_slot" for name in (
        "reference_low", "reference_high", "price", "shares", "sequence_low", "sequence_high",
        "issue", "status")},
    **{f"slots[].{name}": "each_slot_learns_its_own_symbol" for name in (
        "control", "locate", "symbol_first", "symbol_last")},
    **{f"slots[].{name}": "each_slot_has_its_own_settings" for name in SETTINGS.names or ()},
    "slots[].status": "each_counter_has_its_own_cause",
    "slots[].sticky": "what_was_is_kept_until_it_is_cleared",
}  # fmt: skip
