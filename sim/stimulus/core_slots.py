"""Bench of tickwire_core's slots: symbols, settings and the host's operations of each are its own,
so that no two slots can be exchanged.
"""

from __future__ import annotations

import random
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles

from sim.golden import tickwire_core as golden
from sim.lib.bench import start
from sim.lib.core import SWEEP, WIDTH, Core, check_counters, records, same
from sim.lib.core_seen import counted, moved
from sim.stimulus.causes import FOLLOWED, Scenario, add, message, packet, spoilt
from sim.stimulus.fuzz import LOCATES
from sim.stimulus.market import market
from tickwire.gen import regmap
from tickwire.gen.records import SIGNAL, SLOTS, Operation, Reason
from tickwire.replay.signals import SETTINGS, Signals
from tickwire.wire import itch
from tickwire.wire.ethernet import Flow, frames
from tickwire.wire.mold import packetise
from tickwire.wire.traffic import Registers, Traffic


@cocotb.test()
async def each_slot_learns_its_own_symbol(dut: Any) -> None:
    """In another order than the slots'; the locate goes to the slot that has the name, and what
    comes with it to that slot's book, once all are learned: orders come after the directory."""
    rng, core, width = random.Random(cocotb.RANDOM_SEED), Core(dut), len(dut.s_axis_tkeep) * 4
    await start(dut)
    await core.anew()
    await core.settle(Registers(any_hours=1), each_change=False)
    names = [b"%cSYM%cQX%c" % (65 + slot, 75 + slot, 48 + slot) for slot in range(SLOTS)]
    for slot, name in enumerate(names):
        await core.write(
            regmap.SLOTS_SYMBOL_FIRST[slot], characters=int.from_bytes(name[:4], "big")
        )
        await core.write(regmap.SLOTS_SYMBOL_LAST[slot], characters=int.from_bytes(name[4:], "big"))
        await core.write(regmap.SLOTS_CONTROL[slot], enable=int(slot != 3))
    early = packet(1, message("R", 77, stock=names[3]))
    await core.play(Scenario("", [early]).traffic(width))
    assert await core.read(regmap.SLOTS_LOCATE[3], "stock_locate") == 0  # it doesn't learn yet
    for slot in range(SLOTS):
        await core.write(regmap.SLOTS_CONTROL[slot], enable=1, learn=1)
    locates = rng.sample(range(1, 1 << 16), SLOTS)
    order = rng.sample(range(SLOTS), SLOTS)
    for number, slot in enumerate(order):
        named = packet(2 + number, message("R", locates[slot], stock=names[slot]))
        await core.play(Scenario("", [named]).traffic(width))
        for other in range(SLOTS):
            known = other in order[: number + 1]
            assert await core.read(regmap.SLOTS_STATUS[other], "learned") == known
            locate = await core.read(regmap.SLOTS_LOCATE[other], "stock_locate")
            assert locate == (locates[other] if known else 0)
    for number, slot in enumerate(order):
        begun = add(1 + slot, price=1_000_000 + 100 * slot, locate=locates[slot])
        core.signals.clear()
        await core.play(Scenario("", [packet(2 + SLOTS + number, begun)]).traffic(width))
        rows = records("signal", SIGNAL, [word for _, word in core.signals])
        late = slot == 3  # it was enabled behind an R, so that its book isn't trusted
        assert rows["slot"].tolist() == [slot] and (rows["reason"][0] == Reason.NO_START) == late
        assert rows["bid_price"][0] == (0 if late else 1_000_000 + 100 * slot)
    await core.write(regmap.SLOTS_CONTROL[order[0]], enable=1)
    learned = [await core.read(regmap.SLOTS_STATUS[slot], "learned") for slot in range(SLOTS)]
    assert learned == [int(slot != order[0]) for slot in range(SLOTS)]
    assert await core.read(regmap.SLOTS_LOCATE[order[0]], "stock_locate") == locates[order[0]]


@cocotb.test()
async def a_slot_that_moves_is_not_trusted(dut: Any) -> None:
    """Enabled, learned or given another locate since orders flow: stale, and only that one; before,
    and at the next session's start, it may."""
    core, width, seen = Core(dut), len(dut.s_axis_tkeep) * 4, set[str]()
    await start(dut)
    await core.anew()
    await core.settle(Registers(any_hours=1, locates={5: 0, 6: 1}), each_change=False)
    name = b"MOVESTO9"
    for half, part in ((regmap.SLOTS_SYMBOL_FIRST, name[:4]), (regmap.SLOTS_SYMBOL_LAST, name[4:])):
        await core.write(half[0], characters=int.from_bytes(part, "big"))
    await core.write(regmap.SLOTS_CONTROL[0], enable=1, learn=1)
    number = 1

    async def send(*what: bytes) -> list[int]:
        nonlocal number
        await core.play(Scenario("", [packet(number, *what)]).traffic(width))
        number += len(what)
        return [await core.read(regmap.SLOTS_STATUS[slot], "reason") for slot in range(4)]

    fine = (Reason.OK, Reason.CLEARED, Reason.ONE_SIDED, Reason.WARMING_UP, Reason.NOT_ENABLED)
    await core.write(regmap.SLOTS_LOCATE[1], stock_locate=7)
    assert set(await send(message("R", 8, stock=name), message("S"))) <= {*fine}
    assert set(await send(add(1, locate=8), add(2, locate=7))) <= {*fine}
    await core.write(regmap.SLOTS_LOCATE[2], stock_locate=9)
    await core.write(regmap.SLOTS_CONTROL[2], enable=1)
    reasons = await send(add(3, locate=9), add(4, locate=8), message("R", 10, stock=name))
    assert reasons[2] == Reason.NO_START and {reasons[1], reasons[3]} <= {*fine}
    assert reasons[0] == Reason.RELOCATED  # at once, before any order of its own
    reasons = await send(add(5, locate=10), add(6, locate=7))
    assert reasons[0] == Reason.RELOCATED and {reasons[1], reasons[3]} <= {*fine}
    enabled = number - 1  # what came until slot 1 follows again
    await core.write(regmap.SLOTS_CONTROL[1], enable=0)
    await send(message("S"))
    assert await core.read(regmap.SLOTS_STATUS[1], "stale") == 1
    await core.write(regmap.SLOTS_CONTROL[1], enable=1)
    assert (await send(add(7, locate=7)))[1] == Reason.NOT_ENABLED  # why, first
    await core.open_market()  # as far as the host knows
    for snapshot, reason in ((enabled, Reason.LOADING), (number - 1, Reason.ONE_SIDED)):
        await core.issue(1, Operation.LOAD)
        await ClockCycles(dut.clk, SWEEP)
        await core.issue(1, Operation.ADD, 0, reference=2, price=1_000_000, shares=100)
        await core.trust(1, snapshot)
        await ClockCycles(dut.clk, 60)
        assert await core.read(regmap.SLOTS_STATUS[1], "reason") == reason, snapshot
    counts = await counted(core, seen)
    assert counts["path.late_slots"] == 4 and counts["path.refused_trusts"] == 1, counts
    moved("a_slot_that_moves_is_not_trusted", seen)


@cocotb.test()
async def of_two_slots_with_one_locate_the_higher_is_not_enabled(dut: Any) -> None:
    """Each slot in turn gets the locate of the one below it, and its own again: the lower one has
    the orders. Once any came the other book isn't trusted, neither then nor when it hears again."""
    core, width, number = Core(dut), len(dut.s_axis_tkeep) * 4, 1
    locates = {20 + slot: slot for slot in range(SLOTS)}
    await start(dut)
    await core.anew()
    await core.settle(Registers(any_hours=1, locates=locates), each_change=False)

    async def those(name: str, value: int) -> list[int]:
        every = [await core.read(regmap.SLOTS_STATUS[slot], name) for slot in range(SLOTS)]
        return [slot for slot in range(SLOTS) if every[slot] == value]

    async def send(*what: bytes) -> None:
        nonlocal number
        await core.play(Scenario("", [packet(number, *what)]).traffic(width))
        number += len(what)

    for orders in (False, True):
        for slot in range(1, SLOTS):
            await core.write(regmap.SLOTS_LOCATE[slot], stock_locate=19 + slot)
            await send(add(slot, locate=19 + slot) if orders else message("S"))
            stale = [*range(1, slot + 1)] if orders else []
            assert await those("reason", Reason.NOT_ENABLED) == (stale or [slot])
            assert await those("stale", 1) == stale
            await core.write(regmap.SLOTS_LOCATE[slot], stock_locate=20 + slot)
        await send(add(9, locate=20))
    assert (await counted(core, set()))["path.late_slots"] == 2 * (SLOTS - 1)
    await core.write(regmap.SLOTS_LOCATE[SLOTS - 1], stock_locate=20)
    await core.write(regmap.SLOTS_CONTROL[0], enable=0)
    assert (await counted(core, set()))["path.late_slots"] == 2 * (SLOTS - 1) + 3
    assert await those("reason", Reason.NOT_ENABLED) == [*range(SLOTS)]


@cocotb.test()
async def a_session_from_its_middle_on(dut: Any) -> None:
    """It is trusted by whoever asks for that, and is counted either way."""
    core, width, slot = Core(dut), len(dut.s_axis_tkeep) * 4, 5
    await start(dut)
    for trusted in (0, 1):
        await core.anew()
        await core.settle(
            Registers(any_hours=1, locates=LOCATES, any_start=trusted), each_change=False
        )
        begun = packet(77, add(1, locate=FOLLOWED[slot]))
        await core.play(Scenario("", [begun]).traffic(width))
        status = await core.fields(regmap.SLOTS_STATUS[slot])
        expected = (0, Reason.ONE_SIDED) if trusted else (1, Reason.NO_START)
        assert (status["stale"], status["reason"]) == expected
        assert (await core.counters())["path.late_joins"] == 1


@cocotb.test()
async def what_comes_early_waits(dut: Any) -> None:
    """For as long as the register says, on either feed; then what is missing is a gap."""
    core, width, seen = Core(dut), len(dut.s_axis_tkeep) * 4, set[str]()
    await start(dut)
    for feed in (0, 1):
        for window, space in ((2_000, 100), (300, 1_000)):
            await core.anew()
            await core.settle(
                Registers(any_hours=1, locates=LOCATES, window=window), each_change=False
            )
            sent = [packet(1, add(1), feed=feed), packet(3, add(3), feed=feed)]
            traffic = Scenario("", [*sent, packet(2, add(2), feed=1 - feed)]).traffic(width)
            traffic.first[2] = traffic.first[1] + space
            await core.play(traffic)
            await ClockCycles(dut.clk, window)
            counts = await counted(core, seen)
            in_time = int(space < window)
            assert counts["path.gaps"] == 1 - in_time, counts
            assert counts["path.messages"] == 2 + in_time, counts
            reordered = [counts[f"feeds[{one}].reordered"] for one in (feed, 1 - feed)]
            assert reordered == [1, 0], counts
    moved("what_comes_early_waits", seen)


@cocotb.test()
async def who_may_act(dut: Any) -> None:
    """As system events, breaches and interruptions say, and the host where they don't."""
    core, width, number = Core(dut), len(dut.s_axis_tkeep) * 4, 0
    await start(dut)
    for slot in (0, 2, 7):
        locate, number = FOLLOWED[slot], 0
        await core.anew()
        await core.settle(Registers(locates=LOCATES), each_change=False)

        async def market(slot: int = slot) -> tuple[Reason, Reason]:
            """Of the slot, and of all others."""
            every = [await core.read(regmap.SLOTS_STATUS[one], "market") for one in range(SLOTS)]
            mine = every.pop(slot)
            assert len(set(every)) == 1, every
            return Reason(mine), Reason(every[0])

        async def send(*what: bytes) -> list[int]:
            """The reasons of the signals that they make."""
            nonlocal number
            core.signals.clear()
            await core.play(Scenario("", [packet(number + 1, *what)]).traffic(width))
            number += len(what)
            rows = records("signal", SIGNAL, [word for _, word in core.signals])
            reasons: list[int] = rows["reason"].tolist()
            return reasons

        def halted(action: bytes, locate: int = locate) -> bytes:
            return message("h", locate, market_code=b"Q", operational_halt_action=action)

        closed, breached = (Reason.MARKET_CLOSED,) * 2, (Reason.BREACHED,) * 2
        interrupted, ok = Reason.INTERRUPTED, Reason.OK
        assert await market() == closed
        book = add(1, locate=locate), add(2, 1_000_100, side=b"S", locate=locate)
        assert await send(*book) == [Reason.MARKET_CLOSED]
        shut = (Reason.HALTED,) * 2  # until it is said that it trades
        assert not await send(message("S", 0, event_code=b"Q")) and await market() == shut
        trades = (message("H", one, trading_state=b"T") for one in LOCATES)
        await send(*trades)
        assert await market() == (ok, ok)
        assert await send(add(3, locate=locate)) == [Reason.WARMING_UP]
        assert await send(message("W", 0), add(4, locate=locate)) == [Reason.BREACHED]
        assert await market() == breached
        await send(message("H", locate, trading_state=b"T"), halted(b"H"))
        assert await market() == (interrupted, Reason.BREACHED)
        assert await send(add(5, locate=locate)) == [interrupted]
        assert not await send(halted(b"T")) and await market() == (ok, Reason.BREACHED)
        known = await core.read(regmap.MARKET, "doubts")
        number += 1  # a gap
        assert not await send(message("Y")) and await market() == closed
        assert await core.read(regmap.MARKET, "doubts") == known + 1
        await core.write(regmap.MARKET, known=known)
        await core.write(regmap.COMMAND, open_market=1)
        assert await market() == closed  # the host didn't know of the gap
        await core.open_market()
        assert await market() == (ok, ok)
        assert not await send(message("S", 0, event_code=b"M")) and await market() == closed
        await core.open_market()
        assert await market() == closed  # the feed has said otherwise
        await core.write(regmap.CONTROL, any_hours=1)
        assert await market() == (ok, ok)


@cocotb.test()
async def what_a_gap_took_a_snapshot_must_have(dut: Any) -> None:
    """One from before the gap's end is refused, and an empty book isn't trusted."""
    core, width, slot = Core(dut), len(dut.s_axis_tkeep) * 4, 2
    await start(dut)
    await core.anew()
    await core.settle(Registers(any_hours=1, locates=LOCATES), each_change=False)

    async def reason() -> int:
        await ClockCycles(dut.clk, SWEEP)
        return int(await core.read(regmap.SLOTS_STATUS[slot], "reason"))

    locate = FOLLOWED[slot]
    await core.issue(slot, Operation.CLEAR)
    assert await reason() == Reason.CLEARED
    sent = [packet(1, add(1, locate=locate)), packet(9, message("S"))]  # 2 to 8 are gone
    await core.play(Scenario("", sent).traffic(width))
    status = await core.fields(regmap.SLOTS_STATUS[slot])  # at once: it has no record
    assert (status["stale"], status["reason"]) == (1, Reason.GAP)
    await core.issue(slot, Operation.CLEAR)
    assert await reason() == Reason.NO_START
    await core.open_market()  # as far as the host knows
    for snapshot, expected in ((7, Reason.LOADING), (8, Reason.CLEARED)):
        await core.issue(slot, Operation.LOAD)
        await ClockCycles(dut.clk, SWEEP)
        await core.trust(slot, snapshot)
        assert await reason() == expected, snapshot


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
    registers = Registers(any_hours=1, locates=LOCATES)
    traffic = Traffic.of(chunks, width, start=8, space=12)
    neutral = golden.expect(traffic, registers, width, np.zeros(SLOTS, SETTINGS), False)
    chosen = _settings(neutral.expected.network, rng)
    await core.anew()
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
    assert await core.slots() == expected.slots
    assert all(one["status.warm"] for one in expected.slots)


@cocotb.test()
async def the_host_loads_a_slot(dut: Any) -> None:
    """Every bit of a reference and of a number counts; of the slots, only the one that is named."""
    width, core, first = len(dut.s_axis_tkeep) * 4, Core(dut), 0x12_8000_0001
    seen = set[str]()
    await start(dut)
    for slot in (1, 2, 4, 7):
        await core.anew()
        await core.settle(Registers(any_hours=1, locates=LOCATES), each_change=False)
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
        await core.trust(slot, first + 1)
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
        assert await status("reason") == Reason.NO_START  # an empty book isn't what it has now
        await core.issue(slot, Operation.LOAD)
        await ClockCycles(dut.clk, SWEEP)
        await send(first + 3, add(7, locate=locate))
        await core.trust(slot, first + 2)  # one that it lacks came since
        await ClockCycles(dut.clk, 60)
        assert await status("reason") == Reason.LOADING
        counts = await counted(core, seen)
        assert counts["path.kept_out"] == 2 and counts["path.refused_trusts"] == 1, counts
        # The session was joined late: what isn't loaded is stale.
        assert counts["path.book_messages"] == 4 and counts["path.ignored_operations"] == 1
    moved("the_host_loads_a_slot", seen)


@cocotb.test()
async def a_wrong_number_far_ahead_keeps_no_snapshot_out(dut: Any) -> None:
    """It makes a gap, which is undone with its frame: what the books lack is what came before."""
    core, width, slot = Core(dut), len(dut.s_axis_tkeep) * 4, 2
    await start(dut)
    await core.anew()
    await core.settle(Registers(any_hours=1, locates=LOCATES), each_change=False)
    first, far = (add(number, locate=FOLLOWED[slot]) for number in (1, 2))
    sent = [packet(1, first), spoilt(packet(1 << 40, far))]
    await core.play(Scenario("", sent).traffic(width))
    assert (await core.fields(regmap.SLOTS_STATUS[slot]))["stale"] == 1
    await core.open_market()
    for snapshot, expected in ((0, Reason.LOADING), (1, Reason.CLEARED)):
        await core.issue(slot, Operation.LOAD)
        await ClockCycles(dut.clk, SWEEP)
        await core.trust(slot, snapshot)
        await ClockCycles(dut.clk, 60)
        assert await core.read(regmap.SLOTS_STATUS[slot], "reason") == expected, snapshot
